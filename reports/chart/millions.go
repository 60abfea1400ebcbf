package chart

import (
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	million = 1e6
	// longTotal is from which total on figures are written in millions: nobody
	// reads all digits of longer ones.
	longTotal = 10 * million
)

// inMillions turns the totals of a picture into millions where they are long.
// The two measures of a quadrant stay as they are.
func (g *grid) inMillions() {
	if g.unit != survey.RowTotal || g.twoMeasures {
		return
	}
	long := g.anyCell(func(c survey.Cell) bool { return shown(c) && math.Abs(float64(c.Value)) >= longTotal })
	if !long {
		return
	}
	g.millions = true
	for i := range g.cells {
		g.cells[i] = millions(g.cells[i])
	}
	g.changes = millions(g.changes)
	g.places = places(g.unit, g.tickStep()) + 1
}

// millions are cells with figures a million times smaller.
func millions(cells []survey.Cell) []survey.Cell {
	cells = slices.Clone(cells)
	for i := range cells {
		c := &cells[i]
		c.Value, c.Low, c.High = c.Value/million, c.Low/million, c.High/million
	}
	return cells
}

// unitName says what the figures are.
func (g *grid) unitName() string {
	if g.millions {
		return "Total in the population, in millions"
	}
	if figure.IsShare(g.unit) {
		return "Per cent"
	}
	return map[survey.RowKind]string{
		survey.RowGap: "Percentage points", survey.RowMean: "Mean", survey.RowRatio: "Ratio, 1 = equal",
		survey.RowTotal: "Total in the population", survey.RowCount: "Count of respondents", survey.RowIndex: "Index, 100 = equal"}[g.unit]
}
