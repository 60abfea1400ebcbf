package coverage

import (
	"testing"

	"surveykit/stats"
)

// TestCoverage draws a few samples of the population. An interval that holds the
// truth 95% of the time falls short of 177 of 200 for 1 seed in 14,000, one of
// 94% for 1 in 1,000; the seed is fixed.
func TestCoverage(t *testing.T) {
	const samples, enough = 200, 177
	scenarios, err := Simulation{Samples: samples, Seed: 1}.Intervals(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios {
		if s.Size == Sizes[0] {
			continue
		}
		// Weights vary with the sizes of PSUs alone, or as much as those of many surveys do.
		if effect := s.Results[0].Weighting; (s.Chances == 0) != (effect < 1.2) || effect > 2.3 {
			t.Errorf("%s, spread of chances %g: Kish's design effect of the weights is %.2f", s.Size, s.Chances, effect)
		}
		for _, r := range s.Results {
			if r.Target.Name != "common" || r.Method == stats.MeanInterval {
				continue
			}
			if held := r.Answered - r.Left - r.Right; r.Answered != samples || held < enough {
				t.Errorf("%s, spread of chances %g, %s: %d of %d intervals hold the truth", s.Size, s.Chances, r.Method, held, r.Answered)
			}
		}
	}
}

// Settings with 20 PSUs a column are held against the limit, those with 8 are not,
// and a rate counts as above 6% from three simulation errors over it.
func TestLargestRates(t *testing.T) {
	settings := []LetterSetting{
		{PSUs: 0, Counts: []LetterCount{{Compared: 1000, Told: 50}, {Compared: 1000, Told: 82}, {}}},
		{PSUs: 20, Counts: []LetterCount{{Compared: 1000, Told: 83}}},
		{PSUs: 8, Counts: []LetterCount{{Compared: 1000, Told: 200}}},
	}
	// 0.06 + 3·√(0.06·0.94/1000) = 0.0825
	got := SumLetters(settings, LetterSetting.Enough)
	if got.Rates != 4 || got.Above != 1 || got.Largest.Told != 83 || got.All.Told != 215 || got.All.Compared != 3000 {
		t.Errorf("%+v", got)
	}
}
