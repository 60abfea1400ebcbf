package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestCorrections compares with p.adjust of R 4.2.2; the NaN is no member of
// the family of five.
func TestCorrections(t *testing.T) {
	p := []float64{0.01, 0.04, math.NaN(), 0.03, 0.005, 0.5}
	want := []struct {
		name    string
		correct func([]float64) []float64
		p       []float64
	}{
		{"bonferroni", Bonferroni, []float64{0.05, 0.2, math.NaN(), 0.15, 0.025, 1}},
		{"holm", Holm, []float64{0.04, 0.09, math.NaN(), 0.09, 0.025, 0.5}},
		{"BH", BenjaminiHochberg, []float64{0.025, 0.05, math.NaN(), 0.05, 0.025, 0.5}},
	}
	for _, w := range want {
		for i, got := range w.correct(p) {
			near(t, w.name, got, w.p[i], tailTolerance)
		}
		if got := w.correct(nil); len(got) != 0 {
			t.Errorf("%s of nothing: %v", w.name, got)
		}
	}
	if p[0] != 0.01 {
		t.Error("the argument was changed")
	}
}

// TestCorrectionsOrder: BH <= Holm <= Bonferroni, none under the p-value
// itself, and equal for a family of one.
func TestCorrectionsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 30).Draw(t, "p")
		bonferroni, holm, bh := Bonferroni(p), Holm(p), BenjaminiHochberg(p)
		const rounding = 1e-15
		for i, v := range p {
			if !(v <= bh[i]+rounding && bh[i] <= holm[i]+rounding && holm[i] <= bonferroni[i]+rounding && bonferroni[i] <= 1) {
				t.Errorf("p %v: BH %v, Holm %v, Bonferroni %v", v, bh[i], holm[i], bonferroni[i])
			}
		}
		if alone := Holm(p[:1]); alone[0] != p[0] {
			t.Errorf("family of one: %v, want %v", alone[0], p[0])
		}
	})
}
