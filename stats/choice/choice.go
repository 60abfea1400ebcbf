// Package choice fits models of best–worst choices (MaxDiff): of some items
// shown, a person names the best and the worst.
//
// The best is chosen with probability e^{u_b} / Σ e^{u_j} over the items shown,
// then the worst of those left with e^{−u_w} / Σ e^{−u_j}. Each class of people
// has its own utilities u; one class is the aggregate logit. Utilities of a
// class add to 0. Source: Marley & Louviere, Journal of Mathematical Psychology
// 49 (2005); Louviere, Flynn & Marley, Best–Worst Scaling (2015), chapter 2.
package choice

import (
	"errors"
	"math"
	"slices"
	"strconv"
)

// None means that no choice was made.
const None = -1

// Task is one question to a person.
type Task struct {
	// Person counts from 0.
	Person int
	// Shown are the items, at least two, without repetition.
	Shown []int
	// Best and Worst are two of them, or None.
	Best, Worst int
}

// Chooses reports whether the person chose out of two items or more.
func (t Task) Chooses() bool {
	return len(t.Shown) > 1 && (t.Best != None || t.Worst != None)
}

// Model is a mixture of classes of people, largest first.
type Model struct {
	// Shares of the classes, 0–1.
	Shares []float64
	// Utilities[k][j] of item j in class k.
	Utilities [][]float64
}

// Classes is the number of classes.
func (m *Model) Classes() int { return len(m.Shares) }

// Preferences[k][j] is e^{u_kj} / Σ_l e^{u_kl}, the share of class k that would
// choose item j out of all (0–1).
func (m *Model) Preferences() [][]float64 {
	out := make([][]float64, len(m.Utilities))
	for k, u := range m.Utilities {
		out[k] = append([]float64(nil), u...)
		softmax(out[k])
	}
	return out
}

// Overall are the preferences of everybody, Σ_k share_k preference_kj.
func (m *Model) Overall() []float64 {
	var out []float64
	for k, p := range m.Preferences() {
		if out == nil {
			out = make([]float64, len(p))
		}
		for j, v := range p {
			out[j] += m.Shares[k] * v
		}
	}
	return out
}

// Fitted is a model and its fit.
type Fitted struct {
	Model
	// LogLikelihood is Σ w ln L, weights at a mean of 1.
	LogLikelihood float64
	// Persons is the number of people with a weight and a choice.
	Persons int
	// Starts is how many were tried, Climbed how many of the best were continued until
	// they converged, Reached how many of these came within 1e-5 (relative) of the best.
	Starts, Climbed, Reached int
	Converged                bool
}

// Parameters counts K−1 shares and J−1 utilities a class.
func (f *Fitted) Parameters() int {
	k := f.Classes()
	return k - 1 + k*(len(f.Utilities[0])-1)
}

// BIC is −2 log L + p ln n, n the persons.
func (f *Fitted) BIC() float64 {
	return -2*f.LogLikelihood + float64(f.Parameters())*math.Log(float64(f.Persons))
}

// AIC is −2 log L + 2p.
func (f *Fitted) AIC() float64 { return -2*f.LogLikelihood + 2*float64(f.Parameters()) }

// PseudoR2 is how much better than chance the choices are predicted, McFadden's
// 1 − ln L / ln L₀ with L₀ all items alike (0–1).
func (f *Fitted) PseudoR2(chance float64) float64 { return 1 - f.LogLikelihood/chance }

// ErrNoChoices means that no person has both a weight and a choice.
var ErrNoChoices = errors.New("no person has a weight and a choice")

// softmax turns x into e^x / Σ e^x and returns ln Σ e^x.
func softmax(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	var sum float64
	for i, v := range x {
		x[i] = math.Exp(v - top)
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
	return top + math.Log(sum)
}

// set is the items of a choice: tasks that show the same items have one set. Its choices are numbered from first, in the order of its items.
type set struct {
	sign  float64 // 1 for the best, −1 for the worst
	items []int
	first int
}

// data is the choices in the form that the steps need.
type data struct {
	items   int
	choices int
	sets    []set
	// person[i] lists the choices of a person, weight is the weight at a mean of 1, 0
	// for people without a weight.
	person  [][]int32
	weight  []float64
	counted int
}

func newData(tasks []Task, items int, weights []float64) *data {
	d := &data{items: items, person: make([][]int32, len(weights))}
	at := map[string]int{}
	for _, t := range tasks {
		if t.Best != None {
			d.add(at, t.Person, 1, t.Shown, t.Best)
		}
		if t.Worst != None {
			left := slices.DeleteFunc(slices.Clone(t.Shown), func(j int) bool { return j == t.Best })
			d.add(at, t.Person, -1, left, t.Worst)
		}
	}
	d.weight = make([]float64, len(weights))
	var sum float64
	for i, w := range weights {
		if w != 0 && len(d.person[i]) > 0 {
			d.counted++
			sum += w
		}
	}
	for i, w := range weights {
		if w != 0 && len(d.person[i]) > 0 {
			d.weight[i] = w * float64(d.counted) / sum
		}
	}
	return d
}

// add enters a choice of one item out of several; one item alone is not a choice.
func (d *data) add(at map[string]int, person int, sign float64, items []int, chosen int) {
	if len(items) < 2 {
		return
	}
	items = slices.Sorted(slices.Values(items))
	key := strconv.AppendFloat(nil, sign, 'f', 0, 64)
	for _, j := range items {
		key = strconv.AppendInt(append(key, ' '), int64(j), 10)
	}
	s, known := at[string(key)]
	if !known {
		s = len(d.sets)
		at[string(key)] = s
		d.sets = append(d.sets, set{sign, items, d.choices})
		d.choices += len(items)
	}
	for k, j := range items {
		if j == chosen {
			d.person[person] = append(d.person[person], int32(d.sets[s].first+k))
		}
	}
}

// chances[c] is the probability of choice c under the utilities of a class.
func (d *data) chances(u []float64) []float64 {
	p := make([]float64, d.choices)
	for _, s := range d.sets {
		q := p[s.first:][:len(s.items)]
		for k, j := range s.items {
			q[k] = s.sign * u[j]
		}
		softmax(q)
	}
	return p
}

// logs are the log-probabilities of each choice by class.
func (d *data) logs(m *Model) [][]float64 {
	out := make([][]float64, m.Classes())
	for k, u := range m.Utilities {
		out[k] = d.chances(u)
		for c, p := range out[k] {
			out[k][c] = math.Log(p)
		}
	}
	return out
}

// member turns the log-probabilities of a person's choices into the probability
// of each class, and returns the log-likelihood.
func (d *data) member(m *Model, logs [][]float64, i int, z []float64) float64 {
	for k, share := range m.Shares {
		z[k] = math.Log(share)
		for _, c := range d.person[i] {
			z[k] += logs[k][c]
		}
	}
	return softmax(z)
}
