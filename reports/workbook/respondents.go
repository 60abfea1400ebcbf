package workbook

import (
	"fmt"
	"strings"

	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The widths of an accessible sheet's columns, in characters.
const (
	firstWidth  = 48.0
	answerWidth = 15.0
)

// above are the texts over a table.
func (a *accessible) above(i int, t *survey.Tabulation, g *grid) []line {
	texts := []line{{text: fmt.Sprintf("Table %d: %s", i+1, t.Title)}, {text: "This worksheet contains one table."}}
	add := func(text string) {
		if text != "" {
			texts = append(texts, line{text: text})
		}
	}
	add(a.syntheticText())
	if t.Question != "" {
		add("Question: " + t.Question)
	}
	add(wording.Base(t))
	var own []string
	for _, text := range remarks(t) {
		own = append(own, fmt.Sprintf("[note %d]", a.noteOf[text]))
	}
	if marks := strings.Join(own, ", "); marks != "" {
		add("Notes to this table are on the Notes worksheet: " + marks + ".")
	}
	add(g.shorthand())
	add(wording.Source(a.book))
	return append(texts, line{"Back to the contents", contentsSheet})
}

// syntheticText says that the data are simulated, "" where they are not.
func (a *accessible) syntheticText() string {
	if !a.book.Synthetic {
		return ""
	}
	return wording.Synthetic
}

// shorthand explains the markers in the grid, "" for none.
func (g *grid) shorthand() string {
	used := map[any]bool{}
	for _, row := range g.rows {
		for _, e := range row {
			used[e.value] = true
		}
	}
	var said []string
	for _, f := range shorthand {
		if used[f.Label] {
			said = append(said, f.Label+" "+f.Text)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Shorthand: " + strings.Join(said, "; ") + "."
}

// respondents turns a tabulation around: a row for each point of the banner,
// then the bases, then for each answer its figure, limits and what else there
// is, each in a column of its own.
func (a *accessible) respondents(t *survey.Tabulation) *grid {
	g := &grid{header: []string{"Respondents"}, widths: []float64{firstWidth}}
	own, has := wording.OwnBases(t), extrasOf(t)
	if has.letters {
		g.header = append(g.header, "Letter")
	}
	if !own {
		g.header = append(g.header, "Unweighted base", "Weighted base", "Effective base", "Reliability")
	}
	for _, row := range t.Rows {
		g.header = append(g.header, answerHeads(t, row, own, has)...)
	}
	for range g.header[1:] {
		g.widths = append(g.widths, answerWidth)
	}
	if len(t.Rows) == 0 {
		return g
	}
	for c, column := range t.Columns {
		row := []entry{word(columnText(t, column))}
		if has.letters {
			row = append(row, word(orInapplicable(column.Letter)))
		}
		if !own {
			row = append(row, bases(column.Change, column.N, survey.FigureOf(column.NWeighted), survey.FigureOf(column.NEffective))...)
			row = append(row, word(reliability(t, c)))
		}
		for r := range t.Rows {
			row = append(row, answer(t, r, c, own, has)...)
		}
		g.rows = append(g.rows, row)
	}
	return g
}

// extras are the columns that only some tables have.
type extras struct{ letters, changes bool }

func extrasOf(t *survey.Tabulation) extras {
	var has extras
	for _, c := range t.Columns {
		has.letters = has.letters || c.Letter != ""
		has.changes = has.changes || c.Change
	}
	return has
}

// measures name what the figures of a kind of row are.
var measures = map[survey.RowKind]string{
	survey.RowShare: "percentage", survey.RowNet: "percentage", survey.RowMean: "mean",
	survey.RowRatio: "ratio", survey.RowTotal: "total", survey.RowCount: "count", survey.RowIndex: "index",
	survey.RowGap: "gap in percentage points",
}

// answerHeads are the headings of one answer's columns.
func answerHeads(t *survey.Tabulation, row survey.Row, own bool, has extras) []string {
	label := row.Label
	if row.Group != "" {
		label = row.Group + ", " + row.Label
	}
	level := levelOf(t)
	if level != "" {
		level += " "
	}
	heads := []string{measures[row.Kind], level + "lower limit", level + "upper limit"}
	if heads[0] == "" {
		heads[0] = "figure"
	}
	if has.letters {
		heads = append(heads, "differs from")
	}
	if has.changes {
		heads = append(heads, "p-value")
	}
	if own {
		heads = append(heads, "unweighted base", "weighted base", "effective base", "reliability")
	}
	for i := range heads {
		heads[i] = label + ": " + heads[i]
	}
	return heads
}

// columnText names a point of the banner, with the unit of a change.
func columnText(t *survey.Tabulation, c survey.Column) string {
	text := c.Label
	if c.Group != "" {
		text = c.Group + ": " + c.Label
	}
	if c.Change && changeUnit(t) == points {
		text += " (change in percentage points)"
	} else if c.Change {
		text += " (change)"
	}
	return orInapplicable(text)
}

func orInapplicable(text string) string {
	if text == "" {
		return inapplicable
	}
	return text
}

// bases are the entries of three bases; a change has none.
func bases(change bool, n int, weighted, effective survey.Figure) []entry {
	if change {
		return []entry{word(inapplicable), word(inapplicable), word(inapplicable)}
	}
	return []entry{quantity(n, countFormat), quantity(orUnavailable(weighted), countFormat), quantity(orUnavailable(effective), countFormat)}
}

func orUnavailable(x survey.Figure) any {
	if !x.Exists() {
		return wording.Unavailable.Code
	}
	return x.Float()
}

// reliability is the worst mark of a column's figures: the first of those that are
// not shown, or the one of a small base.
func reliability(t *survey.Tabulation, c int) string {
	worst := reliableText
	for r := range t.Rows {
		cell := t.Cells[r][c]
		if wording.Has(cell, survey.FlagSuppressed) {
			return cellReliability(cell)
		}
		if wording.Has(cell, survey.FlagLowBase) {
			worst = wording.LowBase.Code
		}
	}
	return worst
}

func cellReliability(c survey.Cell) string {
	if m, ok := wording.InPlace(c); ok {
		return m.Code
	}
	if wording.Has(c, survey.FlagLowBase) {
		return wording.LowBase.Code
	}
	return reliableText
}

// answer are the entries of one answer in one row.
func answer(t *survey.Tabulation, row, point int, own bool, with extras) []entry {
	kind, column, c := t.Rows[row].Kind, t.Columns[point], t.Cells[row][point]
	of := func(x survey.Figure) entry {
		if m, ok := wording.InPlace(c); ok {
			return quantity(m.Code, "")
		}
		if m := wording.WithoutLimits(kind, c); !x.Exists() && m.Sign != "" {
			return quantity(m.Code, "")
		}
		return quantity(orUnavailable(x), format(kind, column.Change, "", t.Rounding, ""))
	}
	held := func(x survey.Figure) entry {
		return of(survey.FigureOf(ooxml.Held(measured(kind, column.Change), x.Float())))
	}
	out := []entry{held(c.Value), held(c.Low), held(c.High)}
	if with.letters {
		out = append(out, word(lettersText(column, c)))
	}
	if with.changes {
		p := quantity(inapplicable, "")
		if column.Change {
			p = of(c.P)
			p.look.format = "0.000"
		}
		out = append(out, p)
	}
	if own {
		out = append(out, bases(column.Change, c.N, c.NWeighted, c.NEffective)...)
		out = append(out, word(cellReliability(c)))
	}
	return out
}

// lettersText are the letters of the columns that a figure differs from.
func lettersText(column survey.Column, c survey.Cell) string {
	switch {
	case column.Letter == "":
		return inapplicable
	case wording.Has(c, survey.FlagSuppressed):
		return cellReliability(c)
	case c.Letters == "":
		return noLettersText
	}
	return c.Letters
}
