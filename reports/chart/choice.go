package chart

import (
	"fmt"

	"surveykit/survey"
)

// Choice is what the chart of a tabulation draws, for renderers that draw it
// by their own means, such as a workbook: the same marks as in the picture.
type Choice struct {
	// Drawn is the kind of the picture; Kind is the one of dots, bars, stacked,
	// slope (a line through all points) and quadrant that comes nearest to it.
	Drawn, Kind survey.ChartKind
	// Unit is the kind of the figures: RowShare or RowNet for proportions. Units
	// are those of a quadrant's two series, empty in other charts.
	Unit  survey.RowKind
	Units [2]survey.RowKind
	Title string
	// Points are the places on the axis, Series the colours at each; a lone
	// series may be nameless.
	Points, Series []string
	// Cells[i][k] is the figure of series k at point i.
	Cells [][]survey.Cell
	grid  *grid
}

// Colours are those of the parts of stacked bars in a theme, as six hexadecimal
// digits each, nil for other kinds.
func (c *Choice) Colours(theme survey.Theme) []string {
	l, faults := newLook(theme)
	if c.grid == nil || !c.grid.parts || len(faults) > 0 {
		return nil
	}
	var out []string
	for _, of := range c.grid.colours(l) {
		out = append(out, fmt.Sprintf("%02X%02X%02X", of.R, of.G, of.B))
	}
	return out
}

// Choose picks what Draw would draw, without the nets beside stacked bars; names
// are as long as Draw draws them. The error is that of Draw.
func Choose(t *survey.Tabulation) (*Choice, error) {
	g, problems := choose(t)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	g.shorten()
	c := &Choice{Drawn: g.name, Kind: g.native, Unit: g.unit, Units: g.units, Title: Shortened(title(t), longestText), Cells: g.cells, grid: g}
	for _, item := range g.items {
		c.Points = append(c.Points, item.full())
	}
	for _, s := range g.series {
		c.Series = append(c.Series, s.full())
	}
	return c, nil
}
