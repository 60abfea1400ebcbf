package estimate

import (
	"fmt"
	"math"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// numberSubject is a figure of variables of numbers, over rows that answered all.
func (s *Sample) numberSubject(question string, e Estimator, names ...string) *subject {
	f := &subject{Sample: s, question: question, estimator: e, names: names}
	f.condition = func(d expression.Dialect) (string, []string) {
		given := make([]string, len(names))
		for k, name := range names {
			given[k] = d.Given(name)
		}
		return "", given
	}
	return f
}

// momentSubject explains a mean or a total.
func (s *Sample) momentSubject(e Estimator, name string) (*subject, error) {
	v, problems := s.numeric(name)
	if len(problems) > 0 {
		return nil, problems
	}
	y, err := s.centred(engine.Answer{Column: name})
	if err != nil {
		return nil, err
	}
	function, estimate, question := Shifted(y.Centre), s.Means, v.Title()
	if e.Name == Total.Name {
		function, estimate, question = ShiftedTotal(y.Centre), s.Totals, "Total of "+v.Title()
	}
	f := s.numberSubject(question, e, name)
	if err := f.total(engine.Query{Numbers: y.Mean()}); err != nil {
		return nil, err
	}
	f.ask = func(d int) Ask { return Ask{Function: function, Arguments: at(f.totals, d, 1, 0)} }
	f.sums = func(d int) []Term {
		sum := f.totals.Arguments(at(f.totals, d, 1, 0))
		terms := []Term{{"Σwy", survey.FigureOf(sum[0] + y.Centre*sum[1])}, {"Σw", survey.FigureOf(sum[1])}}
		if e.Name == Total.Name {
			return terms[:1]
		}
		return terms
	}
	f.callR, f.callStata = calls.momentR, calls.momentStata
	f.records, err = estimate([]string{name})
	return f, err
}

func (c calls) momentR() []string {
	return c.limitsR("svy" + c.estimator.Name + "(~" + expression.R.Name(c.number(c.names[0])) + ", s)")
}

func (c calls) momentStata(over string) []string {
	return []string{over + ": " + c.estimator.Name + " " + c.number(c.names[0]) + c.levelStata()}
}

// limitsR writes a figure with its t interval.
func (c calls) limitsR(figure string) []string {
	return []string{"m <- " + figure, "m; confint(m, level = " + survey.FormatNumber(c.level) + ", df = degf(s))"}
}

func (c calls) levelStata() string { return ", level(" + survey.FormatNumber(100*c.level) + ")" }

func (s *Sample) ratioSubject(q Question) (*subject, error) {
	of, err := ParseRatio(q.Of)
	if err != nil {
		return nil, err
	}
	numerator, denominator := of.Numerator, of.Denominator
	x, problems := s.numeric(numerator)
	y, more := s.numeric(denominator)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems
	}
	f := s.numberSubject(x.Title()+" over "+y.Title(), Ratio, numerator, denominator)
	a, b := engine.Answer{Column: numerator}, engine.Answer{Column: denominator}
	if err := f.total(engine.Query{Numbers: []engine.Number{engine.One{}, a, b}, Where: existing(a, b)}); err != nil {
		return nil, err
	}
	f.ask = func(d int) Ask { return Ask{Function: ratio, Arguments: at(f.totals, d, 1, 2)} }
	f.sums = func(d int) []Term {
		sum := f.totals.Arguments(at(f.totals, d, 1, 2))
		return []Term{{"Σwx", survey.FigureOf(sum[0])}, {"Σwy", survey.FigureOf(sum[1])}}
	}
	f.callR = func(c calls) []string {
		return c.limitsR("svyratio(~" + expression.R.Name(c.number(numerator)) + ", ~" + expression.R.Name(c.number(denominator)) + ", s)")
	}
	f.callStata = func(c calls, over string) []string {
		return []string{over + ": ratio (" + c.number(numerator) + "/" + c.number(denominator) + ")" + c.levelStata()}
	}
	f.records, err = s.Ratios(numerator, denominator)
	return f, err
}

// quantileSubject explains a quantile by the sample's rule and interval. What varies
// is F, the share at or under it.
func (s *Sample) quantileSubject(asked Question) (*subject, error) {
	name, p := asked.Of, asked.Prob
	v, problems := s.numeric(name)
	if len(problems) > 0 {
		return nil, problems
	}
	f := s.numberSubject(fmt.Sprintf("Quantile %s of %s", survey.FormatNumber(p), v.Title()), Quantile, name)
	var err error
	if f.records, err = s.quantiles(name, p); err != nil {
		return nil, err
	}
	q, below := make([]float64, len(f.records)), make([]float64, len(f.records))
	for d, r := range f.records {
		q[d], below[d] = r.Value.Float(), math.Nextafter(r.Value.Float(), math.Inf(-1))
	}
	of := distribution{Sample: s, x: engine.Answer{Column: name}}
	if err := f.total(engine.Query{Numbers: of.atMost(q)}); err != nil {
		return nil, err
	}
	less, err := of.under(below)
	if err != nil {
		return nil, err
	}
	f.ask = func(d int) Ask { return Ask{Function: ratio, Arguments: at(f.totals, d, 1, 0)} }
	f.sums = func(d int) []Term {
		sum, under := f.totals.Arguments(at(f.totals, d, 1, 0)), less.Arguments(at(less, d, 1))
		return []Term{{"Σ_{≤q} w", survey.FigureOf(sum[0])}, {"Σ_{<q} w", survey.FigureOf(under[0])}, {"Σw", survey.FigureOf(sum[1])}}
	}
	f.callR = func(c calls) []string {
		return []string{fmt.Sprintf("svyquantile(~%s, s, %s, alpha = %s, interval.type = %q, qrule = %q)",
			expression.R.Name(c.number(name)), survey.FormatNumber(p), survey.FormatNumber(shortened(1-c.level)), s.quantileInterval, s.rule)}
	}
	f.callStata = func(c calls, over string) []string { return c.quantileStata(over, c.number(name), p) }
	return f, nil
}

// shortened takes off what binary fractions add to a decimal: 1 − 0.95 is 0.05.
func shortened(x float64) float64 { return math.Round(x*1e12) / 1e12 }

// quantileStata gives the estimate and the share whose interval is turned back
// into answers: Stata has no quantile under a design.
func (c calls) quantileStata(over, name string, p float64) []string {
	weight, rows := "", ""
	if c.design.Weight != "" {
		weight = " [pweight=" + c.design.Weight + "]"
	}
	if base := c.base(expression.Stata); base != "" {
		rows = " if " + base
	}
	return []string{
		"_pctile " + name + weight + rows + ", percentiles(" + survey.FormatNumber(shortened(100*p)) + ")",
		"display r(r1)",
		"generate byte under = " + name + " <= r(r1)",
		over + ": mean under" + c.levelStata(),
		"* _pctile at the limits of that mean gives the limits of the quantile",
	}
}
