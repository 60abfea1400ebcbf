package engine

import (
	"math"
	"sync"

	"surveykit/stats"
)

// Totals answers a query. Total j belongs to cell j/terms and term j%terms.
// Totals are additive over rows; nothing here knows what they estimate.
type Totals struct {
	frame *Frame
	query Pass
	// Sum is Σ w·x, Square Σ w²·p of the entries, p being the part of the
	// row that belongs to the point (for Kish's effective base), N the
	// rows with a nonzero weight and an entry. They are sums of whole numbers, rounded
	// once; see Wide.
	Sum, Square []float64
	N           []int
	// Expected is Σ p over the rows that N counts, p being the part of a row that
	// belongs to the point; nil where all belong as a whole.
	Expected []float64
	// unit is the exponent of the smallest bit of each term's sums.
	unit []int
	// spread is what deviations are made of; nil with replicate weights.
	spread spread
	// replicate[r] is Sum under replicate r's weights.
	replicate [][]float64
	// parts are what the totals were joined of, from says of which totals; nil where they
	// were added up together.
	parts []Part
	from  []place
	// members marks the PSUs of each total, once asked for.
	members func() membership
}

// Totals makes the one pass over the rows that the query needs.
func (f *Frame) Totals(q Pass) *Totals {
	size := q.Cells * q.Terms.Count
	t := &Totals{frame: f, query: q.shared(), Sum: make([]float64, size), Square: make([]float64, size), N: make([]int, size)}
	t.unit = t.query.Terms.units()
	switch {
	case f.Replicates != nil:
		t.byRow()
		t.scanReplicates()
		return t
	case f.ByRow.Unit != nil && f.ByRow.Calibration == nil:
		t.spread = t.byUnit()
	case f.ByRow.Calibration == nil:
		t.spread = t.byLot()
	default:
		t.byRow()
		t.spread = rowwise{t}
	}
	t.members = sync.OnceValue(t.spread.members)
	return t
}

// byRow makes the pass over the rows in the order of the table, or over the kinds of them.
func (t *Totals) byRow() {
	a := t.adder()
	if t.query.kinds() {
		kinds := make([]weighed, len(t.query.Cell))
		t.weigh(kinds, nil)
		for k := range kinds {
			a.enterBoth(int32(k), kinds[k])
		}
	} else {
		weigh := t.frame.weighing()
		for i := range int32(len(t.query.Cell)) {
			a.enterBoth(i, weigh(i))
		}
	}
	a.leave(func(int, Wide) {})
	t.take(a.totals)
}

func (t *Totals) scanReplicates() {
	f, q := t.frame, &t.query
	t.replicate = make([][]float64, len(f.Replicates.Names))
	kinds := make([]Wide, len(q.Cell))
	for r := range t.replicate {
		places, weigh := f.replicateWeights(r)
		clear(kinds)
		q.each(func(i int, k int32) { kinds[k] = kinds[k].Plus(weigh(i)) })
		all := make([]Wide, len(t.Sum))
		for k, w := range kinds {
			if q.Cell[k] < 0 || w == (Wide{}) {
				continue
			}
			base := int(q.Cell[k]) * q.Terms.Count
			from, to := q.Terms.Entries(k)
			for e := from; e < to; e++ {
				term, x := q.Terms.Index[e], w
				if q.Terms.Value != nil {
					x = product(w, q.Terms.Value[e], t.unit[term])
				}
				j := base + int(term)
				all[j] = all[j].Plus(x)
			}
		}
		t.replicate[r] = make([]float64, len(all))
		for j, sum := range all {
			t.replicate[r][j] = sum.Float(places - t.unit[j%len(t.unit)])
		}
	}
}

// eachEntry visits every entry of every row that lies in a cell.
func (t *Totals) eachEntry(visit func(row, j int, x float64)) {
	t.query.each(func(i int, k int32) {
		t.query.entries(k, func(j int, x float64) { visit(i, j, x) })
	})
}

// Index is the place of a cell and term among the totals.
func (t *Totals) Index(cell, term int) int { return cell*t.query.Terms.Count + term }

// Function is a smooth function of a few totals: what an estimator is.
type Function struct {
	Value    func(t []float64) float64
	Gradient func(t []float64) []float64
}

// Deviations is the vector whose dot products are the covariances of a
// function of totals, each argument the sum of the totals listed for it:
// linearised over the design, or over the replicates' estimates.
func (t *Totals) Deviations(f Function, arguments [][]int) []float64 {
	at := t.arguments(t.Sum, arguments)
	if t.replicate != nil {
		return t.frame.Replicates.Deviations(t.Replicates(f, arguments), f.Value(at))
	}
	asked := make([]bool, len(t.Sum))
	for _, js := range arguments {
		for _, j := range js {
			asked[j] = true
		}
	}
	return t.spread.deviations(t.gradient(f, at, arguments), asked)
}

// Comparable is a vector like Deviations, which may also be compared with those of other
// queries under the frame; where rows are units it is longer, and where they are groups of
// rows as well, only queries over the same groups may be compared.
func (t *Totals) Comparable(f Function, arguments [][]int) []float64 {
	if _, byUnit := t.spread.(clustered); byUnit || t.replicate != nil {
		return t.Deviations(f, arguments)
	}
	gradient := t.gradient(f, t.Arguments(arguments), arguments)
	if t.frame.ByRow.Lots != nil && t.frame.ByRow.Calibration == nil {
		return t.groupDeviations(gradient)
	}
	return t.frame.Deviations(t.influences(gradient))
}

// groupDeviations takes each group of rows for a lot, whatever it adds to the totals.
func (t *Totals) groupDeviations(gradient []float64) []float64 {
	f, weigh, each := t.frame, t.frame.weighing(), make([]float64, len(t.frame.ByRow.Stratum))
	t.eachEntry(func(i, j int, x float64) { each[i] += gradient[j] * x })
	var alike []stats.Alike
	var e []float64
	var touched []bool
	if f.alone {
		touched = make([]bool, f.Strata)
	}
	for i, x := range each {
		w := weigh(int32(i))
		if w.n == 0 {
			continue
		}
		alike, e = append(alike, w.alike(f.ByRow.Stratum[i], f.Exponent)), append(e, x)
		if touched != nil && x != 0 {
			touched[f.ByRow.Stratum[i]] = true
		}
	}
	return f.Stages[0].AlikeDeviations(alike, e, f.Lonely, touched)
}

func (t *Totals) influences(gradient []float64) []float64 {
	u, w := make([]float64, len(t.frame.ByRow.Weights)), t.frame.ByRow.Weights
	t.eachEntry(func(i, j int, x float64) { u[i] += w[i] * gradient[j] * x })
	return u
}

// gradient is the function's by each total, at values of its arguments.
func (t *Totals) gradient(f Function, at []float64, arguments [][]int) []float64 {
	gradient := make([]float64, len(t.Sum))
	for a, g := range f.Gradient(at) {
		for _, j := range arguments[a] {
			gradient[j] += g
		}
	}
	return gradient
}

// Replicates evaluates a function of totals under each replicate's weights; it
// is empty for designs without replicate weights.
func (t *Totals) Replicates(f Function, arguments [][]int) []float64 {
	theta := make([]float64, len(t.replicate))
	for r, sum := range t.replicate {
		theta[r] = f.Value(t.arguments(sum, arguments))
	}
	return theta
}

// Deviations are the replicates' deviations of an estimate; see
// stats.ReplicateDeviations.
func (r *Replicates) Deviations(theta []float64, estimate float64) []float64 {
	return stats.ReplicateDeviations(theta, estimate, r.Scale, r.RScales, r.MSE)
}

// LeftOut counts the replicates in which a function of totals has no value: a
// mean of a domain that nobody of the replicate is in.
func (t *Totals) LeftOut(f Function, arguments [][]int) int {
	return stats.NotFinite(t.Replicates(f, arguments))
}

// Fitted reports whether the weights are calibrated to the function of totals,
// whose variance is then zero although its rows differ.
func (t *Totals) Fitted(f Function, arguments [][]int) bool {
	if !t.frame.Calibrated() || t.replicate != nil {
		return false
	}
	at, size := t.arguments(t.Sum, arguments), 0.0
	for a, g := range f.Gradient(at) {
		size += math.Abs(g * at[a])
	}
	u := t.influences(t.gradient(f, at, arguments))
	return math.Sqrt(stats.Dot(u, u)) > residualRounding*size
}

// Replicated reports whether deviations come from replicate weights.
func (t *Totals) Replicated() bool { return t.replicate != nil }

// At evaluates a function of totals at the sample.
func (t *Totals) At(f Function, arguments [][]int) float64 {
	return f.Value(t.arguments(t.Sum, arguments))
}

// Arguments sums the totals listed for each argument.
func (t *Totals) Arguments(arguments [][]int) []float64 { return t.arguments(t.Sum, arguments) }

func (t *Totals) arguments(sum []float64, arguments [][]int) []float64 {
	at := make([]float64, len(arguments))
	for a, js := range arguments {
		for _, j := range js {
			at[a] += sum[j]
		}
	}
	return at
}

// Base describes the rows of an estimate: some totals of a term that is 1.
type Base struct {
	N                     int
	NWeighted, NEffective float64
	DF                    float64
	// Certain says that the rows lie in strata that were taken whole, so that
	// the design leaves nothing to chance.
	Certain bool
	// DFUnknown says that the degrees of freedom, of replicate weights, do not follow
	// from the groups of rows that an engine has; DF is 0 then.
	DFUnknown bool
}

// Weights are the rows of the listed totals, Σw and Σw²; see Base.
func (t *Totals) Weights(js []int) (n int, sum, square float64) {
	for _, j := range js {
		n += t.N[j]
		sum += t.Sum[j]
		square += t.Square[j]
	}
	return n, sum, square
}

// Base counts the rows of the listed totals, whose rows must not overlap.
func (t *Totals) Base(js []int) Base {
	var b Base
	var square float64
	b.N, b.NWeighted, square = t.Weights(js)
	if square > 0 {
		b.NEffective = b.NWeighted * b.NWeighted / square
	}
	if b.DF = t.DF(js); math.IsNaN(b.DF) {
		b.DF, b.DFUnknown = 0, true
	}
	if t.frame.whole != nil {
		b.Certain = t.certain(js)
	}
	return b
}

// Nobody is the answer to a query of a frame without any rows.
func (f *Frame) Nobody(q Query) *Totals {
	cells, terms := q.Size()
	none := *f
	none.Rows, none.ByRow = 0, &ByRow{}
	if f.Replicates != nil {
		none.ByRow.Replicates = make([][]float64, len(f.Replicates.Names))
	}
	return none.Totals(Pass{Cells: cells, Terms: &Terms{Count: terms, Start: []int32{0}}})
}
