package tabulate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// mimicked is the test that another program makes of two shares.
func (c *comparer) mimicked(p pair, program string) survey.Comparison {
	a := c.share(p.column)
	b := c.rest(p.column)
	if p.against != survey.Rest {
		b = c.share(p.against)
	}
	if program == mimicSPSS {
		return c.pooled(a, b)
	}
	var overlap float64
	if p.against != survey.Rest {
		overlap = c.x.overlap(c.line, c.columns[p.column].point, c.columns[p.against].point)
	}
	none := survey.NoFigure()
	se, t, df := stats.OverlapT(a, b, overlap)
	out := survey.Comparison{Difference: survey.Figure(a.P - b.P), SE: survey.Figure(se), T: survey.Figure(t), DF: survey.Figure(df), P: none, PAdjusted: none}
	if out.T.Exists() {
		out.P = survey.Figure(stats.TTwoSided(math.Abs(t), df))
	}
	return out
}

// pooled is the z test, which has no degrees of freedom.
func (c *comparer) pooled(a, b stats.Share) survey.Comparison {
	none := survey.NoFigure()
	se, z := stats.PooledZ(a, b)
	out := survey.Comparison{Difference: survey.Figure(a.P - b.P), SE: survey.Figure(se), T: survey.Figure(z), DF: none, P: none, PAdjusted: none}
	if out.T.Exists() {
		out.P = survey.Figure(2 * stats.NormalUpper(math.Abs(z)))
	}
	return out
}

func (c *comparer) share(column int) stats.Share {
	cell := c.cells[column]
	return stats.Share{P: float64(cell.Value), Weighted: float64(cell.NWeighted), Effective: float64(cell.NEffective)}
}

// rest is the share outside a column.
func (c *comparer) rest(column int) stats.Share {
	point := c.columns[column].point
	all, in := c.x.totals.Base(c.x.at(c.base, everybody)), c.x.totals.Base(c.x.at(c.base, point))
	w := all.NWeighted - in.NWeighted
	square := all.NWeighted*all.NWeighted/all.NEffective - in.NWeighted*in.NWeighted/in.NEffective
	ask := c.x.ask(c.line, everybody)
	count := c.x.totals.At(ask.Function, ask.Arguments)*all.NWeighted - float64(c.cells[column].Value)*in.NWeighted
	return stats.Share{P: count / w, Weighted: w, Effective: w * w / square}
}

// overlap is the effective base of the rows of a line's base that are in both
// points.
func (x *crossing) overlap(l line, p, q int) float64 {
	terms, in := x.banner.terms, make([]bool, x.block.cells)
	for _, k := range l.base {
		in[k] = true
	}
	var w, square float64
	for i, k := range x.block.cell {
		if k < 0 || !in[k] {
			continue
		}
		both := 0
		for _, term := range terms.Index[terms.Start[i]:terms.Start[i+1]] {
			if int(term) == p || int(term) == q {
				both++
			}
		}
		if both == 2 {
			w += x.frame.Weights[i]
			square += x.frame.Weights[i] * x.frame.Weights[i]
		}
	}
	if square == 0 {
		return 0
	}
	return w * w / square
}
