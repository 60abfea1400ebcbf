package codebook

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// IsText tells whether the codebook says that a variable holds text.
func (b *Book) IsText(name string) bool {
	i := slices.IndexFunc(b.entries, func(e *entry) bool { return e.name == name })
	return i >= 0 && b.entries[i].kind == survey.Text
}

// Merge lays the codebook over a table: what it says of a variable replaces
// label, kind, level and format, and a list of codes replaces codes and missing
// values, whole. Variables that it does not name stay as they are. The error is
// survey.Problems: a variable that the data do not have, with the nearest
// names, values that are not of the kind, a code that is no number in a
// variable of numbers, an unknown reason, a set that cannot be. Sets replace
// those of the same name. The receiver's table is unchanged.
func (b *Book) Merge(t *survey.Table) (*survey.Table, error) {
	var problems survey.Problems
	var described []*survey.Variable
	names := t.Names()
	for _, e := range b.entries {
		if e.kind == setKind {
			continue
		}
		v := t.Lookup(e.name)
		if v == nil {
			p := survey.UnknownName("variable", e.name, names)
			p.File, p.Row, p.Message = b.path, e.line, p.Message+" in the data"
			problems = append(problems, p)
			continue
		}
		d, faults := e.describe(v)
		for _, p := range faults {
			p.File, p.Variable = b.path, e.name
			problems = append(problems, p)
		}
		described = append(described, d)
	}
	merged := t.With(described...)
	sets, faults := b.sets(merged)
	if problems = append(problems, faults...); len(problems) > 0 {
		return nil, problems
	}
	merged.Sets = slices.DeleteFunc(slices.Clone(t.Sets), func(s survey.MultipleResponse) bool {
		return slices.ContainsFunc(sets, func(told survey.MultipleResponse) bool { return told.Name == s.Name })
	})
	merged.Sets = append(merged.Sets, sets...)
	return merged, nil
}

// describe is the variable as the entry has it.
func (e *entry) describe(v *survey.Variable) (*survey.Variable, survey.Problems) {
	d := *v
	if e.kind != "" && e.kind != v.Kind {
		if row := firstRow(v); row >= 0 {
			x, _ := v.At(row)
			return v, survey.Problems{{Row: e.line, Value: x.String(), Message: fmt.Sprintf("the codebook says %s, but the data hold %s, first in row %d", e.kind, v.Kind, row+1),
				Remedy: "correct the kind, or leave it empty"}}
		}
		d.Kind, d.Numbers, d.Texts = e.kind, nil, nil
		fill(&d, v.Len())
	}
	over(&d.Label, e.label)
	over(&d.Format, e.format)
	if e.measure != "" {
		d.Measure = e.measure
	}
	if len(e.codes) == 0 {
		return &d, nil
	}
	d.Codes, d.Missing = nil, nil
	var problems survey.Problems
	for _, c := range e.codes {
		if p := c.describe(&d); p != nil {
			p.Row = c.line
			problems = append(problems, *p)
		}
	}
	d.Missing = withoutCovered(d.Missing)
	return &d, problems
}

func over(to *string, given string) {
	if given != "" {
		*to = given
	}
}

// firstRow is the first row with a value, -1 where there is none.
func firstRow(v *survey.Variable) int {
	for i := range v.Len() {
		if _, ok := v.At(i); ok {
			return i
		}
	}
	return -1
}

// fill makes a column of so many missing values.
func fill(v *survey.Variable, rows int) {
	if v.IsText() {
		v.Texts = &survey.TextColumn{Index: slices.Repeat([]int32{-1}, rows)}
		return
	}
	v.Numbers = slices.Repeat([]float64{math.NaN()}, rows)
}

// describe adds the code to the variable's codes or missing values or both.
func (c codeRow) describe(v *survey.Variable) *survey.Problem {
	m, ok := c.values(v.IsText())
	if !ok {
		return &survey.Problem{Value: c.code, Message: "the variable holds numbers, and this code is none",
			Remedy: "give a number, or LOW..HIGH for a range of missing values"}
	}
	declared, ok := c.reason(&m)
	switch {
	case !ok:
		return &survey.Problem{Value: c.missing, Message: "this is no reason for a missing value", Remedy: "use yes, don't know, refused or not asked, or leave it empty"}
	case c.label != "" && m.Low != m.High:
		return &survey.Problem{Value: c.code, Message: "a range of codes cannot have a label", Remedy: "give each code a row"}
	case !declared && m.Low != m.High:
		return &survey.Problem{Value: c.code, Message: "a range of codes says nothing but missing", Remedy: "fill missing"}
	}
	if c.label != "" || !declared {
		v.Codes = append(v.Codes, survey.Code{Value: survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText}, Label: c.label})
	}
	if declared {
		v.Missing = append(v.Missing, m)
	}
	return nil
}

// values are the code, or the closed range of codes, that the row stands for.
func (c codeRow) values(text bool) (m survey.Missing, ok bool) {
	if text {
		return survey.MissingText(c.code, survey.ReasonUnknown), true
	}
	low, high, isRange := strings.Cut(c.code, "..")
	if !isRange {
		high = low
	}
	from, err1 := strconv.ParseFloat(strings.TrimSpace(low), 64)
	to, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
	return survey.Missing{Low: from, High: to}, err1 == nil && err2 == nil && from <= to
}

// reason reads the row's last column; declared is false where the code is an
// answer, ok where the column holds something else.
func (c codeRow) reason(m *survey.Missing) (declared, ok bool) {
	switch given := strings.ToLower(c.missing); given {
	case "", "no":
		return false, true
	case "yes":
		return true, true
	case string(survey.DontKnow), string(survey.Refused), string(survey.NotAsked):
		m.Reason = survey.Reason(given)
		return true, true
	}
	return false, false
}

// withoutCovered drops the single numbers that a range of the same reason
// declares too: the codebook shows of each labelled code whether it is missing.
func withoutCovered(all []survey.Missing) []survey.Missing {
	return slices.DeleteFunc(slices.Clone(all), func(m survey.Missing) bool {
		return !m.IsText && m.Low == m.High && slices.ContainsFunc(all, func(r survey.Missing) bool {
			return !r.IsText && r.Low < r.High && r.Low <= m.Low && m.Low <= r.High && r.Reason == m.Reason
		})
	})
}
