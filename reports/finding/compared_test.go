package finding_test

import (
	"regexp"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/finding"
	"surveykit/survey"
)

var figures = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)

// TestArithmeticOfASentence: the difference that a sentence says is that of the
// two figures that it says, whatever the figures.
func TestArithmeticOfASentence(t *testing.T) {
	off, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0.05, 0.4).Draw(t, "low")
		high := low + rapid.Float64Range(0.1, 0.5).Draw(t, "difference")
		test := survey.Comparison{Column: 0, Against: 1, Difference: survey.Figure(low - high), SE: 0.01, T: -30, DF: 100, P: 1e-12}
		found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{pairOf("a", low, high, test)}})
		said := figures.FindAllString(regexp.MustCompile(`for .* than for [^,]*`).ReplaceAllString(found[0].Claim, ""), -1)
		if len(said) != 3 {
			t.Fatalf("%q says %q", found[0].Claim, said)
		}
		var x [3]float64
		for i, text := range said {
			x[i], _ = strconv.ParseFloat(text, 64)
		}
		all++
		if d := x[1] - x[2] - x[0]; d > 1e-9 || d < -1e-9 {
			off++
		}
	})
	// each of three roundings comes out three times in four
	if off*20 > all {
		t.Errorf("%d of %d sentences do not add up", off, all)
	}
}

// TestRoundingOfASentence: 24.8 stands beside 38.2% and 63.0%; where tenths do
// not add up whole points do.
func TestRoundingOfASentence(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0.3820, 0.6300, "“Concerned” is 24.8 points higher for 55–64 than for 18–24, 63.0% against 38.2%"},
		{0.2801, 0.7215, "“Concerned” is 44 points higher for 55–64 than for 18–24, 72% against 28%"},
	} {
		test := survey.Comparison{Column: 0, Against: 1, Difference: survey.Figure(c.low - c.high), SE: 0.01, T: -30, DF: 100, P: 1e-12}
		found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{pairOf("a", c.low, c.high, test)}})
		if len(found) != 1 || found[0].Claim != c.want {
			t.Errorf("%q, want %q", claims(found), c.want)
		}
	}
}

// TestOnlyWhatCanBeCompared: no finding is about a row or between columns that
// are left out, nor between two columns of the row's own battery.
func TestOnlyWhatCanBeCompared(t *testing.T) {
	test := survey.Comparison{Column: 0, Against: 1, Difference: -0.2, SE: 0.01, T: -20, DF: 100, P: 1e-12}
	for name, c := range map[string]struct {
		turn func(*survey.Tabulation)
		want int
	}{
		"groups of people": {func(*survey.Tabulation) {}, 1},
		"another battery":  {func(t *survey.Tabulation) { t.Rows[0].Battery, t.Columns[0].Battery = "trust", "use" }, 1},
		"untold row":       {func(t *survey.Tabulation) { t.Rows[0].Untold = true }, 0},
		"untold column":    {func(t *survey.Tabulation) { t.Columns[0].Untold = true }, 0},
		"one battery":      {func(t *survey.Tabulation) { t.Rows[0].Battery, t.Columns[0].Battery = "trust", "trust" }, 0},
	} {
		for _, comparisons := range [][]survey.Comparison{{test}, nil} { // tested, and told side by side
			tab := pairOf("a", 0.3, 0.5, test)
			tab.Comparisons = comparisons
			c.turn(tab)
			if found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{tab}}); len(found) != c.want {
				t.Errorf("%s: %q", name, claims(found))
			}
		}
	}
}
