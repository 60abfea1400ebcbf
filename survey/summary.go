package survey

import "math"

// Summary counts a variable's values.
type Summary struct {
	// Valid counts the values that are not system-missing, UserMissing those
	// among them that are declared missing.
	Valid       int
	UserMissing int
	// Sum adds the valid values of a variable of numbers; NaN for text.
	Sum float64
}

// Summarize counts the values of a variable. The sum is compensated
// (Neumaier 1974), so that it does not depend on the order of rows.
func Summarize(v *Variable) Summary {
	if v.IsText() {
		return summarizeTexts(v)
	}
	var s Summary
	var lost float64
	for i, x := range v.Numbers.All() {
		if math.IsNaN(x) {
			continue
		}
		s.Valid += v.Count(i)
		if len(v.Missing) > 0 && v.IsMissing(NumberValue(x)) {
			s.UserMissing += v.Count(i)
		}
		x *= float64(v.Count(i))
		sum := s.Sum + x
		if math.Abs(s.Sum) >= math.Abs(x) {
			lost += s.Sum - sum + x
		} else {
			lost += x - sum + s.Sum
		}
		s.Sum = sum
	}
	s.Sum += lost
	return s
}

func summarizeTexts(v *Variable) Summary {
	s := Summary{Sum: math.NaN()}
	count := make([]int, len(v.Texts.Values))
	for i, k := range v.Texts.Index.All() {
		if k >= 0 {
			count[k] += v.Count(i)
			s.Valid += v.Count(i)
		}
	}
	for k, text := range v.Texts.Values {
		if v.IsMissing(TextValue(text)) {
			s.UserMissing += count[k]
		}
	}
	return s
}
