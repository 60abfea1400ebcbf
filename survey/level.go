package survey

import (
	"fmt"
	"math"
)

// Level is a level of confidence as people write it: from 0.5 up the confidence
// itself, below it the error rate that remains. 0.95 and 0.05 are the same
// level. The zero Level is one that nobody gave.
type Level float64

// DefaultLevel is the level of intervals and tests where none is given.
const DefaultLevel Level = 0.95

// Or is the level, or another where none is given.
func (l Level) Or(other Level) Level {
	if l == 0 {
		return other
	}
	return l
}

// Check finds a level that is not between 0 and 1; name is what people call it.
func (l Level) Check(name string) *Problem {
	if l > 0 && l < 1 {
		return nil
	}
	return &Problem{
		Message: fmt.Sprintf("%s %s is not between 0 and 1", name, FormatNumber(float64(l))),
		Remedy:  "write 0.95 for 95% confidence, or the error rate 0.05, which means the same",
	}
}

// Confidence is the level as confidence, from 0.5 up: 0.95.
func (l Level) Confidence() float64 {
	if l >= 0.5 {
		return float64(l)
	}
	return complement(l)
}

// Error is the level as the error rate, up to 0.5: 0.05.
func (l Level) Error() float64 {
	if l < 0.5 {
		return float64(l)
	}
	return complement(l)
}

// complement is 1 − l without what binary fractions add to a decimal.
func complement(l Level) float64 { return math.Round((1-float64(l))*1e12) / 1e12 }

// String is the confidence in percent: 95%.
func (l Level) String() string {
	return FormatNumber(math.Round(l.Confidence()*1e14)/1e12) + "%"
}
