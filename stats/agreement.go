package stats

import "math"

// AdjustedRand is the agreement of two partitions of the same rows beyond chance,
// whatever the names of their groups: 1 where they are the same, about 0 where they
// are unrelated. With S(A) = Σ_{i<j in the same group of A}
// w_i w_j, S(B), S(AB) and S of all pairs,
//
//	(S(AB) − S(A)S(B)/S) / ((S(A) + S(B))/2 − S(A)S(B)/S)
//
// Rows with a group below 0 in either or without a weight do not count. 1 where
// both have a single group, or a group for each row; NaN for fewer than two rows.
// Source: Hubert and Arabie, Journal of Classification 2 (1985), equation 5; by
// pairs of weights. Equals R mclust::adjustedRandIndex for equal weights.
func AdjustedRand(a, b []int32, weights []float64) float64 {
	t := crossPartitions(a, b, weights)
	both, rows, columns, all := t.pairs()
	if !(all > 0) {
		return math.NaN()
	}
	chance := rows * columns / all
	most := (rows + columns) / 2
	if most-chance <= 1e-12*most || most == 0 {
		return 1
	}
	return (both - chance) / (most - chance)
}

// Agreement is the weighted share of rows on which two partitions agree once
// each group of a has the name of its group of b in match: the one-to-one
// matching of the largest share (−1 for a group of a without a partner). Rows as
// in AdjustedRand; NaN without any. Source: Kuhn, Naval Research Logistics
// Quarterly 2 (1955), by shortest augmenting paths.
func Agreement(a, b []int32, weights []float64) (share float64, match []int32) {
	t := crossPartitions(a, b, weights)
	size := max(t.rows, t.columns)
	cost := make([][]float64, size)
	var total, agreed float64
	for i := range cost {
		cost[i] = make([]float64, size)
		for j := 0; i < t.rows && j < t.columns; j++ {
			cost[i][j] = -t.sum[i*t.columns+j]
			total += t.sum[i*t.columns+j]
		}
	}
	for i, j := range cheapest(cost)[:t.rows] {
		if j >= t.columns {
			match = append(match, -1)
			continue
		}
		match = append(match, int32(j))
		agreed -= cost[i][j]
	}
	return agreed / total, match
}

// partitions are the weights of two partitions' common groups.
type partitions struct {
	rows, columns int
	// sum and square are Σw and Σw² by group of the one and group of the other.
	sum, square []float64
}

func crossPartitions(a, b []int32, weights []float64) partitions {
	var t partitions
	for i := range a {
		t.rows, t.columns = max(t.rows, int(a[i])+1), max(t.columns, int(b[i])+1)
	}
	t.sum, t.square = make([]float64, t.rows*t.columns), make([]float64, t.rows*t.columns)
	for i, w := range weights {
		if w != 0 && a[i] >= 0 && b[i] >= 0 {
			at := int(a[i])*t.columns + int(b[i])
			t.sum[at] += w
			t.square[at] += w * w
		}
	}
	return t
}

// pairs are the products of weights of pairs in the same group of both, of the
// one, of the other, and of all pairs.
func (t partitions) pairs() (both, rows, columns, all float64) {
	bySum, bySquare := make([]float64, t.columns), make([]float64, t.columns)
	var n, nn float64
	for i := range t.rows {
		var s, q float64
		for j := range t.columns {
			x, xx := t.sum[i*t.columns+j], t.square[i*t.columns+j]
			both += (x*x - xx) / 2
			s, q = s+x, q+xx
			bySum[j], bySquare[j] = bySum[j]+x, bySquare[j]+xx
		}
		rows += (s*s - q) / 2
		n, nn = n+s, nn+q
	}
	for j, s := range bySum {
		columns += (s*s - bySquare[j]) / 2
	}
	return both, rows, columns, (n*n - nn) / 2
}

// cheapest assigns each row of a square matrix a different column at the least total
// cost.
func cheapest(cost [][]float64) []int {
	n := len(cost)
	u, v := make([]float64, n+1), make([]float64, n+1)
	row := make([]int, n+1) // the row of each column, from 1; 0 is none
	for i := 1; i <= n; i++ {
		row[0] = i
		augment(cost, u, v, row)
	}
	out := make([]int, n)
	for j := 1; j <= n; j++ {
		out[row[j]-1] = j - 1
	}
	return out
}

// augment finds a shortest path from the row at column 0 to a free column, and
// shifts the assignments along it.
func augment(cost [][]float64, u, v []float64, row []int) {
	n := len(cost)
	least, way, done := make([]float64, n+1), make([]int, n+1), make([]bool, n+1)
	for j := range least {
		least[j] = math.Inf(1)
	}
	at := 0
	for row[at] != 0 {
		done[at] = true
		next, step := 0, math.Inf(1)
		for j := 1; j <= n; j++ {
			if done[j] {
				continue
			}
			if c := cost[row[at]-1][j-1] - u[row[at]] - v[j]; c < least[j] {
				least[j], way[j] = c, at
			}
			if least[j] < step {
				next, step = j, least[j]
			}
		}
		for j := range least {
			if done[j] {
				u[row[j]] += step
				v[j] -= step
			} else {
				least[j] -= step
			}
		}
		at = next
	}
	for at != 0 {
		row[at] = row[way[at]]
		at = way[at]
	}
}
