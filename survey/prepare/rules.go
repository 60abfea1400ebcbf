package prepare

import (
	"fmt"
	"math"
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

// westin makes Westin's privacy segments (Kumaraguru and Cranor,
// CMU-ISRI-05-138): fundamentalists agree that control is lost and disagree
// that companies and laws can be relied on, the unconcerned the other way
// round, pragmatists are all others. Rows without all three answers are missing.
func (p *preparer) westin(path string, r survey.Recode) *survey.Variable {
	path += ".westin"
	control := p.agreement(path+".control", r.Westin.Control, path, r.Westin.Agree)
	handling := p.agreement(path+".handling", r.Westin.Handling, path, r.Westin.Agree)
	protection := p.agreement(path+".protection", r.Westin.Protection, path, r.Westin.Agree)
	if control == nil || handling == nil || protection == nil {
		return nil
	}
	const fundamentalist, pragmatist, unconcerned = 1, 2, 3
	v := &survey.Variable{Label: "Westin's privacy segments", Measure: survey.Ordinal, Codes: numbered(westinSegments), Numbers: p.empty(), Note: westinNote}
	unscored := 0
	for i := range v.Numbers {
		a, b, c := control[i], handling[i], protection[i]
		switch {
		case math.IsNaN(a + b + c):
			unscored++
		case a == 1 && b == 0 && c == 0:
			v.Numbers[i] = fundamentalist
		case a == 0 && b == 1 && c == 1:
			v.Numbers[i] = unconcerned
		default:
			v.Numbers[i] = pragmatist
		}
	}
	p.tellUnruled(r.Name, unscored, "one of Westin's statements was not answered")
	return v
}

// agreement is 1 for each row that agrees with a statement and 0 for one that
// does not, NaN without an answer; nil after a fault.
func (p *preparer) agreement(path, name, spec string, agree []survey.Value) []float64 {
	v := p.variable(path, name)
	if v == nil || isBlank(v) {
		return nil
	}
	var agreeing []survey.Value
	for k, x := range agree {
		found := p.match(fmt.Sprintf("%s.agree[%d]", spec, k), v, x)
		if found == nil {
			return nil
		}
		agreeing = append(agreeing, found...)
	}
	if n := len(survey.Classify(v).Values); n != 4 || len(agreeing) != 2 {
		p.fault(path, survey.Problem{Variable: name, Message: fmt.Sprintf("has %d answers, of which %d mean agreement; Westin's index is made of four answers, of which two agree", n, len(agreeing)),
			Remedy: "declare non-answers as missing, or make segments from other scales with rules"})
		return nil
	}
	out := p.empty()
	for i, answered := range v.Valid() {
		if answered {
			x, _ := v.At(i)
			out[i] = 0
			if slices.Contains(agreeing, x) {
				out[i] = 1
			}
		}
	}
	return out
}

// westinSegments are the segments of Westin's index, codes 1 to 3.
var westinSegments = []string{"Privacy fundamentalists", "Privacy pragmatists", "Privacy unconcerned"}

// westinNote is what a reader of Westin's segments has to know.
const westinNote = "Westin's privacy segments (Kumaraguru and Cranor, CMU-ISRI-05-138): fundamentalists agree that control is lost and disagree with the other two statements, " +
	"the unconcerned answer the other way round, pragmatists are all others; people who left out a statement are not classed. " +
	"The validity of the segments is contested: they predict little of what people do or choose (Hoofnagle and Urban 2014; Woodruff and others, SOUPS 2014)."
