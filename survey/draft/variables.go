package draft

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// writeVariables corrects the dictionary: labels without numbers and stems, banners
// without empty columns, and numbers that carry no answer in means and brackets. Of
// other numbers that look like none it is a suggestion.
func (d *draft) writeVariables() {
	short := map[string]string{}
	for _, t := range d.topics {
		for k, p := range t.items {
			if t.labels != nil && t.negative == "" {
				short[p.Name] = t.labels[k]
			}
		}
	}
	var declared, suggested strings.Builder
	for _, p := range d.profiles {
		var keys []string
		inBanner := slices.Contains(d.banner, p.Name)
		label, ok := short[p.Name]
		if !ok && p.Label != "" && (p.why == "" && !d.used[p.Name] || inBanner) {
			label = p.text
		}
		if label = shortened(label, longest); label != "" && label != p.Label {
			keys = append(keys, "label: "+spec.WriteText(label))
		}
		if codes := d.occupied(p); codes != "" {
			keys = append(keys, "codes: "+codes)
		}
		doubt := ""
		if p.declared != nil {
			keys = append(keys, "missing: "+spec.WriteMissing(slices.Concat(survey.MissingList(p.Missing), p.declared)))
		} else if list := p.nonAnswers(); len(list) > 0 {
			doubt = "missing: " + spec.WriteMissing(slices.Concat(survey.MissingList(p.Missing), list))
			if d.counting[p.Name] {
				keys, doubt = append(keys, doubt), ""
			} else if list[0].Reason != survey.ReasonUnknown {
				doubt = "" // its label is a suggestion of the study's rule
			}
		}
		switch name := spec.WriteText(p.Name); {
		case len(keys) > 0 && doubt != "":
			fmt.Fprintf(&declared, "  %s: {%s} # %s?\n", name, strings.Join(keys, ", "), doubt)
		case len(keys) > 0:
			fmt.Fprintf(&declared, "  %s: {%s}\n", name, strings.Join(keys, ", "))
		case doubt != "":
			fmt.Fprintf(&suggested, "%s: {%s}\n", name, doubt)
		}
	}
	if declared.Len() > 0 {
		d.print("\nvariables:\n" + declared.String())
	}
	if suggested.Len() == 0 {
		return
	}
	mark := "  # "
	if declared.Len() == 0 {
		mark = "#   "
		d.print("\n# Numbers that look like no answer count until they are declared missing.\n# variables:\n")
	} else {
		d.print("  # Numbers that look like no answer count until they are declared missing:\n")
	}
	for line := range strings.Lines(suggested.String()) {
		d.print(mark + line)
	}
}

// occupied are the codes of a variable of the banner that somebody has, where others
// would be empty columns; "" where none would.
func (d *draft) occupied(p *profile) string {
	if !slices.Contains(d.banner, p.Name) || len(p.codes()) == 0 {
		return ""
	}
	empty := false
	var codes []string
	for _, c := range p.Codes {
		_, occurs := p.counts[c.Value]
		isAnswer := !p.IsMissing(c.Value) && !p.none[c.Value]
		if empty = empty || isAnswer && !occurs; !isAnswer || occurs {
			codes = append(codes, spec.WriteValue(c.Value)+": "+spec.WriteText(c.Label))
		}
	}
	if !empty {
		return ""
	}
	return "{" + strings.Join(codes, ", ") + "}"
}

// dataText are the keys of a data file behind its path.
func dataText(data survey.DataFile) string {
	out := keyText("    table: ", data.Table) + keyText("    query: ", data.Query) + keyText("    rows: ", string(data.Rows)) +
		keyText("    codebook: ", filepath.ToSlash(data.Codebook)) + keyText("    sheet: ", data.Sheet) +
		keyText("    catalog: ", filepath.ToSlash(data.Catalog))
	if o := data.Options; o != nil {
		out += "    options:\n" + keyText("      delimiter: ", o.Delimiter) + keyText("      quote: ", o.Quote) +
			keyText("      encoding: ", o.Encoding)
		if o.DecimalComma != nil {
			out += "      decimal_comma: " + strconv.FormatBool(*o.DecimalComma) + "\n"
		}
		if o.Missing != nil {
			parts := make([]string, len(o.Missing))
			for i, s := range o.Missing {
				parts[i] = spec.WriteText(s)
			}
			out += "      missing: [" + strings.Join(parts, ", ") + "]\n"
		}
	}
	return out
}

// keyText is a line with a key and its text, nothing where there is no text.
func keyText(key, text string) string {
	if text == "" {
		return ""
	}
	return key + spec.WriteText(text) + "\n"
}

// remark is a label as a comment at the end of a line, "" without a label.
func remark(label string) string {
	const width = 80
	if label = shortened(onOneLine(label), width); label == "" {
		return ""
	}
	return " # " + label
}
