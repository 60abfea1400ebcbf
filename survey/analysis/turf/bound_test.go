package turf

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func few(t *rapid.T) *people {
	var wants []set
	var weights []float64
	for range rapid.IntRange(1, 30).Draw(t, "people") {
		wants = append(wants, set(rapid.Uint64Range(0, 1<<7-1).Draw(t, "wants")))
		weights = append(weights, float64(rapid.IntRange(1, 9).Draw(t, "weight")))
	}
	return newPeople(wants, weights, 7, rapid.IntRange(1, 3).Draw(t, "depth"))
}

// The transform counts for every portfolio at once whom it does not reach.
func TestMissedIsNotReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := few(t)
		for s, missed := range p.missed() {
			if want := 1 - p.Reach(set(s)); math.Abs(missed-want) > fine {
				t.Fatalf("portfolio %b misses %.12f, want %.12f", s, missed, want)
			}
		}
	})
}

// Seen from any set no larger, no portfolio under the rules is above the bound.
func TestNothingIsAboveTheBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := few(t)
		r := rules{Size: rapid.IntRange(2, 6).Draw(t, "size"), Require: 1, Exclude: 1 << 6}
		seen := r.Require | set(rapid.Uint64Range(0, 1<<6-1).Draw(t, "seen"))
		if seen.Len() > r.Size {
			t.Skip("larger than the portfolios")
		}
		bound := p.above(seen, r)
		for s := set(0); s < 1<<6; s++ {
			if s.Len() == r.Size && s.Has(0) && p.Reach(s) > bound+fine {
				t.Fatalf("portfolio %b reaches %.4f, bound from %b %.4f", s, p.Reach(s), seen, bound)
			}
		}
	})
}
