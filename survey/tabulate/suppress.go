package tabulate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/quality"
)

// standardNCHS replaces the minimum base by the NCHS presentation standards.
const standardNCHS = "nchs"

// presentable returns the flags of a figure by the study's standard; n is the
// base that the house rules look at.
func (x *crossing) presentable(r *survey.Estimate, l line, c column, n int) []string {
	q := x.Study.Quality
	if q.Standard == standardNCHS && !c.Change {
		switch l.Kind {
		case survey.RowShare, survey.RowNet:
			return nchsShare(*r, x.Level)
		case survey.RowTotal:
			effective := x.totals.Base(x.at(l.count, c.point)).NEffective
			return quality.Count(float64(r.Value), float64(r.SE), effective, x.Level)
		}
	}
	return quality.House(n, q.Rules())
}

// nchsShare returns the flags of a share under the NCHS standards.
func nchsShare(r survey.Estimate, level float64) []string {
	return quality.Proportion(stats.Proportion{P: float64(r.Value), SE: float64(r.SE), LogitSE: math.NaN(), N: float64(r.N), DF: float64(r.DF), Level: level})
}
