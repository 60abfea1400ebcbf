package tabulate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate/letters"
)

// mimicked is the test that another program makes of two shares or two means.
func (c *comparer) mimicked(p letters.Pair, program string) survey.LetterTest {
	overlap := 0.0
	if p.Against != survey.Rest {
		overlap = c.x.overlap(c.line, c.columns[p.Column].point, c.columns[p.Against].point)
	}
	var out survey.LetterTest
	var difference, se, t float64
	df := math.NaN()
	if c.Kind == survey.RowMean {
		a, b := c.moments(p.Column, false), c.moments(p.Column, true)
		if p.Against != survey.Rest {
			b = c.moments(p.Against, false)
		}
		difference = a.Mean - b.Mean
		if program == letters.MimicSPSS {
			se, t, df = stats.PooledT(a, b, c.together(p))
		} else {
			se, t, df = stats.OverlapMeanT(a, b, overlap)
		}
	} else {
		a, b := c.share(p.Column), c.rest(p.Column)
		if p.Against != survey.Rest {
			b = c.share(p.Against)
		}
		difference = a.P - b.P
		if program == letters.MimicSPSS {
			se, t = stats.PooledZ(a, b) // a z test, which has no degrees of freedom
		} else {
			se, t, df = stats.OverlapT(a, b, overlap)
		}
	}
	out.Difference, out.SE, out.T = survey.FigureOf(difference), survey.FigureOf(se), survey.FigureOf(t)
	switch {
	case !out.T.Exists():
	case math.IsNaN(df):
		out.P = survey.FigureOf(2 * stats.NormalUpper(math.Abs(t)))
	default:
		out.DF, out.P = survey.FigureOf(df), survey.FigureOf(stats.TTwoSided(math.Abs(t), df))
	}
	return out
}

// enough reports whether both sides of a pair have the base from which a program
// compares columns. Quantum holds the effective base against that minimum, all
// others the unweighted one.
func (c *comparer) enough(p letters.Pair, program string) bool {
	if program != letters.MimicQuantum {
		return min(c.n(p.Column), c.n(p.Against), c.nRest(p)) >= c.least
	}
	other := c.rest(p.Column).Effective
	if p.Against != survey.Rest {
		other = c.cells[p.Against].NEffective.Float()
	}
	return min(c.cells[p.Column].NEffective.Float(), other) >= float64(c.least)
}

// moments are those of a row's answers in a column, or outside of it.
func (c *comparer) moments(column int, outside bool) stats.Moments {
	point := c.columns[column].point
	if outside {
		rest := inCell(engine.Everyone, engine.Inside{Point: engine.Everyone, Not: c.x.banner.points[point]}, 0)
		return c.momentsIn(rest)
	}
	return c.momentsIn(c.x.banner.points[point])
}

// momentsIn are those of a row's answers in a point, of which the squares are
// about their mean.
func (c *comparer) momentsIn(p engine.Point) stats.Moments {
	q := c.x.block.query(banner{points: []engine.Point{p}, where: c.x.banner.where})
	if len(q.Cells) > 0 { // the cells that the line counts are one
		inside := engine.Point{}
		for _, k := range c.count {
			inside = append(inside, engine.CellOf(c.x.block.axes, k))
		}
		q.Cells = []engine.Axis{engine.Inside{Point: inside}}
	}
	totals := c.x.total(q)
	weighted, sum := totals.Sum[0], totals.Sum[1]
	m := stats.Moments{Weighted: weighted, Mean: sum / weighted, Effective: weighted * weighted / totals.Square[0]}
	e := engine.Less{Of: q.Numbers[1], Centre: []float64{m.Mean}}
	q.Numbers = []engine.Number{engine.Product{A: e, B: e}}
	m.Squares = c.x.total(q).Sum[0]
	return m
}

// together are the moments of all columns that a pair is compared among: those of
// its group, or the two sides where a column is compared with the rest.
func (c *comparer) together(p letters.Pair) []stats.Moments {
	if p.Against == survey.Rest {
		return []stats.Moments{c.moments(p.Column, false), c.moments(p.Column, true)}
	}
	var all []stats.Moments
	for k, col := range c.columns {
		if !col.Change && col.Group == c.columns[p.Column].Group {
			all = append(all, c.moments(k, false))
		}
	}
	return all
}

func (c *comparer) share(column int) stats.Share {
	cell := c.cells[column]
	return stats.Share{P: cell.Value.Float(), Weighted: cell.NWeighted.Float(), Effective: cell.NEffective.Float()}
}

// rest is the share outside a column.
func (c *comparer) rest(column int) stats.Share {
	point := c.columns[column].point
	all, in := c.x.totals.Base(c.x.at(c.base, everybody)), c.x.totals.Base(c.x.at(c.base, point))
	w := all.NWeighted - in.NWeighted
	square := all.NWeighted*all.NWeighted/all.NEffective - in.NWeighted*in.NWeighted/in.NEffective
	ask := c.x.ask(c.line, everybody)
	count := c.x.totals.At(ask.Function, ask.Arguments)*all.NWeighted - c.cells[column].Value.Float()*in.NWeighted
	return stats.Share{P: count / w, Weighted: w, Effective: w * w / square}
}

// overlap is the effective base of the rows of a line's base that are in both
// points.
func (x *crossing) overlap(l line, p, q int) float64 {
	if apart(x.banner.points[p], x.banner.points[q]) {
		return 0
	}
	both := x.block.query(banner{points: []engine.Point{x.banner.points[p].Meet(x.banner.points[q])}, where: x.banner.where})
	totals := x.total(both)
	js := make([]int, len(l.base))
	for k, cell := range l.base {
		js[k] = totals.Index(cell, 0)
	}
	return totals.Base(js).NEffective
}
