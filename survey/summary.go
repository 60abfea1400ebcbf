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

// Sum adds up numbers with what each addition loses (Neumaier 1974), so that it does not
// depend on their order. The zero value is 0.
type Sum struct{ sum, lost float64 }

// Add adds a number.
func (s *Sum) Add(x float64) {
	sum := s.sum + x
	if math.Abs(s.sum) >= math.Abs(x) {
		s.lost += s.sum - sum + x
	} else {
		s.lost += x - sum + s.sum
	}
	s.sum = sum
}

// Value is the sum.
func (s Sum) Value() float64 { return s.sum + s.lost }

// Summarize counts the values of a variable.
func Summarize(v *Variable) Summary {
	if v.IsText() {
		return summarizeTexts(v)
	}
	var s Summary
	var sum Sum
	for i, x := range v.Numbers.All() {
		if math.IsNaN(x) {
			continue
		}
		s.Valid += v.Count(i)
		if len(v.Missing) > 0 && v.IsMissing(NumberValue(x)) {
			s.UserMissing += v.Count(i)
		}
		sum.Add(x * float64(v.Count(i)))
	}
	s.Sum = sum.Value()
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
