package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// AssociationMethod names a test of the independence of rows and columns.
type AssociationMethod string

// The tests of association; all equal R's svychisq(statistic = …).
const (
	// RaoScottF is Pearson's X² over the trace of its design effects, against
	// F with Satterthwaite's degrees of freedom (Rao and Scott 1984; Thomas
	// and Rao 1987), the default.
	RaoScottF AssociationMethod = "F"
	// RaoScottChisq is X² over the mean design effect, against chi-square.
	RaoScottChisq AssociationMethod = "Chisq"
	// WaldAssociation is the Wald test of N_rc − N_r N_c/N = 0 (Koch, Freeman
	// and Freeman 1975), against F.
	WaldAssociation AssociationMethod = "Wald"
	// AdjustedWald is the Wald test corrected for few PSUs.
	AdjustedWald AssociationMethod = "adjWald"
	// LinearCombination takes X² against its limit, a sum of chi-squares
	// weighted by the design effects, over a chi-square for their estimation:
	// the exact tail down to 1e-5, SaddlepointAssociation under that, which
	// R uses where it cannot integrate.
	LinearCombination AssociationMethod = "lincom"
	// SaddlepointAssociation takes the same tail by Kuonen's formula, a few per
	// cent off, with R's rounding of the denominator.
	SaddlepointAssociation AssociationMethod = "saddlepoint"
)

// AssociationMethods lists the tests, the default first.
var AssociationMethods = []AssociationMethod{
	RaoScottF, RaoScottChisq, WaldAssociation, AdjustedWald, LinearCombination, SaddlepointAssociation,
}

// TestResult is a test statistic with the degrees of freedom of numerator and
// denominator and the p-value; what a test does not have is NaN.
type TestResult struct{ Statistic, NDF, DDF, P float64 }

// ErrNoSamplingVariance is the error of a table in which every share is certain, such
// as one that the weights are fitted to.
var ErrNoSamplingVariance = errors.New("association: the table has no sampling variance")

// Association tests a table of r × c weighted counts, row by row, for the
// independence of its rows and columns, by every AssociationMethod. cov is the
// design-based covariance of the counts, df the design degrees of freedom and
// n the rows of the design; n scales the X² that three of the tests report
// (R uses all rows, also those without an answer) and no p-value.
//
// The Wald tests are NaN where the covariance of the contrasts is singular, as
// it is with fewer PSUs than contrasts. An error says why nothing is tested:
// sizes that disagree, fewer than two rows or columns, a count that is negative
// or NaN, an empty row or column, or design effects that do not exist.
func Association(counts []float64, r, c int, cov mat.Symmetric, n, df float64) (map[AssociationMethod]TestResult, error) {
	table, err := newContingency(counts, r, c, cov)
	if err != nil {
		return nil, err
	}
	if !(n > 0) {
		return nil, fmt.Errorf("association: %v rows", n)
	}
	effects, err := table.designEffects(n)
	if err != nil {
		return nil, err
	}
	x2 := table.pearson(n)
	results := raoScott(x2, effects, df)
	k := float64(len(effects))
	wald := table.wald() / k
	results[WaldAssociation] = TestResult{wald, k, df, FUpper(wald, k, df)}
	adjusted := wald * (df - k + 1) / df
	results[AdjustedWald] = TestResult{adjusted, k, df - k + 1, FUpper(adjusted, k, df-k+1)}
	return results, nil
}

// raoScott returns the tests that compare X² with its design effects.
func raoScott(x2 float64, effects []float64, df float64) map[AssociationMethod]TestResult {
	k, none := float64(len(effects)), math.NaN()
	f := raoScottF(x2, effects, df)
	// As R's pFsum computes the saddlepoint: the denominator is a sum of ⌊d⌋ squares, yet
	// divided by d. It makes p larger, by less than 1% from d = 600 on.
	const rounding = 1e-6 // a d that is whole but for rounding keeps its last square
	whole := math.Floor(f.DDF + rounding)
	tail, saddlepoint := QuadraticRatioUpper(x2, effects, f.DDF), QuadraticRatioSaddlepoint(x2*whole/f.DDF, effects, whole)
	if tail < farTail && len(effects) > 1 {
		tail = saddlepoint // one effect is an F, exact however far out
	}
	return map[AssociationMethod]TestResult{
		RaoScottF:              f,
		RaoScottChisq:          {x2, k, none, ChiSquareUpper(f.Statistic*k, k)},
		LinearCombination:      {x2, none, none, tail},
		SaddlepointAssociation: {x2, none, none, saddlepoint},
	}
}

// raoScottF is X² over the trace of its design effects with Satterthwaite's degrees
// of freedom.
func raoScottF(x2 float64, effects []float64, df float64) TestResult {
	var trace, squares float64
	for _, e := range effects {
		trace, squares = trace+e, squares+e*e
	}
	f, d0 := x2/trace, trace*trace/squares
	return TestResult{f, d0, d0 * df, FUpper(f, d0, d0*df)}
}

// farTail is the tail below which R's integration, accurate to 1e-6, is of no use.
const farTail = 1e-5

// contingency is a table of weighted counts with their covariance.
type contingency struct {
	counts        []float64
	rows, columns []float64 // the margins
	total         float64
	cov           mat.Symmetric
}

func newContingency(counts []float64, r, c int, cov mat.Symmetric) (contingency, error) {
	if r < 2 || c < 2 || len(counts) != r*c || cov == nil || cov.SymmetricDim() != r*c {
		return contingency{}, fmt.Errorf("association: needs at least 2 × 2 counts and their covariance, not %d × %d with %d counts", r, c, len(counts))
	}
	t := contingency{counts, make([]float64, r), make([]float64, c), 0, cov}
	for i, v := range counts {
		if !(v >= 0) || math.IsInf(v, 1) {
			return t, fmt.Errorf("association: row %d, column %d counts %v", i/c+1, i%c+1, v)
		}
		t.rows[i/c] += v
		t.columns[i%c] += v
		t.total += v
	}
	if slices.Contains(t.rows, 0) || slices.Contains(t.columns, 0) {
		return t, errors.New("association: a row or column of the table is empty; leave it out")
	}
	return t, nil
}

// expected returns the count of a cell if rows and columns were independent.
func (t contingency) expected(i, j int) float64 { return t.rows[i] * t.columns[j] / t.total }

// contrasts returns how many interactions the table has.
func (t contingency) contrasts() int { return (len(t.rows) - 1) * (len(t.columns) - 1) }

// pearson returns X² = n Σ (p_rc − p_r p_c)²/(p_r p_c).
func (t contingency) pearson(n float64) float64 {
	sum := 0.0
	for i, v := range t.counts {
		e := t.expected(i/len(t.columns), i%len(t.columns))
		sum += (v - e) * (v - e) / e
	}
	return sum * n / t.total
}

// designEffects returns the eigenvalues of (C'D⁻¹C/n)⁻¹ C'D⁻¹VD⁻¹C, where D
// has the shares p on its diagonal, V is their covariance and C holds the
// interaction contrasts; an empty cell has no part in D⁻¹.
func (t contingency) designEffects(n float64) ([]float64, error) {
	gradient, simple := t.shareContrasts()
	simple.ScaleSym(1/n, simple)
	var root mat.Cholesky
	if !root.Factorize(simple) || root.Cond() > maxCondition {
		return nil, errors.New("association: too many empty cells for design effects; join rows or columns")
	}
	var lower mat.TriDense
	root.LTo(&lower)
	var half, whole mat.Dense
	var eigen mat.EigenSym
	design := sandwich(gradient, t.cov)
	if math.IsNaN(mat.Sum(design)) || half.Solve(&lower, design) != nil || whole.Solve(&lower, half.T()) != nil ||
		!eigen.Factorize(symmetric(&whole), false) {
		return nil, errors.New("association: the covariance of the table gives no design effects")
	}
	effects := eigen.Values(nil)
	if !(slices.Max(effects) > 0) {
		return nil, ErrNoSamplingVariance
	}
	for i, e := range effects {
		effects[i] = max(e, 0) // rounding can leave it under 0
	}
	return effects, nil
}

// shareContrasts returns the derivatives of C'D⁻¹p by the counts, D held
// fixed, and C'D⁻¹C. Contrast (i, j) is +1 for the cells (i, j) and (r, c) and
// −1 for (i, c) and (r, j), which is orthogonal to both main effects.
func (t contingency) shareContrasts() (gradient *mat.Dense, simple *mat.SymDense) {
	q, k, width := t.contrasts(), len(t.counts), len(t.columns)
	contrasts, scaled := mat.NewDense(q, k, nil), mat.NewDense(q, k, nil)
	gradient = mat.NewDense(q, k, nil)
	for row := range q {
		i, j := row/(width-1), row%(width-1)
		mean := 0.0
		for _, cell := range [4]struct {
			at   int
			sign float64
		}{{i*width + j, 1}, {(i+1)*width - 1, -1}, {k - width + j, -1}, {k - 1, 1}} {
			contrasts.Set(row, cell.at, cell.sign)
			if t.counts[cell.at] > 0 {
				scaled.Set(row, cell.at, cell.sign*t.total/t.counts[cell.at])
				mean += cell.sign
			}
		}
		for cell := range k {
			gradient.Set(row, cell, (scaled.At(row, cell)-mean)/t.total)
		}
	}
	var m mat.Dense
	m.Mul(contrasts, scaled.T())
	return gradient, symmetric(&m)
}

// wald returns Y'V⁻¹Y for Y = N_rc − N_r N_c/N without the last row and
// column, V by the delta method; NaN where V is singular.
func (t contingency) wald() float64 {
	q, width := t.contrasts(), len(t.columns)
	y, gradient := mat.NewVecDense(q, nil), mat.NewDense(q, len(t.counts), nil)
	for row := range q {
		i, j := row/(width-1), row%(width-1)
		y.SetVec(row, t.counts[i*width+j]-t.expected(i, j))
		for cell := range t.counts {
			// The derivative of N_ij − N_i N_j/N by N_ab.
			a := cell / width
			b := cell % width
			d := t.expected(i, j) / t.total
			if a == i {
				d -= t.columns[j] / t.total
			}
			if b == j {
				d -= t.rows[i] / t.total
			}
			if a == i && b == j {
				d++
			}
			gradient.Set(row, cell, d)
		}
	}
	var root mat.Cholesky
	if !root.Factorize(sandwich(gradient, t.cov)) || root.Cond() > maxCondition {
		return math.NaN()
	}
	var solved mat.VecDense
	if root.SolveVecTo(&solved, y) != nil {
		return math.NaN()
	}
	return mat.Dot(y, &solved)
}

// maxCondition is the condition from which a matrix counts as singular: its inverse
// would keep fewer than four digits.
const maxCondition = 1e12

// sandwich returns G·cov·G'.
func sandwich(g *mat.Dense, cov mat.Symmetric) *mat.SymDense {
	var half, whole mat.Dense
	half.Mul(g, cov)
	whole.Mul(&half, g.T())
	return symmetric(&whole)
}

// symmetric returns a matrix that is symmetric but for rounding as such.
func symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return s
}

// RaoScott is the test RaoScottF of Association without the other tests, whose tails
// take long to integrate: for many tables. Errors are Association's.
func RaoScott(counts []float64, r, c int, cov mat.Symmetric, df float64) (TestResult, error) {
	table, err := newContingency(counts, r, c, cov)
	if err != nil {
		return TestResult{}, err
	}
	effects, err := table.designEffects(1) // n cancels
	if err != nil {
		return TestResult{}, err
	}
	return raoScottF(table.pearson(1), effects, df), nil
}
