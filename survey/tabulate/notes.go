package tabulate

import (
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
	"surveykit/survey/segment"
)

// variableNotes are what the variables that a table asks for say of
// themselves, each once.
func (m *Maker) variableNotes(spec survey.TableSpec) []string {
	var out []string
	for _, name := range m.asked(spec) {
		if v := m.Table.Lookup(name); v != nil && v.Note != "" && !slices.Contains(out, v.Note) {
			out = append(out, v.Note)
		}
	}
	return out
}

// asked are the variables that a table names, in its conditions too.
func (m *Maker) asked(spec survey.TableSpec) []string {
	conditions := []string{spec.Filter}
	var names []string
	for _, r := range spec.Rows {
		names = append(names, r.Variable, r.By, r.Mean, r.Summary, r.Total)
		conditions = append(conditions, r.Share, r.Among)
	}
	for _, c := range spec.Columns {
		names = append(append(names, c.Variable), c.Nest...)
		if c.Membership != "" {
			names = append(names, survey.MembershipName(c.Membership, 1))
		}
		conditions = append(conditions, c.Where)
	}
	if spec.Drivers != nil {
		conditions = append(conditions, spec.Drivers.Outcome)
		for _, item := range segment.Expand(spec.Drivers.Items, m.Study.Groups, m.Table) {
			name, _, _ := strings.Cut(item, ":")
			names = append(names, name)
		}
	}
	for _, c := range conditions {
		if e, err := expression.Compile(c, m.Table); c != "" && err == nil {
			names = append(names, e.Variables()...)
		}
	}
	return names
}
