// Package choice fits models of best–worst choices (MaxDiff): of some items
// shown, a person names the best and the worst.
//
// The best is chosen with probability e^{u_b} / Σ e^{u_j} over the items shown,
// then the worst of those left with e^{−u_w} / Σ e^{−u_j}. Each class of people
// has utilities u of its own; one class is the aggregate logit. Utilities of a
// class add to 0. Source: Marley & Louviere, Journal of Mathematical Psychology
// 49 (2005); Louviere, Flynn & Marley, Best–Worst Scaling (2015), chapter 2.
package choice

import (
	"errors"
	"math"
)

// None stands for a choice that was not made.
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

// Classes counts them.
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

// Fitted is a model with how well it fits.
type Fitted struct {
	Model
	// LogLikelihood is Σ w ln L, weights at a mean of 1.
	LogLikelihood float64
	// Persons have a weight and a choice.
	Persons int
	// Starts were tried, and the best of them, Climbed, went to the top; Reached
	// counts those of them that came within 1e-5 relative of the best.
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

// PseudoR2 is how far the choices are better foreseen than by chance, McFadden's
// 1 − ln L / ln L₀ with L₀ all items alike (0–1).
func (f *Fitted) PseudoR2(chance float64) float64 { return 1 - f.LogLikelihood/chance }

// ErrNoChoices says that no person has both a weight and a choice.
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
