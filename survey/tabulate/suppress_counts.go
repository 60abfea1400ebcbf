package tabulate

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/quality"
	"surveykit/survey/tabulate/letters"
)

// published is a finished table with what its figures count.
type published struct {
	table *survey.Tabulation
	rows  []publishedRow
	// letters is nil where no columns are compared.
	letters *letters.Letters
}

// publishedRow is a line, how it sorts respondents, the least that it counts at each
// point of its banner if not nobody, and its cells, one a column.
type publishedRow struct {
	line
	banner banner
	axes   []engine.Axis
	frame  *engine.Frame
	least  []int
	cells  []*survey.Cell
}

// publish remembers what a row counts until all tables are there, where the
// study hides small counts: a figure of one table can give away one of another.
func (t *tabling) publish(e entry, b banner, cells []*survey.Cell) {
	if t.Study.Quality.Confidential == 0 {
		return
	}
	row := publishedRow{line: e.line, banner: b, axes: e.x.block.axes, frame: t.frame, least: make([]int, len(b.points)), cells: cells}
	for point := range row.least {
		for _, answers := range [][]int{e.base, e.count, e.otherBase, e.otherCount} {
			if n := e.x.respondents(answers, point); n > 0 && (row.least[point] == 0 || n < row.least[point]) {
				row.least[point] = n
			}
		}
	}
	t.rows = append(t.rows, row)
}

// places are the cells of a row.
func places(row []survey.Cell) []*survey.Cell {
	out := make([]*survey.Cell, len(row))
	for c := range row {
		out[c] = &row[c]
	}
	return out
}

// enter adds a finished table to those that are published.
func (t *tabling) enter(out *survey.Tabulation) {
	if len(t.rows) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.published = append(t.published, published{out, t.rows, t.lettered})
}

// protect hides the figures of all tables that would give somebody away.
func (m *making) protect(tables []*survey.Tabulation) {
	slices.SortFunc(m.published, func(p, q published) int {
		return slices.Index(tables, p.table) - slices.Index(tables, q.table)
	})
	threshold := m.Study.Quality.Confidential
	hidden := m.hiddenPoints(threshold)
	for k, p := range m.published {
		p.hide(hidden[k], threshold)
	}
	m.published = nil
}

// part are the rows of a table that count the answers to one question under
// one banner.
type part struct {
	table int
	rows  []int
}

// hiddenPoints says of each row of each table under which points its count is
// hidden. Rows that sort respondents alike are of one question, whatever they
// are called.
func (m *making) hiddenPoints(threshold int) [][][]bool {
	out := make([][][]bool, len(m.published))
	var questions [][]part
	same := sortings{making: m}
	for k, p := range m.published {
		out[k] = make([][]bool, len(p.rows))
		for r, row := range p.rows {
			out[k][r] = make([]bool, len(row.banner.points))
			if row.shows == "" {
				continue
			}
			q := same.question(row.axes, row.frame)
			if q == len(questions) {
				questions = append(questions, nil)
			}
			questions[q] = m.enlist(questions[q], k, r)
		}
	}
	for _, parts := range questions {
		m.hideQuestion(parts, threshold, out)
	}
	m.hideMade(out)
	return out
}

// hideMade hides the whole row of a figure that is made of a share with hidden
// figures, in any table. The net of a set less its other items would give away how
// many chose only that one; a gap or a ratio with its other share would give the
// share away. Its other columns would give away what is hidden in one of them, and
// so would the rows of other groups of the same request.
func (m *making) hideMade(hidden [][][]bool) {
	var telling []divided
	for k, p := range m.published {
		for r, row := range p.rows {
			if slices.Contains(hidden[k][r], true) {
				telling = append(telling, m.divide(division{row.axes, row.count, row.base}, row.frame))
			}
		}
	}
	if len(telling) == 0 {
		return
	}
	for k, p := range m.published {
		for _, row := range p.rows {
			if !slices.ContainsFunc(row.madeOf, func(d division) bool {
				return slices.ContainsFunc(telling, m.divide(d, row.frame).same)
			}) {
				continue
			}
			for r, other := range p.rows {
				if sameTexts(other.axes, row.axes) {
					hidden[k][r] = slices.Repeat([]bool{true}, len(row.banner.points))
				}
			}
		}
	}
}

// enlist adds a row of a table to the parts of its question.
func (m *making) enlist(parts []part, table, row int) []part {
	rows := m.published[table].rows
	at := slices.IndexFunc(parts, func(p part) bool { return p.table == table && rows[p.rows[0]].banner.sameAs(rows[row].banner) })
	if at < 0 {
		return append(parts, part{table, []int{row}})
	}
	parts[at].rows = append(parts[at].rows, row)
	return parts
}

// sameAs reports whether two banners have the same points.
func (b banner) sameAs(o banner) bool {
	return sameTexts(b.points, o.points) && sameTexts(b.where, o.where)
}

// hideQuestion hides what tables publish about one question.
func (m *making) hideQuestion(parts []part, threshold int, out [][][]bool) {
	first := m.published[parts[0].table].rows[parts[0].rows[0]]
	q := quality.Question{Rows: first.frame.Rows}
	asked := engine.Query{Cells: first.axes}
	var ends []int
	for _, at := range parts {
		rows := m.published[at.table].rows
		under := rows[at.rows[0]].banner
		for _, p := range under.points {
			for _, c := range under.where {
				p = p.And(c)
			}
			asked.Points = append(asked.Points, p)
		}
		ends = append(ends, len(asked.Points))
		sheet := quality.Sheet{Points: len(under.points)}
		for _, r := range at.rows {
			sheet.Lines = append(sheet.Lines, quality.Line{Count: rows[r].count, Base: rows[r].base})
		}
		q.Sheets = append(q.Sheets, sheet)
	}
	patterns, err := m.data().Patterns(m.ctx, first.frame, asked)
	if err != nil {
		m.fail(err)
		return
	}
	for _, p := range patterns {
		kind := quality.Kind{Answer: p.Cell, Points: make([][]int32, len(parts)), People: p.N}
		sheet, from := 0, 0
		for _, point := range p.Points {
			for int(point) >= ends[sheet] {
				from = ends[sheet]
				sheet++
			}
			kind.Points[sheet] = append(kind.Points[sheet], point-int32(from))
		}
		q.Kinds = append(q.Kinds, kind)
	}
	for k, hidden := range q.Hide(threshold) {
		for l, r := range parts[k].rows {
			out[parts[k].table][r] = hidden[l]
		}
	}
}

// hide empties the hidden cells of a table, with every comparison that they
// are part of, and says so in a note.
func (p published) hide(hidden [][]bool, threshold int) {
	n := 0
	for r, row := range p.rows {
		for c, col := range row.banner.columns[:len(row.cells)] {
			if row.hides(col, hidden[r], threshold) {
				row.cells[c].Estimate = emptied(row.cells[c].Estimate, row.shows == survey.AsRowPercent)
				n++
			}
		}
	}
	if n == 0 {
		p.table.Notes = append(p.table.Notes, fmt.Sprintf("No figure had to be hidden for confidentiality: none rests on 1 to %d respondents.", threshold-1))
		return
	}
	p.table.Notes = append(p.table.Notes, fmt.Sprintf("Hidden for confidentiality: %s figures that rest on 1 to %d respondents or would give away one that does.", survey.FormatCount(n), threshold-1))
	if p.letters != nil {
		p.letters.Without(p.table, func(c survey.LetterTest) bool {
			row := p.table.Cells[c.Row]
			return isHidden(row[c.Column]) || c.Against != survey.Rest && isHidden(row[c.Against])
		})
	}
}

func isHidden(c survey.Cell) bool { return slices.Contains(c.Flags, survey.FlagConfidential) }

// hides reports whether the figure under a column is hidden: a count that it
// shows is, or a figure that is no share rests on so few respondents itself.
func (r publishedRow) hides(c column, hidden []bool, threshold int) bool {
	points := c.points(c.point)
	if r.shows == survey.AsRowPercent || r.shows == survey.AsIndex {
		points = append(points, everybody)
	}
	return slices.ContainsFunc(points, func(p int) bool {
		few := r.least[p] > 0 && r.least[p] < threshold
		return hidden[p] || r.shows == "" && few
	})
}

// emptied is a figure without its numbers, and without its base where that is
// the count which is hidden.
func emptied(e survey.Estimate, base bool) survey.Estimate {
	none := survey.NoFigure()
	e.Value, e.SE, e.Low, e.High, e.Deff, e.T, e.P = none, none, none, none, none, none, none
	if base {
		e.N, e.NWeighted, e.NEffective, e.DF = 0, none, none, none
	}
	flags := slices.DeleteFunc(slices.Clone(e.Flags), func(f string) bool { return f == survey.FlagEdge || f == survey.FlagSuppressed })
	e.Flags = append(flags, survey.FlagSuppressed, survey.FlagConfidential)
	return e
}
