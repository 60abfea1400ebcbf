package mixture

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"surveykit/stats/parallel"
)

// Options of a fit.
type Options struct {
	// Starts are tried from random models for each number of classes. Default 20.
	Starts int
	// Seed of the random starts: the same seed gives the same model on any
	// number of processors.
	Seed uint64
}

const (
	// mostCycles of three steps each that a climb may take.
	mostCycles = 1500
	// sampled rows are enough to tell hopeless starts from good ones.
	sampled = 4000
	// shortCycles and middleCycles are taken before starts are dropped.
	shortCycles, middleCycles = 6, 6
)

// ErrNoRows says that no row has both a weight and an answer.
var ErrNoRows = errors.New("no row has a weight and an answer")

// Fit finds, for each number of classes, the latent class model of the largest
// pseudo log-likelihood that the starts reach. With up to 4,000 different rows
// every start climbs to its top; with more, all starts climb a little on a
// sample, a fifth of them a little on all rows, and the best three to the top.
// Classes come largest first. The error is ErrNoRows, or the context's.
// Equals poLCA of R without covariates (nominal items, equal weights).
func Fit(ctx context.Context, items []Item, weights []float64, classes []int, o Options) ([]*Fitted, error) {
	d := newData(items, weights)
	if d.counted == 0 {
		return nil, ErrNoRows
	}
	if o.Starts == 0 {
		o.Starts = 20
	}
	out := make([]*Fitted, len(classes))
	var wg sync.WaitGroup
	for i, k := range classes {
		wg.Go(func() { out[i] = d.fit(ctx, k, o) })
	}
	wg.Wait()
	return out, ctx.Err()
}

func (d *data) fit(ctx context.Context, classes int, o Options) *Fitted {
	climbers := make([]*climber, o.Starts)
	if classes == 1 {
		climbers = climbers[:1]
	}
	for s := range climbers {
		rng := rand.New(rand.NewPCG(o.Seed, uint64(s)))
		climbers[s] = d.climb(d.random(rng, classes))
	}
	starts := len(climbers)
	climbers = d.screen(ctx, climbers)
	parallel.Each(ctx, len(climbers), func(i int) { climbers[i].run(ctx, mostCycles, rough) })
	best := 0
	for i, c := range climbers {
		if c.value > climbers[best].value {
			best = i
		}
	}
	done := climbers[best].run(ctx, mostCycles, fine)
	f := d.finish(climbers[best].at)
	f.Starts, f.Converged = starts, done
	for _, c := range climbers {
		if f.LogLikelihood-c.value <= 1e-5*(1+math.Abs(f.LogLikelihood)) {
			f.Reached++
		}
	}
	return f
}

// Refit climbs on from a model under other weights, such as a replicate's, to
// where rounding begins. The classes keep their order.
func (m *Model) Refit(ctx context.Context, items []Item, weights []float64) (*Fitted, error) {
	d := newData(items, weights)
	if d.counted == 0 {
		return nil, ErrNoRows
	}
	c := d.climb(m.parameters(d).clone())
	converged := c.run(ctx, mostCycles, exact)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &Fitted{Model: c.at.model(count(m.Classes())), Rows: d.counted, Starts: 1, Reached: 1, Converged: converged}
	f.LogLikelihood = d.expect(c.at, c.sums)
	return f, nil
}

// screen drops the starts that a look at some rows shows to be hopeless.
func (d *data) screen(ctx context.Context, climbers []*climber) []*climber {
	if d.rows <= sampled || len(climbers) <= 3 {
		return climbers
	}
	some := d.sample(sampled)
	parallel.Each(ctx, len(climbers), func(i int) {
		climbers[i].data = some
		climbers[i].run(ctx, shortCycles, rough)
		climbers[i].data = d
	})
	climbers = highest(climbers, max(3, (len(climbers)+4)/5))
	parallel.Each(ctx, len(climbers), func(i int) { climbers[i].run(ctx, middleCycles, rough) })
	return highest(climbers, 3)
}

// highest keeps the n best; of equals, the earlier.
func highest(climbers []*climber, n int) []*climber {
	slices.SortStableFunc(climbers, func(a, b *climber) int { return cmp.Compare(b.value, a.value) })
	return climbers[:min(n, len(climbers))]
}

// finish lays the model out with the largest class first.
func (d *data) finish(p *parameters) *Fitted {
	order := count(p.classes)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.share[b], p.share[a]) })
	return &Fitted{Model: p.model(order), LogLikelihood: d.expect(p, d.newSums(p.classes)), Rows: d.counted}
}

func count(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// random draws a model around the answers of everybody.
func (d *data) random(rng *rand.Rand, classes int) *parameters {
	p := newParameters(classes, len(d.items))
	for k := range p.share {
		p.share[k] = 1 / float64(classes)
	}
	everybody := d.everybody()
	for j, x := range d.items {
		switch {
		case x.Ordinal:
			p.probability[j], p.intercept[j], p.slope[j] = make([]float64, x.Categories*classes), make([]float64, x.Categories), make([]float64, classes)
			for c := range x.Categories {
				p.intercept[j][c] = math.Log(everybody[j][c] / everybody[j][0])
			}
			for k := 1; k < classes; k++ {
				p.slope[j][k] = rng.NormFloat64() * 3 / float64(x.Categories)
			}
			p.ordinal(j)
		case x.Categories > 0:
			p.probability[j] = make([]float64, x.Categories*classes)
			for i := range p.probability[j] {
				p.probability[j][i] = everybody[j][i/classes] * math.Exp(rng.NormFloat64())
			}
			normalise(p.probability[j], classes)
		default:
			p.mean[j], p.sd[j] = make([]float64, classes), make([]float64, classes)
			for k := range classes {
				p.mean[j][k] = d.centre[j] + d.spread[j]*rng.NormFloat64()
				p.sd[j][k] = d.spread[j]
			}
		}
	}
	return p
}

// everybody is the share of each answer over all rows.
func (d *data) everybody() [][]float64 {
	shares := make([][]float64, len(d.items))
	for g, packed := range d.groups {
		table := make([]float64, packed.size)
		for i := range d.rows {
			table[d.row(i)[g]] += d.weight[i]
		}
		for n, j := range packed.items {
			shares[j] = d.margin(g, n, table, 1)
			normalise(shares[j], 1)
		}
	}
	return shares
}
