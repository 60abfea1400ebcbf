package choice

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"surveykit/stats"
	"surveykit/stats/parallel"
)

// Options of a fit.
type Options struct {
	// Starts are tried from random utilities for each number of classes. Required.
	Starts int
	// Seed of the random starts: the same seed gives the same model on any number
	// of processors.
	Seed uint64
}

const (
	// mostSteps is how many steps of EM a start may take.
	mostSteps = 3000
	// shortSteps is how many steps every start takes before all but the best are dropped.
	shortSteps, keptStarts = 15, 4
	// settled is the relative change of the log-likelihood at which EM is replaced by
	// Newton's method on all parameters together.
	settled = 1e-7
	// flat is the expected gain of such a step at convergence.
	flat, mostPolishes = 1e-9, 50
	// smallestPart is the smallest fraction of a step that is tried.
	smallestPart = 1e-3
	// ridge is the prior on the utilities in units of one person, −ridge Σu²/2: it
	// keeps an item finite that a class never chooses, and is otherwise negligible.
	ridge = 1e-5
)

// Fit finds, for each number of classes, the model of the largest weighted
// pseudo log-likelihood that the starts reach: EM, then Newton's method. weights has
// an entry for each person; people of weight 0 do not count.
// The error is ErrNoChoices, or the context's.
// One class equals R survival::clogit on the choices of best and worst.
func Fit(ctx context.Context, tasks []Task, items int, weights []float64, classes []int, o Options) ([]*Fitted, error) {
	d := newData(tasks, items, weights)
	if d.counted == 0 {
		return nil, ErrNoChoices
	}
	aggregate := d.polish(d.climb(ctx, Model{Shares: []float64{1}, Utilities: [][]float64{make([]float64, d.items)}}, mostSteps))
	var out []*Fitted
	for _, k := range classes {
		out = append(out, d.fit(ctx, aggregate, k, o))
	}
	return out, ctx.Err()
}

// Chance is the log-likelihood where all items are alike; see PseudoR2.
func Chance(tasks []Task, items int, weights []float64) float64 {
	d := newData(tasks, items, weights)
	even := d.chances(make([]float64, d.items)) // all items alike
	var sum float64
	for i, w := range d.weight {
		for _, c := range d.person[i] {
			sum += w * math.Log(even[c])
		}
	}
	return sum
}

// Refit continues from a model with other weights, such as a replicate's.
func (m *Model) Refit(ctx context.Context, tasks []Task, weights []float64) (*Fitted, error) {
	d := newData(tasks, len(m.Utilities[0]), weights)
	if d.counted == 0 {
		return nil, ErrNoChoices
	}
	c := d.polish(d.climb(ctx, *m, shortSteps))
	return d.fitted(c, 1, 1, 1), ctx.Err()
}

// climbed is the result of a start.
type climbed struct {
	Model
	value     float64
	converged bool
}

func (d *data) fitted(c climbed, starts, climbed, reached int) *Fitted {
	return &Fitted{Model: c.Model, LogLikelihood: c.value, Persons: d.counted, Starts: starts, Climbed: climbed, Reached: reached, Converged: c.converged}
}

func (d *data) fit(ctx context.Context, aggregate climbed, classes int, o Options) *Fitted {
	if classes == 1 {
		return d.fitted(aggregate, 1, 1, 1)
	}
	starts := make([]climbed, o.Starts)
	err := parallel.Each(ctx, len(starts), func(s int) {
		// Classes are drawn around the utilities of everybody; utilities add to 0.
		rng := rand.New(rand.NewPCG(o.Seed, uint64(s)))
		around := aggregate.Utilities[0]
		m := Model{}
		for range classes {
			u := make([]float64, len(around))
			for j := range u {
				u[j] = around[j] + 1.5*rng.NormFloat64()
			}
			var sum float64
			for _, x := range u {
				sum += x
			}
			for j := range u {
				u[j] -= sum / float64(len(u))
			}
			m.Shares, m.Utilities = append(m.Shares, 1/float64(classes)), append(m.Utilities, u)
		}
		starts[s] = d.climb(ctx, m, shortSteps)
	})
	if err != nil {
		return nil
	}
	byValue := func(a, b climbed) int { return cmp.Compare(b.value, a.value) }
	slices.SortStableFunc(starts, byValue)
	starts = starts[:min(len(starts), keptStarts)]
	if parallel.Each(ctx, len(starts), func(s int) { starts[s] = d.climb(ctx, starts[s].Model, mostSteps) }) != nil {
		return nil
	}
	slices.SortStableFunc(starts, byValue)
	best, reached := starts[0], 0
	for _, s := range starts {
		if best.value-s.value <= 1e-5*math.Abs(best.value) {
			reached++
		}
	}
	best.sort()
	return d.fitted(d.polish(best), o.Starts, len(starts), reached)
}

// sort puts the largest class first.
func (m *Model) sort() {
	order := make([]int, m.Classes())
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.Shares[b], m.Shares[a]) })
	shares, utilities := slices.Clone(m.Shares), slices.Clone(m.Utilities)
	for to, k := range order {
		m.Shares[to], m.Utilities[to] = shares[k], utilities[k]
	}
}

// climb takes steps of EM until the log-likelihood converges.
func (d *data) climb(ctx context.Context, from Model, most int) climbed {
	at := climbed{Model: Model{slices.Clone(from.Shares), slices.Clone(from.Utilities)}, value: math.Inf(-1)}
	for range most {
		counts, members, value := d.expect(&at.Model)
		at.converged = value-at.value <= settled*math.Abs(value)
		at.value = value
		if at.converged || ctx.Err() != nil {
			break
		}
		for k := range at.Utilities {
			at.Shares[k] = max(members[k]/float64(d.counted), math.SmallestNonzeroFloat64)
			at.Utilities[k] = d.maximise(at.Utilities[k], counts[k])
		}
	}
	return at
}

// polish takes Newton steps on all parameters together from near the maximum, where
// EM is slow and a few of them converge.
func (d *data) polish(at climbed) climbed {
	value := func(m *Model) float64 {
		_, _, v := d.expect(m)
		return v - m.prior()
	}
	best := value(&at.Model)
	at.converged = false
	for range mostPolishes {
		step, gain := influences(d, &at.Model).newton()
		t := 1.0
		next := at.moved(step, t)
		for !(value(&next) >= best-flat) && t > smallestPart {
			t /= 2
			next = at.moved(step, t)
		}
		if t <= smallestPart {
			break
		}
		at.Model, best = next, value(&next)
		if at.converged = gain < flat; at.converged {
			break
		}
	}
	at.value = best + at.prior()
	return at
}

// prior is what the ridge subtracts from the log-likelihood.
func (m *Model) prior() float64 {
	var sum float64
	for _, u := range m.Utilities {
		sum += ridge * stats.Dot(u, u) / 2
	}
	return sum
}

// moved takes a step in the utilities and in the logits of the shares.
func (m *Model) moved(step []float64, t float64) Model {
	items := len(m.Utilities[0])
	out := Model{}
	for k, u := range m.Utilities {
		next := slices.Clone(u)
		stats.AddScaled(next, t, step[k*items:][:items])
		out.Utilities = append(out.Utilities, next)
		out.Shares = append(out.Shares, math.Log(m.Shares[k])+t*step[len(m.Utilities)*items+k])
	}
	softmax(out.Shares)
	return out
}

// expect counts the choices by class under a model.
func (d *data) expect(m *Model) (counts [][]float64, members []float64, value float64) {
	logs := d.logs(m)
	counts, members = make([][]float64, m.Classes()), make([]float64, m.Classes())
	for k := range counts {
		counts[k] = make([]float64, d.choices)
	}
	z := make([]float64, m.Classes())
	for i, w := range d.weight {
		if w == 0 {
			continue
		}
		value += w * d.member(m, logs, i, z)
		for k, p := range z {
			members[k] += w * p
			for _, c := range d.person[i] {
				counts[k][c] += w * p
			}
		}
	}
	return counts, members, value
}

// maximise takes Newton steps on the utilities of one class, halved until they help.
func (d *data) maximise(u, counts []float64) []float64 {
	value, gradient, information := d.slope(u, counts)
	for range 20 {
		step := stats.NewCholesky(symmetric(information)).Solve(gradient)
		t, gain := 1.0, stats.Dot(step, gradient)
		var next []float64
		for ; t > 1e-6; t /= 2 {
			next = slices.Clone(u)
			stats.AddScaled(next, t, step)
			if v, g, h := d.slope(next, counts); v >= value {
				value, gradient, information = v, g, h
				break
			}
		}
		if t <= 1e-6 {
			break
		}
		if u = next; gain < 1e-10 {
			break
		}
	}
	return u
}

// slope is the penalised log-likelihood of a class's counts with its gradient and
// information. The information is given a direction for the sum of the
// utilities, which the likelihood does not depend on, so that they keep adding to 0.
func (d *data) slope(u, counts []float64) (value float64, gradient []float64, information [][]float64) {
	gradient, information = make([]float64, d.items), square(d.items)
	d.addSlope(u, counts, &value, gradient, information)
	for j := range u {
		value -= ridge * u[j] * u[j] / 2
		gradient[j] -= ridge * u[j]
	}
	return value, gradient, information
}

func (d *data) addSlope(u, counts []float64, value *float64, gradient []float64, information [][]float64) {
	p := d.chances(u)
	for _, s := range d.sets {
		n, q := counts[s.first:][:len(s.items)], p[s.first:][:len(s.items)]
		var all float64
		for k, x := range n {
			all += x
			if x > 0 {
				*value += x * math.Log(q[k])
			}
		}
		if all == 0 {
			continue
		}
		for k, j := range s.items {
			gradient[j] += s.sign * (n[k] - all*q[k])
			information[j][j] += all * q[k]
			for l, i := range s.items {
				information[j][i] -= all * q[k] * q[l]
			}
		}
	}
	for j := range information {
		information[j][j] += ridge
		for i := range information {
			information[j][i] += 1 / float64(d.items)
		}
	}
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}

func symmetric(m [][]float64) *stats.Symmetric {
	s := stats.NewSymmetric(len(m))
	for i := range m {
		for j := range i + 1 {
			s.Set(i, j, m[i][j])
		}
	}
	return s
}
