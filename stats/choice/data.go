package choice

import (
	"math"
	"slices"
	"strconv"
)

// set is what one choice was made from: different tasks that show the same are
// one set. Its choices are numbered from first, in the order of its items.
type set struct {
	sign  float64 // 1 for the best, −1 for the worst
	items []int
	first int
}

// data are the choices in the shape that the steps read.
type data struct {
	items   int
	choices int
	sets    []set
	// person[i] lists the choices of a person, weight is theirs at a mean of 1, 0
	// for people without one.
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
	d.weigh(weights)
	return d
}

// add enters a choice of one item out of several; of one alone there is no choice.
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

// weigh scales the weights of the people with a choice to a mean of 1.
func (d *data) weigh(weights []float64) {
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

// chance is the log-likelihood if all items were alike.
func (d *data) chance() float64 {
	even := d.chances(make([]float64, d.items))
	var sum float64
	for i, w := range d.weight {
		for _, c := range d.person[i] {
			sum += w * math.Log(even[c])
		}
	}
	return sum
}
