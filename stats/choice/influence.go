package choice

import (
	"slices"

	"surveykit/stats"
)

// Posterior is each person's probability of each class, given their choices; the
// classes' shares for a person without any.
func (m *Model) Posterior(tasks []Task, persons int) [][]float64 {
	d := newData(tasks, len(m.Utilities[0]), make([]float64, persons))
	logs := d.logs(m)
	out := make([][]float64, persons)
	for i := range out {
		out[i] = make([]float64, m.Classes())
		d.member(m, logs, i, out[i])
	}
	return out
}

// Influences are the persons' influences on a fitted model's figures: the
// design's variance of their sum is the sandwich variance. With score s_i of
// person i and observed information H = −Σ w ∂s (Louis, JRSS B 44, 1982) the
// influence on a figure with gradient g is w_i g'H⁻¹s_i. Source: Binder 1983.
type Influences struct {
	model *Model
	data  *data
	// score[i] has the utilities of each class, then the shares on the scale of logits.
	score       [][]float64
	information *stats.Cholesky
}

// Influences computes the scores and the information of a model at the choices
// that it was fitted to.
func (m *Model) Influences(tasks []Task, weights []float64) *Influences {
	return influences(newData(tasks, len(m.Utilities[0]), weights), m)
}

func influences(d *data, m *Model) *Influences {
	x := &Influences{model: m, data: d, score: make([][]float64, len(d.weight))}
	h := square(m.Classes() * (d.items + 1))
	counts, _, _ := d.expect(m)
	var value float64
	for k, u := range m.Utilities {
		block := square(d.items)
		d.addSlope(u, counts[k], &value, make([]float64, d.items), block)
		for j := range block {
			stats.AddScaled(h[k*d.items+j][k*d.items:][:d.items], 1, block[j])
		}
	}
	// The information of the shares with known members, and a direction for the sum
	// of their logits, which nothing depends on.
	first, n := m.Classes()*d.items, float64(d.counted)
	for k, a := range m.Shares {
		h[first+k][first+k] += n * a
		for l, b := range m.Shares {
			h[first+k][first+l] += 1 - n*a*b
		}
	}
	x.addPeople(h)
	x.information = stats.NewCholesky(symmetric(h))
	return x
}

// newton is the step to the maximum of the quadratic approximation of the penalised
// log-likelihood, and its expected gain.
func (x *Influences) newton() (step []float64, gain float64) {
	slope := x.gradient()
	for i, s := range x.score {
		if s != nil {
			stats.AddScaled(slope, x.data.weight[i], s)
		}
	}
	for k, u := range x.model.Utilities {
		stats.AddScaled(slope[k*x.data.items:][:x.data.items], -ridge, u)
	}
	step = x.information.Solve(slope)
	return step, stats.Dot(step, slope)
}

// addPeople makes the scores and subtracts from the information what is lost because
// the members are not known: Σ_k z s_k s_k' − s s' for each person.
func (x *Influences) addPeople(h [][]float64) {
	m, d := x.model, x.data
	logs, z := d.logs(m), make([]float64, m.Classes())
	slopes := make([][]float64, m.Classes())
	chances := make([][]float64, m.Classes())
	for k, u := range m.Utilities {
		chances[k] = d.chances(u)
	}
	of := make([]int, d.choices)
	for s, x := range d.sets {
		for k := range x.items {
			of[x.first+k] = s
		}
	}
	for i, w := range d.weight {
		if w == 0 {
			continue
		}
		d.member(m, logs, i, z)
		for k := range slopes {
			slopes[k] = d.score(chances[k], of, i)
		}
		x.score[i] = x.join(slopes, z, h, w)
		for a, s := range x.score[i] {
			stats.AddScaled(h[a], w*s, x.score[i])
		}
	}
}

// join combines a person's scores given each class, and subtracts their spread from
// the information.
func (x *Influences) join(slopes [][]float64, z []float64, h [][]float64, w float64) []float64 {
	first, items := len(z)*x.data.items, x.data.items
	score := make([]float64, len(h))
	given := make([]float64, len(z))
	for k, p := range z {
		for l, share := range x.model.Shares {
			given[l] = -share
		}
		given[k]++
		stats.AddScaled(score[k*items:][:items], p, slopes[k])
		stats.AddScaled(score[first:], p, given)
		for j, s := range slopes[k] {
			stats.AddScaled(h[k*items+j][k*items:][:items], -w*p*s, slopes[k])
			stats.AddScaled(h[k*items+j][first:], -w*p*s, given)
		}
		for l, g := range given {
			stats.AddScaled(h[first+l][k*items:][:items], -w*p*g, slopes[k])
			stats.AddScaled(h[first+l][first:], -w*p*g, given)
		}
	}
	return score
}

// score is the slope of the log-likelihood of a person's choices.
func (d *data) score(chances []float64, of []int, i int) []float64 {
	out := make([]float64, d.items)
	for _, c := range d.person[i] {
		s := d.sets[of[c]]
		for k, j := range s.items {
			out[j] -= s.sign * chances[s.first+k]
		}
		out[s.items[int(c)-s.first]] += s.sign
	}
	return out
}

// Share is the influence on the share of class k.
func (x *Influences) Share(k int) []float64 { return x.along(x.shareGradient(k)) }

// Utility is the influence on the utility of item j in class k.
func (x *Influences) Utility(k, j int) []float64 {
	g := x.gradient()
	for l := range x.data.items {
		g[k*x.data.items+l] = -1 / float64(x.data.items)
	}
	g[k*x.data.items+j]++
	return x.along(g)
}

// Preference is the influence on the preference of class k for item j.
func (x *Influences) Preference(k, j int) []float64 { return x.along(x.preferenceGradient(k, j)) }

// Overall is the influence on everybody's preference for item j.
func (x *Influences) Overall(j int) []float64 {
	g := x.gradient()
	for k, p := range x.model.Preferences() {
		stats.AddScaled(g, p[j], x.shareGradient(k))
		stats.AddScaled(g, x.model.Shares[k], x.preferenceGradient(k, j))
	}
	return x.along(g)
}

func (x *Influences) gradient() []float64 {
	return make([]float64, x.model.Classes()*(x.data.items+1))
}

func (x *Influences) shareGradient(k int) []float64 {
	g, first := x.gradient(), x.model.Classes()*x.data.items
	for l, share := range x.model.Shares {
		g[first+l] = -x.model.Shares[k] * share
	}
	g[first+k] += x.model.Shares[k]
	return g
}

func (x *Influences) preferenceGradient(k, j int) []float64 {
	g, p := x.gradient(), x.model.Preferences()[k]
	for l := range p {
		g[k*x.data.items+l] = -p[j] * p[l]
	}
	g[k*x.data.items+j] += p[j]
	return g
}

// along is w_i g'H⁻¹s_i.
func (x *Influences) along(g []float64) []float64 {
	v := x.information.Solve(g)
	out := make([]float64, len(x.score))
	for i, s := range x.score {
		if s != nil {
			out[i] = x.data.weight[i] * stats.Dot(v, s)
		}
	}
	return out
}

// Estimable are the items whose utilities the choices determine, in rising order.
//
// The best of a choice wins against the other items of it, the worst loses. Where one
// group of items never loses to another, the likelihood rises without end as the two
// move apart, and no difference between them is finite. The items fall into groups in
// which each item loses to each other one through a chain of choices: the largest
// group is estimable, of equal ones the one with more choices among its items; none
// is where no group has two items. The condition is Ford's (American Mathematical Monthly 64, 1957),
// for several items at a time.
func Estimable(tasks []Task, items int) []int {
	beats, wins := make([][]bool, items), make([][]int, items)
	for j := range beats {
		beats[j], wins[j] = make([]bool, items), make([]int, items)
		beats[j][j] = true
	}
	win := func(a, b int) {
		beats[a][b] = true
		wins[a][b]++
	}
	for _, t := range tasks {
		for _, j := range t.Shown {
			if t.Best != None && j != t.Best {
				win(t.Best, j)
			}
			if t.Worst != None && j != t.Worst && j != t.Best {
				win(j, t.Worst)
			}
		}
	}
	for via := range items { // chains of choices: the closure by Warshall
		for a := range items {
			for b := range items {
				beats[a][b] = beats[a][b] || beats[a][via] && beats[via][b]
			}
		}
	}
	var best []int
	most := 0
	for a := range items {
		var group []int
		for b := range items {
			if beats[a][b] && beats[b][a] {
				group = append(group, b)
			}
		}
		choices := 0
		for _, b := range group {
			for _, c := range group {
				choices += wins[b][c]
			}
		}
		if len(group) > 1 && (len(group) > len(best) || len(group) == len(best) && choices > most) {
			best, most = group, choices
		}
	}
	return best
}

// Among are the tasks with some of the items only, numbered by their position among
// them; choices of other items are left out. In the limit of utilities that are not
// finite, the likelihood of all choices is the likelihood of these.
func Among(tasks []Task, items []int) []Task {
	at := func(j int) int { return slices.Index(items, j) }
	var out []Task
	for _, t := range tasks {
		part := Task{Person: t.Person, Best: None, Worst: None}
		for _, j := range t.Shown {
			if k := at(j); k >= 0 {
				part.Shown = append(part.Shown, k)
			}
		}
		if t.Best != None {
			part.Best = at(t.Best)
		}
		if t.Worst != None {
			part.Worst = at(t.Worst)
		}
		out = append(out, part)
	}
	return out
}
