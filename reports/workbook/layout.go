package workbook

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"surveykit/reports/wording"
	"surveykit/survey"
)

// span is the place of one banner point on the sheet: its figure, beside it
// the letters or the p-value, then the details that open and close.
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

// inPoints reports whether a figure has its unit, points, beside it: where the
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

// defaultWidth is that of a column right of the table.
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
			text := survey.FormatNumber(float64(c.Level)*100) + "%"
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

// units says what stands in each column under a label: its letter, the limits.
func (l layout) units(p span) []string {
	out := []string{""}
	switch {
	case p.Change:
		out = []string{l.change, "p"}
	case p.Letter != "":
		out = []string{fmt.Sprintf("(%s)", p.Letter), ""}
	}
	return append(out, l.details...)
}
