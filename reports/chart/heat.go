package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	widestCell  = 150.0
	cellHeight  = 34.0
	legendWidth = 200.0
	headLine    = 18.0 // of column names
)

var headStyle = draw.Style{Size: 14, Bold: true, Colour: ink}

var heat = kind{name: survey.ChartHeat, words: "Table of shaded cells", native: survey.ChartDots, arrange: (*picker).heat, check: (*picker).tooWide, draw: (*sheet).heat,
	notes: (*sheet).gaps, crowded: true}

// heat makes rows the lines of a table, or columns.
func (p *picker) heat(g *grid, a asked) {
	p.cross(g, a)
	if a.SeriesByRow {
		g.turn()
	}
}

// mostCells is how many columns of a heat table fit beside the widest labels.
const mostCells = 12

func (p *picker) tooWide(g *grid) {
	if len(g.series) > mostCells {
		p.fault(fmt.Sprintf("its table would have %d columns, and %d fit", len(g.series), mostCells), "choose some of them, or swap rows and columns with series_by_row")
	}
}

// heat draws a table whose cells are the darker, the higher their figure.
func (s *sheet) heat() {
	g := s.grid
	shade := s.shades()
	s.shadeLegend(shade)
	labels, widest := s.itemLabels()
	left := margin + max(widest, narrowestLabel) + 18
	width := min(widestCell, (s.right()-left)/float64(len(g.series)))
	s.y += 8
	s.heads(left, width)
	s.y += 6
	for i, l := range labels {
		s.heading(i)
		height := max(cellHeight, l.height()+8)
		l.put(s, margin, s.y+height/2, draw.Start)
		for k, c := range g.cells[i] {
			s.cell(draw.Pt(left+width*float64(k), s.y), width, height, c, shade)
		}
		s.y += height
	}
	s.y += 2
}

// shades maps figures to colours: from pale to the main colour, or around the
// baseline where figures lie on both sides of it. Ratios count by their
// logarithm, so that twice and half are as dark.
type shades struct {
	look      look
	ratio     bool
	low, high float64 // of the figures
	base      float64
	reach     float64 // of the darkest shade from the baseline; zero where there is one side
}

func (s *sheet) shades() shades {
	sh := shades{look: s.look, ratio: s.grid.unit == survey.RowRatio, low: math.Inf(1), high: math.Inf(-1)}
	for _, row := range s.grid.cells {
		for _, c := range row {
			if shown(c) {
				sh.low, sh.high = min(sh.low, c.Value.Float()), max(sh.high, c.Value.Float())
			}
		}
	}
	sh.ratio = sh.ratio && sh.low > 0
	if base, _ := s.grid.baseline(); sh.low < base && base < sh.high {
		sh.base = sh.place(base)
		sh.reach = max(sh.base-sh.place(sh.low), sh.place(sh.high)-sh.base)
	}
	return sh
}

// place is where a figure is between the shades.
func (s shades) place(x float64) float64 {
	if s.ratio {
		return math.Log(x)
	}
	return x
}

// at is the colour of a figure at its place.
func (s shades) at(place float64) color.NRGBA {
	const palest = 0.9
	low, high := s.place(s.low), s.place(s.high)
	switch {
	case s.reach > 0 && place < s.base:
		return tint(s.look.negative.strong, palest*(1-(s.base-place)/s.reach))
	case s.reach > 0:
		return tint(s.look.positive.strong, palest*(1-(place-s.base)/s.reach))
	case high <= low:
		return tint(s.look.series[0], palest/2)
	}
	return tint(s.look.series[0], palest*(high-place)/(high-low))
}

// shadeLegend shows which figures the lowest and the highest shade mean.
func (s *sheet) shadeLegend(shade shades) {
	if shade.high <= shade.low {
		return
	}
	const steps = 20
	s.y += 20
	low, high := s.grid.figureOf(shade.low), s.grid.figureOf(shade.high)
	x := math.Ceil(margin + tickStyle.Width(low) + 10)
	s.Write(draw.Pt(margin, s.y), draw.Start, tickStyle, low)
	from, to := shade.place(shade.low), shade.place(shade.high)
	for i := range steps {
		left := x + legendWidth*float64(i)/steps
		s.Add(draw.Rectangle(left, s.y-13, left+legendWidth/steps, s.y+3, shade.at(from+(to-from)*(float64(i)+0.5)/steps)))
	}
	s.Write(draw.Pt(x+legendWidth+10, s.y), draw.Start, tickStyle, high)
	s.y += 6
}

// gaps says what the dashes of a heat table mean.
func (s *sheet) gaps() []string {
	var reasons []string
	for _, row := range s.grid.cells {
		for _, c := range row {
			if !shown(c) && !slices.Contains(reasons, whyNot(c)) {
				reasons = append(reasons, whyNot(c))
			}
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	return []string{figure.Missing + " " + strings.Join(reasons, ", or ") + "."}
}

func (g *grid) figureOf(x float64) string { return figure.Value(g.unit, x, g.places) }

// heads writes the names of the columns on one foot, their groups above them.
func (s *sheet) heads(left, width float64) {
	g := s.grid
	s.groupHeads(left, width)
	base := g.bases().series
	var names [][]string
	tallest := 0
	for k, e := range g.series {
		lines := headStyle.Wrap(e.label, width-8)
		if b := at(base, k); b != "" {
			lines = append(lines, tickStyle.Wrap(b, width-8)...)
		}
		names, tallest = append(names, lines), max(tallest, len(lines))
	}
	s.y += headLine * float64(tallest)
	for k, lines := range names {
		named := len(headStyle.Wrap(g.series[k].label, width-8))
		for i, line := range lines {
			st := headStyle
			if i >= named {
				st = tickStyle
			}
			s.Write(draw.Pt(left+width*(float64(k)+0.5), s.y-headLine*float64(len(lines)-1-i)), draw.Middle, st, line)
		}
	}
	s.y += 4
}

// groupHeads writes the names of groups of columns, each over a line.
func (s *sheet) groupHeads(left, width float64) {
	g := s.grid
	tallest := 0
	for from, to := range g.spans() {
		if heading := g.series[from].heading; heading != "" {
			tallest = max(tallest, len(headStyle.Wrap(heading, width*float64(to-from)-8)))
		}
	}
	if tallest == 0 {
		return
	}
	foot := s.y + headLine*float64(tallest)
	for from, to := range g.spans() {
		heading := g.series[from].heading
		if heading == "" {
			continue
		}
		lines := headStyle.Wrap(heading, width*float64(to-from)-8)
		for i, line := range lines {
			s.Write(draw.Pt(left+width*float64(from+to)/2, foot-headLine*float64(len(lines)-1-i)), draw.Middle, headStyle, line)
		}
		s.Line(draw.Pt(left+width*float64(from)+4, foot+7), draw.Pt(left+width*float64(to)-4, foot+7), midGrey, 1)
	}
	s.y = foot + 10
}

// spans goes through the groups of neighbouring series, each from one index
// up to another.
func (g *grid) spans() func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		from := 0
		for k := range g.series {
			if k+1 == len(g.series) || g.series[k+1].heading != g.series[from].heading {
				if !yield(from, k+1) {
					return
				}
				from = k + 1
			}
		}
	}
}

// cell draws one figure on its shade; a low base is an outline.
func (s *sheet) cell(at draw.Point, width, height float64, c survey.Cell, shade shades) {
	centre := draw.Pt(at.X+width/2, at.Y+height/2+5)
	if !shown(c) {
		s.Write(centre, draw.Middle, baseStyle, figure.Missing)
		return
	}
	fill := shade.at(shade.place(c.Value.Float()))
	box := draw.Rectangle(at.X, at.Y, at.X+width, at.Y+height, fill)
	box.Stroke, box.Width = draw.White, 2
	st := draw.Style{Size: 15, Colour: readable(fill)}
	if lowBase(c) {
		box = draw.Rectangle(at.X+3, at.Y+3, at.X+width-3, at.Y+height-3, draw.White)
		box.Stroke, box.Width = midGrey, 1.5
		st.Colour = ink
	}
	s.Add(box)
	s.Write(centre, draw.Middle, st, s.grid.value(c))
}
