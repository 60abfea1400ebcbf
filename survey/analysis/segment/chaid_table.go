package segment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/stats"
	"surveykit/stats/tree"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"

	"gonum.org/v1/gonum/mat"
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

// wording says in words and as expressions which answers lead to a node.
type wording struct {
	branches *Branches
	items    []Indicator
	// gaps marks the items that somebody did not answer.
	gaps []bool
}

// branch are the answers that lead to a node from the one above.
type branch struct {
	item Indicator
	cuts []float64
	// taken are the categories that lead here, others those that lead elsewhere.
	taken, others []int
	// none is whether no answer leads here, gaps whether that occurs.
	none, gaps bool
}

func (w wording) branch(n int) branch {
	parent := w.branches.Nodes[w.branches.Nodes[n].Parent]
	b := branch{item: w.items[parent.Item], cuts: w.branches.Cuts[parent.Item], gaps: w.gaps[parent.Item]}
	last := len(parent.Child) - 1
	for c, child := range parent.Child[:last] {
		if int(child) == n {
			b.taken = append(b.taken, c)
		} else {
			b.others = append(b.others, c)
		}
	}
	b.none = int(parent.Child[last]) == n
	return b
}

// path joins the conditions from the root down.
func (w wording) path(n int) string {
	if w.branches.Nodes[n].Parent < 0 {
		return "Everybody"
	}
	var parts []string
	for ; w.branches.Nodes[n].Parent >= 0; n = w.branches.Nodes[n].Parent {
		parts = append(parts, w.condition(n))
	}
	slices.Reverse(parts)
	return strings.Join(parts, "; ")
}

// condition is the last step to a node.
func (w wording) condition(n int) string {
	if w.branches.Nodes[n].Parent < 0 {
		return "Everybody"
	}
	b := w.branch(n)
	answers := b.answers()
	switch {
	case len(b.taken) == 0:
		answers = "no answer"
	case len(b.others) == 0:
		answers = "any answer"
	}
	if b.none && b.gaps && len(b.taken) > 0 {
		answers += " or no answer"
	}
	return called(b.item.Variable) + ": " + answers
}

func (b branch) answers() string {
	if len(b.taken) == 0 {
		return ""
	}
	first, last := b.taken[0], b.taken[len(b.taken)-1]
	if b.item.Measure == survey.Scale {
		switch {
		case first == 0:
			return "up to " + survey.FormatNumber(b.cuts[last])
		case last == len(b.cuts):
			return "over " + survey.FormatNumber(b.cuts[first-1])
		}
		return fmt.Sprintf("over %s to %s", survey.FormatNumber(b.cuts[first-1]), survey.FormatNumber(b.cuts[last]))
	}
	labels := b.item.Classes.Labels
	if b.item.Measure == survey.Ordinal && last-first == len(b.taken)-1 && last-first > 1 {
		return labels[first] + " to " + labels[last]
	}
	var names []string
	for _, c := range b.taken {
		names = append(names, labels[c])
	}
	return strings.Join(names, ", ")
}

// where is the expression of the people of a node, which can be judged of
// everybody, with an answer or without; only a condition on a text is not for
// those who left it out. It is "1 == 1" at the root.
func (w wording) where(n int) string {
	if w.branches.Nodes[n].Parent < 0 {
		return "1 == 1"
	}
	var parts []string
	for ; w.branches.Nodes[n].Parent >= 0; n = w.branches.Nodes[n].Parent {
		parts = append(parts, w.branch(n).expression())
	}
	slices.Reverse(parts)
	return strings.Join(parts, " and ")
}

func (b branch) expression() string {
	answer := expression.Quote(b.item.Variable.Name)
	switch {
	case len(b.taken) == 0:
		return "missing(" + answer + ")"
	case len(b.others) == 0:
		return "valid(" + answer + ")"
	case b.gaps && !b.item.Variable.IsText():
		answer = fmt.Sprintf("answer(%s, %s)", answer, number(b.standIn()))
	}
	if b.item.Measure == survey.Scale {
		return b.interval(answer)
	}
	return answer + " in [" + b.values() + "]"
}

// standIn is an answer that leads where no answer does: here, or elsewhere.
func (b branch) standIn() float64 {
	c := b.others[0]
	if b.none {
		c = b.taken[0]
	}
	if b.item.Measure == survey.Scale {
		return b.inside(c)
	}
	return b.item.Classes.Values[c].Number
}

// inside is a number in an interval.
func (b branch) inside(interval int) float64 {
	if interval < len(b.cuts) {
		return b.cuts[interval]
	}
	return b.cuts[len(b.cuts)-1] + 1
}

func (b branch) interval(answer string) string {
	first, last := b.taken[0], b.taken[len(b.taken)-1]
	var parts []string
	if first > 0 {
		parts = append(parts, answer+" > "+number(b.cuts[first-1]))
	}
	if last < len(b.cuts) {
		parts = append(parts, answer+" <= "+number(b.cuts[last]))
	}
	return strings.Join(parts, " and ")
}

func (b branch) values() string {
	var out []string
	for _, c := range b.taken {
		v := b.item.Classes.Values[c]
		if v.IsText {
			out = append(out, strconv.Quote(v.Text))
		} else {
			out = append(out, number(v.Number))
		}
	}
	return strings.Join(out, ", ")
}

// number writes a number in full precision, as expressions read it.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
