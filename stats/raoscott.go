package stats

import "gonum.org/v1/gonum/mat"

// RaoScott is the test RaoScottF alone of those of Association, whose tails
// take long to integrate: for where many tables are tested. Errors are
// Association's.
func RaoScott(counts []float64, r, c int, cov mat.Symmetric, df float64) (TestResult, error) {
	table, err := newContingency(counts, r, c, cov)
	if err != nil {
		return TestResult{}, err
	}
	effects, err := table.designEffects(1) // n cancels
	if err != nil {
		return TestResult{}, err
	}
	x2 := table.pearson(1)
	var trace, squares float64
	for _, e := range effects {
		trace, squares = trace+e, squares+e*e
	}
	f, d0 := x2/trace, trace*trace/squares
	return TestResult{f, d0, d0 * df, FUpper(f, d0, d0*df)}, nil
}
