package segment

import (
	"gonum.org/v1/gonum/mat"

	"surveykit/stats"
	"surveykit/stats/tree"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// branchTable is a predictor against the target in one node: weighted counts by
// the predictor's categories, no answer last, with their covariances, from which
// those of any groups of categories are sums.
type branchTable struct {
	targets int
	counts  []float64
	cov     *mat.SymDense
	df      float64
	// effective is Kish's number of people by category.
	effective []float64
}

func (g *growth) table(frame *engine.Frame, weights []float64, node tree.At, item int) tree.Table {
	x, targets := g.in[item], len(g.target.Classes.Values)
	cell := make([]int32, len(weights))
	sum, square := make([]float64, x.Categories+1), make([]float64, x.Categories+1)
	for i := range cell {
		if cell[i] = -1; !node(i) || weights[i] == 0 {
			continue
		}
		c := int(x.Code[i])
		if c < 0 {
			c = x.Categories
		}
		cell[i] = int32(c*targets) + g.target.code(i)
		sum[c] += weights[i]
		square[c] += weights[i] * weights[i]
	}
	totals := frame.Totals(engine.Pass{Cell: cell, Cells: (x.Categories + 1) * targets, Terms: engine.Ones(len(cell))})
	t := &branchTable{targets: targets, counts: totals.Sum, cov: covariances(totals), df: g.df, effective: sum}
	for c := range sum {
		if square[c] > 0 {
			t.effective[c] *= sum[c] / square[c]
		}
	}
	if frame.Replicates == nil {
		t.df = frame.DF(node)
	}
	return t
}

// covariances are those of all counts; a cell without anybody has none.
func covariances(t *engine.Totals) *mat.SymDense {
	n := len(t.Sum)
	cov, deviations := mat.NewSymDense(n, nil), make([][]float64, n)
	for j := range n {
		if t.N[j] == 0 {
			continue
		}
		deviations[j] = t.Deviations(estimate.Total.Function, [][]int{{j}})
		for k := 0; k <= j; k++ {
			if deviations[k] != nil {
				cov.SetSym(j, k, stats.Dot(deviations[j], deviations[k]))
			}
		}
	}
	return cov
}

// Test is Rao and Scott's test of the target's independence of groups of
// categories; see GrowTree for where it does not exist. It is 1 without degrees
// of freedom, and where all have the same answer.
func (t *branchTable) Test(groups [][]int) float64 {
	occupied := t.occupied(groups)
	if t.df <= 0 || len(occupied) < 2 {
		return 1
	}
	counts, cov := t.grouped(groups, occupied)
	r, err := stats.RaoScott(counts, len(groups), len(occupied), cov, t.df)
	if err == nil {
		return r.P
	}
	return t.pearson(counts, groups, len(occupied))
}

// occupied lists the target's answers that anybody in the groups gave.
func (t *branchTable) occupied(groups [][]int) []int {
	var out []int
	for a := range t.targets {
		var sum float64
		for _, g := range groups {
			for _, c := range g {
				sum += t.counts[c*t.targets+a]
			}
		}
		if sum > 0 {
			out = append(out, a)
		}
	}
	return out
}

// grouped sums the counts and covariances of the groups' categories.
func (t *branchTable) grouped(groups [][]int, targets []int) ([]float64, *mat.SymDense) {
	size := len(groups) * len(targets)
	counts, cov := make([]float64, size), mat.NewSymDense(size, nil)
	members := make([][]int, size)
	for g, categories := range groups {
		for a, target := range targets {
			for _, c := range categories {
				j := c*t.targets + target
				members[g*len(targets)+a] = append(members[g*len(targets)+a], j)
				counts[g*len(targets)+a] += t.counts[j]
			}
		}
	}
	for a := range size {
		for b := range a + 1 {
			var sum float64
			for _, j := range members[a] {
				for _, k := range members[b] {
					sum += t.cov.At(j, k)
				}
			}
			cov.SetSym(a, b, sum)
		}
	}
	return counts, cov
}

// pearson is the test of equal weights for Kish's effective number of people.
func (t *branchTable) pearson(counts []float64, groups [][]int, targets int) float64 {
	rows, columns := make([]float64, len(groups)), make([]float64, targets)
	var all, effective, x2 float64
	for j, n := range counts {
		rows[j/targets] += n
		columns[j%targets] += n
		all += n
	}
	for _, g := range groups {
		for _, c := range g {
			effective += t.effective[c]
		}
	}
	for j, n := range counts {
		e := rows[j/targets] * columns[j%targets] / all
		x2 += (n - e) * (n - e) / e
	}
	return stats.ChiSquareUpper(x2*effective/all, float64((len(groups)-1)*(targets-1)))
}
