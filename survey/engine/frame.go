// Package engine is the only step that touches respondents. What is asked of it
// names columns and expressions; what it answers are sums.
//
// An Engine counts a sample design over the whole file once:
//
//	f, err := e.Frame(ctx, survey.Design{Weight: "w", Strata: "h", PSU: []string{"psu"}})
//
// and then answers queries, several at a time:
//
//	c, err := e.Categories(ctx, "region")
//	totals, err := e.Totals(ctx, f, []engine.Query{{
//		Cells:   []engine.Axis{engine.Categories("region", c)},
//		Numbers: []engine.Number{engine.One{}, engine.Answer{Column: "trust"}},
//	}})
//
// Everything to the right is a function of Totals: package estimate makes figures
// of them, whatever engine they come from. Package memory is the engine of a table
// in memory; package enginetest is the suite that every engine must pass.
package engine

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
)

// Frame is the sample design of a table counted over all of its rows, before
// and apart from any domain, so that a domain can never drop a PSU.
type Frame struct {
	// Rows counts the rows, Weighted those with a weight.
	Rows, Weighted int
	// Exponent makes whole numbers of weights: W = w·2^Exponent; see Wide.
	Exponent int
	// Stages are the stages that add to the variance; nil with replicate weights.
	Stages stats.Stages
	// Strata and PSUs count them over the whole sample.
	Strata, PSUs int
	// StratumNames label the strata for people.
	StratumNames []string
	Lonely       stats.LonelyPSU
	// LonelyStrata are the names of the strata with one PSU, in order.
	LonelyStrata []string
	// whole marks the strata that were taken whole at every stage; nil where
	// there are none.
	whole []bool
	// alone says that a stage has lonely units, whose policy asks which of them
	// an estimate touches.
	alone bool
	// Replicates are the replicate weights; nil with strata and PSUs.
	Replicates *Replicates
	// Made is true where a weighting spec made the weights from the design's.
	Made bool
	// Warnings were raised when the frame was counted.
	Warnings survey.Notices
	// ByRow has the design of each row; nil where the engine holds no rows. Methods
	// that need it ask for engine.Rows first.
	ByRow *ByRow
	// EachRow says that each row is a unit: there are no clusters of rows.
	EachRow bool
	// calibrated says that variances know how the weights were made, before there are rows.
	calibrated bool
	// ids are the strata and units of values, in a frame that was counted from groups.
	ids *ids
}

// ids number the strata and the units of each stage by their values.
type ids struct {
	design       survey.Design
	strata, psus []numbers
}

// Columns are the columns that rows must be grouped by so that Frame.Of knows their
// strata and, where there are clusters, their units.
func (f *Frame) Columns() []string {
	if f.Replicates != nil {
		return nil
	}
	columns := strataOf(f.ids.design)
	if !f.EachRow {
		columns = append(columns, f.ids.design.PSU[:len(f.ids.psus)]...)
	}
	return columns
}

// Of is the frame with rows that are groups of the data: a table with the Columns of the
// frame, and what each of its rows is. It is an error where a value was not among those
// that the frame was counted from: the data have changed since.
func (f *Frame) Of(t *survey.Table, l Lots) (*Frame, error) {
	if l.Sum == nil {
		l = l.unweighted(f.Exponent)
	}
	out, byRow := *f, &ByRow{Lots: &l, Weights: make([]float64, t.Rows)}
	out.ByRow = byRow
	for i, sum := range l.Sum {
		byRow.Weights[i] = sum.Float(f.Exponent)
	}
	if f.Replicates != nil {
		return &out, nil
	}
	stage := func(id []int32, by numbers, column string) ([]int32, error) {
		v, next := t.Lookup(column), make([]int32, t.Rows)
		for i := range next {
			x, _ := v.At(i)
			n, known := by[outerValue{id[i], x}]
			if !known {
				return nil, &survey.Unreachable{Source: sourceOf(t), Message: "the data changed while they were read: column " + column + " has a value that it had not before", Remedy: "try again once nobody writes to them"}
			}
			next[i] = n
		}
		return next, nil
	}
	id := make([]int32, t.Rows)
	var err error
	for k, column := range strataOf(f.ids.design) {
		if id, err = stage(id, f.ids.strata[k], column); err != nil {
			return nil, err
		}
	}
	if byRow.Stratum = id; f.EachRow {
		return &out, nil
	}
	for k, by := range f.ids.psus {
		if id, err = stage(id, by, f.ids.design.PSU[k]); err != nil {
			return nil, err
		}
		if k == 0 {
			byRow.PSU = id
		}
	}
	byRow.Unit, byRow.rows = id, sortedBy(id, f.Units())
	return &out, nil
}

// ByRow is a design row by row.
type ByRow struct {
	// Weights are the sampling weights, Replicates[r] the weights of replicate r.
	Weights    []float64
	Replicates [][]float64
	// Lots are what each row is in the data; nil where it is one row of them. Weights are
	// their sums then, and Replicates nil.
	Lots *Lots
	// PSU and Stratum are the first stage's unit and group of each row; nil with
	// replicate weights, and PSU nil where rows are lots and each row a unit.
	PSU, Stratum []int32
	// Unit is the last stage's unit of each row; nil where each row is a unit.
	Unit []int32
	// rows lists the rows of each unit where these hold many.
	rows sorted
	// Calibration takes influences back to the weights that these were made from; nil
	// without it.
	Calibration Residualizer
}

// Lots are rows that each are many rows of the data, which differ in their weights
// only.
type Lots struct {
	// Rows counts the rows of the data, N those with a weight.
	Rows, N []int
	// Sum is Σ W and Square Σ W² of their weights as whole numbers at Frame.Exponent.
	Sum, Square []Wide
	// Replicates[r] are Σ W of replicate r, at Replicates.Exponents[r].
	Replicates [][]Wide
	// Products gives, for each row, Σ w_r·w_s of the replicate weights r and s ≤ r, in the
	// order of r and s: what their rank over several rows follows from. It is asked for
	// where degrees of freedom are; nil where nobody knows them.
	Products func() ([][]float64, error)
}

// unweighted gives each row of the data the weight 1.
func (l Lots) unweighted(exponent int) Lots {
	one := Whole(1, exponent)
	l.Sum, l.Square = make([]Wide, len(l.Rows)), make([]Wide, len(l.Rows))
	for i, n := range l.Rows {
		l.Sum[i], l.Square[i] = WideOf(one).Times(uint64(n)), Square(one).Times(uint64(n))
	}
	return l
}

// Replicates are replicate weights with the constants of their variance.
type Replicates struct {
	Names   []string
	Scale   float64
	RScales []float64
	MSE     bool
	// Exponents make whole numbers of each replicate's weights, where the frame was
	// counted from lots; nil where they follow from the weights.
	Exponents []int
}

// replicateWeights gives the weights of a replicate as whole numbers.
func (f *Frame) replicateWeights(r int) (exponent int, of func(row int) Wide) {
	if l := f.ByRow.Lots; l != nil {
		return f.Replicates.Exponents[r], func(i int) Wide { return l.Replicates[r][i] }
	}
	weights := f.ByRow.Replicates[r]
	exponent = Exponent(largest(weights))
	scale := math.Ldexp(1, exponent)
	return exponent, func(i int) Wide { return WideOf(int64(weights[i] * scale)) }
}

// ReplicateWeights are the weights of each replicate, of rows of the data that are one row
// their sums; nil without replicates.
func (f *Frame) ReplicateWeights() [][]float64 {
	l := f.ByRow.Lots
	if l == nil {
		return f.ByRow.Replicates
	}
	out := make([][]float64, len(l.Replicates))
	for r, sums := range l.Replicates {
		out[r] = make([]float64, len(sums))
		for i, sum := range sums {
			out[r][i] = sum.Float(f.Replicates.Exponents[r])
		}
	}
	return out
}

// Count is the number of rows of the data with a weight that a row is.
func (f *Frame) Count(row int) int {
	switch {
	case f.ByRow.Lots != nil:
		return f.ByRow.Lots.N[row]
	case f.ByRow.Weights[row] != 0:
		return 1
	}
	return 0
}

// Square is Σ w² of the rows of the data that a row is.
func (f *Frame) Square(row int) float64 {
	if l := f.ByRow.Lots; l != nil {
		return l.Square[row].Float(2 * f.Exponent)
	}
	return f.ByRow.Weights[row] * f.ByRow.Weights[row]
}

func largest(weights []float64) float64 {
	most := 0.0
	for _, w := range weights {
		most = max(most, math.Abs(w))
	}
	return most
}

// Residualizer knows how the weights were made from others.
type Residualizer interface {
	// Apply replaces row influences, in place, by influences of the weights before:
	// for calibrated weights, by residuals. It returns the deviations that come
	// from outside the sample, such as from another survey whose totals the
	// weights were fitted to; nil where there are none.
	Apply(u []float64) (outside []float64)
}

// Units is the number of last-stage units, the length of a unit total.
func (f *Frame) Units() int {
	if len(f.Stages) == 0 {
		return f.Rows
	}
	return len(f.Stages[len(f.Stages)-1].Group)
}

// Calibrated reports whether variances know that the weights were made to fit totals.
func (f *Frame) Calibrated() bool {
	return f.calibrated || f.ByRow != nil && f.ByRow.Calibration != nil
}

// Reweighted is the design with other weights; it shares all else with the frame.
func (f *Frame) Reweighted(weights []float64) *Frame {
	out, byRow := *f, *f.ByRow
	out.ByRow, byRow.Weights = &byRow, weights
	out.count()
	return &out
}

// WithMade is a frame without rows whose weights are made of its own: of so many rows,
// largest is the largest. Variances know how they were made where they are calibrated.
func (f *Frame) WithMade(largest float64, weighted int, calibrated bool) *Frame {
	out := *f
	out.Made, out.Weighted, out.Exponent, out.calibrated = true, weighted, Exponent(largest), calibrated
	return &out
}

// count counts the rows with a weight, and finds the exponent that makes them whole numbers.
func (f *Frame) count() {
	f.Weighted, f.Exponent = 0, Exponent(largest(f.ByRow.Weights))
	for _, w := range f.ByRow.Weights {
		if w != 0 {
			f.Weighted++
		}
	}
}

// SameRows reports whether the same rows have a weight under two designs of one table,
// as far as engines without rows know.
func (f *Frame) SameRows(g *Frame) bool {
	if f == g || f.Weighted == f.Rows && g.Weighted == g.Rows {
		return true
	}
	return f.ByRow != nil && g.ByRow != nil && slices.EqualFunc(f.ByRow.Weights, g.ByRow.Weights, func(v, w float64) bool { return (v == 0) == (w == 0) })
}

// Deviations turns one influence value a row into the vector whose dot
// products are covariances; see stats.Stage. A row that is many rows of the data has the
// sum of theirs, which differ by their weights only. Where the calibration leaves only
// rounding of it, it is 0. u is overwritten. It is not for replicate designs,
// which have no influence.
func (f *Frame) Deviations(u []float64) []float64 {
	return f.deviations(u, f.touched(func(mark func(row int)) {
		for i, x := range u {
			if x != 0 {
				mark(i)
			}
		}
	}))
}

// touched marks the units of the rows that an estimate rests on. It is nil,
// which means all, where no policy for lonely PSUs asks for it.
func (f *Frame) touched(rows func(mark func(row int))) []bool {
	if !f.alone {
		return nil
	}
	units := make([]bool, len(f.ByRow.Weights))
	if f.ByRow.Unit != nil {
		units = make([]bool, f.Units())
	}
	rows(func(i int) {
		if f.ByRow.Weights[i] == 0 {
			return
		}
		if f.ByRow.Unit == nil {
			units[i] = true
		} else {
			units[f.ByRow.Unit[i]] = true
		}
	})
	return units
}

func (f *Frame) deviations(u []float64, touched []bool) []float64 {
	if f.ByRow.Calibration == nil {
		return f.rowDeviations(u, touched)
	}
	before := stats.Dot(u, u)
	outside := f.ByRow.Calibration.Apply(u)
	d := append(slices.Clip(f.rowDeviations(u, touched)), outside...)
	if stats.Dot(d, d) <= residualRounding*residualRounding*before {
		clear(d)
	}
	return d
}

// residualRounding is what residuals of influences that the calibration fits
// exactly keep of their length for rounding alone, with room for margins that
// nearly determine each other: calibrated totals have no variance, and no t.
const residualRounding = 1e-12

// rowDeviations are the deviations of influences of rows.
func (f *Frame) rowDeviations(u []float64, touched []bool) []float64 {
	if f.ByRow.Lots == nil || f.ByRow.Unit != nil {
		return f.unitDeviations(f.unitTotals(u), touched)
	}
	alike, e := f.alike(), make([]float64, len(u))
	var strata []bool
	if touched != nil {
		strata = make([]bool, f.Strata)
	}
	for i, a := range alike {
		if u[i] != 0 {
			e[i] = u[i] / (float64(a.Units) * a.Mean)
		}
		if touched != nil && touched[i] {
			strata[a.Group] = true
		}
	}
	return f.Stages[0].AlikeDeviations(alike, e, f.Lonely, strata)
}

// alike are the groups of rows, where each row of the data is a unit. Where weights
// were made the rows of a group had one weight before, so that their influences are equal,
// also of those that have no weight any longer.
func (f *Frame) alike() []stats.Alike {
	out, weigh := make([]stats.Alike, len(f.ByRow.Weights)), f.weighing()
	for i := range out {
		switch h := f.ByRow.Stratum[i]; {
		case f.ByRow.Calibration != nil:
			out[i] = stats.Alike{Group: h, Units: f.ByRow.Lots.Rows[i], Mean: 1}
		case f.ByRow.Weights[i] == 0:
			out[i] = stats.Alike{Group: h}
		default:
			out[i] = weigh(int32(i)).alike(h, f.Exponent)
		}
	}
	return out
}

func (f *Frame) unitDeviations(z []float64, touched []bool) []float64 {
	return f.Stages.Deviations(z, f.Lonely, touched)
}

func (f *Frame) unitTotals(u []float64) []float64 {
	if f.ByRow.Unit == nil {
		return u
	}
	z := make([]running, f.Units())
	for i, j := range f.ByRow.Unit {
		z[j] = z[j].plus(u[i])
	}
	return values(z)
}

// DF are the degrees of freedom of the rows that belong: PSUs minus strata
// among those with a nonzero weight; with replicate weights the rank of their
// matrix over those rows minus one. It can be zero or negative.
// Equals R survey::degf on the subset.
func (f *Frame) DF(belongs func(row int) bool) float64 {
	if f.Replicates != nil {
		rank, known := f.replicateRank(belongs)
		if !known {
			return math.NaN()
		}
		return float64(rank - 1)
	}
	stratum, df := make([]bool, f.Strata), 0
	var psu []bool
	if f.ByRow.PSU != nil {
		psu = make([]bool, f.PSUs)
	}
	for i, w := range f.ByRow.Weights {
		if w == 0 || !belongs(i) {
			continue
		}
		if f.ByRow.PSU == nil {
			df += f.Count(i)
		} else if p := f.ByRow.PSU[i]; !psu[p] {
			psu[p] = true
			df++
		}
		if h := f.ByRow.Stratum[i]; !stratum[h] {
			stratum[h] = true
			df--
		}
	}
	return float64(df)
}

// Certain reports whether all rows that belong lie in strata that were taken
// whole, so that the design leaves nothing of them to chance.
func (f *Frame) Certain(belongs func(row int) bool) bool {
	if f.whole == nil {
		return false
	}
	for i, w := range f.ByRow.Weights {
		if w != 0 && belongs(i) && !f.whole[f.ByRow.Stratum[i]] {
			return false
		}
	}
	return true
}

// rankTolerance is the share of its length that a column must keep, once the
// columns before it are taken out, to count as a dimension of its own: the
// tolerance of LINPACK's dqrdc2 as R survey::degf calls it.
const rankTolerance = 1e-5

// replicateRank is the rank of the replicate weights over the rows that belong. Where these
// are several rows of the data the rank of their sums may be lower, which their products show.
func (f *Frame) replicateRank(belongs func(row int) bool) (rank int, known bool) {
	lots := f.ByRow.Lots
	var rows []int
	single := true
	for i, w := range f.ByRow.Weights {
		if w != 0 && belongs(i) {
			rows = append(rows, i)
			single = single && (lots == nil || lots.N[i] == 1)
		}
	}
	columns := make([][]float64, len(f.Replicates.Names))
	for r := range columns {
		c := make([]float64, len(rows))
		for k, i := range rows {
			if lots == nil {
				c[k] = f.ByRow.Replicates[r][i]
			} else {
				c[k] = lots.Replicates[r][i].Float(f.Replicates.Exponents[r])
			}
		}
		columns[r] = c
	}
	if rank = stats.Rank(columns, rankTolerance); single || rank == len(columns) {
		return rank, true
	}
	return lots.rank(rows, len(columns))
}

// rank is the rank of the replicate weights over some rows, by their products.
func (l *Lots) rank(rows []int, replicates int) (rank int, known bool) {
	if l.Products == nil {
		return 0, false
	}
	products, err := l.Products()
	if err != nil {
		return 0, false
	}
	sum := make([][]float64, replicates)
	for r, at := 0, 0; r < replicates; r++ {
		sum[r] = make([]float64, r+1)
		for s := range sum[r] {
			for _, i := range rows {
				sum[r][s] += products[i][at]
			}
			at++
		}
	}
	return stats.RankOfProducts(sum, rankTolerance), true
}

// Sources joins the paths of a table's files for error messages.
func sourceOf(t *survey.Table) string {
	if len(t.Sources) == 0 {
		return ""
	}
	name := t.Sources[0].Path
	for _, s := range t.Sources[1:] {
		name += ", " + s.Path
	}
	return name
}
