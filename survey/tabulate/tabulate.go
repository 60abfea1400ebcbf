// Package tabulate crosses stubs with banners: it turns a study's table
// requests into Tabulations, the one thing that renderers see.
package tabulate

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// Maker makes the tables of a study over one prepared table and its design.
type Maker struct {
	Table *survey.Table
	Frame *engine.Frame
	Study *survey.Study
	// Level is the confidence level.
	Level float64

	mu      sync.Mutex
	classes map[string]survey.Classes
	banners map[string]func() (banner, survey.Problems)
}

// All makes every table, on all cores; the result does not depend on their
// number. progress, where not nil, is told how many tables are done. Problems
// of all tables are reported together.
func (m *Maker) All(ctx context.Context, progress func(done int)) ([]*survey.Tabulation, error) {
	specs := m.Study.Tables
	out := make([]*survey.Tabulation, len(specs))
	faults := make([]survey.Problems, len(specs))
	next := make(chan int)
	var wg sync.WaitGroup
	var done sync.Mutex
	finished := 0
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				out[i], faults[i] = m.table(specs[i])
				done.Lock()
				finished++
				if progress != nil {
					progress(finished)
				}
				done.Unlock()
			}
		})
	}
	err := feed(ctx, next, len(specs))
	wg.Wait()
	if err != nil {
		return nil, err
	}
	var problems survey.Problems
	for i, ps := range faults {
		for _, p := range ps {
			p.Message = fmt.Sprintf("table %s: %s", specs[i].ID, p.Message)
			problems = append(problems, p)
		}
	}
	return out, problems.Err()
}

// feed hands out the numbers below n until the context ends.
func feed(ctx context.Context, next chan<- int, n int) error {
	defer close(next)
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// classify sorts a variable once, however many tables use it.
func (m *Maker) classify(name string) (survey.Classes, survey.Problems) {
	v := m.Table.Lookup(name)
	if v == nil {
		return survey.Classes{}, survey.Problems{survey.UnknownName("variable", name, m.Table.Names())}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.classes[name]; ok {
		return c, nil
	}
	if m.classes == nil {
		m.classes = map[string]survey.Classes{}
	}
	c := survey.Classify(v)
	m.classes[name] = c
	return c, nil
}

// compile binds an expression to the table.
func (m *Maker) compile(source string) (*expression.Expression, survey.Problems) {
	e, err := expression.Compile(source, m.Table)
	if err == nil {
		return e, nil
	}
	if ps, ok := err.(survey.Problems); ok {
		return nil, ps
	}
	return nil, survey.Problems{{Message: err.Error()}}
}

// table makes one table.
func (m *Maker) table(spec survey.TableSpec) (*survey.Tabulation, survey.Problems) {
	b, problems := m.bannerOf(spec)
	var blocks []block
	for _, r := range spec.Rows {
		made, ps := m.blocks(r)
		blocks = append(blocks, made...)
		problems = append(problems, ps...)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	t := &survey.Tabulation{
		ID: spec.ID, Title: title(spec, blocks), Question: spec.Question, Base: spec.Base, Filter: spec.Filter,
		Notes: append([]string(nil), spec.Notes...), Columns: b.heads(),
	}
	for _, bl := range blocks {
		t.Rows = append(t.Rows, bl.heads()...)
		t.Cells = append(t.Cells, m.cells(bl, b)...)
	}
	setBases(t)
	t.Legend = m.legend(t)
	t.Chart = chart(spec.Chart, t)
	return t, checkChart(spec.Chart, t)
}

func title(spec survey.TableSpec, blocks []block) string {
	if spec.Title != "" {
		return spec.Title
	}
	return blocks[0].title
}

// setBases fills in the columns' bases where every row of the table has the
// same, which is what a table of one question has.
func setBases(t *survey.Tabulation) {
	for c := range t.Columns {
		first := t.Cells[0][c]
		same := !t.Columns[c].Change
		for _, row := range t.Cells {
			same = same && row[c].N == first.N && row[c].NWeighted == first.NWeighted
		}
		if same {
			t.Columns[c].N = first.N
			t.Columns[c].NWeighted = float64(first.NWeighted)
			t.Columns[c].NEffective = float64(first.NEffective)
		}
	}
}
