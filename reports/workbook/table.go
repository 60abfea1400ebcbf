package workbook

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// table writes one table's sheet: titles, banner, bases, figures, legend, chart.
func (m *maker) table(i int, t *survey.Tabulation) error {
	l := layOut(t)
	if l.last > ooxml.MaxColumns {
		return fmt.Errorf("workbook, sheet %q: the table needs %d columns and a sheet has %d; split its banner over several tables", m.names[i], l.last, ooxml.MaxColumns)
	}
	top := 2 // rows above the banner: the link and the title
	if m.book.Synthetic {
		top++
	}
	for _, text := range []string{t.Question, wording.Base(t)} {
		if text != "" {
			top++
		}
	}
	s := m.open(m.names[i], ooxml.Layout{Widths: l.widths, Closed: l.closed, FrozenRows: top + 3, FrozenColumns: 1})
	s.PrintTitles(top+1, top+3)
	s.titles(t, l)
	s.banner(l)
	s.bases(t, l)
	s.nameRange("bases_"+m.ranges[i], s.Row-2, l.last)
	first := s.Row + 1
	shade := newShade(t, l)
	for r, row := range t.Rows {
		if row.Group != "" && (r == 0 || row.Group != t.Rows[r-1].Group) {
			s.rowGroup(row.Group, l)
		}
		s.figures(t, r, l)
		last := len(shade.runs) - 1
		switch {
		case !slices.Contains(shade.rows, r):
		case last >= 0 && shade.runs[last][1] == s.Row-1:
			shade.runs[last][1] = s.Row
		default:
			shade.runs = append(shade.runs, [2]int{s.Row, s.Row})
		}
	}
	var ranges []string
	for _, column := range shade.columns {
		for _, run := range shade.runs {
			ranges = append(ranges, ooxml.CellName(column, run[0])+":"+ooxml.CellName(column, run[1]))
		}
	}
	if cells := strings.Join(ranges, " "); m.shaded[i] && cells != "" {
		s.Shade(cells, m.brand.Tint)
	}
	if s.Row >= first {
		s.nameRange("figures_"+m.ranges[i], first, l.last)
	}
	below := s.Row + 1
	last, width := l.textBlock()
	s.skip(1)
	var explained []string
	for _, m := range wording.Marks(t) {
		sign := m.Sign
		if m == wording.LowBase {
			sign += " and italics:"
		}
		explained = append(explained, sign+" "+m.Meaning+".")
	}
	explained = append(explained, t.Legend...)
	if l.own {
		explained = append(explained, "Rows differ in their bases: the lines on top show the smallest and the largest, the closed columns right of each figure its own (n unweighted, weighted and effective).")
	}
	explained = append(explained, "Confidence limits are in closed columns right of each figure: press + or 2 above the column letters to open them.")
	explained = append(explained, t.Notes...)
	explained = append(explained, m.chartRemarks(i)...)
	for _, text := range explained {
		s.paragraph(text, quiet, last, width)
	}
	if source := wording.Source(s.book); source != "" {
		s.paragraph(source, quiet, last, width)
	}
	if of := m.charts[i]; len(of) > 0 {
		s.charts(of, l)
	} else {
		s.fitToPage(l, 0, 0, 0)
	}
	s.printAreas(l, below)
	s.Close()
	return nil
}

// nameRange names the cells right of the stub from a row to the last one.
func (s *sheet) nameRange(name string, first, lastColumn int) {
	if lastColumn > 1 {
		s.file.Name(name, ooxml.Reference(s.Name, ooxml.FixedCell(2, first)+":"+ooxml.FixedCell(lastColumn, s.Row)))
	}
}

func (s *sheet) titles(t *survey.Tabulation, l layout) {
	last, width := l.textBlock()
	s.put(0, s.cell("← Contents", linked))
	s.Link(1, contentsSheet)
	s.syntheticBanner(max(last, l.last))
	s.paragraph(t.Title, title, last, width)
	if t.Question != "" {
		s.paragraph(t.Question, look{italic: true}, last, width)
	}
	if base := wording.Base(t); base != "" {
		s.paragraph(base, look{color: grey}, last, width)
	}
}

// headingLines are as many lines as a heading over columns may take: a whole
// question over two columns is shortened.
const headingLines = 3

// banner writes three rows: groups, labels, and what each column holds.
func (s *sheet) banner(l layout) {
	centred := header
	centred.align, centred.wrap, centred.middle = "center", true, true
	row, high := s.blankRow(l, header), 1
	for _, h := range l.headings() {
		room := l.visibleWidth(h.first, h.last) - 1
		text := h.label
		if short := ooxml.Shorten(text, int(headingLines*room)); short != text {
			text = short + "…"
		}
		row[h.first-1] = s.cell(text, centred.edged(true))
		high = max(high, lines(text, room))
	}
	s.put(rowHeight(high, fontSize), row...)
	for _, h := range l.headings() {
		s.Merge(h.first, h.last)
	}
	label := look{bold: true, fill: pale, wrap: true, middle: true, align: "center"}
	row, high = s.blankRow(l, label), 1
	for _, p := range l.spans {
		row[p.first-1] = s.cell(p.Label, label.edged(p.opens))
		high = max(high, lines(p.Label, l.visibleWidth(p.first, p.last)-1))
	}
	s.put(rowHeight(high, fontSize), row...)
	for _, p := range l.spans {
		s.Merge(p.first, p.last)
	}
	unit := look{size: 8, color: grey, fill: pale, under: true, align: "right", wrap: true}
	row = s.blankRow(l, unit)
	for _, p := range l.spans {
		out := []string{""}
		switch {
		case p.Change:
			out = []string{l.change, "p"}
		case p.Letter != "":
			out = []string{fmt.Sprintf("(%s)", p.Letter), ""}
		}
		for k, text := range append(out, l.details...) {
			row[p.first-1+k] = s.cell(text, unit.edged(p.opens && k == 0))
		}
	}
	s.put(rowHeight(1, 8), row...)
}

// blankRow is a row of empty cells under one look, over the whole table.
func (s *sheet) blankRow(l layout, of look) []ooxml.Cell {
	row := make([]ooxml.Cell, l.last)
	for i := range row {
		row[i] = s.cell(nil, of)
	}
	for _, p := range l.spans {
		row[p.first-1] = s.cell(nil, of.edged(p.opens))
	}
	return row
}

// bases writes the columns' bases: a range where the rows of a column differ,
// on two lines where it is wider than its column.
func (s *sheet) bases(t *survey.Tabulation, l layout) {
	rows := wording.Bases(t)
	for k, base := range rows {
		text := look{color: grey, fill: faint, under: k == len(rows)-1}
		number := text
		number.align, number.format = "right", countFormat+noMark
		words := number
		words.wrap = true
		row, high := s.blankRow(l, text), 1
		row[0] = s.cell(base.Label, text)
		for i, p := range l.spans {
			switch r := base.Columns[i]; {
			case r.One() && r.Least.Exists():
				row[p.first-1] = s.cell(r.Least.Float(), number.edged(p.opens))
			case r.Least.Exists():
				written := r.String()
				if utf8.RuneCountInString(written) > int(l.widths[p.first-1])-1 {
					written, high = strings.Replace(written, "–", "–\n", 1), 2
				}
				row[p.first-1] = s.cell(written, words.edged(p.opens))
			}
		}
		s.put(rowHeight(high, fontSize), row...)
	}
}

func (s *sheet) rowGroup(label string, l layout) {
	group := look{bold: true, color: navy, above: true, wrap: true}
	row := s.blankRow(l, group)
	row[0] = s.cell(label, group)
	s.put(rowHeight(lines(label, stubWidth), fontSize), row...)
}

// figures writes one row of the stub.
func (s *sheet) figures(t *survey.Tabulation, r int, l layout) {
	row, last := t.Rows[r], r == len(t.Rows)-1
	text := look{bold: row.Kind == survey.RowNet, wrap: true, under: last, indent: row.Indent}
	if row.Group != "" {
		text.indent++
	}
	out := s.blankRow(l, look{under: last})
	out[0] = s.cell(row.Label, text)
	for _, p := range l.spans {
		s.point(out, t, r, p, l, look{bold: text.bold, under: last, align: "right"})
	}
	s.put(rowHeight(lines(row.Label, stubWidth-2*float64(text.indent)), fontSize), out...)
}

// point fills the columns of one banner point: figure, letters or p, details.
func (s *sheet) point(out []ooxml.Cell, t *survey.Tabulation, r int, p span, l layout, of look) {
	kind, c := t.Rows[r].Kind, t.Cells[r][p.index]
	held := measured(kind, p.Change)
	value, bound, count := of, of, of
	mark := noMark
	if after := wording.Of(t, r, p.index).Mark; after != "" {
		mark = `"` + after + `"`
	}
	value.format = format(kind, p.Change, l.change, t.Rounding, mark)
	if wording.Has(c, survey.FlagLowBase) {
		value.italic, value.color = true, grey
	}
	out[p.first-1] = s.cell(cellValue(held, c), value.edged(p.opens))
	switch {
	case p.Change:
		pValue := of
		pValue.format, pValue.color = pFormat, grey
		out[p.side-1] = s.cell(shown(c, c.P), pValue)
	case p.side > 0:
		out[p.side-1] = s.cell(letters(c), look{size: 8, color: grey, under: of.under, middle: true, align: "left"})
	}
	bound.format, bound.color, bound.bold = format(kind, p.Change, l.change, t.Rounding, ""), grey, false
	details := []ooxml.Cell{s.cell(limit(held, c, c.Low), bound), s.cell(limit(held, c, c.High), bound)}
	if l.own {
		count.format, count.color, count.bold = countFormat, grey, false
		details = append(details, s.cell(c.N, count), s.cell(existing(c.NWeighted), count), s.cell(existing(c.NEffective), count))
	}
	copy(out[p.details-1:], details)
}

// letters are the letters of a figure that is shown.
func letters(c survey.Cell) string {
	if wording.Has(c, survey.FlagSuppressed) {
		return ""
	}
	return c.Letters
}

// existing is a figure as a cell's value, nil where it does not exist.
func existing(x survey.Figure) any {
	if !x.Exists() {
		return nil
	}
	return x.Float()
}

// chartRemarks say how table i is shaded, or why its chart is missing.
func (m *maker) chartRemarks(i int) []string {
	switch {
	case m.undrawn[i] != nil:
		return []string{"The chart cannot be drawn: " + m.undrawn[i].Error()}
	case m.shaded[i]:
		return []string{"Figures are shaded from white, the smallest, to the deepest tone, the largest."}
	}
	return nil
}

// shade collects the cells of a table that are coloured by their figures.
type shade struct {
	table *survey.Tabulation
	// columns are the sheet's columns of figures, rows the table's rows, runs the
	// first and the last row on the sheet of rows that follow each other.
	columns, rows []int
	runs          [][2]int
}

// newShade picks what the table's chart draws: its columns without changes, or
// those named; its rows that share the unit of the first, or those named.
func newShade(t *survey.Tabulation, l layout) *shade {
	s := &shade{table: t}
	if t.Chart == nil {
		return s
	}
	picked := func(names []string, named func(string) bool) bool {
		return len(names) == 0 || slices.ContainsFunc(names, named)
	}
	for _, p := range l.spans {
		if !p.Change && picked(t.Chart.Columns, p.Named) {
			s.columns = append(s.columns, p.first)
		}
	}
	for r, row := range t.Rows {
		if picked(t.Chart.Rows, row.Named) && (len(s.rows) == 0 || unit(row.Kind) == unit(t.Rows[s.rows[0]].Kind)) {
			s.rows = append(s.rows, r)
		}
	}
	return s
}

// unit is the kind of a row without regard to nets, which are shares.
func unit(kind survey.RowKind) survey.RowKind {
	if kind == survey.RowNet {
		return survey.RowShare
	}
	return kind
}
