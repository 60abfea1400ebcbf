// Package memory answers the queries of package engine over a table that is held
// in memory. It is the engine that others are measured by: New makes one for a
// table, which must not change while the engine is in use.
//
// Columns that queries name are sorted and expressions evaluated once, whatever
// the number of queries that name them.
package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Engine answers queries over a table. It may be used by several goroutines.
type Engine struct {
	table *survey.Table
	// rows are the rows of the data that each row is; nil where each is one.
	rows []int

	classes once[survey.Classes]
	// held are columns by their values, nil where too many rows have one of their own.
	held    once[*survey.Held]
	axes    once[survey.Places]
	numbers once[[]float64]
	points  once[*engine.Terms]
	items   once[[]survey.Item]
	// orders are the rows in ascending order of the answers to a column.
	orders once[[]int32]
	// whole is the one cell of all rows.
	whole func() []int32
}

var (
	_ engine.Engine = (*Engine)(nil)
	_ engine.Rows   = (*Engine)(nil)
)

// New is the engine of a table.
func New(t *survey.Table) *Engine { return OfGroups(t, nil) }

// OfGroups is the engine of a table whose rows are each some rows of the data, as many as
// rows says. Its frames come from elsewhere; see engine.Frame.Of.
func OfGroups(t *survey.Table, rows []int) *Engine {
	return &Engine{table: t, rows: rows, whole: sync.OnceValue(func() []int32 { return make([]int32, t.Rows) })}
}

// once makes things once, each known by its text.
type once[T any] struct {
	mu   sync.Mutex
	made map[string]func() (T, error)
}

func (o *once[T]) get(text string, do func() (T, error)) (T, error) {
	o.mu.Lock()
	if o.made == nil {
		o.made = map[string]func() (T, error){}
	}
	made, ok := o.made[text]
	if !ok {
		made = sync.OnceValues(do)
		o.made[text] = made
	}
	o.mu.Unlock()
	return made()
}

// Frame counts a design over the table; see engine.NewFrame.
func (e *Engine) Frame(_ context.Context, d survey.Design) (*engine.Frame, error) {
	return engine.NewFrame(e.table, d)
}

// ready is the error of a context that was given up, or of a frame without rows.
func ready(ctx context.Context, f *engine.Frame) error {
	if f != nil && f.ByRow == nil {
		return errors.New("memory: the frame has no rows: it was counted by an engine that holds none")
	}
	return ctx.Err()
}

// counting gives the number of rows of the data that each row is: of those with a weight
// under the frame, of all where it is nil.
func (e *Engine) counting(f *engine.Frame) func(row int) int {
	switch {
	case f == nil && e.rows == nil:
		return func(int) int { return 1 }
	case f == nil:
		return func(i int) int { return e.rows[i] }
	}
	return f.Count
}

// count counts the rows of the data of each kind, with a weight under the frame if any.
func (e *Engine) count(p engine.Pass, f *engine.Frame) []int {
	if f == nil && e.rows == nil || f != nil && f.ByRow.Lots == nil && f.Weighted == f.Rows {
		return p.Count(nil)
	}
	return p.Count(e.counting(f))
}

// Totals makes one pass over the rows for each query, or for each part of it where units
// carry the variance.
func (e *Engine) Totals(ctx context.Context, f *engine.Frame, queries []engine.Query) ([]*engine.Totals, error) {
	out := make([]*engine.Totals, len(queries))
	for k, q := range queries {
		if err := ready(ctx, f); err != nil {
			return nil, err
		}
		parts := []engine.Part{{}}
		if f.Replicates == nil && !f.Calibrated() { // these need the rows of all parts together
			var err error
			if parts, err = f.Parts(e.table, q); err != nil {
				return nil, err
			}
		}
		for i, part := range parts {
			p, err := e.pass(q.Only(part))
			if err != nil {
				return nil, err
			}
			totals := f.Totals(p)
			if p.Terms.Part != nil {
				totals.Expected = expected(p, e.count(p, f))
			}
			parts[i].Totals = totals
		}
		if out[k] = parts[0].Totals; len(parts) > 1 {
			out[k] = f.Joined(q, parts)
		}
	}
	return out, nil
}

// expected counts the rows with a weight in each total by the part of them
// that belongs to the point.
func expected(p engine.Pass, rows []int) []float64 {
	out := make([]float64, p.Cells*p.Terms.Count)
	for kind, n := range rows {
		from, to := p.Terms.Entries(kind)
		for k := from; n > 0 && k < to; k++ {
			out[int(p.Cell[kind])*p.Terms.Count+int(p.Terms.Index[k])] += float64(n) * p.Terms.Part[k]
		}
	}
	return out
}

// Counts makes one pass over the rows for each query.
func (e *Engine) Counts(ctx context.Context, f *engine.Frame, queries []engine.Query) (out [][]int, err error) {
	out = make([][]int, len(queries))
	for k, q := range queries {
		if err := ready(ctx, f); err != nil {
			return nil, err
		}
		p, err := e.pass(q)
		if err != nil {
			return nil, err
		}
		out[k] = make([]int, p.Cells*p.Terms.Count)
		for kind, n := range e.count(p, f) {
			if n == 0 {
				continue
			}
			from, to := p.Terms.Entries(kind)
			for _, term := range p.Terms.Index[from:to] {
				out[k][int(p.Cell[kind])*p.Terms.Count+int(term)] += n
			}
		}
	}
	return out, nil
}

// Categories sorts a column's answers once.
func (e *Engine) Categories(_ context.Context, column string) (survey.Classes, error) {
	return e.categories(column)
}

func (e *Engine) categories(column string) (survey.Classes, error) {
	return e.classes.get(column, func() (survey.Classes, error) {
		v, err := e.variable(column)
		if err != nil {
			return survey.Classes{}, err
		}
		return survey.Classify(v), nil
	})
}

// Unanswered looks through the rows without an answer.
func (e *Engine) Unanswered(_ context.Context, column string) (missing []survey.Value, blank bool, err error) {
	v, err := e.variable(column)
	if err != nil {
		return nil, false, err
	}
	for x := range v.Values() {
		if v.IsMissing(x) && !slices.Contains(missing, x) {
			missing = append(missing, x)
		}
	}
	for i, asked := range v.EmptyAsked {
		_, ok := v.At(i)
		blank = blank || asked && !ok
	}
	slices.SortFunc(missing, func(a, b survey.Value) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Text, b.Text))
	})
	return missing, blank, nil
}

// Items finds a set's answers once.
func (e *Engine) Items(_ context.Context, set string) ([]survey.Item, error) {
	return e.itemsOf(set, false)
}

// Centres adds the values up as whole numbers, so that a mean is the same in any order of
// the rows.
func (e *Engine) Centres(ctx context.Context, f *engine.Frame, x engine.Number, q engine.Query) ([]engine.Centre, error) {
	if err := ready(ctx, f); err != nil {
		return nil, err
	}
	cell, cells, err := e.cross(q.Cells)
	if err != nil {
		return nil, err
	}
	keep, err := e.keep(q.Where)
	if err != nil {
		return nil, err
	}
	values, err := e.of(cell).values(x)
	if err != nil {
		return nil, err
	}
	means, count := engine.NewMeans(cells, sizes([][]float64{values}, 1)[0]), e.counting(f)
	type seen struct{ zero, one, other bool }
	found := make([]seen, cells)
	for i, c := range cell {
		y := values[i]
		if c < 0 || math.IsNaN(y) || keep != nil && !keep[i] {
			continue
		}
		n := count(i)
		if n == 0 {
			continue
		}
		means.Add(int(c), n, y)
		switch {
		case math.Abs(y) < engine.ZeroOrOne:
			found[c].zero = true
		case math.Abs(y-1) < engine.ZeroOrOne:
			found[c].one = true
		default:
			found[c].other = true
		}
	}
	out := make([]engine.Centre, cells)
	for c, s := range found {
		out[c] = engine.Centre{Mean: means.Of(c), ZeroOne: s.zero && s.one && !s.other}
	}
	return out, nil
}

// Sort is the cell of each row.
func (e *Engine) Sort(axes []engine.Axis) (cell []int32, cells int, err error) { return e.cross(axes) }

// Values are a number of each row.
func (e *Engine) Values(x engine.Number) ([]float64, error) { return e.of(nil).values(x) }

func (e *Engine) variable(name string) (*survey.Variable, error) {
	if v := e.table.Lookup(name); v != nil {
		return v, nil
	}
	return nil, survey.Problems{e.table.Unknown(name)}
}

// pass compiles a query: of one row of each kind, where rows are alike in all columns that
// it names, and else row by row.
func (e *Engine) pass(q engine.Query) (engine.Pass, error) {
	named, err := engine.NamedBy(e.table, false, q)
	if err != nil {
		return engine.Pass{}, err
	}
	kind, first := e.kinds(named.Columns)
	if first == nil {
		return e.compile(q)
	}
	one := &survey.Table{Rows: len(first), Columns: e.table.Columns, Sets: e.table.Sets, Sources: e.table.Sources}
	for _, name := range named.Columns {
		one.Variables = append(one.Variables, e.table.Lookup(name).Pick(first))
	}
	p, err := New(one).compile(q)
	if err != nil {
		return p, err
	}
	return p.Among(kind), nil
}

func (e *Engine) compile(q engine.Query) (p engine.Pass, err error) {
	if p.Cell, p.Cells, err = e.cross(q.Cells); err != nil {
		return p, err
	}
	var points *engine.Terms
	if len(q.Points) > 0 || len(q.Numbers) == 0 {
		if points, err = e.pointsOf(q); err != nil {
			return p, err
		}
	}
	if p.Terms = points; len(q.Numbers) == 0 {
		return p, nil
	}
	var keep []bool
	if points == nil {
		if keep, err = e.keep(q.Where); err != nil {
			return p, err
		}
	}
	numbers, err := e.of(p.Cell).all(q.Numbers)
	if err != nil {
		return p, err
	}
	p.Terms = times(points, keep, numbers, e.table.Rows)
	return p, nil
}

// times multiplies points by numbers; a number that is nil is 1 in all rows. Without
// points there is one, of the rows that are kept.
func times(points *engine.Terms, keep []bool, numbers [][]float64, rows int) *engine.Terms {
	count, entries := 1, rows
	if points != nil {
		count, entries = points.Count, len(points.Index)
	}
	entries *= len(numbers)
	t := &engine.Terms{Count: len(numbers) * count, Start: make([]int32, 1, rows+1), Index: make([]int32, 0, entries), Value: make([]float64, 0, entries), Largest: sizes(numbers, count)}
	inPart := points != nil && points.Value != nil
	enter := func(i int, point int32, part float64) {
		for k, x := range numbers {
			y := 1.0
			if x != nil {
				y = x[i]
			}
			if y == y {
				t.Index, t.Value = append(t.Index, int32(k*count)+point), append(t.Value, part*y)
				if inPart {
					t.Part = append(t.Part, part)
				}
			}
		}
	}
	for i := range rows {
		switch {
		case points != nil:
			for k := points.Start[i]; k < points.Start[i+1]; k++ {
				part := 1.0
				if points.Value != nil {
					part = points.Value[k]
				}
				enter(i, points.Index[k], part)
			}
		case keep == nil || keep[i]:
			enter(i, 0, 1)
		}
		t.Start = append(t.Start, int32(len(t.Index)))
	}
	return t
}

// sizes are the largest finite values of numbers in all rows, for each term.
func sizes(numbers [][]float64, points int) []float64 {
	var out []float64
	for _, x := range numbers {
		largest := 0.0
		for _, y := range x {
			if size := math.Abs(y); size > largest && !math.IsInf(size, 0) {
				largest = size
			}
		}
		if x == nil {
			largest = 1
		}
		out = append(out, slices.Repeat([]float64{largest}, points)...)
	}
	return out
}

// pointsOf lists the points of each row that the query keeps, with the part of the
// row that belongs to each where any is not whole.
func (e *Engine) pointsOf(q engine.Query) (*engine.Terms, error) {
	points := q.Points
	if len(points) == 0 {
		keep, err := e.keep(q.Where)
		return everybody(keep, e.table.Rows), err
	}
	text := ""
	for _, p := range points {
		text += p.String()
	}
	for _, c := range q.Where {
		text += "&" + c.String()
	}
	return e.points.get(text, func() (*engine.Terms, error) {
		keep, err := e.keep(q.Where)
		if err != nil {
			return nil, err
		}
		of := make([]point, len(points))
		for k, p := range points {
			if of[k], err = e.point(p); err != nil {
				return nil, err
			}
		}
		return memberships(of, keep, e.table.Rows), nil
	})
}

// everybody is the one point of all rows that are kept.
func everybody(keep []bool, rows int) *engine.Terms {
	if keep == nil {
		return engine.Ones(rows)
	}
	t := &engine.Terms{Count: 1, Start: make([]int32, rows+1)}
	n := int32(0)
	for i, in := range keep {
		if in {
			n++
		}
		t.Start[i+1] = n
	}
	t.Index = make([]int32, n)
	return t
}

func memberships(points []point, keep []bool, rows int) *engine.Terms {
	t := &engine.Terms{Count: len(points), Start: make([]int32, rows+1)}
	var parts []float64
	whole := true
	for i := range rows {
		if keep == nil || keep[i] {
			for p := range points {
				part := points[p].part(i)
				if !(part > 0) {
					continue
				}
				if whole && part != 1 {
					whole, parts = false, slices.Repeat([]float64{1}, len(t.Index))
				}
				if t.Index = append(t.Index, int32(p)); !whole {
					parts = append(parts, part)
				}
			}
		}
		t.Start[i+1] = int32(len(t.Index))
	}
	if t.Value, t.Part = parts, parts; parts != nil {
		t.Largest = slices.Repeat([]float64{1}, len(points))
	}
	return t
}

// condition holds in the rows whose cell is the one named or, where cell is nil,
// in part.
type condition struct {
	cell *survey.Places
	is   int32
	part []float64
}

// point are the alternatives of a point.
type point [][]condition

// part is the part of a row that belongs to the point, 0–1.
func (p point) part(row int) float64 {
	sum := 0.0
	for _, all := range p {
		part := 1.0
		for _, c := range all {
			switch {
			case c.cell == nil:
				part *= c.part[row]
			case c.cell.At(row) != c.is:
				part = 0
			}
			if !(part > 0) {
				part = 0
				break
			}
		}
		if sum += part; sum >= 1 {
			return 1
		}
	}
	return sum
}

func (e *Engine) point(p engine.Point) (point, error) {
	out := make(point, len(p))
	for k, all := range p {
		for _, c := range all {
			compiled, err := e.condition(c)
			if err != nil {
				return nil, err
			}
			out[k] = append(out[k], compiled)
		}
	}
	return out, nil
}

func (e *Engine) condition(c engine.Condition) (out condition, err error) {
	if c.Axis == nil {
		out.part, err = e.of(nil).values(c.Part)
		return out, err
	}
	out.is = int32(c.Cell)
	cell, err := e.axis(c.Axis)
	out.cell = &cell
	return out, err
}

// keep marks the rows for which all conditions hold; nil is all.
func (e *Engine) keep(where []engine.Condition) ([]bool, error) {
	if len(where) == 0 {
		return nil, nil
	}
	keep := make([]bool, e.table.Rows)
	for i := range keep {
		keep[i] = true
	}
	for _, c := range where {
		if c.Axis == nil {
			return nil, fmt.Errorf("memory: a query keeps rows as a whole, and %s is a part of them", c)
		}
		in, err := e.axis(c.Axis)
		if err != nil {
			return nil, err
		}
		for i, k := range in.All() {
			keep[i] = keep[i] && int(k) == c.Cell
		}
	}
	return keep, nil
}
