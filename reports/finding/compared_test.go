package finding_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/finding"
	"surveykit/survey"
)

var figures = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)

// TestArithmeticOfASentence: the three figures of a sentence have the same
// decimals, one at least, and the difference is that of the other two but for
// their rounding.
func TestArithmeticOfASentence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0.05, 0.4).Draw(t, "low")
		high := low + rapid.Float64Range(0.1, 0.5).Draw(t, "difference")
		decimals := rapid.IntRange(0, 2).Draw(t, "decimals")
		test := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(low - high), SE: survey.FigureOf(0.01), T: survey.FigureOf(-30), DF: survey.FigureOf(100), P: survey.FigureOf(1e-12)}
		tab := pairOf("a", low, high, test)
		tab.Rounding.Percent = &decimals
		found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{tab}})
		said := figures.FindAllString(regexp.MustCompile(`for .* than for [^,]*`).ReplaceAllString(found[0].Claim, ""), -1)
		if len(said) != 3 {
			t.Fatalf("%q says %q", found[0].Claim, said)
		}
		var x [3]float64
		for i, text := range said {
			if _, fraction, _ := strings.Cut(text, "."); len(fraction) != max(decimals, 1) {
				t.Fatalf("%q: %s has %d decimals of %d", found[0].Claim, text, len(fraction), max(decimals, 1))
			}
			x[i], _ = strconv.ParseFloat(text, 64)
		}
		if last := math.Pow10(-max(decimals, 1)); math.Abs(x[1]-x[2]-x[0]) > 1.001*last {
			t.Errorf("%q does not add up", found[0].Claim)
		}
	})
}

// TestRoundingOfASentence: 24.8 stands beside 38.2% and 63.0%, 44.1 beside 72.2%
// and 28.0%.
func TestRoundingOfASentence(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0.3820, 0.6300, "“Concerned”: 24.8 points higher for 55–64 than for 18–24, 63.0% against 38.2%"},
		{0.2801, 0.7215, "“Concerned”: 44.1 points higher for 55–64 than for 18–24, 72.2% against 28.0%"},
	} {
		test := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(c.low - c.high), SE: survey.FigureOf(0.01), T: survey.FigureOf(-30), DF: survey.FigureOf(100), P: survey.FigureOf(1e-12)}
		found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{pairOf("a", c.low, c.high, test)}})
		if len(found) != 1 || found[0].Claim != c.want {
			t.Errorf("%q, want %q", claims(found), c.want)
		}
	}
}

// TestSubjectOfASentence: a row is named by its question, a share by an expression
// by its table's title without the banner; labels with commas are in quotation marks.
func TestSubjectOfASentence(t *testing.T) {
	test := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(-0.2), SE: survey.FigureOf(0.01), T: survey.FigureOf(-20), DF: survey.FigureOf(100), P: survey.FigureOf(1e-12)}
	for _, c := range []struct{ group, statistic, column, want string }{
		{"Trust with personal data", "proportion", "55–64", "Trust with personal data, “Concerned”: 20.0 points higher for 55–64 than for 18–24, 50.0% against 30.0%"},
		{"", "share", "55–64", "Use of social sites, “Concerned”: 20.0 points higher for 55–64 than for 18–24, 50.0% against 30.0%"},
		{"Age", "share", "55–64", "Use of social sites, “Concerned”: 20.0 points higher for 55–64 than for 18–24, 50.0% against 30.0%"},
		{"Trust", "proportion", "Wary, at ease", "Trust, “Concerned”: 20.0 points higher for “Wary, at ease” than for 18–24, 50.0% against 30.0%"},
	} {
		tab := pairOf("a", 0.3, 0.5, test)
		tab.Title, tab.Rows[0].Group, tab.Columns[1].Label = "Use of social sites, by age and wave", c.group, c.column
		for i := range tab.Cells[0] {
			tab.Cells[0][i].Statistic = c.statistic
		}
		if found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{tab}}); len(found) != 1 || found[0].Claim != c.want {
			t.Errorf("%q, want %q", claims(found), c.want)
		}
	}
}

// TestOnlyWhatCanBeCompared: no finding is about a row or between columns that
// are left out, nor between two columns of the row's own battery.
func TestOnlyWhatCanBeCompared(t *testing.T) {
	test := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(-0.2), SE: survey.FigureOf(0.01), T: survey.FigureOf(-20), DF: survey.FigureOf(100), P: survey.FigureOf(1e-12)}
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
		for _, comparisons := range [][]survey.LetterTest{{test}, nil} { // tested, and told side by side
			tab := pairOf("a", 0.3, 0.5, test)
			tab.Comparisons = comparisons
			c.turn(tab)
			if found := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{tab}}); len(found) != c.want {
				t.Errorf("%s: %q", name, claims(found))
			}
		}
	}
}
