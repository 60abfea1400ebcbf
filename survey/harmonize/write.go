package harmonize

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/spec"
)

// Write writes the mapping as commented YAML for a person to review: above each
// variable is what changed, and above a variable that was not merged what is in
// doubt. Labels come from tables, the files in their order; no answer of a
// respondent is in it.
func (m *Mapping) Write(tables []*survey.Table) []byte {
	w := &writer{mapping: m, tables: tables}
	w.head()
	w.design()
	w.printf("\nvariables:\n")
	for _, v := range m.Variables {
		for _, d := range w.mapping.Doubts {
			if d.File <= len(v.From) && v.From[d.File-1] == d.Other {
				w.printf("  # IN DOUBT (%s): is %s of file %d the same as %s above? %s.\n", survey.FormatNumber(d.Confidence), d.Other, d.File, d.Variable, oneLine(d.Why))
				for _, c := range d.Changes {
					w.printf("  #   %s: %s\n", c.Kind, oneLine(c.Text))
				}
				w.printf("  #   To merge them put %s into from of %s, at position %d, and delete the next entry.\n", d.Other, d.Variable, d.File)
			}
		}
		for _, c := range v.Changes {
			w.printf("  # file %d: %s: %s\n", c.File, c.Kind, oneLine(c.Text))
		}
		w.printf("  - {name: %s, from: [%s], confidence: %s", spec.WriteText(v.Name), scalars(v.From), survey.FormatNumber(v.Confidence))
		if len(v.Recodes) > 0 {
			parts := make([]string, len(v.Recodes))
			for i, r := range v.Recodes {
				values := make([]string, len(r.Values))
				for j, c := range r.Values {
					values[j] = spec.WriteValue(c.Value) + ": " + spec.WriteValue(targetOf(c.Label, c.Value.IsText))
				}
				parts[i] = fmt.Sprintf("{file: %d, values: {%s}}", r.File, strings.Join(values, ", "))
			}
			w.printf(",\n     recode: [%s]", strings.Join(parts, ", "))
		}
		w.printf("}%s\n", w.remark(v))
	}
	return w.text.Bytes()
}

type writer struct {
	mapping *Mapping
	tables  []*survey.Table
	text    bytes.Buffer
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.text, format, args...) }

func (w *writer) head() {
	m := w.mapping
	n := m.Counts()
	w.printf(`# How the questions of %d files fit together, written by surveykit harmonize.
# %d variables are the same in all files, %d changed, %d are not in every file;
# pairs in doubt, which were not merged: %d. The confidence is 1 where name,
# wording and answers are the same. Read what is above a variable, change
# what is wrong, and then: surveykit harmonize THIS.yaml --stack OUT
surveykit: %s
wave_variable: %s
files:
`, len(m.Files), n.Same, n.Changed, n.Partial, len(m.Doubts), Version, spec.WriteText(m.WaveVariable))
	for k, f := range m.Files {
		w.printf("  - {file: %s, wave: %s} # file %d\n", spec.WriteText(f.File), spec.WriteText(f.Wave), k+1)
	}
}

func (w *writer) design() {
	d := w.mapping.Design
	w.printf("\n# Names of variables below. Strata and PSU ids of independent waves get the wave in front.\n")
	if d.Weight == "" && d.Strata == "" && len(d.PSU) == 0 {
		w.printf("# design: {weight: NAME, strata: NAME, psu: [NAME], waves: independent}\n")
		return
	}
	w.printf("design:\n")
	for _, part := range []struct{ key, name string }{{"weight", d.Weight}, {"strata", d.Strata}} {
		if part.name != "" {
			w.printf("  %s: %s\n", part.key, spec.WriteText(part.name))
		}
	}
	if len(d.PSU) > 0 {
		w.printf("  psu: [%s]\n", scalars(d.PSU))
	}
	waves := d.Waves
	if waves == "" {
		waves = "independent"
	}
	w.printf("  waves: %s # independent or panel\n", waves)
}

// remark is the label of the first file that has the variable.
func (w *writer) remark(v Variable) string {
	for k, name := range v.From {
		if x := w.tables[k].Lookup(name); x != nil && oneLine(x.Label) != "" {
			return " # " + shortened(oneLine(x.Label))
		}
	}
	return ""
}

// longest is how many characters of a label or a change are shown.
const longest = 160

func shortened(s string) string {
	if signs := []rune(s); len(signs) > longest {
		return string(signs[:longest]) + "…"
	}
	return s
}

// oneLine keeps a text from ending its comment.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}

func scalars(names []string) string {
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = "~"
		if name != "" {
			parts[i] = spec.WriteText(name)
		}
	}
	return strings.Join(parts, ", ")
}

// Counts summarise how files fit together.
type Counts struct {
	// Same variables are in all files without a change, Changed in all files with
	// one, Partial not in all files; they add up to the variables.
	Same, Changed, Partial int
}

// Counts of the mapping's variables.
func (m *Mapping) Counts() Counts {
	var n Counts
	for _, v := range m.Variables {
		absent := false
		for _, name := range v.From {
			absent = absent || name == ""
		}
		switch {
		case absent:
			n.Partial++
		case len(v.Changes) > 0:
			n.Changed++
		default:
			n.Same++
		}
	}
	return n
}
