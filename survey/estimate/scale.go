package estimate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// Scale says on which scale the t interval of a figure is symmetric.
type Scale string

// The scales. A figure that the scale has no place for (the logarithm of zero,
// a correlation of 1) keeps the linear interval; the record's ci_method tells.
const (
	// Linear is value ± t·se.
	Linear Scale = ""
	// Logarithmic is exp(ln value ± t·se/value), for what cannot fall under zero.
	Logarithmic Scale = "log"
	// Fisher is tanh(atanh r ± t·se/(1−r²)), for a correlation in (−1, 1).
	// Source: Fisher 1921.
	Fisher Scale = "fisher"
	// Bounded is value ± t·se cut at −1 and 1, for a difference of two shares.
	Bounded Scale = "bounded"
)

// within takes a figure that rounding put beyond the scale's ends for the end.
func (s Scale) within(value float64) float64 {
	if s == Fisher || s == Bounded {
		return math.Max(-1, math.Min(1, value))
	}
	return value
}

// limits returns the interval and the name of the method that gave it.
func (s Scale) limits(value, se, df, level float64) (low, high float64, method string) {
	low, high = stats.MeanLimits(value, se, df, level)
	switch {
	case s == Logarithmic && value > 0:
		low, high = stats.LogLimits(value, se, df, level)
	case s == Fisher && math.Abs(value) < 1:
		low, high = stats.MeanLimits(math.Atanh(value), se/(1-value*value), df, level)
		low, high = math.Tanh(low), math.Tanh(high)
	case s == Bounded || s == Fisher:
		return s.within(low), s.within(high), survey.IntervalMean
	default:
		return low, high, survey.IntervalMean
	}
	return low, high, string(s)
}
