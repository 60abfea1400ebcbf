package survey_test

import (
	"math"
	"testing"

	"surveykit/survey"
)

// Every notation with how people read it back.
func TestParseBracket(t *testing.T) {
	inf := math.Inf(1)
	for s, want := range map[string]struct {
		bracket survey.Bracket
		shown   string
	}{
		"18-24": {survey.Bracket{Low: 18, High: 24}, "18–24"}, "18 – 24": {survey.Bracket{Low: 18, High: 24}, "18–24"},
		"65+": {survey.Bracket{Low: 65, High: inf}, "65+"}, "-17": {survey.Bracket{Low: -inf, High: 17}, "up to 17"},
		"under 18": {survey.Bracket{Low: -inf, High: 18, Open: true}, "under 18"}, "Under 18": {survey.Bracket{Low: -inf, High: 18, Open: true}, "under 18"},
		"5": {survey.Bracket{Low: 5, High: 5}, "5"},
	} {
		if got, ok := survey.ParseBracket(s); !ok || got != want.bracket || got.String() != want.shown {
			t.Errorf("%s: %v %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "old", "24-18", "18-", "+", "1.5-2", "under", "18-24-30"} {
		if b, ok := survey.ParseBracket(s); ok {
			t.Errorf("%q is read as %v", s, b)
		}
	}
}

func TestBracketOverlaps(t *testing.T) {
	parse := func(s string) survey.Bracket {
		b, _ := survey.ParseBracket(s)
		return b
	}
	for pair, want := range map[[2]string]bool{
		{"18-24", "25-34"}: false, {"18-24", "24-34"}: true, {"under 18", "18-24"}: false, {"-18", "18-24"}: true, {"65+", "70-80"}: true, {"under 18", "0-17"}: true,
	} {
		a, b := parse(pair[0]), parse(pair[1])
		if a.Overlaps(b) != want || b.Overlaps(a) != want {
			t.Errorf("%v: want %v", pair, want)
		}
	}
	if got := parse("18-24").Less(3); got != parse("15-21") {
		t.Errorf("three less than 18-24 is %v", got)
	}
}
