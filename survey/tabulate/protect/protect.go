// Package protect hides what tables give away of few people: figures that rest on a
// small count, and others from which these could be computed. It looks at all tables
// of a study together, because a figure of one table can give away a figure of another.
package protect

import (
	"context"
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/quality"
	"surveykit/survey/tabulate/letters"
)

// Table is a finished table with what its figures count.
type Table struct {
	*survey.Tabulation
	Rows []Row
	// Letters is nil where no columns are compared.
	Letters *letters.Letters
}

// Row is how a row of a table sorts respondents.
type Row struct {
	// Shows says by which figure a share is shown, "" where the row is not a share.
	Shows survey.ShownAs
	// Division is whom the row counts.
	Division
	// MadeOf are the shares that its figures could give away.
	MadeOf []Division
	Frame  *engine.Frame
	// Points are the banner's, of the rows for which Where holds. Least is the
	// least count of the row's cells at each that is not 0.
	Points []engine.Point
	Where  []engine.Condition
	Least  []int
	// Cells are the row's cells, and RestsOn the points that each of them rests on.
	Cells   []*survey.Cell
	RestsOn [][]int
}

// Division is whom a share counts among the people of its base, by cells of axes.
type Division struct {
	Axes        []engine.Axis
	Count, Base []int
}

// Hide hides the figures of tables that rest on 1 to threshold − 1 respondents, and
// figures that would give one of them away, with their comparisons. The error is the
// engine's; the tables must not be used then.
func Hide(ctx context.Context, e engine.Engine, threshold int, tables []Table) error {
	p := &protector{ctx: ctx, engine: e, tables: tables}
	hidden := p.hiddenPoints(threshold)
	for k, t := range tables {
		t.hide(hidden[k], threshold)
	}
	return p.failure
}

// protector asks the engine about all tables; it keeps the first failure.
type protector struct {
	ctx     context.Context
	engine  engine.Engine
	tables  []Table
	failure error
}

// counts are the numbers of rows with a weight in the answer to a query, such as by
// the cells of some axes.
func (p *protector) counts(f *engine.Frame, q engine.Query) []int {
	counts, err := p.engine.Counts(p.ctx, f, []engine.Query{q})
	if err != nil {
		p.fail(err)
		cells, terms := q.Size()
		return make([]int, cells*terms)
	}
	return counts[0]
}

func (p *protector) fail(err error) {
	if p.failure == nil {
		p.failure = err
	}
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
func (p *protector) hiddenPoints(threshold int) [][][]bool {
	out := make([][][]bool, len(p.tables))
	var questions [][]part
	same := sortings{protector: p}
	for k, t := range p.tables {
		out[k] = make([][]bool, len(t.Rows))
		for r, row := range t.Rows {
			out[k][r] = make([]bool, len(row.Points))
			if row.Shows == "" {
				continue
			}
			q := same.question(row.Axes, row.Frame)
			if q == len(questions) {
				questions = append(questions, nil)
			}
			// The rows of a question that are under the same points are one part.
			at := slices.IndexFunc(questions[q], func(o part) bool {
				return o.table == k && engine.Same(t.Rows[o.rows[0]].Points, row.Points) && engine.Same(t.Rows[o.rows[0]].Where, row.Where)
			})
			if at < 0 {
				questions[q] = append(questions[q], part{k, []int{r}})
				continue
			}
			questions[q][at].rows = append(questions[q][at].rows, r)
		}
	}
	for _, parts := range questions {
		p.hideQuestion(parts, threshold, out)
	}
	p.hideMade(out)
	return out
}

// hideMade hides the whole row of a figure that is made of a share with hidden
// figures, in any table. The net of a set less its other items would give away how
// many chose only that one; a gap or a ratio with its other share would give the
// share away. Its other columns would give away what is hidden in one of them, and
// so would the rows of other groups of the same request.
func (p *protector) hideMade(hidden [][][]bool) {
	var telling []divided
	for k, t := range p.tables {
		for r, row := range t.Rows {
			if slices.Contains(hidden[k][r], true) {
				telling = append(telling, p.divide(row.Division, row.Frame))
			}
		}
	}
	if len(telling) == 0 {
		return
	}
	for k, t := range p.tables {
		for _, row := range t.Rows {
			if !slices.ContainsFunc(row.MadeOf, func(d Division) bool {
				return slices.ContainsFunc(telling, p.divide(d, row.Frame).same)
			}) {
				continue
			}
			for r, other := range t.Rows {
				if engine.Same(other.Axes, row.Axes) {
					hidden[k][r] = slices.Repeat([]bool{true}, len(row.Points))
				}
			}
		}
	}
}

// hideQuestion hides what tables publish about one question.
func (p *protector) hideQuestion(parts []part, threshold int, out [][][]bool) {
	first := p.tables[parts[0].table].Rows[parts[0].rows[0]]
	q := quality.Question{Rows: first.Frame.Rows}
	asked := engine.Query{Cells: first.Axes}
	var ends []int
	for _, at := range parts {
		rows := p.tables[at.table].Rows
		under := rows[at.rows[0]]
		for _, point := range under.Points {
			for _, c := range under.Where {
				point = point.And(c)
			}
			asked.Points = append(asked.Points, point)
		}
		ends = append(ends, len(asked.Points))
		sheet := quality.Sheet{Points: len(under.Points)}
		for _, r := range at.rows {
			sheet.Lines = append(sheet.Lines, quality.Line{Count: rows[r].Count, Base: rows[r].Base})
		}
		q.Sheets = append(q.Sheets, sheet)
	}
	patterns, err := p.engine.Patterns(p.ctx, first.Frame, asked)
	if err != nil {
		p.fail(err)
		return
	}
	for _, found := range patterns {
		kind := quality.Kind{Answer: found.Cell, Points: make([][]int32, len(parts)), People: found.N}
		sheet, from := 0, 0
		for _, point := range found.Points {
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
func (t Table) hide(hidden [][]bool, threshold int) {
	n := 0
	for r, row := range t.Rows {
		for c, cell := range row.Cells {
			// A count that the figure shows is hidden, or the figure is not a share and rests
			// on so few respondents itself.
			hide := slices.ContainsFunc(row.RestsOn[c], func(p int) bool {
				few := row.Least[p] > 0 && row.Least[p] < threshold
				return hidden[r][p] || row.Shows == "" && few
			})
			if hide {
				cell.Estimate = emptied(cell.Estimate, row.Shows == survey.AsRowPercent)
				n++
			}
		}
	}
	if n == 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("No figure had to be hidden for confidentiality: none rests on 1 to %d respondents.", threshold-1))
		return
	}
	t.Notes = append(t.Notes, fmt.Sprintf("Hidden for confidentiality: %s figures that rest on 1 to %d respondents or would give away one that does.", survey.FormatCount(n), threshold-1))
	if t.Letters != nil {
		t.Letters.Without(t.Tabulation, func(c survey.LetterTest) bool {
			row := t.Cells[c.Row]
			return isHidden(row[c.Column]) || c.Against != survey.Rest && isHidden(row[c.Against])
		})
	}
}

func isHidden(c survey.Cell) bool { return slices.Contains(c.Flags, survey.FlagConfidential) }

// emptied is a figure without its numbers, and without its base where the base is
// the hidden count.
func emptied(e survey.Estimate, base bool) survey.Estimate {
	var none survey.Figure
	e.Value, e.SE, e.Low, e.High, e.Deff, e.T, e.P = none, none, none, none, none, none, none
	if base {
		e.N, e.NWeighted, e.NEffective, e.DF = 0, none, none, none
	}
	flags := slices.DeleteFunc(slices.Clone(e.Flags), func(f string) bool { return f == survey.FlagEdge || f == survey.FlagSuppressed })
	e.Flags = append(flags, survey.FlagSuppressed, survey.FlagConfidential)
	return e
}
