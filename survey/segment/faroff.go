package segment

import (
	"slices"

	"surveykit/survey"
)

// FarOff finds a labelled answer of an item taken as a number that stands so far
// from the ones below it, such as 99 after 1 to 5, that it is hardly one of the
// scale: refusals and the like that nobody declared missing. The gap is more than
// twice the span of the two or more codes below it. ok is false where there is none.
func (x Indicator) FarOff() (code survey.Code, ok bool) {
	if x.Measure == survey.Nominal || x.Variable.IsText() {
		return survey.Code{}, false
	}
	c := survey.Classify(x.Variable)
	var codes []survey.Code
	for k, v := range c.Values {
		if slices.Contains(c.Index, int32(k)) && v.String() != c.Labels[k] {
			codes = append(codes, survey.Code{Value: v, Label: c.Labels[k]})
		}
	}
	slices.SortFunc(codes, func(a, b survey.Code) int {
		if a.Value.Number < b.Value.Number {
			return -1
		}
		return 1
	})
	for k := 2; k < len(codes); k++ {
		below := codes[k-1].Value.Number
		if codes[k].Value.Number-below > 2*(below-codes[0].Value.Number) {
			return codes[k], true
		}
	}
	return survey.Code{}, false
}
