package estimate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/pattern"
)

// The summaries of rating scales.
var (
	// TopBox is the share in the k codes of a scale with the highest values.
	TopBox = Estimator{
		Name: "top_box", Kind: survey.RowShare, Formula: "Σ_{k highest values} w / Σw",
		Source: Proportion.Source, Reference: "survey::svyciprop(~I(y >= code))",
		Function: ratio,
	}
	// BottomBox is the share in the k codes of a scale with the lowest values.
	BottomBox = Estimator{
		Name: "bottom_box", Kind: survey.RowShare, Formula: "Σ_{k lowest values} w / Σw",
		Source: Proportion.Source, Reference: "survey::svyciprop(~I(y <= code))",
		Function: ratio,
	}
	// NetPromoter is the share of promoters minus the share of detractors, −1 to 1.
	NetPromoter = Estimator{
		Name: "nps", Kind: survey.RowShare, Formula: "(Σ_promoters w − Σ_detractors w) / Σw", Scale: Bounded,
		Source:    "Reichheld 2003; Särndal, Swensson & Wretman 1992, section 5.5",
		Reference: "survey::svymean(~I((y >= 9) - (y <= 6)))",
		Function:  smooth(func(t []dual) dual { return t[1].minus(t[2]).over(t[0]) }),
		Edge:      promotersEdge,
	}
)

// promotersEdge is for answers of one kind: others are at most a share of none,
// and at worst on the far side.
func promotersEdge(t []float64, none float64) (low, high float64, ok bool) {
	const rounding = 1e-12
	all, promoters, detractors := t[0], t[1]/t[0], t[2]/t[0]
	switch {
	case !(all > 0):
		return 0, 0, false
	case promoters >= 1-rounding:
		return 1 - 2*none, 1, true
	case detractors >= 1-rounding:
		return -1, 2*none - 1, true
	case promoters <= rounding && detractors <= rounding:
		return -none, none, true
	}
	return 0, 0, false
}

// Box names the k codes of a variable with the highest or the lowest values.
type Box struct {
	Variable string
	Codes    int
}

// ParseBox reads VARIABLE:K.
func ParseBox(s string) (Box, error) {
	at := strings.LastIndex(s, ":")
	if at > 0 {
		if k, err := strconv.Atoi(s[at+1:]); err == nil && k > 0 {
			return Box{s[:at], k}, nil
		}
	}
	return Box{}, survey.Problems{{Value: s, Message: "the box is not of the form VARIABLE:K", Remedy: "for example trust:2 for the two codes at the end of trust's scale"}}
}

// TopBoxes estimates in each domain the share in a scale's k codes
// with the highest values. The codes are those that the variable labels or that occur anywhere in the data.
func (s *Sample) TopBoxes(b Box) ([]survey.Estimate, error) { return s.boxes(b, TopBox.Name, true) }

// BottomBoxes estimates in each domain the share in a scale's k lowest codes.
func (s *Sample) BottomBoxes(b Box) ([]survey.Estimate, error) {
	return s.boxes(b, BottomBox.Name, false)
}

func (s *Sample) boxes(b Box, statistic string, top bool) ([]survey.Estimate, error) {
	v, problems := s.variable(b.Variable)
	if len(problems) > 0 {
		return nil, problems
	}
	c, err := s.engine.Categories(s.ctx, b.Variable)
	if err != nil {
		return nil, err
	}
	s.doubt(v, c.Values...)
	in, problem := v.Box(c, b.Codes, top)
	if problem != nil {
		return nil, survey.Problems{*problem}
	}
	axis := engine.Codes{Column: v.Name, Values: make([][]survey.Value, 2)}
	var labels []string
	for k, x := range c.Values {
		side := 0
		if slices.Contains(in, k) {
			side = 1
		}
		axis.Values[side] = append(axis.Values[side], x)
	}
	for _, k := range in {
		labels = append(labels, c.Labels[k])
	}
	shares, err := s.shares(axis)
	if err != nil {
		return nil, err
	}
	var out []survey.Estimate
	for _, r := range shares {
		if r.category == 1 {
			r.Statistic, r.Variable, r.Category = statistic, v.Name, strings.Join(labels, ", ")
			out = append(out, r.Estimate)
		}
	}
	return out, nil
}

// Range is a closed range of codes.
type Range struct{ Low, High float64 }

// Promoters says which codes of a variable promote and which detract.
type Promoters struct {
	Variable              string
	Promoting, Detracting Range
}

var twoRanges = pattern.Lazy(`^(-?[\d.]+)(?:-(-?[\d.]+))?,(-?[\d.]+)(?:-(-?[\d.]+))?$`)

// ParsePromoters reads VARIABLE, which promotes from 9 to 10 and detracts from 0
// to 6, or VARIABLE:PROMOTERS,DETRACTORS with codes or ranges: V:9-10,0-6.
func ParsePromoters(s string) (Promoters, error) {
	at := strings.LastIndex(s, ":")
	if at < 0 {
		return Promoters{s, Range{9, 10}, Range{0, 6}}, nil
	}
	m := twoRanges().FindStringSubmatch(s[at+1:])
	wrong := survey.Problems{{Value: s, Message: "the promoters and detractors are not of the form VARIABLE:9-10,0-6", Remedy: "give two codes or ranges that share no code"}}
	if m == nil || at == 0 {
		return Promoters{}, wrong
	}
	p := Promoters{Variable: s[:at]}
	for i, r := range []*Range{&p.Promoting, &p.Detracting} {
		low, err := strconv.ParseFloat(m[1+2*i], 64)
		high := low
		if m[2+2*i] != "" && err == nil {
			high, err = strconv.ParseFloat(m[2+2*i], 64)
		}
		if err != nil || low > high {
			return Promoters{}, wrong
		}
		*r = Range{low, high}
	}
	if p.Promoting.Low <= p.Detracting.High && p.Detracting.Low <= p.Promoting.High {
		return Promoters{}, wrong
	}
	return p, nil
}

// NetPromoters estimates in each domain the share of promoters minus the share
// of detractors among all valid answers. An answer beyond both ranges is a
// problem: it is no point of the scale.
func (s *Sample) NetPromoters(p Promoters) ([]survey.Estimate, error) {
	v, problems := s.numeric(p.Variable)
	if len(problems) > 0 {
		return nil, problems
	}
	scale := Range{math.Min(p.Promoting.Low, p.Detracting.Low), math.Max(p.Promoting.High, p.Detracting.High)}
	x := engine.Answer{Column: v.Name}
	problem, err := s.outside(x, scale.Low, scale.High)
	if err != nil {
		return nil, err
	}
	if problem != nil {
		problem.Message = fmt.Sprintf("the answer is not on the scale from %g to %g", scale.Low, scale.High)
		problem.Remedy = "declare the value as missing, or give the ranges as VARIABLE:9-10,0-6"
		return nil, survey.Problems{*problem}
	}
	within := func(r Range) engine.Number { return engine.Within{Of: x, Low: r.Low, High: r.High} }
	return s.figures(figure{Estimator: NetPromoter, variable: v.Name, category: fmt.Sprintf("%s minus %s", p.Promoting, p.Detracting),
		numbers: []engine.Number{engine.Given{x}, within(p.Promoting), within(p.Detracting)}})
}

// String is the range as people write it: 9–10, or 9 alone.
func (r Range) String() string {
	if r.Low == r.High {
		return survey.FormatNumber(r.Low)
	}
	return survey.FormatNumber(r.Low) + "–" + survey.FormatNumber(r.High)
}
