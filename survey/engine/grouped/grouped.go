package grouped

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"sync"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
)

// Engine answers queries over a source. It may be used by several goroutines.
type Engine struct {
	source    Source
	variables Variables
	// book answers what follows from the codebook.
	book *memory.Engine

	mu sync.Mutex
	// counted are the frames so far.
	counted []counted
	// known are the groupings so far, the one that was used last at the end.
	known []*grouping
}

var (
	_ engine.Engine   = (*Engine)(nil)
	_ engine.Grouping = (*Engine)(nil)
)

// counted is a frame with the weights that a source sums for it, and the sum of the first.
type counted struct {
	*engine.Frame
	weights []Scaled
	total   engine.Wide
	// made are the weights that were made of these; nil where they are the frame's.
	made *made
}

// Variables are what queries may name: the columns of the data, and what is made of
// these row by row.
type Variables interface {
	// Codebook is a table of all variables and sets; its rows have no meaning.
	Codebook() *survey.Table
	// Columns are the columns of the data behind variables.
	Columns(names []string) []string
	// Of makes variables of a table of such columns.
	Of(columns *survey.Table, names []string) *survey.Table
}

// columns are the variables of a table as they are.
type columns struct{ table *survey.Table }

func (c columns) Codebook() *survey.Table                      { return c.table }
func (c columns) Columns(names []string) []string              { return names }
func (c columns) Of(t *survey.Table, _ []string) *survey.Table { return t }

// New is the engine of a source with the variables that queries name; nil are its columns
// as they are.
func New(s Source, v Variables) *Engine {
	if v == nil {
		v = columns{s.Dictionary()}
	}
	return &Engine{source: s, variables: v, book: memory.New(v.Codebook())}
}

// grouping are groups by some variables and the columns of a frame, nil where rows are
// counted only.
type grouping struct {
	names []string
	of    *engine.Frame
	// made asks the source, once.
	made func() error
	*memory.Engine
	// table holds the groups, rows is how many rows each is, and frame the design over them.
	table *survey.Table
	rows  []int
	frame *engine.Frame
	// values are what the groups hold.
	values int
}

// group finds the groups by what a query names under a frame. Groups by more variables do
// as well, where they are known, but for what is compared with other queries.
func (e *Engine) group(ctx context.Context, f *engine.Frame, n engine.Named) (*grouping, error) {
	g, err := e.find(ctx, f, n)
	if err == nil {
		err = g.made()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.known = slices.DeleteFunc(e.known, func(k *grouping) bool { return k == g })
		return nil, err
	}
	e.forget()
	return g, nil
}

func (e *Engine) find(ctx context.Context, f *engine.Frame, n engine.Named) (*grouping, error) {
	names := slices.Sorted(slices.Values(n.Columns))
	var by counted
	if f != nil {
		var err error
		if by, err = e.countedBy(f); err != nil {
			return nil, err
		}
		if by.made != nil {
			names = append(names, without(by.made.names, names)...)
			slices.Sort(names)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	best := -1
	for k, g := range e.known {
		if g.of == f && within(names, g.names) && !(n.Compared && !within(g.names, names)) && (best < 0 || len(g.names) < len(e.known[best].names)) {
			best = k
		}
	}
	if best < 0 {
		g := &grouping{names: names, of: f}
		g.made = sync.OnceValue(func() error { return e.ask(ctx, g, by) })
		e.known = append(e.known, g)
		return g, nil
	}
	g := e.known[best]
	e.known = append(slices.Delete(e.known, best, best+1), g)
	return g, nil
}

func within(some, all []string) bool { return len(without(some, all)) == 0 }

// without are the names that are not among others.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}

var errNotCounted = errors.New("grouped: the frame was not counted by this engine")

// countedBy is what was counted for a frame.
func (e *Engine) countedBy(f *engine.Frame) (counted, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.counted {
		if c.Frame == f {
			return c, nil
		}
	}
	return counted{}, errNotCounted
}

// ask asks the source for the groups.
func (e *Engine) ask(ctx context.Context, g *grouping, by counted) error {
	names, r := g.names, Request{Weights: by.weights}
	if g.of != nil {
		design := g.of.Columns()
		names = append(slices.Clip(names), without(design, names)...)
		if !g.of.EachRow {
			r.Units = without(e.variables.Columns(design), e.variables.Columns(g.names))
		}
	}
	r.Columns = e.variables.Columns(names)
	table, lots, err := e.rows(ctx, names, r)
	if err != nil {
		return err
	}
	if g.of != nil {
		if total(lots) != by.total {
			return e.changed("the weights had another sum before")
		}
		if by.made != nil {
			g.frame, err = by.made.give(g.of, table, lots)
		} else {
			g.frame, err = g.of.Of(table, lots)
		}
		if err != nil {
			return err
		}
	}
	g.table, g.rows, g.Engine = table, lots.Rows, memory.OfGroups(table, lots.Rows)
	e.mu.Lock()
	defer e.mu.Unlock()
	g.values = table.Rows * len(table.Variables)
	return nil
}

// rows are the groups of a request with some variables.
func (e *Engine) rows(ctx context.Context, names []string, r Request) (*survey.Table, engine.Lots, error) {
	groups, err := e.source.Group(ctx, r)
	if err != nil {
		return nil, engine.Lots{}, err
	}
	n := 0
	for _, rows := range groups.Lots.Rows {
		n += rows
	}
	if before := e.source.Rows(); n != before {
		return nil, engine.Lots{}, e.changed(fmt.Sprintf("there were %s rows and are %s now", survey.FormatCount(before), survey.FormatCount(n)))
	}
	groups = merged([]*Groups{groups}) // in the order of their values
	book := e.variables.Codebook()
	table := *e.variables.Of(groups.counted(), names)
	table.Columns, table.Sets, table.Sources = book.Known(), book.Sets, book.Sources
	return &table, groups.Lots, nil
}

// total is the sum of the weights.
func total(l engine.Lots) (sum engine.Wide) {
	for _, w := range l.Sum {
		sum = sum.Plus(w)
	}
	return sum
}

// changed is the error of data that are not what they were when a question before was
// answered.
func (e *Engine) changed(how string) error {
	u := &survey.Unreachable{Source: "data", Message: "changed while they were read: " + how, Remedy: "try again once nobody writes to them"}
	for _, s := range e.source.Dictionary().Sources[:min(1, len(e.source.Dictionary().Sources))] {
		u.Source = s.Path
	}
	return u
}

// mostValues bounds what the known groupings hold together.
const mostValues = 50_000_000

// forget drops the groupings that were used longest ago where they hold too much.
func (e *Engine) forget() {
	held := 0
	for k := len(e.known) - 1; k >= 0; k-- {
		if held += e.known[k].values; held > mostValues && k < len(e.known)-1 {
			e.known = slices.Delete(e.known, 0, k+1)
			return
		}
	}
}

// Frame counts a design over its groups.
func (e *Engine) Frame(ctx context.Context, d survey.Design) (*engine.Frame, error) {
	book := e.variables.Codebook()
	names := slices.Concat([]string{d.WaveVariable, d.Strata}, d.PSU, d.FPC)
	names = slices.DeleteFunc(names, func(name string) bool { return book.Lookup(name) == nil })
	if d.Replicates != nil && d.Weight == "" {
		return nil, survey.Problems{{Message: "replicate weights of data that are not in memory need their weight", Remedy: "name the weight of the design"}}
	}
	all := weightsOf(book, d)
	facts, err := e.source.Weights(ctx, all)
	if err != nil {
		return nil, err
	}
	var factors []Weight
	for _, w := range all {
		if w.Times != "" {
			factors = append(factors, Weight{Column: w.Column})
		}
	}
	asTheyAre, err := e.source.Weights(ctx, factors)
	if err != nil {
		return nil, err
	}
	weights := make([]Scaled, len(all))
	for k, w := range all {
		weights[k] = Scaled{w, engine.Exponent(facts[k].Largest)}
	}
	ids := e.variables.Columns(names)
	table, lots, err := e.rows(ctx, names, Request{Columns: ids, Units: ids, Weights: weights})
	if err != nil {
		return nil, err
	}
	f, err := engine.FrameOfGroups(engine.Grouped{Table: table, Lots: lots, Weights: facts, Factors: asTheyAre}, d)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.counted = append(e.counted, counted{f, weights, total(lots), nil})
	return f, nil
}

// weightsOf are the weight of a design and its replicates.
func weightsOf(t *survey.Table, d survey.Design) (weights []Weight) {
	if t.Lookup(d.Weight) != nil {
		weights = append(weights, Weight{Column: d.Weight})
	}
	if d.Replicates == nil {
		return weights
	}
	times := ""
	if d.Replicates.Combined != nil && !*d.Replicates.Combined {
		times = d.Weight
	}
	for _, v := range t.Variables {
		if ok, _ := path.Match(d.Replicates.Columns, v.Name); ok && v.Name != d.Weight {
			weights = append(weights, Weight{v.Name, times})
		}
	}
	return weights
}

// Totals asks for the groups of each query, or of each part of it by whose columns its
// points are divided: with all columns of a banner at once nearly every row would be a
// group of its own.
func (e *Engine) Totals(ctx context.Context, f *engine.Frame, queries []engine.Query) ([]*engine.Totals, error) {
	out := make([]*engine.Totals, len(queries))
	for k, q := range queries {
		parts, err := f.Parts(e.variables.Codebook(), q)
		if err != nil {
			return nil, err
		}
		for i, p := range parts {
			asked := q.Only(p)
			g, err := e.of(ctx, f, asked)
			if err != nil {
				return nil, err
			}
			totals, err := g.Totals(ctx, g.frame, []engine.Query{asked})
			if err != nil {
				return nil, err
			}
			parts[i].Totals = totals[0]
		}
		if out[k] = parts[0].Totals; len(parts) > 1 {
			out[k] = f.Joined(q, parts)
		}
	}
	return out, nil
}

// of are the groups by what a query, and a number if any, name.
func (e *Engine) of(ctx context.Context, f *engine.Frame, q engine.Query, numbers ...engine.Number) (*grouping, error) {
	n, err := engine.NamedBy(e.variables.Codebook(), f != nil && f.EachRow, q, numbers...)
	if err != nil {
		return nil, err
	}
	return e.group(ctx, f, n)
}

// Alike asks for the groups by what the query names, and by nothing else: sums of fractions
// over them are then the same whatever was asked before.
func (e *Engine) Alike(ctx context.Context, f *engine.Frame, q engine.Query) (engine.Alike, error) {
	n, err := engine.NamedBy(e.variables.Codebook(), f.EachRow, q)
	if err != nil {
		return engine.Alike{}, err
	}
	n.Compared = true
	g, err := e.group(ctx, f, n)
	if err != nil {
		return engine.Alike{}, err
	}
	return engine.Alike{Table: g.table, Frame: g.frame, Rows: g.Engine}, nil
}

// Counts asks for the groups of each query.
func (e *Engine) Counts(ctx context.Context, f *engine.Frame, queries []engine.Query) ([][]int, error) {
	out := make([][]int, len(queries))
	for k, q := range queries {
		g, err := e.of(ctx, f, q)
		if err != nil {
			return nil, err
		}
		one, err := g.Counts(ctx, g.frame, []engine.Query{q})
		if err != nil {
			return nil, err
		}
		out[k] = one[0]
	}
	return out, nil
}

// listed is the codebook where it has the values of all rows of a column, else the groups
// by the column.
func (e *Engine) listed(ctx context.Context, column string) (*memory.Engine, error) {
	if v := e.variables.Codebook().Lookup(column); v != nil {
		rows := 0
		for i := range v.Len() {
			rows += v.Count(i)
		}
		if rows == e.source.Rows() {
			return e.book, nil
		}
	}
	g, err := e.of(ctx, nil, engine.Query{Numbers: []engine.Number{engine.Answer{Column: column}}})
	if err != nil {
		return nil, err
	}
	return g.Engine, nil
}

// Categories are those of the codebook, or it asks for the groups by the column.
func (e *Engine) Categories(ctx context.Context, column string) (survey.Classes, error) {
	m, err := e.listed(ctx, column)
	if err != nil {
		return survey.Classes{}, err
	}
	c, err := m.Categories(ctx, column)
	c.Index = survey.Places{}
	return c, err
}

// Unanswered are the values of the codebook, or it asks for the groups by the column.
func (e *Engine) Unanswered(ctx context.Context, column string) (missing []survey.Value, blank bool, err error) {
	m, err := e.listed(ctx, column)
	if err != nil {
		return nil, false, err
	}
	return m.Unanswered(ctx, column)
}

// Items asks for the groups by the variables of the set.
func (e *Engine) Items(ctx context.Context, set string) ([]survey.Item, error) {
	g, err := e.of(ctx, nil, engine.Query{Cells: []engine.Axis{engine.Chosen{Set: set}}})
	if err != nil {
		return nil, err
	}
	items, err := g.Items(ctx, set)
	items = slices.Clone(items)
	for k := range items {
		items[k].Index = survey.Places{}
	}
	return items, err
}

// Centres asks for the groups of the query and the number.
func (e *Engine) Centres(ctx context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([]engine.Centre, error) {
	g, err := e.of(ctx, f, q, x)
	if err != nil {
		return nil, err
	}
	return g.Centres(ctx, g.frame, x, q)
}

// Distribution asks for the groups of the query and the number.
func (e *Engine) Distribution(ctx context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([][]stats.Tie, error) {
	g, err := e.of(ctx, f, q, x)
	if err != nil {
		return nil, err
	}
	return g.Distribution(ctx, g.frame, x, q)
}

// Patterns asks for the groups of the query.
func (e *Engine) Patterns(ctx context.Context, f *engine.Frame, q engine.Query) ([]engine.Pattern, error) {
	g, err := e.of(ctx, f, q)
	if err != nil {
		return nil, err
	}
	return g.Patterns(ctx, g.frame, q)
}
