package codebook

import (
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
)

// sets are the multiple-response sets that the codebook tells of: their rows, in
// order, with the variables whose rows name them.
func (b *Book) sets(t *survey.Table) (sets []survey.MultipleResponse, problems survey.Problems) {
	fault := func(line int, name, value, message, remedy string) {
		problems = append(problems, survey.Problem{File: b.path, Row: line, Variable: name, Value: value, Message: message, Remedy: remedy})
	}
	known, variables := map[string]bool{}, map[string][]string{}
	for _, m := range b.members {
		variables[m.set] = append(variables[m.set], m.name)
	}
	for _, e := range b.entries {
		if e.kind != setKind {
			continue
		}
		known[e.name] = true
		set := survey.MultipleResponse{Name: e.name, Label: e.label, Variables: variables[e.name]}
		if t.Lookup(e.name) != nil {
			fault(e.line, e.name, "", "the data have a variable of the set's name", "give the set a name of its own, such as $"+e.name)
		}
		if len(set.Variables) == 0 {
			fault(e.line, e.name, "", "no variable is in the set", "name the set in the column set, in a row of each of its variables")
			continue
		}
		if v := t.Lookup(set.Variables[0]); v != nil && len(e.codes) > 0 {
			if set.Counted = chosen(e.codes, v); set.Counted == nil {
				fault(e.codes[0].line, e.name, e.codes[0].code, "this is not the one code that means chosen", "give one value of "+v.Name+", or none where its variables hold what was chosen")
			}
		}
		sets = append(sets, set)
	}
	for _, m := range b.members {
		if !known[m.set] {
			fault(m.line, m.name, m.set, "the codebook has no such set", "add a row of this name and of the kind set")
		}
	}
	return sets, problems
}

// chosen is the value that a set counts, nil where the rows give none that the
// variable could hold.
func chosen(rows []codeRow, v *survey.Variable) *survey.Value {
	if len(rows) != 1 || rows[0].label+rows[0].missing != "" {
		return nil
	}
	if v.IsText() {
		x := survey.TextValue(rows[0].code)
		return &x
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(rows[0].code), 64)
	if err != nil || math.IsNaN(number) {
		return nil
	}
	x := survey.NumberValue(number)
	return &x
}
