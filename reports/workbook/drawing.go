package workbook

import (
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart"
	"surveykit/survey"
)

// drawing is one native chart: what it says and where its numbers stand on the
// chart data sheet.
type drawing struct {
	kind            survey.ChartKind
	title, subtitle string
	format          string
	// points are the places along the axis, series what is drawn at each.
	points []string
	series []series
	scale  scale
	// top is the row of the block's headings on the chart data sheet.
	top int
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

// placeDrawings decides what each table's chart draws and where its numbers go.
// A chart that cannot be drawn leaves its reason, which stands under the table.
func (m *maker) placeDrawings() {
	m.drawings, m.undrawn = make([]*drawing, len(m.book.Tables)), make([]error, len(m.book.Tables))
	top := chartDataTop
	for i, t := range m.book.Tables {
		if t.Chart == nil {
			continue
		}
		choice, err := chart.Choose(t)
		if err != nil {
			m.undrawn[i] = err
			continue
		}
		d := newDrawing(choice, t.Chart.Subtitle, m.book.Synthetic)
		d.top = top
		top += len(d.points) + 4
		m.drawings[i] = d
	}
}

func (m *maker) hasCharts() bool {
	return slices.ContainsFunc(m.drawings, func(d *drawing) bool { return d != nil })
}

func newDrawing(c *chart.Choice, subtitle string, synthetic bool) *drawing {
	d := &drawing{kind: c.Kind, title: c.Title, subtitle: subtitle, format: digits[c.Unit], points: c.Points}
	if synthetic {
		d.subtitle = strings.TrimSuffix("Synthetic data. "+subtitle, ". ")
	}
	for k, name := range c.Series {
		if name == "" {
			name = "Figures"
		}
		s := series{name: name}
		for _, cells := range c.Cells {
			s.marks = append(s.marks, newMark(cells[k]))
		}
		d.series = append(d.series, s)
	}
	d.scale = d.measure()
	return d
}

func newMark(c survey.Cell) mark {
	if has(c, survey.FlagSuppressed) || !c.Value.Exists() {
		return mark{}
	}
	m := mark{value: float64(c.Value), drawn: true, small: has(c, survey.FlagLowBase)}
	m.low, m.high = m.value, m.value
	if c.Low.Exists() && c.High.Exists() {
		m.low, m.high = float64(c.Low), float64(c.High)
	}
	return m
}

// scale is a value axis that ends on round numbers.
type scale struct{ low, high, step float64 }

// measure fits the axis to the figures and their limits. Shares start at 0 and
// end at 1 at most; bars start at 0, since their length is what is read.
func (d *drawing) measure() scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range d.series {
		for _, m := range s.marks {
			if m.drawn {
				low, high = min(low, m.low), max(high, m.high)
			}
		}
	}
	if low > high {
		low, high = 0, 1
	}
	share := d.format == digits[survey.RowShare]
	if share || d.kind == survey.ChartBars {
		low, high = min(low, 0), max(high, 0)
	}
	if d.kind == survey.ChartStacked {
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
