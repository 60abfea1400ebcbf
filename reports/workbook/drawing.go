package workbook

import (
	"math"
	"slices"
	"strings"

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
func (m *maker) placeDrawings() error {
	m.drawings = make([]*drawing, len(m.book.Tables))
	top := chartDataTop
	for i, t := range m.book.Tables {
		d := newDrawing(t, m.book)
		if d == nil {
			continue
		}
		d.top = top
		top += len(d.points) + 4
		m.drawings[i] = d
	}
	return nil
}

func (m *maker) hasCharts() bool {
	return slices.ContainsFunc(m.drawings, func(d *drawing) bool { return d != nil })
}

// newDrawing is nil where the table asks for no chart or has nothing to draw.
func newDrawing(t *survey.Tabulation, b *survey.Book) *drawing {
	if t.Chart == nil {
		return nil
	}
	rows, columns := chosenRows(t), chosenColumns(t)
	if len(rows) == 0 || len(columns) == 0 {
		return nil
	}
	d := &drawing{kind: t.Chart.Kind, title: t.Chart.Title, subtitle: t.Chart.Subtitle, format: digits[t.Rows[rows[0]].Kind]}
	if d.kind == "" {
		d.kind = survey.ChartDots
	}
	if d.title == "" {
		d.title = t.Title
	}
	if b.Synthetic {
		d.subtitle = strings.TrimSuffix("Synthetic data. "+d.subtitle, ". ")
	}
	d.fill(t, rows, columns)
	d.scale = d.measure()
	return d
}

// fill reads the cells: slopes and stacks always draw a series a row.
func (d *drawing) fill(t *survey.Tabulation, rows, columns []int) {
	byRow := t.Chart.SeriesByRow || d.kind == survey.ChartStacked || d.kind == survey.ChartSlope
	for _, r := range rows {
		if byRow {
			d.series = append(d.series, series{name: t.Rows[r].Label})
		} else {
			d.points = append(d.points, t.Rows[r].Label)
		}
	}
	for _, c := range columns {
		if byRow {
			d.points = append(d.points, t.Columns[c].Label)
		} else {
			d.series = append(d.series, series{name: t.Columns[c].Label})
		}
	}
	for i, r := range rows {
		for j, c := range columns {
			k := j
			if byRow {
				k = i
			}
			d.series[k].marks = append(d.series[k].marks, newMark(t.Cells[r][c]))
		}
	}
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

// chosenRows are the rows that the chart names, or all; those of another kind
// than the first one cannot share its axis. A stack
// leaves nets out, since their parts are in it.
func chosenRows(t *survey.Tabulation) []int {
	var out []int
	for i, row := range t.Rows {
		named := len(t.Chart.Rows) == 0 || slices.Contains(t.Chart.Rows, row.Label)
		net := t.Chart.Kind == survey.ChartStacked && row.Kind == survey.RowNet
		if named && !net && (len(out) == 0 || axisOf(row.Kind) == axisOf(t.Rows[out[0]].Kind)) {
			out = append(out, i)
		}
	}
	return out
}

// axisOf makes the kinds equal that can share an axis.
func axisOf(kind survey.RowKind) survey.RowKind {
	if kind == survey.RowNet {
		return survey.RowShare
	}
	return kind
}

// maximumSeries is how many colours can still be told apart.
const maximumSeries = 4

// chosenColumns are the columns that the chart names. Where it names none they
// are all but the changes and the total; the total alone where there is nothing
// else, or where each column would be a colour and there are too many of them.
func chosenColumns(t *survey.Tabulation) []int {
	var named, rest []int
	for i, c := range t.Columns {
		switch {
		case slices.Contains(t.Chart.Columns, c.Label):
			named = append(named, i)
		case !c.Change:
			rest = append(rest, i)
		}
	}
	if len(t.Chart.Columns) > 0 {
		return named
	}
	colours := !t.Chart.SeriesByRow && t.Chart.Kind != survey.ChartStacked && t.Chart.Kind != survey.ChartSlope
	switch {
	case len(rest) < 2 || t.Columns[rest[0]].Group != "":
		return rest
	case colours && len(rest)-1 > maximumSeries:
		return rest[:1]
	}
	return rest[1:]
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
