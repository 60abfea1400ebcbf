package grouped

import (
	"context"
	"io"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/engine"
)

// Blocks are data whose rows are in blocks that can be had as often as they are asked for,
// by several goroutines.
type Blocks interface {
	// Dictionary is the table of the data without rows.
	Dictionary() *survey.Table
	// Rows is the number of rows, Len that of blocks.
	Rows() int
	Len() int
	// Block is some columns of block k.
	Block(k int, columns []string) (*survey.Table, error)
}

// Streamed is data in blocks as a source. It holds the groups that were found so far and a
// block for each processor.
func Streamed(b Blocks) Source { return streamed{b} }

// Local is a table in memory as a source.
func Local(t *survey.Table) Source { return streamed{whole{t, t.Hollow()}} }

// whole is a table as the only block.
type whole struct{ table, dictionary *survey.Table }

func (w whole) Dictionary() *survey.Table                  { return w.dictionary }
func (w whole) Rows() int                                  { return w.table.Rows }
func (w whole) Len() int                                   { return 1 }
func (w whole) Block(int, []string) (*survey.Table, error) { return w.table, nil }

type streamed struct{ Blocks }

// Close closes blocks that can be closed.
func (s streamed) Close() error {
	if c, ok := s.Blocks.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Group groups the blocks on all processors. Products of replicate weights take another
// pass.
func (s streamed) Group(ctx context.Context, r Request) (*Groups, error) {
	out, err := s.pass(ctx, r, false)
	if err == nil && len(r.Weights) > 1 {
		out.Lots.Products = sync.OnceValues(func() ([][]float64, error) {
			again, err := s.pass(ctx, r, true)
			if err != nil {
				return nil, err
			}
			return again.Lots.Products()
		})
	}
	return out, err
}

// pass groups all rows: each processor those of every so many blocks, so that products are
// summed in the same order again.
func (s streamed) pass(ctx context.Context, r Request, multiply bool) (*Groups, error) {
	weights := make([]Weight, len(r.Weights))
	for k, w := range r.Weights {
		weights[k] = w.Weight
	}
	names := append(slices.Clip(r.Columns), without(columnsOf(weights), r.Columns)...)
	if err := s.known(names); err != nil {
		return nil, err
	}
	like := make([]*survey.Variable, len(r.Columns))
	for k, name := range r.Columns {
		like[k] = s.Dictionary().Lookup(name)
	}
	workers := max(1, min(runtime.GOMAXPROCS(0), s.Len()))
	parts, failed := make([]*Groups, workers), make([]error, workers)
	var enough atomic.Bool
	parallel.Each(context.WithoutCancel(ctx), workers, func(w int) {
		g := newGrouper(like, r.Weights)
		g.multiply = multiply
		for k := w; k < s.Len() && ctx.Err() == nil && !enough.Load(); k += workers {
			block, err := s.Block(k, names)
			if err != nil {
				failed[w] = err
				enough.Store(true)
				return
			}
			if g.add(block); r.Most > 0 && g.n >= r.Most {
				enough.Store(true)
			}
		}
		parts[w] = g.groups()
	})
	for _, err := range append(failed, ctx.Err()) {
		if err != nil {
			return nil, err
		}
	}
	if workers == 1 {
		return parts[0], nil
	}
	return merged(parts), nil
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

// Weights looks through the columns, block after block.
func (s streamed) Weights(ctx context.Context, weights []Weight) ([]engine.WeightFacts, error) {
	if err := s.known(columnsOf(weights)); err != nil {
		return nil, err
	}
	out, failed := make([]engine.WeightFacts, len(weights)), make([]error, len(weights))
	err := parallel.Each(ctx, len(weights), func(j int) {
		var of scale
		for k := 0; k < s.Len() && ctx.Err() == nil; k++ {
			block, err := s.Block(k, columnsOf(weights[j:j+1]))
			if err != nil {
				failed[j] = err
				return
			}
			of.add(block.Lookup(weights[j].Column), weights[j].of(block))
		}
		out[j] = of.facts
		out[j].Name, out[j].Sum = weights[j].Column, of.sum.Value()
	})
	for _, err := range append(failed, err) {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// scale weighs the values of a column, which may be factors of weights.
type scale struct {
	facts engine.WeightFacts
	sum   survey.Sum
}

func (s *scale) add(v *survey.Variable, weights []float64) {
	f := &s.facts
	for i, w := range weights {
		switch {
		case math.IsNaN(w) || v.IsMissing(survey.NumberValue(v.Numbers.At(i))):
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
