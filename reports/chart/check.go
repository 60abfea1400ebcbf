package chart

import (
	"fmt"
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

const (
	// mostMarks is how many figures one picture holds.
	mostMarks = 400
	// mostNets is how many nets go beside stacked bars.
	mostNets = 3
	// largest is the magnitude up to which figures have an axis.
	largest = 1e15
	// overfull is by how much the parts of a bar may exceed one: rounding of
	// figures that were read from elsewhere.
	overfull = 0.005
)

// limits finds what cannot be drawn as asked.
func (p *picker) limits(g *grid) {
	if n := len(g.items) * len(g.series); n > mostMarks {
		p.fault(fmt.Sprintf("it would hold %s figures, and %d are the most that can be read", figure.Count(n), mostMarks), "choose some of its rows or columns")
	}
	if len(g.nets) > mostNets {
		p.fault(fmt.Sprintf("it has %d nets, and %d are the most that stand beside the bars", len(g.nets), mostNets), "choose some of them with rows")
	}
	if g.check != nil {
		g.check(p, g)
	}
	for i, item := range g.items {
		for _, c := range g.cells[i] {
			if shown(c) && math.Abs(float64(c.Value)) > largest {
				p.fault(fmt.Sprintf("the figure %g of %q is too large to draw", float64(c.Value), item.full()), "look at the data behind it")
			}
		}
		if g.parts {
			p.holdsTogether(item, g.cells[i])
		}
	}
}

// holdsTogether holds the parts of one bar to 100%.
func (p *picker) holdsTogether(item entry, cells []survey.Cell) {
	if total := sum(cells); total > 1+overfull {
		p.fault(fmt.Sprintf("the parts of %q add up to %s", item.full(), figure.Percent(total, 0)),
			"choose rows that exclude each other, or the kind bars")
	}
}

// sum adds up the figures that are shown.
func sum(cells []survey.Cell) float64 {
	total := 0.0
	for _, c := range cells {
		if shown(c) {
			total += float64(c.Value)
		}
	}
	return total
}

// shown reports whether the cell has a figure that may be shown.
func shown(c survey.Cell) bool {
	return c.Value.Exists() && !c.Hidden()
}

// hasInterval reports whether both limits exist.
func hasInterval(c survey.Cell) bool { return c.Low.Exists() && c.High.Exists() }

func lowBase(c survey.Cell) bool { return slices.Contains(c.Flags, survey.FlagLowBase) }

// whyNot says in words why a cell has no figure.
func whyNot(c survey.Cell) string {
	switch m, _ := wording.InPlace(c); m {
	case wording.Confidential:
		return "hidden for confidentiality"
	case wording.Unreliable:
		return "too uncertain"
	case wording.Suppressed:
		return "base too small"
	case wording.Nobody:
		return "no answers"
	}
	return "no figure"
}

// anyCell reports whether any cell of the picture is so.
func (g *grid) anyCell(is func(survey.Cell) bool) bool {
	return slices.ContainsFunc(g.cells, func(row []survey.Cell) bool { return slices.ContainsFunc(row, is) })
}
