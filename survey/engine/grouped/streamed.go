package grouped

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"sync"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Blocks are data whose rows are read a block at a time, as often as they are asked for.
type Blocks interface {
	// Dictionary is the table of the data without rows.
	Dictionary() *survey.Table
	// Rows is the number of rows.
	Rows() int
	// Blocks calls each with some columns of all rows, a block of them at a time, in the
	// order of the data.
	Blocks(ctx context.Context, columns []string, each func(*survey.Table) error) error
}

// Streamed is data that are read a block at a time as a source. It holds the groups that
// were found so far and a block for each processor.
func Streamed(b Blocks) Source { return streamed{b} }

type streamed struct{ Blocks }

// mostPending is how many groups of single blocks are kept until they are joined.
const mostPending = 1 << 17

var errEnough = errors.New("enough groups")

// Group groups the rows of each block, and then the groups of all blocks. Products of
// replicate weights take another pass.
func (s streamed) Group(ctx context.Context, r Request) (*Groups, error) {
	out, err := s.pass(ctx, r, func(g *Groups) error {
		g.Lots.Products = nil // it would hold the rows of the block
		return nil
	})
	if err == nil && len(r.Weights) > 1 {
		out.Lots.Products = sync.OnceValues(func() ([][]float64, error) {
			again, err := s.pass(ctx, r, (*Groups).multiplied)
			if err != nil {
				return nil, err
			}
			return again.Lots.Products()
		})
	}
	return out, err
}

// pass groups all rows; keep is what is done with the groups of a block before they are
// kept.
func (s streamed) pass(ctx context.Context, r Request, keep func(*Groups) error) (*Groups, error) {
	names := slices.Clone(r.Columns)
	for _, w := range r.Weights {
		if !slices.Contains(names, w.Column) {
			names = append(names, w.Column)
		}
	}
	if err := s.known(names); err != nil {
		return nil, err
	}
	pending := []*Groups{{Table: &survey.Table{Variables: s.hollow(r.Columns)}}}
	groups, most := 0, mostPending
	add := func(g *Groups) error {
		pending = append(pending, g)
		if groups += g.Table.Rows; groups <= most {
			return nil
		}
		whole := merged(pending)
		if err := keep(whole); err != nil {
			return err
		}
		pending, groups = []*Groups{whole}, whole.Table.Rows
		if most = max(mostPending, 2*groups); r.Most > 0 && groups >= r.Most {
			return errEnough
		}
		return nil
	}
	err := s.each(ctx, names, func(t *survey.Table) (*Groups, error) {
		g, err := local{table: t}.Group(ctx, r)
		if err == nil {
			err = keep(g)
		}
		return g, err
	}, add)
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return merged(pending), nil
}

// known refuses columns that the data do not have.
func (s streamed) known(names []string) error {
	var problems survey.Problems
	for _, name := range names {
		if t := s.Dictionary(); t.Lookup(name) == nil {
			problems = append(problems, t.Unknown(name))
		}
	}
	return problems.Err()
}

func (s streamed) hollow(names []string) []*survey.Variable {
	out := make([]*survey.Variable, len(names))
	for k, name := range names {
		out[k] = s.Dictionary().Lookup(name).Pick(nil)
	}
	return out
}

// each groups the blocks on all processors and adds their groups one after another, in any
// order.
func (s streamed) each(ctx context.Context, names []string, group func(*survey.Table) (*Groups, error), add func(*Groups) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	blocks := make(chan *survey.Table)
	var adding sync.Mutex
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for t := range blocks {
				g, err := group(t)
				adding.Lock()
				if err == nil && ctx.Err() == nil {
					err = add(g)
				}
				adding.Unlock()
				if err != nil {
					stop(err)
				}
			}
		})
	}
	err := s.Blocks.Blocks(ctx, names, func(t *survey.Table) error {
		select {
		case blocks <- t:
		case <-ctx.Done():
		}
		return ctx.Err()
	})
	close(blocks)
	all.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// merged are the groups of all parts, those that are alike as one.
func merged(parts []*Groups) *Groups {
	t := parts[0].Table
	if len(parts) > 1 {
		t = stacked(parts)
	}
	of, first := local{table: t}.number(t.Variables)
	out := &Groups{Table: &survey.Table{Rows: len(first)}, Statement: parts[0].Statement}
	for _, v := range t.Variables {
		out.Table.Variables = append(out.Table.Variables, v.Pick(first))
	}
	n := len(first)
	at := 0
	for _, p := range parts {
		lots := &p.Lots
		here := of[at : at+p.Table.Rows]
		at += p.Table.Rows
		out.Lots.Rows = summed(out.Lots.Rows, n, here, lots.Rows, func(a, b int) int { return a + b })
		out.Lots.N = summed(out.Lots.N, n, here, lots.N, func(a, b int) int { return a + b })
		out.Lots.Sum = summed(out.Lots.Sum, n, here, lots.Sum, engine.Wide.Plus)
		out.Lots.Square = summed(out.Lots.Square, n, here, lots.Square, engine.Wide.Plus)
		for r, sum := range lots.Replicates {
			if len(out.Lots.Replicates) == r {
				out.Lots.Replicates = append(out.Lots.Replicates, nil)
			}
			out.Lots.Replicates[r] = summed(out.Lots.Replicates[r], n, here, sum, engine.Wide.Plus)
		}
	}
	out.Lots.Products = productsOf(parts, of, n)
	return out
}

// multiplied asks for the products of groups, which need not hold their rows any longer.
func (g *Groups) multiplied() error {
	if g.Lots.Products == nil {
		return nil
	}
	products, err := g.Lots.Products()
	g.Lots.Products = func() ([][]float64, error) { return products, err }
	return err
}

// productsOf are the products of the groups of all parts, of which there are n together;
// nil where nobody knows them.
func productsOf(parts []*Groups, of []int32, n int) func() ([][]float64, error) {
	if parts[len(parts)-1].Lots.Products == nil {
		return nil
	}
	return sync.OnceValues(func() ([][]float64, error) {
		out, at := make([][]float64, n), 0
		for _, p := range parts {
			here := of[at : at+p.Table.Rows]
			if at += p.Table.Rows; p.Table.Rows == 0 {
				continue
			}
			products, err := p.Lots.Products()
			if err != nil {
				return nil, err
			}
			for i, x := range products {
				if k := here[i]; out[k] == nil {
					out[k] = slices.Clone(x)
				} else {
					stats.AddScaled(out[k], 1, x)
				}
			}
		}
		return out, nil
	})
}

// summed adds the sums of a part's groups to those of n groups; nil sums are none.
func summed[T any](to []T, n int, of []int32, sums []T, plus func(a, b T) T) []T {
	if sums != nil && to == nil {
		to = make([]T, n)
	}
	for i, x := range sums {
		to[of[i]] = plus(to[of[i]], x)
	}
	return to
}

// stacked has the rows of all parts.
func stacked(parts []*Groups) *survey.Table {
	out := &survey.Table{}
	for _, p := range parts {
		out.Rows += p.Table.Rows
	}
	for k, v := range parts[0].Table.Variables {
		all := *v
		if v.IsText() {
			all.Texts = &survey.TextColumn{}
			places := map[string]int32{}
			for _, p := range parts {
				texts := p.Table.Variables[k].Texts
				for _, at := range texts.Index.All() {
					if at >= 0 {
						text := texts.Values[at]
						place, ok := places[text]
						if !ok {
							place = int32(len(places))
							places[text] = place
							all.Texts.Values = append(all.Texts.Values, text)
						}
						at = place
					}
					all.Texts.Index.Append(at)
				}
			}
		} else {
			all.Numbers = &survey.NumberColumn{}
			for _, p := range parts {
				for _, x := range p.Table.Variables[k].Numbers.All() {
					all.Numbers.Append(x)
				}
			}
		}
		if slices.ContainsFunc(parts, func(p *Groups) bool { return p.Table.Variables[k].EmptyAsked != nil }) {
			all.EmptyAsked = make([]bool, 0, out.Rows)
			for _, p := range parts {
				asked := p.Table.Variables[k].EmptyAsked
				all.EmptyAsked = append(append(all.EmptyAsked, asked...), make([]bool, p.Table.Rows-len(asked))...)
			}
		}
		out.Variables = append(out.Variables, &all)
	}
	return out
}

// Weights looks through the columns, block after block.
func (s streamed) Weights(ctx context.Context, columns []string) ([]engine.WeightFacts, error) {
	if err := s.known(columns); err != nil {
		return nil, err
	}
	scales := make([]scale, len(columns))
	names := slices.Compact(slices.Sorted(slices.Values(columns)))
	err := s.Blocks.Blocks(ctx, names, func(t *survey.Table) error {
		for k, name := range columns {
			scales[k].add(t.Lookup(name))
		}
		return nil
	})
	return facts(columns, scales), err
}

// scale weighs the values of a column.
type scale struct {
	facts engine.WeightFacts
	sum   survey.Sum
}

func (s *scale) add(v *survey.Variable) {
	f := &s.facts
	for _, w := range v.Numbers.All() {
		switch {
		case math.IsNaN(w) || v.IsMissing(survey.NumberValue(w)):
			f.Missing++
			continue
		case math.IsInf(w, 0):
			f.Infinite++
			continue
		case w < 0:
			f.Negative++
		}
		f.Largest = max(f.Largest, math.Abs(w))
		s.sum.Add(w)
	}
}

func facts(columns []string, scales []scale) []engine.WeightFacts {
	out := make([]engine.WeightFacts, len(columns))
	for k, s := range scales {
		out[k] = s.facts
		out[k].Name, out[k].Sum = columns[k], s.sum.Value()
	}
	return out
}
