package stats

import (
	"testing"

	"pgregory.net/rapid"
)

// TestRankOfProducts holds the rank by products of columns, of which some are sums of
// others, against the rank of the columns.
func TestRankOfProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 8).Draw(t, "rows")
		number := rapid.Map(rapid.IntRange(-3, 3), func(k int) float64 { return float64(k) })
		columns := rapid.SliceOfN(rapid.SliceOfN(number, rows, rows), 1, 6).Draw(t, "columns")
		for range rapid.IntRange(0, 3).Draw(t, "sums") {
			sum := make([]float64, rows)
			for _, c := range columns {
				AddScaled(sum, number.Draw(t, "factor"), c)
			}
			columns = append(columns, sum)
		}
		products := make([][]float64, len(columns))
		for r, c := range columns {
			for _, other := range columns[:r+1] {
				products[r] = append(products[r], Dot(c, other))
			}
		}
		const tolerance = 1e-5
		if got, want := RankOfProducts(products, tolerance), Rank(columns, tolerance); got != want {
			t.Fatalf("rank %d by products, %d by columns", got, want)
		}
	})
}
