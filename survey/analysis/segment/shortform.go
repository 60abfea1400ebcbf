package segment

import (
	"context"
	"slices"
	"sync"
)

// foldEvidence says what each row's answers say of its class, by a model that was
// made without the row's fold.
type foldEvidence struct {
	Classes int
	// Prior[i*Classes+k] is ln π_k in row i, Item[j][i*Classes+k] the logarithm of
	// the likelihood of the row's answer to item j in class k, 0 where there is none.
	Prior []float64
	Item  [][]float64
	// Class is the row's class by all items, from 0; Weight its weight, 0 keeps it out.
	Class  []int32
	Weight []float64
	// Fold is the row's fold, 0 to Folds−1.
	Fold  []int32
	Folds int
}

// shortStep is the best set of a number of items.
type shortStep struct {
	// Items in the order in which they came in.
	Items []int
	// Accuracy is Σ w·[typed as Class] / Σ w, 0–1, over rows whose fold had no part
	// in the choice of the items that typed them.
	Accuracy float64
	// Typed is the class into which each row was put by items chosen without its fold.
	Typed []int32
}

// shortest looks for the best set of 1, 2 … items: each step adds the item that
// raises accuracy most and then exchanges single items as long as that raises
// it further. Steps are handed to enough until it returns true or the items are
// used up; the last step is all items. Every step is made once on all rows, for
// its Items, and once without each fold, for its Accuracy: what is reported is
// no better for having been chosen. Of equal sets the one with earlier items
// wins, so that the result is the same on any number of processors. The error
// oneIf the context's.
func shortest(ctx context.Context, e foldEvidence, enough func(shortStep) bool) ([]shortStep, error) {
	paths := make([]*path, e.Folds+1)
	for f := range paths {
		paths[f] = e.path(int32(f))
	}
	var steps []shortStep
	for range e.Item {
		var wg sync.WaitGroup
		for _, p := range paths {
			wg.Go(func() { p.advance(ctx) })
		}
		wg.Wait()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := shortStep{Items: slices.Clone(paths[e.Folds].items), Typed: make([]int32, len(e.Class))}
		for f, p := range paths[:e.Folds] {
			p.enter(int32(f), s.Typed)
		}
		s.Accuracy = e.accuracy(s.Typed)
		if steps = append(steps, s); enough(s) {
			break
		}
	}
	return steps, nil
}

func (e *foldEvidence) accuracy(typed []int32) float64 {
	var right, all float64
	for i, w := range e.Weight {
		all += w
		if typed[i] == e.Class[i] {
			right += w
		}
	}
	return right / all
}

// path is a set of items that grows, judged by the rows outside one fold.
type path struct {
	*foldEvidence
	items []int
	rows  []int32
	total float64 // the weight of the rows
	// score is the prior and the evidence of the items, for each row of all.
	score []float64
}

// path without a fold; the fold after the last leaves nobody out.
func (e *foldEvidence) path(without int32) *path {
	p := &path{foldEvidence: e, score: slices.Clone(e.Prior)}
	for i, w := range e.Weight {
		if w > 0 && e.Fold[i] != without {
			p.rows = append(p.rows, int32(i))
			p.total += w
		}
	}
	return p
}

// advance adds the best item, then exchanges items while that helps.
func (p *path) advance(ctx context.Context) {
	best, right := p.best(ctx, -1, -1)
	if best < 0 {
		return // the context ended
	}
	p.add(best, 1)
	p.items = append(p.items, best)
	for range p.Item {
		place, in := -1, -1
		for n, j := range p.items {
			p.add(j, -1)
			if other, value := p.best(ctx, j, right*(1+1e-12)); other >= 0 {
				place, in, right = n, other, value
			}
			p.add(j, 1)
		}
		if place < 0 {
			return
		}
		p.add(p.items[place], -1)
		p.items[place] = in
		p.add(in, 1)
	}
}

// best is the item that, added to the score, puts the most weight right, and
// more than atLeast; -1 where there is none. It is not one of the set, nor the
// one that just left it.
func (p *path) best(ctx context.Context, left int, atLeast float64) (item int, right float64) {
	item, right = -1, atLeast
	for j := range p.Item {
		if j == left || slices.Contains(p.items, j) || ctx.Err() != nil {
			continue
		}
		if wrong := p.wrong(j, p.total-right); p.total-wrong > right {
			item, right = j, p.total-wrong
		}
	}
	return item, right
}

// wrong is the weight of the rows that the score and one more item put wrong;
// where it passes the most that is of interest, the rest is not looked at.
func (p *path) wrong(j int, most float64) float64 {
	var sum float64
	for _, i := range p.rows {
		from := int(i) * p.Classes
		if !leads(int(p.Class[i]), p.score[from:from+p.Classes], p.Item[j][from:from+p.Classes]) {
			if sum += p.Weight[i]; sum > most {
				break
			}
		}
	}
	return sum
}

// leads reports whether a class has the highest sum, and is the first that has.
func leads(class int, a, b []float64) bool {
	b = b[:len(a)]
	top := a[class] + b[class]
	for k, v := range a {
		if s := v + b[k]; s > top || s == top && k < class {
			return false
		}
	}
	return true
}

// add adds an item's evidence to the score, or takes it away.
func (p *path) add(j int, sign float64) {
	for a, v := range p.Item[j] {
		p.score[a] += sign * v
	}
}

// enter writes the classes of a fold's rows.
func (p *path) enter(fold int32, typed []int32) {
	none := make([]float64, p.Classes)
	for i, f := range p.Fold {
		if f == fold {
			typed[i] = modalClass(p.score[i*p.Classes:(i+1)*p.Classes], none)
		}
	}
}

// modalClass is the class of the highest sum, the first of equals.
func modalClass(a, b []float64) int32 {
	best, top := 0, a[0]+b[0]
	for k := 1; k < len(a); k++ {
		if s := a[k] + b[k]; s > top {
			best, top = k, s
		}
	}
	return int32(best)
}
