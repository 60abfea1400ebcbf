package prepare

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// recode makes one variable and adds it to the table. The error is that of the source of
// data that are not in memory.
func (p *preparer) recode(path string, r survey.Recode) error {
	if p.table.Lookup(r.Name) != nil {
		p.fault(path+".name", survey.Problem{Message: fmt.Sprintf("there is a variable %q already", r.Name),
			Remedy: "choose another name: a recode makes a new variable"})
		return nil
	}
	whole := p.table
	if p.groups != nil {
		var err error
		if p.table, err = p.groupsFor(r); err != nil {
			return err
		}
	}
	var v *survey.Variable
	if p.oneWay(path, r) {
		v = p.make(path, r)
	}
	if v == nil {
		v = p.placeholder(r)
	}
	v.Name, v.Kind, v.MadeOf = r.Name, survey.Number, p.sources(r)
	if len(r.Brackets) > 0 {
		v.RangesOf = r.From
	}
	if r.Label != "" {
		v.Label = r.Label
	}
	p.relabel(path, v, r)
	switch {
	case r.Values != nil:
		v.Scores = p.scores(path+".values", v, r.Values)
	case !r.Reverse:
		v.Scores = survey.LabelScores(v.Codes)
	}
	p.keepAsked(v, r)
	v.Rows = p.counts()
	if p.groups != nil {
		codebook := *whole.With(v.Distinct())
		codebook.Notices = p.table.Notices
		p.table = codebook.Even()
		return nil
	}
	p.table = p.table.With(v)
	return nil
}

// counts are the rows of the data that each row of the table is; nil where each is one.
func (p *preparer) counts() []int {
	if len(p.table.Variables) == 0 {
		return nil
	}
	return p.table.Variables[0].Rows
}

// keepAsked marks the rows that have no value in the new variable though their
// respondents were asked for what it is made of: for any of the items of a count
// or a mean, else for all of its variables.
func (p *preparer) keepAsked(v *survey.Variable, r survey.Recode) {
	any := r.Count != nil || len(r.Mean) > 0
	var asked []bool
	for _, name := range v.MadeOf {
		source := p.table.Lookup(name)
		if source == nil {
			continue
		}
		was := source.Asked()
		if asked == nil {
			asked = was
		}
		for i := range asked {
			asked[i] = asked[i] && was[i] || any && (asked[i] || was[i])
		}
	}
	for i := range asked {
		_, given := v.At(i)
		asked[i] = asked[i] && !given
	}
	if slices.Contains(asked, true) {
		v.EmptyAsked = asked
	}
}

// oneWay checks that a recode says exactly one way of making the variable,
// and a variable to make it from where that way needs one.
func (p *preparer) oneWay(path string, r survey.Recode) bool {
	var ways []string
	for _, way := range []struct {
		name  string
		given bool
	}{
		{"brackets", len(r.Brackets) > 0}, {"map", len(r.Map) > 0}, {"reverse", r.Reverse},
		{"count", r.Count != nil}, {"mean", len(r.Mean) > 0}, {"expression", r.Expression != ""},
		{"rules", len(r.Rules) > 0},
	} {
		if way.given {
			ways = append(ways, way.name)
		}
	}
	if r.Analysis != nil {
		ways = append(ways, r.Analysis.Key())
	}
	reads := len(r.Brackets) > 0 || len(r.Map) > 0 || r.Reverse
	switch {
	case len(ways) == 0:
		p.fault(path, survey.Problem{Message: "the recode has no method",
			Remedy: "give one of brackets, map, reverse, count, mean, expression, rules, or an analysis"})
	case len(ways) > 1:
		p.fault(path, survey.Problem{Message: "the recode has more than one method: " + strings.Join(ways, ", "), Remedy: "keep one of them"})
	case reads && r.From == "":
		p.fault(path, survey.Problem{Message: ways[0] + " does not name the variable to read", Remedy: "give from"})
	case !reads && r.From != "":
		p.fault(path+".from", survey.Problem{Message: ways[0] + " does not read one variable", Remedy: "leave from out"})
	default:
		return true
	}
	return false
}

// make dispatches to the one way; nil after a fault.
func (p *preparer) make(path string, r survey.Recode) *survey.Variable {
	switch {
	case len(r.Brackets) > 0:
		return p.brackets(path, r)
	case len(r.Map) > 0:
		return p.collect(path, r)
	case r.Reverse:
		return p.reverse(path, r)
	case r.Count != nil:
		return p.count(path, r)
	case len(r.Mean) > 0:
		return p.mean(path, r)
	case len(r.Rules) > 0:
		return p.rules(path, r)
	case r.Analysis != nil:
		own, ok := r.Analysis.(Recode)
		if !ok {
			p.fault(path, notKnown(r.Analysis))
			return nil
		}
		v := own.Recode(&Request{preparer: p, at: path + "." + own.Key(), variable: r.Name})
		if v != nil {
			v.Codes = numbered(own.Labels())
		}
		return v
	}
	return p.express(path, r)
}

// placeholder is an empty variable with the categories that a faulty recode
// would have had.
func (p *preparer) placeholder(r survey.Recode) *survey.Variable {
	v := &survey.Variable{Numbers: p.empty()}
	labels := slices.Clone(r.Brackets)
	for _, net := range r.Map {
		labels = append(labels, net.Label)
	}
	for _, rule := range r.Rules {
		labels = append(labels, rule.Label)
	}
	if own, ok := r.Analysis.(Recode); ok {
		labels = own.Labels()
	}
	v.Codes = numbered(labels)
	return v
}

// empty is a column without values.
func (p *preparer) empty() *survey.NumberColumn { return survey.MissingNumbers(p.table.Rows) }

// numbered are the codes 1, 2 … of labels.
func numbered(labels []string) []survey.Code {
	codes := make([]survey.Code, len(labels))
	for i, label := range labels {
		codes[i] = survey.Code{Value: survey.NumberValue(float64(i + 1)), Label: label}
	}
	return codes
}

// relabel gives the new variable the recode's codes: other labels for the
// categories that it has, or the only labels of one that has none.
func (p *preparer) relabel(path string, v *survey.Variable, r survey.Recode) {
	closed := len(v.Codes) > 0
	for _, c := range r.Codes {
		at := fmt.Sprintf("%s.codes.%s", path, c.Value)
		k := slices.IndexFunc(v.Codes, func(known survey.Code) bool { return known.Value == c.Value })
		switch {
		case !p.fits(at, v, c.Value):
		case k >= 0:
			v.Codes[k].Label = c.Label
		case closed:
			p.fault(at, survey.Problem{Variable: v.Name, Value: c.Value.String(), Message: "the recode does not make this value",
				Remedy: fmt.Sprintf("its values are 1 to %d", len(v.Codes))})
		default:
			v.Codes = append(v.Codes, c)
		}
	}
}

// sources are the variables that a recode makes the new one of.
func (p *preparer) sources(r survey.Recode) []string {
	var read []string
	for _, condition := range conditions(r) {
		if e, err := expression.CompileValue(condition, p.table); err == nil {
			read = append(read, e.Variables()...)
		}
	}
	return append(p.named(r), p.study.Design.Answers(read)...)
}

// conditions are the expressions of a recode.
func conditions(r survey.Recode) []string {
	out := []string{r.Expression}
	for _, rule := range r.Rules {
		out = append(out, rule.Where)
	}
	return slices.DeleteFunc(out, func(text string) bool { return text == "" })
}

// named are the variables that a recode reads other than by expressions.
func (p *preparer) named(r survey.Recode) []string {
	out := []string{r.From}
	items := r.Mean
	if r.Count != nil {
		items = r.Count.Items
	}
	for _, item := range items {
		out = append(out, p.expand(item)...)
	}
	if own, ok := r.Analysis.(Recode); ok {
		out = append(out, own.Reads()...)
	}
	return slices.DeleteFunc(out, func(name string) bool { return name == "" })
}

// express is the value of an expression: 1 and 0 for a condition.
func (p *preparer) express(path string, r survey.Recode) *survey.Variable {
	e, err := expression.CompileValue(r.Expression, p.table)
	if !p.compiled(path+".expression", err) {
		return nil
	}
	v := &survey.Variable{Measure: survey.Scale, Numbers: survey.NewNumbers(e.Numbers())}
	if e.IsCondition() {
		v.Measure = survey.Nominal
	}
	return v
}

// compiled passes on the problems of an expression, other than those of
// values of a variable that is blank because of an earlier fault.
func (p *preparer) compiled(path string, err error) bool {
	if err == nil {
		return true
	}
	problems, ok := err.(survey.Problems)
	if !ok {
		problems = survey.Problems{{Message: err.Error()}}
	}
	for _, problem := range problems {
		if v := p.table.Lookup(problem.Variable); v == nil || !isBlank(v) {
			p.fault(path, problem)
		}
	}
	return false
}
