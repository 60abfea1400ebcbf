package chart

import (
	"math"
	"slices"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// axis maps figures to pixels. Its ends are ticks.
type axis struct {
	unit        survey.RowKind
	low, high   float64 // in figures
	step        float64
	left, right float64 // in pixels
	places      int     // decimals of the tick labels
	unsigned    bool    // both sides of zero count upwards
}

// mostSteps is about how many steps an axis has where there is room.
const mostSteps = 7

// axisBetween spans the picture's figures between two pixels, with as many
// ticks as their labels leave room for.
func (g *grid) axisBetween(left, right float64, label draw.Style) axis {
	for n := mostSteps; ; n-- {
		a := g.axisOf(n, left, right)
		spacing := (right - left) * a.step / (a.high - a.low)
		widest := max(label.Width(a.label(a.low)), label.Width(a.label(a.high)))
		if n == 1 || widest+16 <= spacing {
			return a
		}
	}
}

// axisOf spans the picture's figures between two pixels with about n steps.
func (g *grid) axisOf(n int, from, to float64) axis {
	low, high := g.extent()
	a := axis{unit: g.unit, left: from, right: to, step: niceStep((high - low) / float64(n))}
	a.low, a.high = math.Floor(low/a.step+slack)*a.step, math.Ceil(high/a.step-slack)*a.step
	a.places = places(g.unit, a.step)
	return a
}

// slack keeps an end that is a tick, but for float noise, from growing the axis.
const slack = 1e-9

func (a axis) at(x float64) float64 {
	return a.left + (a.right-a.left)*(x-a.low)/(a.high-a.low)
}

func (a axis) label(x float64) string {
	if a.unsigned {
		x = math.Abs(x)
	}
	return figure.Value(a.unit, x, a.places)
}

// ticks are the multiples of the step from end to end.
func (a axis) ticks() []float64 {
	first, last := math.Round(a.low/a.step), math.Round(a.high/a.step)
	var ticks []float64
	for i := first; i <= last; i++ {
		ticks = append(ticks, i*a.step)
	}
	return ticks
}

// extent is the range of figures to show: all values and limits, and what
// they are compared with (zero under bars, one for ratios). Zero is included
// where that costs little.
func (g *grid) extent() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	take := func(x float64) { low, high = min(low, x), max(high, x) }
	for _, row := range g.cells {
		for _, c := range row {
			if !shown(c) {
				continue
			}
			take(c.Value.Float())
			if hasInterval(c) && g.whiskers {
				take(c.Low.Float())
				take(c.High.Float())
			}
		}
	}
	if base, fixed := g.baseline(); fixed {
		take(base)
	}
	if low > high {
		low, high = 0, 1
	}
	if low > 0 && low < 0.4*high && !g.afloat {
		low = 0
	}
	// A range of next to nothing gets some room, shares within 0–1.
	least := 1e-6
	if inHundredths(g.unit) {
		least = 0.0005
	}
	room := max(math.Abs(low), math.Abs(high))*0.05 + least
	if high-low >= room {
		return low, high
	}
	if high == low {
		room *= 10 // one figure alone, without an interval
	}
	if figure.IsShare(g.unit) && low >= 0 && high <= 1 {
		return max(0, low-room), min(1, high+room)
	}
	return low - room, high + room
}

// baseline is the figure that the others are seen against, and whether it has
// to be in the picture.
func (g *grid) baseline() (x float64, fixed bool) {
	switch g.unit {
	case survey.RowRatio:
		return 1, true
	case survey.RowIndex:
		return 100, true
	}
	return 0, g.lengths
}

// niceStep is the smallest of 1, 2 and 5 times a power of ten that is not
// below x > 0.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x*(1-slack) {
			return m * power
		}
	}
	return 10 * power
}

// tickStep is about the step of an axis over the figures.
func (g *grid) tickStep() float64 {
	low, high := g.extent()
	return niceStep((high - low) / mostSteps)
}

// valuePlaces is how many decimals figures have: shares as many as their
// axis, all else one more.
func (g *grid) valuePlaces() int {
	step := g.tickStep()
	if inHundredths(g.unit) || step >= 10 {
		return places(g.unit, step)
	}
	return places(g.unit, step) + 1
}

// places is how many decimals tell ticks apart that are a step of the unit apart.
func places(unit survey.RowKind, step float64) int {
	if inHundredths(unit) {
		step *= 100
	}
	return int(max(0, -math.Floor(math.Log10(step)+slack)))
}

// inHundredths reports whether figures of the unit are written times 100.
func inHundredths(unit survey.RowKind) bool { return figure.IsShare(unit) || unit == survey.RowGap }

// bases are the unweighted bases of the figures shown, in words, said where they differ: at the
// items, at the series, or once for the whole picture.
type bases struct {
	overall       string
	items, series []string
}

func (g *grid) bases() bases {
	items, series, whole := make([]span, len(g.items)), make([]span, len(g.series)), span{}
	for i, row := range g.cells {
		for k, c := range row {
			if !shown(c) {
				continue
			}
			items[i], series[k], whole = items[i].with(c.N), series[k].with(c.N), whole.with(c.N)
		}
	}
	switch {
	case whole.least == whole.most:
		return bases{overall: whole.String()}
	case !slices.ContainsFunc(items, span.varies):
		return bases{items: inWords(items)}
	case !slices.ContainsFunc(series, span.varies):
		return bases{series: inWords(series)}
	case g.crowded:
		return bases{overall: whole.String()}
	}
	return bases{items: inWords(items)}
}

// span is a range of bases; the zero value has seen none.
type span struct {
	least, most int
	seen        bool
}

func (s span) with(n int) span {
	if !s.seen {
		return span{n, n, true}
	}
	return span{min(s.least, n), max(s.most, n), true}
}

func (s span) varies() bool { return s.least != s.most }

// String has no place where a line could end; it is empty where nothing was seen.
func (s span) String() string {
	if !s.seen {
		return ""
	}
	const equals = "n\u00a0=\u00a0"
	if s.varies() {
		return equals + figure.Count(s.least) + "–" + figure.Count(s.most)
	}
	return equals + figure.Count(s.least)
}

func inWords(spans []span) []string {
	words := make([]string, len(spans))
	for i, s := range spans {
		words[i] = s.String()
	}
	return words
}

// at is the i-th base, "" where it is said elsewhere.
func at(words []string, i int) string {
	if len(words) == 0 {
		return ""
	}
	return words[i]
}

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
	long := g.anyCell(func(c survey.Cell) bool { return shown(c) && math.Abs(c.Value.Float()) >= longTotal })
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
		c.Value, c.Low, c.High = survey.FigureOf(c.Value.Float()/million), survey.FigureOf(c.Low.Float()/million), survey.FigureOf(c.High.Float()/million)
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
