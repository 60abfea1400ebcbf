package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestAUC counts all pairs, and takes influences by a change of a weight.
func TestAUC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "rows")
		score, y, w := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			score[i] = float64(rapid.IntRange(0, 9).Draw(t, "score"))
			y[i] = float64(rapid.IntRange(0, 1).Draw(t, "outcome"))
			w[i] = rapid.SampledFrom([]float64{0, 1, 2.5}).Draw(t, "weight")
		}
		y[0], w[0], y[1], w[1] = 0, 1, 1, 1
		pairs := func() float64 {
			var higher, all float64
			for i := range n {
				for j := range n {
					if y[i] == 1 && y[j] == 0 {
						all += w[i] * w[j]
						switch {
						case score[i] > score[j]:
							higher += w[i] * w[j]
						case score[i] == score[j]:
							higher += w[i] * w[j] / 2
						}
					}
				}
			}
			return higher / all
		}
		const exact, differenced, step = 1e-12, 1e-6, 1e-4
		value, influence := AUC(score, y, w)
		if want := pairs(); math.Abs(value-want) > exact {
			t.Fatalf("%v, want %v", value, want)
		}
		row := rapid.IntRange(0, n-1).Draw(t, "row")
		if w[row] == 0 {
			return
		}
		at := w[row]
		w[row] = at + step
		up := pairs()
		w[row] = at - step
		slope := (up - pairs()) / (2 * step)
		if math.Abs(influence[row]/at-slope) > differenced {
			t.Errorf("influence %v, want %v", influence[row]/at, slope)
		}
	})
}

func TestAUCWithoutPairs(t *testing.T) {
	if value, _ := AUC([]float64{1, 2}, []float64{1, 1}, []float64{1, 1}); !math.IsNaN(value) {
		t.Errorf("%v without a pair", value)
	}
}
