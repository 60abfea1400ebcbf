package tabulate

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/quality"
)

// published is a finished table with what its figures count.
type published struct {
	table *survey.Tabulation
	rows  []publishedRow
	// letters is nil where no columns are compared.
	letters *lettering
}

// publishedRow is a line, the answers and weights that it counts, the least
// that it counts at each point of its banner if not nobody, and its cells, one
// a column.
type publishedRow struct {
	line
	banner  banner
	axes    []engine.Axis
	weights []float64
	least   []int
	cells   []*survey.Cell
}

// publish remembers what a row counts until all tables are there, where the
// study hides small counts: a figure of one table can give away one of another.
func (t *tabling) publish(e entry, b banner, cells []*survey.Cell) {
	if t.Study.Quality.Confidential == 0 {
		return
	}
	row := publishedRow{line: e.line, banner: b, axes: e.x.block.axes, weights: t.frame.Weights, least: make([]int, len(b.points)), cells: cells}
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
func (m *Maker) protect(tables []*survey.Tabulation) {
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
func (m *Maker) hiddenPoints(threshold int) [][][]bool {
	out := make([][][]bool, len(m.published))
	questions := map[uint64][]part{}
	var order []uint64
	for k, p := range m.published {
		out[k] = make([][]bool, len(p.rows))
		for r, row := range p.rows {
			out[k][r] = make([]bool, len(row.banner.points))
			if row.shows == "" {
				continue
			}
			key := question(m.cells(row.axes), row.weights)
			if questions[key] == nil {
				order = append(order, key)
			}
			questions[key] = m.enlist(questions[key], k, r)
		}
	}
	for _, key := range order {
		m.hideQuestion(questions[key], threshold, out)
	}
	m.hideMade(out)
	return out
}

// division is whom a share counts among the people of its base, by cells of axes.
type division struct {
	axes        []engine.Axis
	count, base []int
}

// cells are the rows' cells of crossed axes.
func (m *Maker) cells(axes []engine.Axis) []int32 {
	cell, _, err := m.data().Sort(axes)
	if err != nil {
		m.fail(err)
	}
	return cell
}

// key names a division. A share and its complement have the same.
func (m *Maker) key(d division, weights []float64) uint64 {
	cell := m.cells(d.axes)
	side := map[int32]int32{}
	for _, c := range d.base {
		side[int32(c)] = 0
	}
	for _, c := range d.count {
		side[int32(c)] = 1
	}
	sides, first := make([]int32, len(cell)), int32(-1)
	for i, c := range cell {
		s, in := side[c]
		switch {
		case !in || weights[i] == 0:
			sides[i] = -1
			continue
		case first < 0:
			first = s
		}
		sides[i] = s ^ first
	}
	return question(sides, weights)
}

// hideMade hides the whole row of a figure that is made of a share with hidden
// figures, in any table. The net of a set less its other items would give away how
// many chose only that one; a gap or a ratio with its other share would give the
// share away. Its other columns would give away what is hidden in one of them, and
// so would the rows of other groups of the same request.
func (m *Maker) hideMade(hidden [][][]bool) {
	telling := map[uint64]bool{}
	for k, p := range m.published {
		for r, row := range p.rows {
			if slices.Contains(hidden[k][r], true) {
				telling[m.key(division{row.axes, row.count, row.base}, row.weights)] = true
			}
		}
	}
	if len(telling) == 0 {
		return
	}
	for k, p := range m.published {
		for _, row := range p.rows {
			if !slices.ContainsFunc(row.madeOf, func(d division) bool { return telling[m.key(d, row.weights)] }) {
				continue
			}
			for r, other := range p.rows {
				if sameAxes(other.axes, row.axes) {
					hidden[k][r] = slices.Repeat([]bool{true}, len(row.banner.points))
				}
			}
		}
	}
}

// enlist adds a row of a table to the parts of its question.
func (m *Maker) enlist(parts []part, table, row int) []part {
	rows := m.published[table].rows
	at := slices.IndexFunc(parts, func(p part) bool { return p.table == table && rows[p.rows[0]].banner.sameAs(rows[row].banner) })
	if at < 0 {
		return append(parts, part{table, []int{row}})
	}
	parts[at].rows = append(parts[at].rows, row)
	return parts
}

func sameAxes(a, b []engine.Axis) bool {
	return slices.EqualFunc(a, b, func(x, y engine.Axis) bool { return x.String() == y.String() })
}

// sameAs reports whether two banners have the same points.
func (b banner) sameAs(o banner) bool {
	same := func(x, y engine.Point) bool { return x.String() == y.String() }
	return slices.EqualFunc(b.points, o.points, same) && engine.Point{b.where}.String() == engine.Point{o.where}.String()
}

// question names a way of sorting respondents by their answers.
func question(answer []int32, weights []float64) uint64 {
	h := fnv.New64a()
	var b [4]byte
	for i, a := range answer {
		if weights[i] == 0 {
			a = -1
		}
		binary.LittleEndian.PutUint32(b[:], uint32(a))
		h.Write(b[:])
	}
	return h.Sum64()
}

// hideQuestion hides what tables publish about one question.
func (m *Maker) hideQuestion(parts []part, threshold int, out [][][]bool) {
	first := m.published[parts[0].table].rows[parts[0].rows[0]]
	q := quality.Question{Answer: m.cells(first.axes), Weight: first.weights}
	for _, at := range parts {
		rows := m.published[at.table].rows
		under := rows[at.rows[0]].banner
		start, index, _, err := m.data().Belong(under.points, under.where)
		if err != nil {
			m.fail(err)
			return
		}
		sheet := quality.Sheet{Points: len(under.points), Start: start, Index: index}
		for _, r := range at.rows {
			sheet.Lines = append(sheet.Lines, quality.Line{Count: rows[r].count, Base: rows[r].base})
		}
		q.Sheets = append(q.Sheets, sheet)
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
		p.letters.without(p.table, func(c survey.LetterTest) bool {
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
