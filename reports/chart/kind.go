package chart

import (
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// kindNames say what each kind of chart is, for people who do not see it.
var kindNames = map[survey.ChartKind]string{
	survey.ChartDots: "Dots with confidence intervals", survey.ChartBars: "Bars with confidence intervals",
	survey.ChartStacked: "Stacked bars", survey.ChartDiverging: "Stacked bars around the middle of the scale",
	survey.ChartSlope: "Slopes between two columns", survey.ChartLine: "Lines with confidence ribbons",
	survey.ChartHeat: "Table of shaded cells", survey.ChartMultiples: "Panels on one scale",
	survey.ChartReach: "Cumulative steps", survey.ChartQuadrant: "Points by two measures",
}

// mostLines is how many lines are drawn where nobody asked for lines.
const mostLines = 12

// kind is how a table is drawn that asks for no kind: a whole scale as stacked
// bars, around its middle where it has two sides; waves as slopes (two) or
// lines (more); all else as dots.
func (p *picker) kind(c survey.Chart, rows, columns []int) survey.ChartKind {
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
	if p.battery(columns) {
		return p.wholeBattery(rows, columns)
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

// wholeBattery is wholeScale of rows that share a scale.
func (p *picker) wholeBattery(rows, columns []int) survey.Polarity {
	t := p.table
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

func every[T any](all []T, is func(T) bool) bool {
	return !slices.ContainsFunc(all, func(x T) bool { return !is(x) })
}
