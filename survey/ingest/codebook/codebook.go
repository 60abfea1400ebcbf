// Package codebook writes a survey's dictionary as a table of texts, and reads it,
// for formats that have values only.
package codebook

import (
	"encoding/csv"
	"io"

	"surveykit/survey"
)

// Columns are the headings of a codebook.
var Columns = []string{"name", "label", "kind", "measure", "code", "code_label", "missing", "format", "set", "polarity", "weight"}

// Rows are the dictionary of the table below Columns: a row for each variable
// with its label, kind, level of measurement, format and polarity, and yes where it is the
// weight, followed by one for each code and
// one for each rule of missing values without a code, as LOW..HIGH where it is a
// range. The column missing is the reason of a missing value, or
// "yes" where no reason is known, and empty for an answer. A multiple-response set is
// a row of the kind set, with the code that means chosen, and one for each of
// its variables, which names the set.
func Rows(t *survey.Table) [][]string {
	var rows [][]string
	add := func(cells ...string) { rows = append(rows, append(cells, make([]string, len(Columns)-len(cells))...)) }
	for _, v := range t.Variables {
		weight := ""
		if v.Name == t.Weight {
			weight = yes
		}
		add(v.Name, v.Label, string(v.Kind), string(v.Measure), "", "", "", v.Format, "", string(v.Polarity), weight)
		labelled := map[survey.Value]bool{}
		for _, c := range v.Codes {
			labelled[c.Value] = true
			missing := ""
			if why, declared := v.MissingReason(c.Value); declared {
				missing = reason(why)
			}
			add(v.Name, "", "", "", c.Value.String(), c.Label, missing)
		}
		for _, m := range v.Missing {
			one := survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText}
			if m.IsText {
				one.Number = 0
			}
			code := one.String()
			if !m.IsText && m.Low != m.High {
				code = survey.FormatNumber(m.Low) + ".." + survey.FormatNumber(m.High)
			} else if labelled[one] {
				continue
			}
			add(v.Name, "", "", "", code, "", reason(m.Reason))
		}
	}
	for _, set := range t.Sets {
		chosen := ""
		if set.Counted != nil {
			chosen = set.Counted.String()
		}
		add(set.Name, set.Label, string(setKind), "", chosen)
		for _, name := range set.Variables {
			add(name, "", "", "", "", "", "", "", set.Name)
		}
	}
	return rows
}

// yes is the cell of what is so, and of a missing value without a reason.
const yes = "yes"

func reason(why survey.Reason) string {
	if why == survey.ReasonUnknown {
		return yes
	}
	return string(why)
}

// Write writes the codebook as CSV in UTF-8, with texts made safe by survey.Guarded.
func Write(w io.Writer, t *survey.Table) error {
	out := csv.NewWriter(w)
	if err := out.Write(Columns); err != nil {
		return err
	}
	rows := Rows(t)
	for _, row := range rows {
		for i, text := range row {
			row[i] = survey.Guarded(text)
		}
	}
	return out.WriteAll(rows)
}
