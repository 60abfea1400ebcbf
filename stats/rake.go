package stats

import "math"

// Margin is a classification of the rows with the total that each category shall have.
type Margin struct {
	// Category is each row's category, -1 for rows that do not count.
	Category []int32
	// Totals are what the categories' weights shall add to, zero or more.
	Totals []float64
}

const (
	// rakeTolerance is how far a category's total may be from its target, relative to it.
	rakeTolerance = 1e-10
	rakeSweeps    = 10000
	// stallSweeps without any gain worth the name mean that the margins contradict each other.
	stallSweeps = 100
)

// Rake multiplies the weights d, margin by margin and over again, until every
// category has its total: iterative proportional fitting. One margin is
// post-stratification, and done after one sweep. The answer is that of
// Calibrate with DistanceRaking on the categories' indicators; here a total of 0
// gives weights of 0. A *MisfitError, its columns counted through the margins,
// where the totals are not met: a category is without a row of nonzero weight,
// or the margins contradict each other.
// Source: Deming & Stephan 1940; Deville, Särndal & Sautory 1993. Equals R
// survey::rake and postStratify run to the end.
func Rake(d []float64, margins []Margin) (Calibration, error) {
	w := append([]float64(nil), d...)
	before := math.Inf(1)
	for sweep := 1; ; sweep++ {
		worst, miss := rakeSweep(w, margins)
		if worst <= rakeTolerance || len(margins) == 1 && !math.IsInf(worst, 1) {
			return Calibration{G: ratios(w, d), Iterations: sweep}, nil
		}
		stalled := false
		if sweep%stallSweeps == 0 {
			stalled = worst > 0.99*before
			before = worst
		}
		if math.IsInf(worst, 1) || stalled || sweep == rakeSweeps {
			miss.Iterations = sweep
			return Calibration{}, &miss
		}
	}
}

// rakeSweep fits each margin once and finds the worst misfit on the way.
func rakeSweep(w []float64, margins []Margin) (worst float64, miss MisfitError) {
	first := 0
	for _, m := range margins {
		factor := m.sums(w)
		for k, sum := range factor {
			target := m.Totals[k]
			if misfit := relativeMisfit(sum, target); misfit > worst {
				worst = misfit
				miss = MisfitError{Column: first + k, Target: target, Reached: sum}
			}
			factor[k] = 1
			if sum > 0 {
				factor[k] = target / sum
			}
		}
		first += len(m.Totals)
		for i, k := range m.Category {
			if k >= 0 {
				w[i] *= factor[k]
			}
		}
	}
	return worst, miss
}

// relativeMisfit is infinite where there is nothing to multiply.
func relativeMisfit(sum, target float64) float64 {
	switch {
	case sum == target:
		return 0
	case target == 0:
		return 1
	case sum == 0:
		return math.Inf(1)
	}
	return math.Abs(sum-target) / target
}

func (m Margin) sums(w []float64) []float64 {
	sum := make([]float64, len(m.Totals))
	for i, k := range m.Category {
		if k >= 0 {
			sum[k] += w[i]
		}
	}
	return sum
}

// ratios are w/d, 1 where d is 0.
func ratios(w, d []float64) []float64 {
	g := make([]float64, len(w))
	for i := range g {
		g[i] = 1
		if d[i] != 0 {
			g[i] = w[i] / d[i]
		}
	}
	return g
}
