package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/screen"
)

// markFindings says of a table's rows and columns what findings must know of them.
func (t *tabling) markFindings(out *survey.Tabulation, entries []entry, columns []column) {
	for r, e := range entries {
		reads := e.x.block.reads
		out.Rows[r].Battery = t.battery(reads)
		out.Rows[r].Untold = t.fieldwork(reads) || e.code != nil && unlabelled(*e.code, e.Label)
	}
	for c, col := range columns {
		out.Columns[c].Battery = t.battery(col.reads)
		bare := false
		for i, g := range col.group {
			bare = bare || i < len(col.labels) && unlabelled(g.Value, col.labels[i].Value.Text)
		}
		out.Columns[c].Untold = !col.Wave && !col.Change && (bare || t.fieldwork(col.reads))
	}
}

// unlabelled reports whether a code is a number that no label names.
func unlabelled(code survey.Value, label string) bool {
	return !code.IsText && code.String() == label
}

func (t *tabling) fieldwork(reads []string) bool {
	return slices.ContainsFunc(reads, func(name string) bool {
		v := t.Table.Lookup(name)
		return v != nil && screen.Fieldwork(v)
	})
}

// battery names the first group of the study or set of the data that any of the
// variables is an item of.
func (t *tabling) battery(reads []string) string {
	for _, name := range reads {
		for _, g := range t.Study.Groups {
			if slices.Contains(g.Items, name) {
				return g.Name
			}
		}
		for _, s := range t.Table.Sets {
			if s.Name == name || slices.Contains(s.Variables, name) {
				return s.Name
			}
		}
	}
	return ""
}
