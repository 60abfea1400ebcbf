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
	frames  map[string]func() (*engine.Frame, error)
	// published are the tables so far, where small counts are hidden.
	published []published
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
	if len(problems) == 0 {
		m.protect(out)
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
	return nil, asProblems(err)
}

func asProblems(err error) survey.Problems {
	if ps, ok := err.(survey.Problems); ok {
		return ps
	}
	return survey.Problems{{Message: err.Error()}}
}

// frame counts the design with a table's own weight, once for each weight.
func (m *Maker) frame(weight string) (*engine.Frame, survey.Problems) {
	if weight == "" || weight == m.Study.Design.Weight {
		return m.Frame, nil
	}
	if m.Frame.Replicates != nil {
		return nil, survey.Problems{{Variable: weight, Message: "the study's replicate weights belong to another weight",
			Remedy: "leave the table's weight out, or make a study with this weight and its replicates"}}
	}
	m.mu.Lock()
	if m.frames == nil {
		m.frames = map[string]func() (*engine.Frame, error){}
	}
	count, ok := m.frames[weight]
	if !ok {
		design := m.Study.Design
		design.Weight = weight
		count = sync.OnceValues(func() (*engine.Frame, error) { return engine.NewFrame(m.Table, design) })
		m.frames[weight] = count
	}
	m.mu.Unlock()
	f, err := count()
	if err != nil {
		return nil, asProblems(err)
	}
	return f, nil
}
