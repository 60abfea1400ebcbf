package ooxml

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// Chart is one native chart: what it draws, how large, and where its numbers
// stand. Width and Height are pixels of 96 to the inch.
type Chart struct {
	Kind survey.ChartKind
	// Title heads the chart, "" for none; Subtitle says unit and base under the
	// axis at the bottom.
	Title, Subtitle string
	// Format is the number format of the figures.
	Format        string
	Width, Height float64
	// Zoom multiplies the sizes of texts and symbols.
	Zoom float64
	// Sheet holds the chart's numbers; their headings are in row Top.
	Sheet string
	Top   int

	// points are the places along the axis, series what is drawn at each.
	points []string
	series []series
	scale  scale
	// measure is what the figures are. up is the scale of a quadrant's second
	// measure, upMeasure what it is, upFormat its number format.
	measure, upMeasure survey.RowKind
	up                 scale
	upFormat           string
	// colors are those of the series, in their order; typeface is that of all text.
	colors   []string
	typeface string
}

// series is one colour of a chart.
type series struct {
	name  string
	marks []mark
}

// mark is one figure with its limits; there is none where drawn is false.
type mark struct {
	value, low, high float64
	drawn, small     bool
}

// NewCharts are the native form of what a picture of the table draws: one chart,
// or one a panel, all on one scale.
func NewCharts(choice *chart.Choice, r survey.Rounding, theme survey.Theme) ([]*Chart, error) {
	c, err := NewChart(choice, r, theme)
	if err != nil || choice.Drawn != survey.ChartMultiples || len(c.series) < 2 {
		return []*Chart{c}, err
	}
	var out []*Chart
	for k := range c.series {
		panel := *c
		panel.series, panel.Title = c.series[k:k+1], c.Title+": "+c.series[k].name
		panel.Height = panel.fit()
		out = append(out, &panel)
	}
	return out, nil
}

// NewChart is the native form of what a picture of the table draws, with its
// title, no subtitle and a size that fits. Suppressed figures are not in it.
// The error says that the kind of chart has no native form.
func NewChart(choice *chart.Choice, r survey.Rounding, theme survey.Theme) (*Chart, error) {
	form := choice.Kind
	if form == "" {
		return nil, fmt.Errorf("a chart of the kind %q has no native form: its picture is among the charts", choice.Drawn)
	}
	c := &Chart{
		Kind: form, Title: choice.Title, Format: NumberFormat(choice.Unit, r), measure: choice.Unit, Width: 860, Zoom: 1,
		points: choice.Points, colors: Palette(theme), typeface: cmp.Or(theme.Font, FontName),
	}
	if parts := choice.Colours(theme); parts != nil {
		c.colors = parts
	}
	if form == survey.ChartQuadrant {
		c.measure, c.upMeasure = choice.Units[0], choice.Units[1]
		c.Format, c.upFormat = NumberFormat(choice.Units[0], r), NumberFormat(choice.Units[1], r)
	}
	for k, name := range choice.Series {
		if name == "" {
			name = "Figures"
		}
		s := series{name: name}
		for _, cells := range choice.Cells {
			s.marks = append(s.marks, newMark(cells[k], c.measureOf(k)))
		}
		c.series = append(c.series, s)
	}
	if form == survey.ChartQuadrant {
		across, up := &c.series[0], &c.series[1]
		points, x, y := c.points, across.marks, up.marks
		c.points, across.marks, up.marks = nil, nil, nil
		for i, point := range points {
			if x[i].drawn && y[i].drawn {
				c.points, across.marks, up.marks = append(c.points, point), append(across.marks, x[i]), append(up.marks, y[i])
			}
		}
		c.up = span(up.marks)
	}
	c.scale = c.fitScale()
	c.Height = c.fit()
	return c, nil
}

// Held is the number that a cell holds for a figure of a kind of row. A number
// format can scale by 100 only where it writes "%", so percentage points are
// held as such: 5.7 for a gap of 0.057.
func Held(kind survey.RowKind, x float64) float64 {
	if kind == survey.RowGap {
		return 100 * x
	}
	return x
}

// Points is the unit of percentage points in a number format.
const Points = `" pts"`

// NumberFormat is the number format of a kind of row's figures with the
// decimals that the study asks for. Gaps have a sign and their unit.
func NumberFormat(kind survey.RowKind, r survey.Rounding) string {
	if kind == survey.RowGap {
		return signed(Digits(kind, r) + Points)
	}
	return Digits(kind, r)
}

// signed is a number format with a plus above zero.
func signed(format string) string { return "+" + format + ";-" + format + ";" + format }

// Digits is the number format of a kind of row's figures without a sign; the
// unit of gaps is left out.
func Digits(kind survey.RowKind, r survey.Rounding) string {
	whole, unit := "#,##0", ""
	switch kind {
	case survey.RowShare, survey.RowNet:
		whole, unit = "0", "%"
	case survey.RowMean, survey.RowRatio, survey.RowGap:
		whole = "0"
	}
	if n := r.Decimals(kind); n > 0 {
		whole += "." + strings.Repeat("0", n)
	}
	return whole + unit
}

// fit is the height in pixels that the marks need, and the legend.
func (c *Chart) fit() float64 {
	switch c.Kind {
	case survey.ChartSlope:
		return 460
	case survey.ChartQuadrant:
		return 560
	}
	perPoint := 32
	if c.Kind != survey.ChartStacked {
		perPoint = max(perPoint, 12+14*len(c.series))
	}
	return 140 + max(30, c.legendHeight()) + float64(perPoint*len(c.points))
}

// Fill makes the chart as large as the room that it has, in pixels, with texts
// as large as its points leave room for.
func (c *Chart) Fill(width, height float64) {
	const smallest, largest, perPoint, around = 0.9, 1.35, 32, 140
	c.Width, c.Height, c.Zoom = width, height, largest
	if c.Kind != survey.ChartSlope && c.Kind != survey.ChartQuadrant { // whose points stand side by side
		c.Zoom = min(max((height-around)/float64(perPoint*len(c.points)), smallest), largest)
	}
}

func newMark(c survey.Cell, kind survey.RowKind) mark {
	if c.Hidden() || !c.Value.Exists() {
		return mark{}
	}
	m := mark{value: Held(kind, c.Value.Float()), drawn: true, small: slices.Contains(c.Flags, survey.FlagLowBase)}
	m.low, m.high = m.value, m.value
	if c.Low.Exists() && c.High.Exists() {
		m.low, m.high = Held(kind, c.Low.Float()), Held(kind, c.High.Float())
	}
	return m
}

// scale is a value axis that ends on round numbers.
type scale struct{ low, high, step float64 }

// fitScale fits the axis to the figures and their limits. Shares and gaps have 0
// in the picture, shares end at 1 at most; bars start at 0, since their length is what is read.
func (c *Chart) fitScale() scale {
	if c.Kind == survey.ChartQuadrant {
		return span(c.series[0].marks)
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range c.series {
		for _, m := range s.marks {
			if m.drawn {
				low, high = min(low, m.low), max(high, m.high)
			}
		}
	}
	if low > high {
		low, high = 0, 1
	}
	if figure.IsShare(c.measure) || c.measure == survey.RowGap || c.Kind == survey.ChartBars {
		low, high = min(low, 0), max(high, 0)
	}
	if c.Kind == survey.ChartStacked {
		low, high = 0, 1
	}
	return roundScale(low, high)
}

// roundScale widens low to high to multiples of a step of 1, 2 or 5 times a
// power of ten, with four to ten steps.
func roundScale(low, high float64) scale {
	if high <= low {
		high = low + 1
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, k := range []float64{5, 2} {
		if (high-low)/(k*step) >= 4 {
			step *= k
			break
		}
	}
	const slack = 1e-9 // of a step: 0.7 is seven steps of 0.1, not eight
	return scale{math.Floor(low/step+slack) * step, math.Ceil(high/step-slack) * step, step}
}
