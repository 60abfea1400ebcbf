package prepare

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
)

// reverse mirrors a scale within its coded range: x becomes low + high - x,
// and the labels go with the codes. What answers count as is mirrored likewise.
func (p *preparer) reverse(path string, r survey.Recode) *survey.Variable {
	from := p.numeric(path+".from", r.From)
	if from == nil || isBlank(from) {
		return nil
	}
	var codes []survey.Code
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range from.Codes {
		if !from.IsMissing(c.Value) {
			codes = append(codes, c)
			low, high = min(low, c.Value.Number), max(high, c.Value.Number)
		}
	}
	if len(codes) < 2 {
		p.fault(path+".from", survey.Problem{Variable: from.Name, Message: "a scale without labelled ends cannot be reversed",
			Remedy: fmt.Sprintf("label its lowest and highest value in variables.%s.codes", from.Name)})
		return nil
	}
	if !p.isEven(path+".from", from, codes, low, high) {
		return nil
	}
	slices.Reverse(codes)
	for i := range codes {
		codes[i].Value.Number = low + high - codes[i].Value.Number
	}
	v := &survey.Variable{Label: from.Label, Measure: from.Measure, Polarity: from.Polarity.Turned(), Codes: codes, Numbers: p.empty()}
	v.Scores = mirrored(from, codes, low+high)
	o := outside{}
	for i, answered := range from.Valid() {
		switch x := from.Numbers[i]; {
		case answered && low <= x && x <= high:
			v.Numbers[i] = low + high - x
		case answered:
			o[survey.NumberValue(x)]++
		}
	}
	p.tellOutside(r.Name, from, o)
	return v
}

// mirrored are the scores of a reversed scale's codes, each the sum of the ends
// less what it was; nil where from has none.
func mirrored(from *survey.Variable, codes []survey.Code, ends float64) map[survey.Value]float64 {
	if len(from.Scores) == 0 {
		return nil
	}
	was := make([]float64, len(codes))
	for k, c := range codes {
		was[k], _ = from.Score(survey.NumberValue(ends - c.Value.Number))
	}
	scores := map[survey.Value]float64{}
	for k, c := range codes {
		scores[c.Value] = slices.Min(was) + slices.Max(was) - was[k]
	}
	return scores
}

// isEven checks that a scale's labelled and occurring values stand in equal
// steps: an odd one out is as a rule a "don't know" that nobody declared
// missing, and would turn into the lowest value.
func (p *preparer) isEven(path string, from *survey.Variable, codes []survey.Code, low, high float64) bool {
	var values []float64
	seen := map[float64]bool{}
	add := func(x float64) {
		if low <= x && x <= high && !seen[x] {
			seen[x] = true
			values = append(values, x)
		}
	}
	for _, c := range codes {
		add(c.Value.Number)
	}
	for i, answered := range from.Valid() {
		if answered {
			add(from.Numbers[i])
		}
	}
	slices.Sort(values)
	step := (high - low) / float64(len(values)-1)
	for k, x := range values {
		if math.Abs(low+float64(k)*step-x) > 1e-9*step {
			p.fault(path, survey.Problem{Variable: from.Name, Message: fmt.Sprintf("the steps of the scale are not equal: %s", steps(values)),
				Remedy: fmt.Sprintf("declare non-answers in variables.%s.missing, label every step in its codes, or use map", from.Name)})
			return false
		}
	}
	return true
}

func steps(values []float64) string {
	names := make([]string, len(values))
	for i, x := range values {
		names[i] = survey.FormatNumber(x)
	}
	return list(names)
}
