package tabulate

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
)

// mimicked is the test that another program makes of two shares or two means.
func (c *comparer) mimicked(p pair, program string) survey.Comparison {
	overlap := 0.0
	if p.against != survey.Rest {
		overlap = c.x.overlap(c.line, c.columns[p.column].point, c.columns[p.against].point)
	}
	none := survey.NoFigure()
	out := survey.Comparison{DF: none, P: none, PAdjusted: none}
	var difference, se, t float64
	df := math.NaN()
	if c.Kind == survey.RowMean {
		a, b := c.moments(p.column, false), c.moments(p.column, true)
		if p.against != survey.Rest {
			b = c.moments(p.against, false)
		}
		difference = a.Mean - b.Mean
		if program == mimicSPSS {
			se, t, df = stats.PooledT(a, b, c.together(p))
		} else {
			se, t, df = stats.OverlapMeanT(a, b, overlap)
		}
	} else {
		a, b := c.share(p.column), c.rest(p.column)
		if p.against != survey.Rest {
			b = c.share(p.against)
		}
		difference = a.P - b.P
		if program == mimicSPSS {
			se, t = stats.PooledZ(a, b) // a z test, which has no degrees of freedom
		} else {
			se, t, df = stats.OverlapT(a, b, overlap)
		}
	}
	out.Difference, out.SE, out.T = survey.Figure(difference), survey.Figure(se), survey.Figure(t)
	switch {
	case !out.T.Exists():
	case math.IsNaN(df):
		out.P = survey.Figure(2 * stats.NormalUpper(math.Abs(t)))
	default:
		out.DF, out.P = survey.Figure(df), survey.Figure(stats.TTwoSided(math.Abs(t), df))
	}
	return out
}

// enough reports whether both sides of a pair have the base from which a program
// compares columns. Quantum holds the effective base against that minimum, all
// others the unweighted one.
func (c *comparer) enough(p pair, program string) bool {
	if program != mimicQuantum {
		return min(c.n(p.column), c.n(p.against), c.nRest(p)) >= c.least
	}
	other := c.rest(p.column).Effective
	if p.against != survey.Rest {
		other = float64(c.cells[p.against].NEffective)
	}
	return min(float64(c.cells[p.column].NEffective), other) >= float64(c.least)
}

// moments are those of a row's answers in a column, or outside of it.
func (c *comparer) moments(column int, outside bool) stats.Moments {
	point, terms := c.columns[column].point, c.x.banner.terms
	var m stats.Moments
	var sum, weights float64
	each := func(add func(w, y float64)) {
		for i, k := range c.x.block.cell {
			if k < 0 || !c.x.block.valid[i] || !slices.Contains(c.count, int(k)) {
				continue
			}
			points := terms.Index[terms.Start[i]:terms.Start[i+1]]
			if len(points) > 0 && slices.Contains(points, int32(point)) != outside {
				add(c.x.frame.Weights[i], c.x.block.value[i])
			}
		}
	}
	each(func(w, y float64) { m.Weighted, weights, sum = m.Weighted+w, weights+w*w, sum+w*y })
	m.Mean, m.Effective = sum/m.Weighted, m.Weighted*m.Weighted/weights
	each(func(w, y float64) { m.Squares += w * (y - m.Mean) * (y - m.Mean) })
	return m
}

// together are the moments of all columns that a pair is compared among: those of
// its group, or the two sides where a column is compared with the rest.
func (c *comparer) together(p pair) []stats.Moments {
	if p.against == survey.Rest {
		return []stats.Moments{c.moments(p.column, false), c.moments(p.column, true)}
	}
	var all []stats.Moments
	for k, col := range c.columns {
		if !col.Change && col.Group == c.columns[p.column].Group {
			all = append(all, c.moments(k, false))
		}
	}
	return all
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
		if k < 0 || !in[k] || x.block.valid != nil && !x.block.valid[i] {
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
