package stats

import (
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestRaoScottIsAssociations holds the short way to the long one.
func TestRaoScottIsAssociations(t *testing.T) {
	counts := []float64{30, 20, 15, 40, 25, 18}
	cov := mat.NewSymDense(6, nil)
	for i := range 6 {
		for j := i; j < 6; j++ {
			cov.SetSym(i, j, -0.01*counts[i]*counts[j]/148)
		}
		cov.SetSym(i, i, 1.6*counts[i]+float64(i))
	}
	all, err := Association(counts, 3, 2, cov, 148, 40)
	if err != nil {
		t.Fatal(err)
	}
	got, err := RaoScott(counts, 3, 2, cov, 40)
	want := all[RaoScottF]
	near := func(a, b float64) bool { return a-b < 1e-12*b && b-a < 1e-12*b }
	if err != nil || !near(got.Statistic, want.Statistic) || !near(got.NDF, want.NDF) || !near(got.DDF, want.DDF) || !near(got.P, want.P) {
		t.Errorf("got %+v, want %+v (%v)", got, want, err)
	}
	if _, err := RaoScott(counts, 2, 2, cov, 40); err == nil {
		t.Error("sizes that disagree are tested")
	}
}
