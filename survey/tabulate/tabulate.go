// Package tabulate crosses stubs with banners: it turns a study's table
// requests into Tabulations, the one thing that renderers see.
//
// A table is made in five steps. It is planned: banner and stub are laid out, as
// points and blocks of a query, and every fault of the request is found (plan.go,
// banner.go, stub.go, and a file for each kind of rows and columns). Its cells are
// computed of the totals that answer the query (cells.go). Columns are compared
// (compare.go), package letters marks those that differ, and package protect hides
// what gives few people away once all tables are there.
package tabulate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
	"surveykit/survey/tabulate/protect"
)

// Maker makes the tables of a study over one prepared table and its design. The
// weights and the segments that the study asks for are made before, as package
// reports does; without them there is an error, never another figure.
type Maker struct {
	Table *survey.Table
	Frame *engine.Frame
	Study *survey.Study
	// Frames are the designs by the study's further weights, under their names.
	Frames map[string]*engine.Frame
	// Engine answers what is asked of the rows, of which Table is then the codebook.
	// Default: the engine of Table in memory.
	Engine engine.Engine

	mu     sync.Mutex
	memory engine.Engine
	// made are the tables of analyses, by id.
	made map[string]func() (*Made, error)
}

// making is one call of All or Check, whose context is that of what the engine is
// asked.
type making struct {
	*Maker
	ctx     context.Context
	failure error
	banners []laid
	frames  map[string]func() (*engine.Frame, error)
	// published are the tables so far, where small counts are hidden.
	published []protect.Table
}

// All makes every table, with intervals as the study's design says, on all cores; the
// result does not depend on their number. progress, where not nil, is told how many
// tables are done. Problems of all tables are reported together.
func (m *Maker) All(ctx context.Context, progress func(done int)) ([]*survey.Tabulation, error) {
	specs := m.Study.Tables
	if _, problems := estimate.Designed(m.Study.Design); len(problems) > 0 {
		return nil, problems
	}
	var unmade survey.Problems
	for _, spec := range specs {
		for _, f := range m.unmade(spec.Weight, nil) {
			if !slices.Contains(unmade, f.Problem) {
				unmade = append(unmade, f.Problem)
			}
		}
	}
	if len(unmade) > 0 {
		return nil, unmade
	}
	all, out := &making{Maker: m, ctx: ctx}, make([]*survey.Tabulation, len(specs))
	faults := make([]survey.Problems, len(specs))
	var done sync.Mutex
	finished := 0
	err := parallel.Each(ctx, len(specs), func(i int) {
		p := all.plan(i, nil)
		for _, f := range p.Faults {
			faults[i] = append(faults[i], f.Problem)
		}
		if p.Figures != nil {
			out[i] = p.Figures()
			p.enter(out[i])
		}
		done.Lock()
		defer done.Unlock()
		finished++
		if progress != nil {
			progress(finished)
		}
	})
	if err = cmp.Or(err, all.failure); err != nil {
		return nil, err
	}
	var problems survey.Problems
	for i, ps := range faults {
		for _, p := range ps {
			p.Message = fmt.Sprintf("table %s: %s", specs[i].ID, p.Message)
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		return out, problems
	}
	// Figures of one table can give away those of another.
	slices.SortFunc(all.published, func(p, q protect.Table) int {
		return slices.Index(out, p.Tabulation) - slices.Index(out, q.Tabulation)
	})
	return out, protect.Hide(all.ctx, all.Answering(), all.Study.Quality.Confidential, all.published)
}

// classify sorts a variable's answers into categories.
func (m *making) classify(name string) (survey.Classes, survey.Problems) {
	v := m.Table.Lookup(name)
	if v == nil {
		return survey.Classes{}, survey.Problems{m.Table.Unknown(name)}
	}
	c, err := m.Answering().Categories(m.ctx, name)
	if err != nil {
		return c, asProblems(err)
	}
	return c, endless(name, c)
}

// Answering is the engine that answers what the tables ask of the rows.
func (m *Maker) Answering() engine.Engine {
	if m.Engine != nil {
		return m.Engine
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.memory == nil {
		m.memory = memory.New(m.Table)
	}
	return m.memory
}

// fail keeps the first failure of the engine: the tables are not made then.
func (m *making) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failure == nil {
		m.failure = err
	}
}

// counts answers one query by numbers of rows, with a weight or, without a frame,
// all of them.
func (m *making) counts(f *engine.Frame, q engine.Query) []int {
	counts, err := m.Answering().Counts(m.ctx, f, []engine.Query{q})
	if err != nil {
		m.fail(err)
		cells, terms := q.Size()
		return make([]int, cells*terms)
	}
	return counts[0]
}

// compile binds an expression to the table.
func (m *making) compile(source string) (*expression.Expression, survey.Problems) {
	e, err := expression.Compile(source, m.Table)
	return e, asProblems(err)
}

func asProblems(err error) survey.Problems {
	if err == nil {
		return nil
	}
	if ps, ok := err.(survey.Problems); ok {
		return ps
	}
	return survey.Problems{{Message: err.Error()}}
}

// frame is the design by a table's own weight: one of the study's, or counted
// once for each variable.
func (m *making) frame(weight string) (*engine.Frame, survey.Problems) {
	if weight == "" || weight == m.Study.Design.Weight && m.Study.Weighting == nil {
		return m.Frame, nil
	}
	if f := m.Frames[weight]; f != nil {
		return f, nil
	}
	design, problem := m.Study.Design.With(survey.FurtherWeight{Weight: weight})
	if problem != nil {
		return nil, survey.Problems{*problem}
	}
	m.mu.Lock()
	if m.frames == nil {
		m.frames = map[string]func() (*engine.Frame, error){}
	}
	count, ok := m.frames[weight]
	if !ok {
		count = sync.OnceValues(func() (*engine.Frame, error) { return m.Answering().Frame(m.ctx, design) })
		m.frames[weight] = count
	}
	m.mu.Unlock()
	f, err := count()
	if err != nil {
		return nil, asProblems(err)
	}
	return f, nil
}

// longestCategory is the longest text in bytes that is a category: a longer one
// is an essay, and every cell of its row would carry it.
const longestCategory = 10_000

// endless finds categories that are too long for a table.
func endless(name string, c survey.Classes) survey.Problems {
	longest := 0
	for _, x := range c.Values {
		longest = max(longest, len(x.Text))
	}
	if longest <= longestCategory {
		return nil
	}
	return survey.Problems{{
		Variable: name, Message: fmt.Sprintf("an answer has %d bytes, and a category may have at most %d", longest, longestCategory),
		Remedy: "recode the answers, or print them with verbatim",
	}}
}

// publish remembers what a row counts until all tables are there, where the
// study hides small counts: a figure of one table can give away one of another.
func (t *tabling) publish(e entry, b banner, cells []*survey.Cell) {
	if t.Study.Quality.Confidential == 0 {
		return
	}
	row := protect.Row{Shows: e.shows, Division: protect.Division{Axes: e.x.block.axes, Count: e.count, Base: e.base}, MadeOf: e.madeOf,
		Frame: t.frame, Points: b.points, Where: b.where, Least: make([]int, len(b.points)), Cells: cells}
	for point := range row.Least {
		for _, answers := range [][]int{e.base, e.count, e.otherBase, e.otherCount} {
			if n := e.x.respondents(answers, point); n > 0 && (row.Least[point] == 0 || n < row.Least[point]) {
				row.Least[point] = n
			}
		}
	}
	for _, c := range b.columns[:len(cells)] {
		points := c.points(c.point)
		if e.shows == survey.AsRowPercent || e.shows == survey.AsIndex {
			points = append(points, everybody)
		}
		row.RestsOn = append(row.RestsOn, points)
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
	t.published = append(t.published, protect.Table{Tabulation: out, Rows: t.rows, Letters: t.lettered})
}
