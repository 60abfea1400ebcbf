package workbook

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// span is the place of one banner point on the sheet: its figure, then the
// letters or the p-value, then the details that open and close.
type span struct {
	survey.Column
	index int // in the tabulation
	// first is the figure's column, 1-based; side the one for letters or p, 0
	// for none; details the first of the closed ones; last the last of all.
	first, side, details, last int
	// opens is true where a new group begins.
	opens bool
}

// layout is the grid of one table's sheet.
type layout struct {
	spans []span
	// own is true where each row has bases of its own.
	own bool
	// details names what the closed columns hold, change what a change is in.
	details []string
	change  string
	last    int
	widths  []float64
	// closed marks the columns that open and close, as widths does by index.
	closed []bool
}

// The widths of the columns, in characters.
const (
	stubWidth    = 46.0
	letterWidth  = 5.0
	pWidth       = 8.0
	detailWidth  = 9.5
	minimumWidth = 9.0
	maximumWidth = 15.0
	// textRoom is how far titles and notes may run.
	textRoom = 120.0
)

func layOut(t *survey.Tabulation) layout {
	l := layout{own: wording.OwnBases(t), details: []string{"Low", "High"}, change: changeUnit(t), widths: []float64{stubWidth}, closed: []bool{false}}
	if level := levelOf(t); level != "" {
		l.details = []string{level + " low", level + " high"}
	}
	if l.own {
		l.details = append(l.details, "n", "weighted n", "effective n")
	}
	n := wording.Bases(t)[0].Columns
	for i, c := range t.Columns {
		l.add(i, c, utf8.RuneCountInString(n[i].String()), narrowest(t, c, l.change))
	}
	l.last = len(l.widths)
	return l
}

// points is the unit of changes of percentages and of gaps.
const points = "points"

// changeUnit heads the table's changes: points where all are in points.
func changeUnit(t *survey.Tabulation) string {
	if slices.ContainsFunc(t.Rows, func(r survey.Row) bool { return measured(r.Kind, true) != survey.RowGap }) {
		return "change"
	}
	return points
}

// pointsWidth is the narrowest column that holds figures with " pts".
const pointsWidth = minimumWidth + 4

// narrowest is the least width of a banner point's figures.
func narrowest(t *survey.Tabulation, c survey.Column, change string) float64 {
	if slices.ContainsFunc(t.Rows, func(r survey.Row) bool { return inPoints(r.Kind, c.Change, change) }) {
		return pointsWidth
	}
	return minimumWidth
}

// inPoints reports whether a figure has its unit, points, after it: where the
// heading of its column, for changes the one given, does not say so.
func inPoints(kind survey.RowKind, change bool, heading string) bool {
	return measured(kind, change) == survey.RowGap && !(change && heading == points)
}

// add places one banner point to the right of the others, wide enough for its
// label's words and for an unweighted base of so many characters.
func (l *layout) add(i int, c survey.Column, base int, least float64) {
	p := span{Column: c, index: i, first: len(l.widths) + 1, opens: true}
	if i > 0 {
		p.opens = c.Group == "" || c.Group != l.spans[i-1].Group
	}
	l.column(min(max(longestWord(c.Label)+2, float64(base)+2, least), maximumWidth), false)
	switch {
	case c.Change:
		p.side = l.column(pWidth, false)
	case c.Letter != "":
		p.side = l.column(letterWidth, false)
	}
	p.details = len(l.widths) + 1
	for range l.details {
		p.last = l.column(detailWidth, true)
	}
	l.spans = append(l.spans, p)
}

// column adds one column of the sheet and returns its number.
func (l *layout) column(width float64, closed bool) int {
	l.widths, l.closed = append(l.widths, width), append(l.closed, closed)
	return len(l.widths)
}

// visibleWidth is the width of the columns from to to that are not closed.
func (l layout) visibleWidth(from, to int) float64 {
	w := 0.0
	for c := from; c <= to; c++ {
		if !l.closed[c-1] {
			w += l.widths[c-1]
		}
	}
	return w
}

// defaultWidth is the width of a column right of the table.
const defaultWidth = 9.0

// textBlock is the last column that titles and notes run over, and its width:
// as wide as the table, but at least 90 and at most about textRoom characters.
func (l layout) textBlock() (last int, w float64) {
	for last = 1; last < l.last && w < textRoom; last++ {
		w = l.visibleWidth(1, last+1)
	}
	for w = l.visibleWidth(1, last); w < 90; w += defaultWidth {
		last++
	}
	return last, w
}

// levelOf is the confidence level of the table's figures, "95%", or "" where
// they have several.
func levelOf(t *survey.Tabulation) string {
	level := ""
	for _, row := range t.Cells {
		for _, c := range row {
			if !c.Level.Exists() {
				continue
			}
			text := survey.FormatNumber(c.Level.Float()*100) + "%"
			if level != "" && level != text {
				return ""
			}
			level = text
		}
	}
	return level
}

// heading is a run of neighbouring spans under one group label.
type heading struct {
	label       string
	first, last int // sheet columns
}

func (l layout) headings() []heading {
	var out []heading
	for _, p := range l.spans {
		if p.opens {
			out = append(out, heading{label: p.Group, first: p.first})
		}
		out[len(out)-1].last = p.last
	}
	return out
}

// textWidth is the width of s in digits of the default font: Arial's letters in
// a few classes, with some room to spare. An East Asian character takes two.
func textWidth(s string) float64 {
	n := 0.0
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		case strings.ContainsRune("ijltf .,;:'|!()[]’", r):
			n += 0.55
		case strings.ContainsRune("mwMW%@—…", r):
			n += 1.6
		case unicode.IsUpper(r):
			n += 1.3
		default:
			n++
		}
	}
	return n
}

// lines counts the lines that text takes in a cell of the given width, broken
// between words and inside words that are longer than a line.
func lines(text string, room float64) int {
	const space = 0.55
	room = max(room, 2)
	n := 0
	for _, line := range strings.Split(text, "\n") {
		n++
		used := 0.0
		for _, word := range strings.Fields(line) {
			w := textWidth(word)
			if used > 0 && used+space+w > room {
				n++
				used = 0
			} else if used > 0 {
				used += space
			}
			for used+w > room {
				n++
				w -= room - used
				used = 0
			}
			used += w
		}
	}
	return n
}

// longestWord is the width of the widest word of any of the texts.
func longestWord(texts ...string) float64 {
	widest := 0.0
	for _, text := range texts {
		for _, word := range strings.Fields(text) {
			widest = max(widest, textWidth(word))
		}
	}
	return widest
}

// rowHeight is the height in points of a row of n lines in a font size, at
// most what a row can have.
func rowHeight(n int, size float64) float64 {
	return min(float64(n)*size*1.3+3, ooxml.MaxHeight)
}

// points is the font size of the look.
func (l look) points() float64 {
	if l.size > 0 {
		return l.size
	}
	return fontSize
}

// Lengths in points: a row of no height of its own, a pixel of a screen with
// 96 to the inch, what A4 landscape leaves inside the margins and the footer,
// and a banner with the row under it.
const (
	defaultHeight = 15.0
	pixel         = 0.75
	printWidth    = 770.0
	printHeight   = 470.0
	repeated      = 65.0
)

// legible is the least that a table is scaled to.
const legible = 0.6

// pageWidth is the width of the open columns in points: 7 pixels a digit and
// 5 around each cell.
func pageWidth(widths []float64, closed []bool) float64 {
	pixels := 0.0
	for i, width := range widths {
		if !closed[i] {
			pixels += width*7 + 5
		}
	}
	return pixels * pixel
}

// fontRoom is how large in percent a page may be printed that is laid out for
// Arial: a column is as wide as the digits of the book's own font.
func (m *maker) fontRoom() float64 {
	if m.brand.Font == ooxml.FontName {
		return 95 // some systems have a wider font of that name
	}
	return 75
}

// fitToPage prints a table and its charts on one page where that shrinks them
// by no more than a third; otherwise each chart gets a page of its own, under the
// banner that each page repeats. A table too wide to be read on one page goes
// over several, each of which repeats the stub. Sizes are in points: the width
// of the widest chart, the height of all and of the highest one.
func (s *sheet) fitToPage(l layout, chartWidth, charts, chart float64) {
	const least = 1.5
	width, stub := max(pageWidth(l.widths, l.closed), chartWidth), pageWidth(l.widths[:1], l.closed)
	scale := min(max(printWidth/width, legible), 1)
	across := max(1, int(math.Ceil((width-stub)/(printWidth/scale-stub))))
	s.Layout.Print.Across = across
	if (s.height+charts)*scale <= printHeight*least {
		s.Layout.Print.Down = 1
	} else if chart > 0 {
		scale = min(scale, printHeight/(chart+repeated))
		s.Layout.Print.Percent = int(max(s.fontRoom()*scale, 10)) // the least that Excel takes
		s.Break()
	}
}

// printAreas keeps what is under a table of several pages across, from the row
// below on, to the columns of the first page: the others would repeat a strip of
// it next to the stub.
func (s *sheet) printAreas(l layout, below int) {
	first := len(l.widths)
	for pageWidth(l.widths[:first], l.closed) > printWidth/legible {
		first--
	}
	if first == len(l.widths) {
		return
	}
	area := func(top, column, bottom int) string {
		return "$A$" + strconv.Itoa(top) + ":" + ooxml.FixedCell(column, bottom)
	}
	s.PrintAreas(area(1, l.last, below-1), area(below, first, s.Row))
}
