package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/reports/chart/draw"
	"surveykit/reports/chart/typeset"
	"surveykit/survey"
	"surveykit/survey/appearance"
)

// pixel is how far text may reach out: widths are measured, not rounded.
const pixel = 1.0

// box is the rectangle that a line of text covers: capitals are about 0.72 em
// high, descenders reach 0.21 em down.
type box struct{ x0, y0, x1, y1 float64 }

func textBox(t draw.Text) box {
	size := t.Runs[0].Style.Size
	return box{t.Left(), t.At.Y - 0.72*size, t.Left() + t.Width(), t.At.Y + 0.21*size}
}

func (b box) overlaps(c box) bool {
	return b.x0+pixel < c.x1 && c.x0+pixel < b.x1 && b.y0+pixel < c.y1 && c.y0+pixel < b.y1
}

func shapeBox(s draw.Shape) box {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range s.Points {
		r := s.Radius + s.Width/2
		b = box{min(b.x0, p.X-r), min(b.y0, p.Y-r), max(b.x1, p.X+r), max(b.y1, p.Y+r)}
	}
	return b
}

// Whatever the labels and figures are, text stays on the sheet and no line of
// text covers another or a mark.
func TestNothingCollides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable(t)
		p, err := Draw(table, Options{Source: "Source: a tracker.", Synthetic: true, Narrow: rapid.Bool().Draw(t, "narrow")})
		if err != nil {
			t.Fatal(err)
		}
		texts, boxes := textsAreClear(t, p)
		switch table.Chart.Kind {
		case survey.ChartStacked, survey.ChartDiverging, survey.ChartHeat: // text stands on shapes
		default:
			marksAreClear(t, p, texts, boxes)
		}
	})
}

// textsAreClear finds text that leaves the sheet or covers other text.
func textsAreClear(t interface{ Fatalf(string, ...any) }, p *draw.Picture) (texts []draw.Text, boxes []box) {
	for _, m := range p.Marks {
		if x, ok := m.(draw.Text); ok {
			texts, boxes = append(texts, x), append(boxes, textBox(x))
		}
	}
	for i, b := range boxes {
		if b.x0 < 0 || b.y0 < 0 || b.x1 > p.Width || b.y1 > p.Height {
			t.Fatalf("%q leaves the sheet of %v×%v: %+v", texts[i].Words(), p.Width, p.Height, b)
		}
		if k := slices.IndexFunc(boxes[:i], b.overlaps); k >= 0 {
			t.Fatalf("%q covers %q", texts[i].Words(), texts[k].Words())
		}
	}
	return texts, boxes
}

// Many rows have their axis above them, too, where nothing is in its way.
func TestTallChartsHaveTwoAxes(t *testing.T) {
	for _, kind := range []survey.ChartKind{survey.ChartDots, survey.ChartBars, survey.ChartReach, survey.ChartStacked, survey.ChartDiverging, survey.ChartMultiples} {
		for rows, want := range map[int]int{5: 1, 40: 2} {
			table := &survey.Tabulation{ID: "x", Title: "Title", Chart: &survey.Chart{Kind: kind}, Columns: []survey.Column{{Label: "Total"}}}
			for i := range rows {
				group, parts := []string{"First", "Second"}[2*i/rows], []survey.RowKind{survey.RowShare}
				if kind == survey.ChartStacked || kind == survey.ChartDiverging {
					group, parts = fmt.Sprint("Question ", i), []survey.RowKind{survey.RowShare, survey.RowShare, survey.RowNet}
				}
				for k, unit := range parts {
					table.Rows = append(table.Rows, survey.Row{Group: group, Label: fmt.Sprint("Label ", k), Kind: unit})
					cell := share(0.101 + float64(i)/100)
					cell.Low, cell.High = survey.FigureOf(0), cell.Value // all axes begin at 0%
					table.Cells = append(table.Cells, []survey.Cell{cell})
				}
			}
			p, err := Draw(table, Options{})
			if err != nil {
				t.Fatal(err)
			}
			texts, _ := textsAreClear(t, p)
			axes := 0
			for _, x := range texts {
				if x.Words() == "0%" {
					axes++
				}
			}
			if axes != want {
				t.Errorf("%s of %d rows have %d axes", kind, rows, axes)
			}
		}
	}
}

// marksAreClear finds text over whiskers, dots and bars. Grid lines and
// leaders may run behind text.
func marksAreClear(t *rapid.T, p *draw.Picture, texts []draw.Text, boxes []box) {
	for _, m := range p.Marks {
		s, ok := m.(draw.Shape)
		if !ok || s.Stroke == gridGrey || s.Stroke == midGrey || s.Fill == draw.White || s.Stroke == draw.White || s.Fill.A > 0 && s.Fill.A < 0xFF {
			continue
		}
		if len(s.Points) > 2 && !s.Closed {
			continue // a line over waves
		}
		if len(s.Points) == 2 && s.Points[0].X != s.Points[1].X && s.Points[0].Y != s.Points[1].Y {
			continue // the line of a slope, whose box is nearly all empty
		}
		if i := slices.IndexFunc(boxes, shapeBox(s).overlaps); i >= 0 {
			t.Fatalf("%q covers a mark at %+v", texts[i].Words(), shapeBox(s))
		}
	}
}

func anyTable(t *rapid.T) *survey.Tabulation {
	asked := rapid.SampledFrom(kinds).Draw(t, "kind")
	kind, stacked := asked.name, asked.parts
	unit := survey.RowShare
	if !asked.shares && kind != survey.ChartReach {
		unit = rapid.SampledFrom([]survey.RowKind{survey.RowShare, survey.RowMean, survey.RowRatio, survey.RowTotal, survey.RowGap, survey.RowIndex, survey.RowCount}).Draw(t, "unit")
	}
	table := &survey.Tabulation{ID: "any", Title: anyLabel(t, "title"), Question: anyLabel(t, "question"), Base: anyLabel(t, "base"),
		Chart: &survey.Chart{Kind: kind, SeriesByRow: rapid.Bool().Draw(t, "by row")}}
	rows := rapid.IntRange(1, 7).Draw(t, "rows")
	waves := rapid.Bool().Draw(t, "waves")
	for range anyColumns(t, kind) {
		group := rapid.SampledFrom([]string{"Age", "Region of residence"}).Draw(t, "group")
		table.Columns = append(table.Columns, survey.Column{Group: group, Label: anyLabel(t, "column"), Wave: waves})
	}
	nets := 0
	if stacked {
		nets = rapid.IntRange(0, mostNets).Draw(t, "nets")
	}
	scale := rapid.SampledFrom([]survey.Polarity{survey.Unordered, survey.OneSided, survey.Rising, survey.Falling}).Draw(t, "scale")
	for i := range rows + nets {
		table.Rows = append(table.Rows, survey.Row{Label: anyLabel(t, "row"), Kind: unit, Scale: scale})
		if i >= rows {
			table.Rows[i].Kind = survey.RowNet
		}
		var cells []survey.Cell
		for range table.Columns {
			cells = append(cells, anyCell(t, unit, stacked, rows))
		}
		table.Cells = append(table.Cells, cells)
	}
	if kind == survey.ChartReach {
		slices.SortStableFunc(table.Cells, func(a, b []survey.Cell) int { return cmp.Compare(a[0].Value.Float(), b[0].Value.Float()) })
	}
	return table
}

// anyColumns is how many columns a table has, within what the kind takes.
func anyColumns(t *rapid.T, kind survey.ChartKind) int {
	switch kind {
	case survey.ChartReach:
		return 1
	case survey.ChartSlope, survey.ChartQuadrant:
		return 2
	case survey.ChartLine:
		return rapid.IntRange(2, 8).Draw(t, "columns")
	}
	return rapid.IntRange(1, 6).Draw(t, "columns")
}

func anyLabel(t *rapid.T, name string) string {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "the", "18–24", "concerned", "companies", "个人信息保护", "Ω≥żółć", "£1,000",
		"Verarbeitungsverzeichnis", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "<&>", "n/a"}), 1, 12).Draw(t, name)
	return strings.Join(words, " ")
}

func anyCell(t *rapid.T, unit survey.RowKind, part bool, parts int) survey.Cell {
	c := survey.Cell{Estimate: survey.Estimate{N: rapid.IntRange(0, 50000).Draw(t, "n"), Level: survey.FigureOf(0.95)}}
	low, high := -1e7, 1e9
	switch {
	case part:
		low, high = 0, 1/float64(parts)
	case unit == survey.RowShare:
		low, high = 0, 1
	case unit == survey.RowGap:
		low, high = -1, 1
	case unit != survey.RowTotal:
		low, high = -3, 12
	}
	x := []float64{rapid.Float64Range(low, high).Draw(t, "low"), rapid.Float64Range(low, high).Draw(t, "value"), rapid.Float64Range(low, high).Draw(t, "high")}
	slices.Sort(x)
	c.Low, c.Value, c.High = survey.FigureOf(x[0]), survey.FigureOf(x[1]), survey.FigureOf(x[2])
	switch rapid.IntRange(0, 9).Draw(t, "state") {
	case 0:
		c.Flags = []string{survey.FlagSuppressed}
	case 1:
		c.Low, c.High = survey.Figure{}, survey.Figure{}
	case 2:
		c.Value, c.Low, c.High, c.Flags = survey.Figure{}, survey.Figure{}, survey.Figure{}, []string{survey.FlagNoRows}
	case 3:
		c.Flags = []string{survey.FlagLowBase}
	}
	return c
}

// A dot stands over the axis label of its value, and its whisker ends over
// those of its limits.
func TestDotStandsAtItsFigure(t *testing.T) {
	table := &survey.Tabulation{ID: "x", Rows: []survey.Row{{Label: "Yes", Kind: survey.RowShare}}, Columns: []survey.Column{{Label: "Total"}},
		Cells: [][]survey.Cell{{{Estimate: survey.Estimate{Value: survey.FigureOf(0.4), Low: survey.FigureOf(0.2), High: survey.FigureOf(0.8)}}}}}
	p, err := Draw(table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ticks := map[string]float64{}
	var dot, whisker draw.Shape
	for _, m := range p.Marks {
		switch m := m.(type) {
		case draw.Text:
			if m.Anchor == draw.Middle {
				ticks[m.Words()] = m.At.X
			}
		case draw.Shape:
			if m.Radius > 0 {
				dot = m
			} else if m.Stroke == navy {
				whisker = m
			}
		}
	}
	got := []float64{whisker.Points[0].X, dot.Points[0].X, whisker.Points[1].X}
	want := []float64{ticks["20%"], ticks["40%"], ticks["80%"]}
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-6 {
			t.Errorf("at %v, their axis labels at %v", got, want)
		}
	}
}

// Text has a contrast of 4.5:1 and marks have 3:1 against what is behind
// them (WCAG 2.1, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	for _, st := range []draw.Style{titleStyle, subtitleStyle, factStyle, legendStyle, labelStyle, strongStyle, baseStyle, valueStyle, tickStyle, footStyle} {
		if c := appearance.Contrast(st.Colour, draw.White); c < 4.5 {
			t.Errorf("text of %v has %.2f:1 on white", st.Colour, c)
		}
	}
	for k := 1; k <= 11; k++ {
		for _, c := range slices.Concat(house.ramp(k, survey.Rising), house.ramp(k, survey.OneSided), house.ramp(k, survey.Unordered)) {
			if x := appearance.Contrast(readable(c), c); x < 4.5 {
				t.Errorf("%d parts: text on %v has %.2f:1", k, c, x)
			}
		}
	}
	for _, c := range append([]color.NRGBA{midGrey}, house.series[:]...) {
		if x := appearance.Contrast(c, draw.White); x < 3 {
			t.Errorf("marks of %v have %.2f:1 on white", c, x)
		}
	}
}

func TestAxisCoversItsFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable(t)
		g, problems := choose(table)
		if problems != nil {
			t.Fatal(problems)
		}
		a := g.axisBetween(300, 980, tickStyle)
		low, high := g.extent()
		if a.low > low+slack*a.step*2 || a.high < high-slack*a.step*2 {
			t.Fatalf("the axis %v–%v is shorter than %v–%v", a.low, a.high, low, high)
		}
		ticks := a.ticks()
		if len(ticks) < 2 || len(ticks) > 9 {
			t.Fatalf("%d ticks", len(ticks))
		}
		labels := map[string]bool{}
		for i, x := range ticks {
			if labels[a.label(x)] {
				t.Fatalf("two ticks are labelled %q", a.label(x))
			}
			labels[a.label(x)] = true
			if i > 0 && a.at(x) <= a.at(ticks[i-1]) {
				t.Fatalf("tick %v is not right of %v", x, ticks[i-1])
			}
		}
	})
}

// typeRounding is by how much letters together differ from letters alone: a
// few dozen of them, each rounded to 1/2048 of a pixel.
const typeRounding = 0.05

// Wrapping keeps every word and no line is too wide.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words, limit := anyLabel(t, "words"), rapid.Float64Range(40, 700).Draw(t, "limit")
		lines := labelStyle.Wrap(words, limit)
		for _, l := range lines {
			if labelStyle.Width(l) > limit+typeRounding {
				t.Fatalf("%q is wider than %v", l, limit)
			}
		}
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if bare(strings.Join(lines, "")) != bare(words) {
			t.Fatalf("%q became %q", words, lines)
		}
	})
}

func TestWrapByHand(t *testing.T) {
	for _, c := range []struct {
		words string
		limit float64
		want  []string
	}{
		{"", 100, []string{""}},
		{"  one \n line ", 100, []string{"one line"}},
		{"no word is left alone", 100, []string{"no word is", "left alone"}},
		{"keeps (n\u00a0=\u00a012) whole", 90, []string{"keeps", "(n\u00a0=\u00a012)", "whole"}},
		{"個人情報。保護", 70, []string{"個人情", "報。保護"}},
	} {
		if got := labelStyle.Wrap(c.words, c.limit); !slices.Equal(got, c.want) {
			t.Errorf("%q in %v: %q, want %q", c.words, c.limit, got, c.want)
		}
	}
}

// Labels that are spread keep their order and do not overlap, those that
// fit stay where they are, and all of them together keep their centre.
func TestSpread(t *testing.T) {
	const rounding = 1e-6
	rapid.Check(t, func(t *rapid.T) {
		middles := rapid.SliceOfN(rapid.Float64Range(0, 300), 1, 20).Draw(t, "middles")
		heights := rapid.SliceOfN(rapid.Float64Range(10, 50), len(middles), len(middles)).Draw(t, "heights")
		placed := spread(middles, heights)
		moved := 0.0
		for i := range placed {
			moved += placed[i] - middles[i]
			for j := range placed {
				if middles[i] < middles[j] && placed[j]-placed[i] < (heights[i]+heights[j])/2-rounding {
					t.Fatalf("%v overlaps %v: %v", i, j, placed)
				}
			}
		}
		if math.Abs(moved) > rounding {
			t.Fatalf("the labels moved by %v in all", moved)
		}
	})
	if got := spread([]float64{0, 100, 104}, []float64{20, 20, 20}); !slices.Equal(got, []float64{0, 92, 112}) {
		t.Errorf("by hand: %v, want 0, 92, 112", got)
	}
}

func drawLabels(t *testing.T, labels ...string) *draw.Picture {
	t.Helper()
	table := &survey.Tabulation{ID: "x", Title: "Title", Columns: []survey.Column{{Label: "Total"}}}
	for _, l := range labels {
		table.Rows = append(table.Rows, survey.Row{Label: l, Kind: survey.RowShare})
		table.Cells = append(table.Cells, []survey.Cell{share(0.4)})
	}
	p, err := Draw(table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A label from right to left ends where its column begins, and every line of
// it keeps the direction of the whole.
func TestRightToLeftLabels(t *testing.T) {
	p := drawLabels(t, "שאלה ארוכה על הנתונים האישיים של המשיבים Google במדגם הזה שלנו", "Yes")
	var lines []draw.Text
	for _, m := range p.Marks {
		if x, ok := m.(draw.Text); ok && typeset.RightToLeft(x.Words()) {
			lines = append(lines, x)
		}
	}
	if len(lines) < 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, l := range lines {
		if l.Anchor != draw.End || l.At.X != lines[0].At.X || l.Left() < margin-typeRounding {
			t.Errorf("%q is anchored %v at %v and begins at %v", l.Words(), l.Anchor, l.At.X, l.Left())
		}
	}
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(svg), `direction="rtl"`); n != len(lines) {
		t.Errorf("%d lines run from right to left, want %d", n, len(lines))
	}
}
