package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// sparse makes a matrix of dense rows.
func sparse(rows ...[]float64) *stats.Sparse {
	x := &stats.Sparse{Columns: len(rows[0]), Start: []int{0}}
	for _, row := range rows {
		for j, v := range row {
			if v != 0 {
				x.Index, x.Value = append(x.Index, int32(j)), append(x.Value, v)
			}
		}
		x.Start = append(x.Start, len(x.Index))
	}
	return x
}

// regressors draws rows of a constant, a factor of three levels as all of its
// indicators, which depend on the constant, and a number. The first six rows are
// fixed, so that nothing else depends on anything.
func regressors(t *rapid.T, n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		level, number := i%3, float64(i*i%7)/2
		if i >= 6 {
			level = rapid.IntRange(0, 2).Draw(t, "level")
			number = float64(rapid.IntRange(-9, 9).Draw(t, "number")) / 4
		}
		rows[i] = []float64{1, 0, 0, 0, number}
		rows[i][1+level] = 1
	}
	return rows
}

func positive(t *rapid.T, name string, n int) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(0.5, 5), n, n).Draw(t, name)
}

func TestSparseByHand(t *testing.T) {
	x := sparse([]float64{1, 2, 0}, []float64{0, 0, 0}, []float64{0, 3, -1})
	if got := x.Times([]float64{1, 10, 100}); !slices.Equal(got, []float64{21, 0, -70}) {
		t.Errorf("Xb = %v", got)
	}
	if got := x.Totals([]float64{2, 5, 1}); !slices.Equal(got, []float64{2, 7, -1}) {
		t.Errorf("X'w = %v", got)
	}
	ones := &stats.Sparse{Columns: 2, Start: []int{0, 1, 3}, Index: []int32{1, 0, 1}}
	if got := ones.Totals([]float64{2, 3}); !slices.Equal(got, []float64{3, 5}) {
		t.Errorf("X'w of indicators = %v", got)
	}
	// G = [[2 4 0] [4 17 -3] [0 -3 1]] for w = 2, 5, 1; b = 1, 1, 1 gives y = 6, 18, -2.
	c := stats.NewCholesky(x.Gram([]float64{2, 5, 1}))
	if c.Rank() != 2 || !slices.Equal(c.Aliased, []bool{false, false, true}) {
		t.Errorf("two rows have rank %d, aliased %v", c.Rank(), c.Aliased)
	}
}

// Rows of weight 0 may hold anything.
func TestRowsWithoutWeight(t *testing.T) {
	x := sparse([]float64{1, 2}, []float64{math.NaN(), math.Inf(1)})
	if got := x.Totals([]float64{3, 0}); !slices.Equal(got, []float64{3, 6}) {
		t.Errorf("X'w = %v", got)
	}
	if c := stats.NewCholesky(x.Gram([]float64{3, 0})); c.Rank() != 1 {
		t.Errorf("rank %d of one row", c.Rank())
	}
}

// The solution's fitted values leave residuals that no column explains, also
// where columns depend on each other: those are aliased, the last one of each.
func TestCholeskyLeavesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 30).Draw(t, "n")
		x, w, y := sparse(regressors(t, n)...), positive(t, "w", n), positive(t, "y", n)
		c := stats.NewCholesky(x.Gram(w))
		wy := make([]float64, n)
		for i := range y {
			wy[i] = w[i] * y[i]
		}
		fitted := x.Times(c.Solve(x.Totals(wy)))
		for i := range y {
			wy[i] -= w[i] * fitted[i]
		}
		for j, left := range x.Totals(wy) {
			near(t, "what column "+string(rune('0'+j))+" explains", left, 0)
		}
		if !c.Aliased[3] || c.Aliased[0] || c.Aliased[1] || c.Aliased[2] {
			t.Fatalf("aliased %v, want the last indicator", c.Aliased)
		}
	})
}
