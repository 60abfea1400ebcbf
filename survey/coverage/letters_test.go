package coverage

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

// nulls are outcomes that all columns answer alike.
func nulls(shares ...float64) (out []Outcome) {
	for _, s := range shares {
		out = append(out, Outcome{s, s})
	}
	return out
}

// TestFalseLetters: where no columns differ, 6% at most of the letters of each kind
// say that they do, over rare and common shares. 2.5 simulation errors more are
// for the few samples: a kind with a true rate of 6% goes beyond for 1 seed in 160;
// the seed is fixed.
func TestFalseLetters(t *testing.T) {
	const samples = 60
	of := map[LetterKind]*LetterCount{}
	for k, l := range []Letters{{PSUs: 0}, {PSUs: 20, Spread: 0.6}, {PSUs: 40}} {
		l.Samples, l.Seed, l.Small, l.Large, l.Outcomes = samples, uint64(k), 60, 300, nulls(0.005, 0.02, 0.1, 0.5)
		counts, err := l.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range counts {
			if of[c.Kind] == nil {
				of[c.Kind] = &LetterCount{Kind: c.Kind}
			}
			of[c.Kind].Compared += c.Compared
			of[c.Kind].Told += c.Told
		}
	}
	for _, kind := range LetterKinds {
		c := of[kind]
		rate, _ := c.Rate()
		if tolerance := 2.5 * math.Sqrt(0.06*0.94/float64(c.Compared)); c.Compared < 9*samples || rate > 0.06+tolerance {
			t.Errorf("%s: %d of %d letters are false", kind, c.Told, c.Compared)
		}
	}
}

// TestLettersFindWhatDiffers: nobody of 60 and 15% of 360 are told apart. A power of
// 0.98 finds fewer than 90 of 100 for 1 seed in 100,000; the seed is fixed.
func TestLettersFindWhatDiffers(t *testing.T) {
	l := Letters{Samples: 100, Seed: 1, Small: 60, Large: 360, Outcomes: []Outcome{{0, 0.15}}}
	counts, err := l.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if c.Compared != 100 || c.Told < 90 {
			t.Errorf("%s: %d of %d are told apart", c.Kind, c.Told, c.Compared)
		}
	}
}

// TestLetterSamples: the columns of a sample share all PSUs, waves share none, the
// weights vary as asked, and the kinds of a sample have the p-values that they must.
func TestLetterSamples(t *testing.T) {
	l := Letters{Samples: 1, Seed: 7, Small: 500, Large: 2000, PSUs: 20, Spread: 0.6, Outcomes: nulls(0.1, 0.5)}
	for _, waves := range []bool{false, true} {
		table := l.draw(l.random(0), waves)
		in := map[float64]map[float64]bool{}
		sum, squares := 0.0, 0.0
		column, psu, weight := table.Lookup("column").Numbers.Slice(), table.Lookup("psu").Numbers.Slice(), table.Lookup("weight").Numbers.Slice()
		for i, w := range weight {
			if in[psu[i]] == nil {
				in[psu[i]] = map[float64]bool{}
			}
			in[psu[i]][column[i]] = true
			sum, squares = sum+w, squares+w*w
		}
		for u, columns := range in {
			if want := map[bool]int{false: 3, true: 1}[waves]; len(columns) != want {
				t.Errorf("PSU %v has people of %d columns, want %d", u, len(columns), want)
			}
		}
		if cv := math.Sqrt(float64(len(weight))*squares/(sum*sum) - 1); math.Abs(cv-0.6) > 0.06 {
			t.Errorf("the coefficient of variation of the weights is %.3f", cv)
		}
	}
	p, err := l.sample(0)
	if err != nil {
		t.Fatal(err)
	}
	close := cmp.Comparer(func(a, b survey.Figure) bool { return math.Abs(a.Float()-b.Float()) < 1e-9 })
	if diff := cmp.Diff(p[PreviousLetter], p[ChangeLetter], close); diff != "" {
		t.Errorf("an arrow and the change that it marks: %s", diff)
	}
}

// Columns that are both empty are no comparison.
func TestEmptyColumnsAreNotCompared(t *testing.T) {
	l := Letters{Samples: 3, Small: 60, Large: 60, Outcomes: nulls(0)}
	counts, err := l.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if rate, _ := c.Rate(); c.Compared != 0 || !math.IsNaN(rate) {
			t.Errorf("%+v", c)
		}
	}
}
