package prepare

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// rules makes segments by conditions, numbered 1, 2 … in their order: the first
// that holds counts. A rule without a condition is everybody else. Who cannot be
// judged by a rule before one holds, and whom none takes, is missing.
func (p *preparer) rules(path string, r survey.Recode) *survey.Variable {
	before := len(p.faults)
	labels := make([]string, len(r.Rules))
	conditions := make([]*expression.Expression, len(r.Rules))
	for k, rule := range r.Rules {
		at := fmt.Sprintf("%s.rules[%d]", path, k)
		if slices.Contains(labels, rule.Label) {
			p.fault(at+".label", survey.Problem{Value: rule.Label, Message: "two rules have this label", Remedy: "give each segment a different label; 'or' combines two conditions"})
		}
		labels[k] = rule.Label
		switch {
		case rule.Where != "":
			var err error
			conditions[k], err = expression.Compile(rule.Where, p.table)
			p.compiled(at+".where", err)
		case k < len(r.Rules)-1:
			p.fault(at, survey.Problem{Value: rule.Label, Message: "a rule without where takes everybody else, so the rules after it never apply", Remedy: "move it to the end"})
		}
	}
	if len(p.faults) > before || slices.Contains(conditions[:len(conditions)-1], nil) {
		return nil
	}
	return p.firstHolding(r, labels, conditions)
}

// firstHolding numbers each row by the first condition that holds; nil holds always.
func (p *preparer) firstHolding(r survey.Recode, labels []string, conditions []*expression.Expression) *survey.Variable {
	v := &survey.Variable{Measure: survey.Nominal, Codes: numbered(labels), Numbers: p.empty()}
	open := slices.Repeat([]bool{true}, p.table.Rows)
	unjudged := 0
	for k, c := range conditions {
		holds, valid := open, open
		if c != nil {
			holds, valid = c.Truth()
		}
		for i, is := range open {
			switch {
			case is && !valid[i]:
				unjudged++
				open[i] = false
			case is && holds[i]:
				v.Numbers[i] = float64(k + 1)
				open[i] = false
			}
		}
	}
	p.tellUnruled(r.Name, unjudged, "answers that the rules need are missing")
	rest := 0
	for _, is := range open {
		if is {
			rest++
		}
	}
	p.tellUnruled(r.Name, rest, "no rule applies; a last rule without where would include them")
	return v
}

func (p *preparer) tellUnruled(name string, rows int, why string) {
	if rows > 0 {
		p.notice(survey.NoticeUnplaced, []string{name}, "%s: %s rows are in no segment because %s", name, survey.FormatCount(rows), why)
	}
}
