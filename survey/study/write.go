package study

import (
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// missingText writes missing values: with reasons where all have one.
func missingText(list survey.MissingList) string {
	open, end := "{", "}"
	for _, m := range list {
		if m.Reason == survey.ReasonUnknown {
			open, end = "[", "]"
		}
	}
	parts := make([]string, len(list))
	for i, m := range list {
		parts[i] = spec.WriteValue(survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText})
		if open == "{" {
			parts[i] += ": " + spec.WriteText(string(m.Reason))
		}
	}
	return open + strings.Join(parts, ", ") + end
}

// dataText are the keys of a data file behind its path.
func dataText(data survey.DataFile) string {
	out := keyText("    codebook: ", filepath.ToSlash(data.Codebook)) + keyText("    sheet: ", data.Sheet) +
		keyText("    catalog: ", filepath.ToSlash(data.Catalog))
	if o := data.Options; o != nil {
		out += "    options:\n" + keyText("      delimiter: ", o.Delimiter) + keyText("      quote: ", o.Quote) +
			keyText("      encoding: ", o.Encoding)
		if o.DecimalComma != nil {
			out += "      decimal_comma: " + strconv.FormatBool(*o.DecimalComma) + "\n"
		}
		if o.Missing != nil {
			out += "      missing: " + listText(o.Missing) + "\n"
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

func listText(texts []string) string {
	parts := make([]string, len(texts))
	for i, s := range texts {
		parts[i] = spec.WriteText(s)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// remark is a label as a comment at the end of a line, "" without a label.
func remark(label string) string {
	const width = 80
	clean := strings.Join(strings.FieldsFunc(label, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r)
	}), " ")
	if clean == "" {
		return ""
	}
	if letters := []rune(clean); len(letters) > width {
		clean = string(letters[:width]) + "…"
	}
	return " # " + clean
}
