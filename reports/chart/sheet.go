package chart

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strings"

	"surveykit/reports/chart/draw"
	"surveykit/reports/chart/typeset"
	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	pictureWidth = 1040.0
	narrowWidth  = 520.0
	margin       = 28.0
	// widestLabel is where row labels wrap.
	widestLabel = 330.0
	// narrowestLabel leaves room for half of the first axis label.
	narrowestLabel = 64.0
	lineHeight     = 20.0 // of row labels
)

var (
	titleStyle    = draw.Style{Size: 26, Bold: true, Colour: ink}
	subtitleStyle = draw.Style{Size: 18, Colour: grey}
	factStyle     = draw.Style{Size: 15, Colour: grey}
	legendStyle   = draw.Style{Size: 16, Colour: ink}
	labelStyle    = draw.Style{Size: 16, Colour: ink}
	strongStyle   = draw.Style{Size: 16, Bold: true, Colour: ink}
	baseStyle     = draw.Style{Size: 14, Colour: grey}
	valueStyle    = draw.Style{Size: 15, Colour: ink}
	tickStyle     = draw.Style{Size: 14, Colour: grey}
	footStyle     = draw.Style{Size: 13.5, Colour: grey}
)

// sheet is a scene that is filled from the top down.
type sheet struct {
	draw.Scene
	options Options
	look    look
	table   *survey.Tabulation
	grid    *grid
	y       float64 // the lower edge of what stands so far
	silent  bool    // a part of a bar is too narrow for its figure
	// shortened says that labels are not drawn in full.
	shortened bool
}

// right is the right edge of what is drawn; a sheet of no width has the usual one.
func (s *sheet) right() float64 { return cmp.Or(s.Width, pictureWidth) - margin }

// labelled is where labels wrap that usually do so at a width.
func (s *sheet) labelled(widest float64) float64 {
	return widest * (s.right() + margin) / pictureWidth
}

// paragraph writes wrapped lines below what is written so far; those that are read
// from right to left begin at the right.
func (s *sheet) paragraph(words string, st draw.Style, height float64) {
	width := s.lineWidth()
	for _, line := range st.Wrap(words, width) {
		s.y += height
		if typeset.RightToLeft(line) {
			s.Write(draw.Pt(margin+width, s.y), draw.End, st, line)
		} else {
			s.Write(draw.Pt(margin, s.y), draw.Start, st, line)
		}
	}
}

// lineWidth is how wide a paragraph is: beside a logo it is narrower.
func (s *sheet) lineWidth() float64 {
	if l := s.look.logo; l != nil && s.y < l.At.Y+l.Height+20 {
		return s.right() - margin - l.Width - 24
	}
	return s.right() - margin
}

func (s *sheet) head(title, subtitle string, facts []string) {
	s.Width, s.y = s.right()+margin, 16
	if l := s.look.logo; l != nil {
		l.At = draw.Pt(s.right()-l.Width, 24)
		s.Add(l)
	}
	s.paragraph(title, titleStyle, 32)
	s.y += 2
	if subtitle != "" {
		s.paragraph(subtitle, subtitleStyle, 25)
	}
	if len(facts) > 0 {
		s.paragraph(strings.Join(facts, " · "), factStyle, 23)
	}
	if l := s.look.logo; l != nil {
		s.y = max(s.y, l.At.Y+l.Height)
	}
	s.y += 12
}

// subtitle is the analyst's, or the wording of the question.
func subtitle(t *survey.Tabulation) string {
	if t.Chart != nil && t.Chart.Subtitle != "" {
		return t.Chart.Subtitle
	}
	if t.Question != "" && t.Question != title(t) {
		return "“" + strings.Trim(t.Question, `"“”`) + "”"
	}
	return ""
}

func (s *sheet) facts() []string {
	g := s.grid
	unit := g.unitName()
	facts := []string{unit}
	if g.twoMeasures {
		facts = nil
	}
	if len(g.series) == 1 && g.series[0].full() != "" {
		facts = []string{g.series[0].full(), unit}
	}
	if s.table.Base != "" {
		facts = append(facts, "Base: "+strings.TrimSuffix(draw.Shortened(s.table.Base, longestLabel), "."))
	}
	if n := g.bases().overall; n != "" {
		facts = append(facts, n)
	}
	if level := s.level(); level > 0 && g.whiskers && g.anyCell(hasInterval) {
		percent := strings.TrimSuffix(strings.TrimRight(strings.TrimSuffix(figure.Percent(level, 2), "%"), "0"), ".") // 95, 99.9
		facts = append(facts, percent+"% confidence intervals")
	}
	return facts
}

// level is the confidence level asked for, or that of the first interval.
func (s *sheet) level() float64 {
	if s.options.Level > 0 {
		return s.options.Level
	}
	for _, row := range s.grid.cells {
		for _, c := range row {
			if hasInterval(c) && c.Level.Exists() {
				return c.Level.Float()
			}
		}
	}
	return 0
}

// foot writes notes and the source, and closes the sheet.
func (s *sheet) foot(notes []string) {
	s.y += 10
	for _, note := range notes {
		s.paragraph(note, footStyle, 19)
	}
	if s.options.Synthetic {
		s.paragraph("Synthetic data", draw.Style{Size: footStyle.Size, Bold: true, Colour: ink}, 19)
	}
	if s.options.Source != "" {
		s.paragraph(s.options.Source, footStyle, 19)
	}
	s.Height = math.Ceil(s.y + 20)
}

func (s *sheet) notes() []string {
	g := s.grid
	var notes []string
	if g.anyCell(func(c survey.Cell) bool { return shown(c) && lowBase(c) }) {
		if g.parts {
			notes = append(notes, "Small base: read with caution.")
		} else {
			notes = append(notes, "Hollow marks: small base, read with caution.")
		}
	}
	if g.notes != nil {
		notes = append(notes, g.notes(s)...)
	}
	if s.silent {
		notes = append(notes, "Parts too narrow for their figure go without.")
	}
	if s.shortened {
		notes = append(notes, "Labels that end in … are shortened; the tables have them in full.")
	}
	if left := g.without(); len(left) > 0 {
		notes = append(notes, "Not drawn, for want of figures: "+strings.Join(left, ", ")+".")
	}
	return notes
}

// legend writes a row of signs with names, wrapped where it is too long. A
// sign begins at the point that it is given and has that much room.
func (s *sheet) legend(room float64, sign func(i int, at draw.Point) []draw.Mark) {
	if len(s.grid.series) < 2 {
		return
	}
	const gap, height = 28.0, 26.0
	base := s.grid.bases().series
	x := margin
	s.y += height - 6
	for i, e := range s.grid.series {
		lines := legendStyle.Wrap(named(e.full(), at(base, i)), s.right()-margin-room)
		width := room + legendStyle.Widest(lines)
		if x > margin && x+width > s.right() {
			x, s.y = margin, s.y+height
		}
		s.Add(sign(i, draw.Pt(x, s.y-5.5))...)
		for n, line := range lines {
			if n > 0 {
				s.y += lineHeight
			}
			s.Add(draw.Text{At: draw.Pt(x+room, s.y), Anchor: draw.Start, Runs: runs(line, at(base, i), legendStyle)})
		}
		x += width + gap
	}
	s.y += 10
}

// named puts a base behind a label.
func named(label, base string) string {
	if base == "" {
		return label
	}
	return label + " (" + base + ")"
}

// runs sets a line with the base at its end, if it is there, in grey.
func runs(line, base string, st draw.Style) []draw.Run {
	base = "(" + base + ")"
	if front, ok := strings.CutSuffix(line, base); ok {
		return []draw.Run{{Words: front, Style: st}, {Words: base, Style: baseStyle}}
	}
	return []draw.Run{{Words: line, Style: st}}
}

// label is a wrapped row label.
type label struct {
	lines []string
	base  string
	style draw.Style
}

func newLabel(e entry, base string, limit float64) label {
	st := labelStyle
	if e.strong {
		st = strongStyle
	}
	return label{st.Wrap(named(e.label, base), limit), base, st}
}

func (l label) width() float64 { return l.style.Widest(l.lines) }

func (l label) height() float64 { return lineHeight * float64(len(l.lines)) }

// slot is the height that a label takes among others: lines that belong
// together are closer than those that do not.
func (l label) slot() float64 {
	if len(l.lines) == 1 {
		return l.height() + 2
	}
	return l.height() + 8
}

// put writes the label with its middle at a height. Lines that are read from
// right to left are flush at their right.
func (l label) put(s *sheet, x, centre float64, a draw.Anchor) {
	if a == draw.Start && typeset.RightToLeft(l.lines[0]) {
		x, a = x+l.width(), draw.End
	}
	y := centre - l.height()/2 + lineHeight*0.76
	for _, line := range l.lines {
		s.Add(draw.Text{At: draw.Pt(x, y), Anchor: a, Runs: runs(line, l.base, l.style)})
		y += lineHeight
	}
}

// itemLabels wraps the labels of all items and measures the widest.
func (s *sheet) itemLabels() (labels []label, widest float64) {
	base := s.grid.bases().items
	for i, e := range s.grid.items {
		l := newLabel(e, s.itemBase(i, at(base, i)), s.labelled(widestLabel))
		labels = append(labels, l)
		widest = max(widest, l.width())
	}
	return labels, widest
}

// itemBase is an item's base in words; stacked bars have no marks that could
// be hollow, so that a small base is said.
func (s *sheet) itemBase(i int, base string) string {
	if !s.grid.parts || !slices.ContainsFunc(s.grid.cells[i], lowBase) {
		return base
	}
	if base == "" {
		return "small\u00a0base"
	}
	return base + ",\u00a0small\u00a0base"
}

// heading writes the heading of the i-th item where a new one begins.
func (s *sheet) heading(i int) {
	items := s.grid.items
	if i > 0 && items[i].heading == items[i-1].heading {
		return
	}
	if items[i].heading == "" {
		if i > 0 {
			s.y += 14
		}
		return
	}
	s.y += 12
	for _, line := range strongStyle.Wrap(items[i].heading, s.right()-margin) {
		s.y += lineHeight
		s.WriteClear(draw.Pt(margin, s.y-4), strongStyle, line)
	}
	s.y += 2
}

// ticks draws the grid over a stretch of the sheet, behind what comes later,
// and the labels under it; over it, too, where it is tall.
func (s *sheet) ticks(a axis, top, bottom float64) {
	base, _ := s.grid.baseline()
	for _, t := range a.ticks() {
		x := a.at(t)
		s.Line(draw.Pt(x, top), draw.Pt(x, bottom), gridGrey, 1)
		s.Write(draw.Pt(x, bottom+20), draw.Middle, tickStyle, a.label(t))
		if bottom-top > tall {
			s.Write(draw.Pt(x, top-8), draw.Middle, tickStyle, a.label(t))
		}
	}
	if base >= a.low && base <= a.high && (base != 0 || a.low < 0 || a.unsigned || s.grid.lengths) {
		s.Line(draw.Pt(a.at(base), top), draw.Pt(a.at(base), bottom), midGrey, 1.5)
	}
}

// colour is a series' colour; a lone series has the main one.
func (s *sheet) colour(series int) color.NRGBA { return s.look.series[series%mostSeries] }
