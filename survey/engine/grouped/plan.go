package grouped

import (
	"context"
	"math"
	"slices"
	"sync"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Plan is an engine that asks its source nothing but designs: it notes the groups that
// queries would ask for, and answers as if nobody were in them.
type Plan struct {
	of *Engine

	mu     sync.Mutex
	passes []Planned
}

var _ engine.Engine = (*Plan)(nil)

// Planned are groups that queries would ask for.
type Planned struct {
	// Columns are those of the data that are grouped by.
	Columns []string `json:"columns"`
	// Most is the number of groups that there may be: all combinations of the values
	// that occur, within each stratum or unit, but no more than rows.
	Most int `json:"groups_at_most"`
}

// Plan is a plan of what the engine will be asked.
func (e *Engine) Plan() *Plan { return &Plan{of: e} }

// Passes are the groups so far, each once.
func (p *Plan) Passes() []Planned {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.passes)
}

// note notes the groups that a query asks for.
func (p *Plan) note(f *engine.Frame, q engine.Query, numbers ...engine.Number) error {
	n, err := engine.NamedBy(p.of.variables.Codebook(), f != nil && f.EachRow, q, numbers...)
	if err != nil {
		return err
	}
	columns := p.of.variables.Columns(n.Columns)
	slices.Sort(columns)
	most := 1.0
	if f != nil && f.Replicates == nil {
		most = float64(f.Strata)
		if !f.EachRow {
			most = float64(f.Units())
		}
	}
	rows := float64(p.of.source.Rows())
	for _, name := range columns {
		most *= float64(p.values(name, int(rows)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.ContainsFunc(p.passes, func(known Planned) bool { return slices.Equal(known.Columns, columns) }) {
		p.passes = append(p.passes, Planned{columns, int(math.Min(most, rows))})
	}
	return nil
}

// values counts the values of a column; many has as many as rows.
func (p *Plan) values(name string, many int) int {
	n := 0
	if v := p.of.variables.Codebook().Lookup(name); v != nil {
		for i := range v.Len() {
			if v.Count(i) > 0 {
				n++
			}
		}
	}
	if n == 0 {
		return many
	}
	return n
}

// Frame counts a design.
func (p *Plan) Frame(ctx context.Context, d survey.Design) (*engine.Frame, error) {
	return p.of.Frame(ctx, d)
}

// Totals notes the queries.
func (p *Plan) Totals(_ context.Context, f *engine.Frame, queries []engine.Query) ([]*engine.Totals, error) {
	out := make([]*engine.Totals, len(queries))
	for k, q := range queries {
		parts, err := f.Parts(p.of.variables.Codebook(), q)
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			if err := p.note(f, q.Only(part)); err != nil {
				return nil, err
			}
		}
		out[k] = f.Nobody(q)
	}
	return out, nil
}

// Counts notes the queries.
func (p *Plan) Counts(_ context.Context, f *engine.Frame, queries []engine.Query) ([][]int, error) {
	out := make([][]int, len(queries))
	for k, q := range queries {
		if err := p.note(f, q); err != nil {
			return nil, err
		}
		cells, terms := q.Size()
		out[k] = make([]int, cells*terms)
	}
	return out, nil
}

// Categories are those of the codebook.
func (p *Plan) Categories(ctx context.Context, column string) (survey.Classes, error) {
	c, err := p.of.book.Categories(ctx, column)
	c.Index = survey.Places{}
	return c, err
}

// Unanswered are the values of the codebook.
func (p *Plan) Unanswered(ctx context.Context, column string) (missing []survey.Value, blank bool, err error) {
	return p.of.book.Unanswered(ctx, column)
}

// Items are those of the codebook.
func (p *Plan) Items(ctx context.Context, set string) ([]survey.Item, error) {
	items, err := p.of.book.Items(ctx, set)
	items = slices.Clone(items)
	for k := range items {
		items[k].Index = survey.Places{}
	}
	return items, err
}

// Centres notes the query.
func (p *Plan) Centres(_ context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([]engine.Centre, error) {
	cells, _ := q.Size()
	return make([]engine.Centre, cells), p.note(f, q, x)
}

// Distribution notes the query.
func (p *Plan) Distribution(_ context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([][]stats.Tie, error) {
	cells, terms := q.Size()
	return make([][]stats.Tie, cells*terms), p.note(f, q, x)
}

// Patterns notes the query.
func (p *Plan) Patterns(_ context.Context, f *engine.Frame, q engine.Query) ([]engine.Pattern, error) {
	return nil, p.note(f, q)
}
