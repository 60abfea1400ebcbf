package tabulate

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/tabulate/letters"
)

// shares are two columns' shares where they are at or near 0% or 100%, so that
// the t test of the difference does not hold; ok is false elsewhere. People in
// both columns are left out of one of them.
func (c *comparer) shares(p letters.Pair, variance, df float64) (out stats.SharePair, ok bool) {
	column, against := c.columns[p.Column].point, c.columns[p.Against].point
	if _, ok := c.x.shares(c.line, column); !ok {
		return out, false
	}
	out = stats.SharePair{From: c.shareSide(p.Against), To: c.shareSide(p.Column), Variance: variance, DF: df,
		N: float64(c.cells[p.Column].N + c.cells[p.Against].N)}
	if out.Edge() == stats.Inside {
		return out, false
	}
	if c.x.banner.inPart == nil && c.x.overlaps(column, against) {
		return c.apart(out, column, against, df), true
	}
	return out, true
}

// shareSide is a column's share as its cell has it.
func (c *comparer) shareSide(column int) stats.ShareSide {
	cell := c.cells[column]
	return stats.ShareSide{Share: cell.Value.Float(), Variance: c.side(column).variance, Effective: cell.NEffective.Float()}
}

// sharesOfRest are a column's share and that of everybody else where one is at
// or near 0% or 100%; ok is false elsewhere.
func (c *comparer) sharesOfRest(point int, df float64) (out stats.SharePair, ok bool) {
	column, ok := c.x.shares(c.line, point)
	if !ok {
		return out, false
	}
	rest, _ := c.x.shares(c.line, everybody)
	rest.Less = &column
	out = estimate.Shares{From: rest, To: column}.Pair(c.x.totals, df)
	return out, out.Edge() != stats.Inside
}

// atEdge is the comparison of two shares at or near an edge; there is no p-value
// where both are at the same one.
func atEdge(difference float64, pair stats.SharePair) survey.LetterTest {
	out := survey.LetterTest{Difference: survey.FigureOf(difference), DF: survey.FigureOf(pair.DF), P: survey.FigureOf(pair.P()), Edge: pair}
	if math.Abs(pair.To.Share-pair.From.Share-difference) > rounding {
		out.Edge = noLimits{}
	}
	return out
}

// noLimits are those of a difference of columns that share people: the test and
// its limits are of the columns without them.
type noLimits struct{}

// Limits do not exist.
func (noLimits) Limits(float64) (low, high float64) { return math.NaN(), math.NaN() }

// apart compares the column nearer to an edge with those of the other who are not
// in it; where nobody else is in the other, it is the other that keeps them.
func (c *comparer) apart(pair stats.SharePair, column, against int, df float64) stats.SharePair {
	keeps, other := column, against
	if pair.From.Fewest() < pair.To.Fewest() {
		keeps, other = against, column
	}
	x := c.x.separated(keeps, other)
	if x.respondents(c.base, 1) == 0 {
		keeps, other = other, keeps
		x = c.x.separated(keeps, other)
	}
	a, _ := x.shares(c.line, 0)
	b, _ := x.shares(c.line, 1)
	s := estimate.Shares{From: b, To: a}
	if keeps == against {
		s.From, s.To = a, b
	}
	return s.Pair(x.totals, df)
}

// separated crosses the block with two columns: the people of a point, and those
// of another who are not among them.
func (x *crossing) separated(point, other int) *crossing {
	key := [2]int{point, other}
	if made, ok := x.apart[key]; ok {
		return made
	}
	people, others := x.banner.points[point], x.banner.points[other]
	x.apart[key] = x.cross(x.block, banner{where: x.banner.where, points: []engine.Point{
		people, inCell(engine.Everyone, engine.Inside{Point: others, Not: people}, 0),
	}})
	return x.apart[key]
}

// overlaps reports whether somebody is in both of two points.
func (x *crossing) overlaps(p, q int) bool {
	key := [2]int{min(p, q), max(p, q)}
	both, ok := x.both[key]
	if !ok {
		a, b := x.banner.points[p], x.banner.points[q]
		both = !apart(a, b) && x.counts(nil, engine.Query{Cells: []engine.Axis{engine.Inside{Point: a.Meet(b)}}, Where: x.banner.where})[0] > 0
		x.both[key] = both
	}
	return both
}

// apart reports whether two points are in different cells of an axis, so that
// nobody is in both.
func apart(p, q engine.Point) bool {
	differ := func(some, others []engine.Condition) bool {
		for _, a := range some {
			for _, b := range others {
				if a.Axis != nil && b.Axis != nil && a.Cell != b.Cell && a.Axis.String() == b.Axis.String() {
					return true
				}
			}
		}
		return false
	}
	for _, some := range p {
		for _, others := range q {
			if !differ(some, others) {
				return false
			}
		}
	}
	return true
}
