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
	// mostCycles is how many cycles of three steps a climb may take.
	mostCycles = 1500
	// sampled is how many rows are enough to drop bad starts.
	sampled = 4000
	// shortCycles and middleCycles are taken before starts are dropped.
	shortCycles, middleCycles = 6, 6
)

// ErrNoRows says that no row has both a weight and an answer.
var ErrNoRows = errors.New("no row has a weight and an answer")

// Fit finds, for each number of classes, the latent class model of the largest
// pseudo log-likelihood that the starts reach. With up to 4,000 different rows
// every start is run until it converges; with more, all starts make a few cycles on
// a sample, a fifth of them a few on all rows, and the best three converge.
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
	p := climbers[best].at
	order := count(classes)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.share[b], p.share[a]) })
	f := &Fitted{Model: p.model(order), LogLikelihood: d.expect(p, d.newSums(classes)), Rows: d.counted}
	f.Starts, f.Converged = starts, done
	for _, c := range climbers {
		if f.LogLikelihood-c.value <= 1e-5*(1+math.Abs(f.LogLikelihood)) {
			f.Reached++
		}
	}
	return f
}

// Refit continues from a model with other weights, such as a replicate's, to the
// limit of rounding. The classes keep their order.
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

// screen drops the starts that are bad on a sample of rows.
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
	everybody := make([][]float64, len(d.items)) // the share of each answer over all rows
	for g, packed := range d.groups {
		table := make([]float64, packed.size)
		for i := range d.rows {
			table[d.row(i)[g]] += d.weight[i]
		}
		for n, j := range packed.items {
			everybody[j] = d.margin(g, n, table, 1)
			normalise(everybody[j], 1)
		}
	}
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

// climber runs accelerated expectation–maximisation from one start.
type climber struct {
	data *data
	at   *parameters
	sums *sums
	// value is the pseudo log-likelihood before the last step.
	value float64
	// moved is the largest change of a probability in the first step of the last cycle.
	moved float64
}

func (d *data) climb(p *parameters) *climber {
	return &climber{data: d, at: p, sums: d.newSums(p.classes), value: math.Inf(-1)}
}

// em makes one step and returns the log-likelihood before it.
func (c *climber) em() float64 {
	v := c.data.expect(c.at, c.sums)
	copy(c.at.share, c.sums.share)
	normalise(c.at.share, 1)
	for g, packed := range c.data.groups {
		for n, j := range packed.items {
			counts := c.data.margin(g, n, c.sums.table[g], c.at.classes)
			if c.data.items[j].Ordinal {
				c.at.fitOrdinal(j, counts)
				continue
			}
			copy(c.at.probability[j], counts)
			normalise(c.at.probability[j], c.at.classes)
		}
	}
	for _, j := range c.data.continuous {
		moment := c.sums.moment[j]
		centre := c.data.centre[j]
		spread := c.data.spread[j]
		for k := range c.at.classes {
			n, x, xx := moment[3*k], moment[3*k+1], moment[3*k+2]
			if n < least { // a class without rows keeps its parameters
				continue
			}
			mean := x / n
			c.at.mean[j][k] = centre + mean
			c.at.sd[j][k] = math.Max(math.Sqrt(math.Max(xx/n-mean*mean, 0)), narrowest*spread)
		}
	}
	return v
}

// cycle makes two steps, leaps along their direction (squared extrapolation,
// SQUAREM scheme S3) and makes a third from there; a leap that ends lower than
// the start of the second step is undone. It returns the gain since the previous
// cycle.
func (c *climber) cycle() float64 {
	before := c.at.clone()
	start := c.at.vector(nil)
	c.em()
	// The largest change of a share or a probability, or of a mean in units of its deviation.
	far := farthest(c.at.share, before.share)
	for j := range c.at.probability {
		far = max(far, farthest(c.at.probability[j], before.probability[j]))
		for k := range c.at.mean[j] {
			far = max(far, math.Abs(c.at.mean[j][k]-before.mean[j][k])/c.at.sd[j][k])
		}
	}
	c.moved = far
	first := c.at.vector(nil)
	reached := c.em()
	second := c.at.vector(nil)
	safe := c.at.clone()
	// The leap to θ0 − 2ar + a²v with r = θ1 − θ0, v = θ2 − 2θ1 + θ0 and a = −|r|/|v|.
	var r2, v2 float64
	for i := range start {
		r := first[i] - start[i]
		v := second[i] - first[i] - r
		r2 += r * r
		v2 += v * v
	}
	a := -1.0
	if v2 > 0 {
		a = math.Min(-math.Sqrt(r2/v2), -1)
	}
	out := make([]float64, len(start))
	for i := range start {
		r := first[i] - start[i]
		v := second[i] - first[i] - r
		out[i] = start[i] - 2*a*r + a*a*v
	}
	c.at.unpack(out)
	landed := c.em()
	if !(landed >= reached) {
		c.at, landed = safe, reached
	}
	gain := landed - c.value
	c.value = landed
	return gain
}

// aim says when a climb has converged: a cycle gains less than gain·(1+|ln L|) and a
// step changes no probability by more than move.
type aim struct{ gain, move float64 }

var (
	// rough is enough to find the best start, fine to print a model; exact is the limit
	// of rounding, for comparing replicates.
	rough = aim{gain: 1e-9, move: 1}
	fine  = aim{gain: 1e-11, move: 1e-4}
	exact = aim{gain: 1e-12, move: 1e-8}
)

// run climbs until the aim is met or the cycles are used up; it reports whether
// the aim was met.
func (c *climber) run(ctx context.Context, cycles int, a aim) bool {
	for range cycles {
		if ctx.Err() != nil {
			return false
		}
		gain := c.cycle()
		if math.Abs(gain) < a.gain*(1+math.Abs(c.value)) && c.moved < a.move {
			return true
		}
	}
	return false
}
