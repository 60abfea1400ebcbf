package survey_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

func TestLevel(t *testing.T) {
	for _, c := range []struct {
		level             survey.Level
		confidence, error float64
		text              string
	}{
		{0.95, 0.95, 0.05, "95%"}, {0.05, 0.95, 0.05, "95%"}, {0.5, 0.5, 0.5, "50%"},
		{0.9, 0.9, 0.1, "90%"}, {0.1, 0.9, 0.1, "90%"}, {0.001, 0.999, 0.001, "99.9%"}, {0.999, 0.999, 0.001, "99.9%"},
	} {
		if c.level.Check("level") != nil || c.level.Confidence() != c.confidence || c.level.Error() != c.error || c.level.String() != c.text {
			t.Errorf("%v is confidence %v, error %v, %s", float64(c.level), c.level.Confidence(), c.level.Error(), c.level)
		}
	}
	for _, l := range []survey.Level{0, 1, -0.05, 95, survey.Level(math.NaN()), survey.Level(math.Inf(1))} {
		if p := l.Check("level"); p == nil || p.Remedy == "" {
			t.Errorf("the level %v is taken", float64(l))
		}
	}
}

// TestLevelIsTheSameBothWays: with up to six decimals the confidence and the
// error rate are one level to the bit.
func TestLevelIsTheSameBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 499_999).Draw(t, "millionths")
		a, b := survey.Level(float64(k)/1e6), survey.Level(float64(1_000_000-k)/1e6)
		if a.Confidence() != b.Confidence() || a.Error() != b.Error() || a.String() != b.String() {
			t.Fatalf("%v and %v differ", float64(a), float64(b))
		}
	})
}
