package chart

import (
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// kind is a kind of chart: all that differs between it and the others.
type kind struct {
	name survey.ChartKind
	// words say what it is to people who do not see it.
	words string
	// native is the one of dots, bars, stacked, slope and quadrant that comes
	// nearest to it: what a workbook and slides draw.
	native survey.ChartKind
	// arrange fills the grid with what is asked for, or finds that it cannot be drawn.
	arrange func(p *picker, g *grid, a asked)
	// check finds what is too much of it, nil for nothing beside what holds for all.
	check func(p *picker, g *grid)
	draw  func(s *sheet)
	// notes are what a reader of the marks must know, nil for nothing.
	notes func(s *sheet) []string
	// narrow is true where half the width of a picture is enough.
	narrow bool
	// whiskers are drawn for intervals.
	whiskers bool
	// shares are the only figures that it draws.
	shares bool
	// parts make up its bars, around the middle of their scale where it has sides.
	parts, sides bool
	// lengths from a baseline are what is read.
	lengths bool
	// twoMeasures are read off each item, one a direction.
	twoMeasures bool
	// crowded is true where neither items nor series have room for bases of each.
	crowded bool
	// afloat is true of lines whose axis needs no zero.
	afloat bool
}

// kinds are the kinds of chart. Their names and what they draw are listed for
// people in survey.ChartKinds.
var kinds = []*kind{&dots, &bars, &stacked, &diverging, &slope, &line, &heat, &multiples, &reach, &quadrant, &waffle}

// kindNamed is nil for none.
func kindNamed(name survey.ChartKind) *kind {
	for _, k := range kinds {
		if k.name == name {
			return k
		}
	}
	return nil
}

// asked is what a study asks to be drawn: rows and columns of the table.
type asked struct {
	survey.Chart
	rows, columns []int
}

// mostLines is how many lines are drawn where nobody asked for lines.
const mostLines = 12

// kindOf is how a table is drawn that asks for no kind: a whole scale as stacked
// bars, around its middle where it has two sides; waves as slopes (two) or
// lines (more); all else as dots.
func (p *picker) kindOf(c survey.Chart, rows, columns []int) survey.ChartKind {
	waves := p.waves(columns) && len(rows) <= mostLines
	switch scale := p.wholeScale(rows, columns); {
	case c.SeriesByRow:
		return survey.ChartDots
	case scale == survey.Rising || scale == survey.Falling:
		return survey.ChartDiverging
	case scale != survey.Unordered:
		return survey.ChartStacked
	case waves && len(columns) == 2:
		return survey.ChartSlope
	case waves && len(columns) > 2:
		return survey.ChartLine
	}
	return survey.ChartDots
}

// waves reports whether all columns are points in time.
func (p *picker) waves(columns []int) bool {
	return !slices.ContainsFunc(columns, func(c int) bool { return !p.table.Columns[c].Wave })
}

// wholeScale is the polarity of the ordered scale that the rows of every group
// make up, Unordered where they do not.
func (p *picker) wholeScale(rows, columns []int) survey.Polarity {
	t := p.table
	if !figure.IsShare(t.Rows[rows[0]].Kind) {
		return survey.Unordered
	}
	if p.battery(columns) { // the rows share a scale
		parts, nets := p.answers(columns)
		partOf := func(c int) bool { return t.Columns[c].Scale != survey.Unordered }
		if len(parts) < 2 || len(nets) > mostNets || !every(parts, partOf) {
			return survey.Unordered
		}
		for _, r := range rows {
			if cells := pickCells(t.Cells[r], parts); every(cells, shown) && math.Abs(sum(cells)-1) > overfull {
				return survey.Unordered
			}
		}
		return t.Columns[parts[0]].Scale
	}
	groups := p.groups(rows)
	for _, g := range groups {
		partOf := func(r int) bool { return t.Rows[r].Scale != survey.Unordered }
		same := slices.Equal(labels(t, g.parts), labels(t, groups[0].parts)) && slices.Equal(labels(t, g.nets), labels(t, groups[0].nets))
		if !same || len(g.parts) < 2 || len(g.nets) > mostNets || !every(g.parts, partOf) {
			return survey.Unordered
		}
		for _, c := range columns {
			if cells := column(t, g.parts, c); every(cells, shown) && math.Abs(sum(cells)-1) > overfull {
				return survey.Unordered
			}
		}
	}
	return t.Rows[groups[0].parts[0]].Scale
}

func every[T any](all []T, is func(T) bool) bool {
	return !slices.ContainsFunc(all, func(x T) bool { return !is(x) })
}
