package mixture

import (
	"math"

	"surveykit/stats"
)

// Influence is each row's influence on the coefficient of column c for class t
// with the errors of classification as given, e'H⁻¹ w (q − p) x with the observed
// information H: its design variance is the sandwich. Nil for a column that has
// no coefficient.
func (m *Membership) Influence(t, c int) []float64 {
	along := m.along(t, c)
	if along == nil {
		return nil
	}
	out := make([]float64, len(m.weights))
	m.eachRow(func(i int, p, q []float64) {
		for u := 1; u < len(p); u++ {
			out[i] += m.weights[i] * (q[u] - p[u]) * m.step(along, u, i)
		}
	})
	return out
}

// InfluenceOfErrors is each row's influence on the same coefficient through the
// errors of classification, which the rows decide twice: as an average over them,
// and by the parameters of the class model that the posterior probabilities come
// from (first are that model's influences). weights are those that the errors
// were averaged with. Who is assigned to which class counts as given. Source:
// Bakk, Oberski and Vermunt, Political Analysis 22 (2014), for the correction.
func (m *Membership) InfluenceOfErrors(t, c int, first *Influences, posterior [][]float64, weights []float64) []float64 {
	along := m.along(t, c)
	if along == nil {
		return nil
	}
	return first.throughPosterior(m.perPerson(m.slopes(along), posterior, weights), posterior)
}

// along is H⁻¹e of a coefficient.
func (m *Membership) along(t, c int) []float64 {
	if math.IsNaN(m.Beta[t-1][c]) {
		return nil
	}
	unit := make([]float64, (len(m.errors)-1)*m.Rank)
	for a, column := range m.use {
		if column == c {
			unit[(t-1)*m.Rank+a] = 1
		}
	}
	return m.inverse.Solve(unit)
}

// step is x_i'along_u, 0 for the first class.
func (m *Membership) step(along []float64, u, i int) float64 {
	if u == 0 {
		return 0
	}
	return stats.Dot(m.row(i), along[(u-1)*m.Rank:][:m.Rank])
}

// eachRow hands over every row that counts with its classes' probabilities.
func (m *Membership) eachRow(use func(i int, p, q []float64)) {
	var beta []float64
	for _, row := range m.Beta {
		for _, column := range m.use {
			beta = append(beta, row[column])
		}
	}
	p, q := make([]float64, len(m.errors)), make([]float64, len(m.errors))
	for i, w := range m.weights {
		if w != 0 {
			m.classes(beta, i, p, q)
			use(i, p, q)
		}
	}
}

// slopes are the derivatives of a coefficient by the errors D[t][s]:
// Σ_{s_i=s} w p_t/(Σ pD) Σ_u (1(u=t) − q_u) x'along_u.
func (m *Membership) slopes(along []float64) [][]float64 {
	out := make([][]float64, len(m.errors))
	for t := range out {
		out[t] = make([]float64, len(m.errors))
	}
	m.eachRow(func(i int, p, q []float64) {
		s := m.assigned[i]
		var sum, mean float64
		for u := range p {
			sum += p[u] * m.errors[u][s]
			mean += q[u] * m.step(along, u, i)
		}
		for t := range p {
			out[t][s] += m.weights[i] * p[t] / sum * (m.step(along, t, i) - mean)
		}
	})
	return out
}

// perPerson spreads derivatives by D over its rows: what a unit more of p_it does.
func (m *Membership) perPerson(slopes, posterior [][]float64, weights []float64) [][]float64 {
	total := make([]float64, len(slopes))
	for i, p := range posterior {
		for t, v := range p {
			if m.assigned[i] >= 0 {
				total[t] += weights[i] * v
			}
		}
	}
	out := make([][]float64, len(posterior))
	for i := range posterior {
		out[i] = make([]float64, len(slopes))
		if weights[i] == 0 || m.assigned[i] < 0 {
			continue
		}
		for t := range slopes {
			if total[t] == 0 {
				continue
			}
			mean := stats.Dot(slopes[t], m.errors[t])
			out[i][t] = weights[i] * (slopes[t][m.assigned[i]] - mean) / total[t]
		}
	}
	return out
}

// throughPosterior is each row's influence on Σ_i Σ_t a_it p_it: by its own
// term, and by the parameters that all posterior probabilities depend on, with
// ∂p_it = p_it (s_it − Σ_u p_iu s_iu), s_it the score of row i in class t.
func (x *Influences) throughPosterior(a, posterior [][]float64) []float64 {
	f := x.features
	sums := make([]float64, len(f.l)/f.parameters)
	f.each(x.model, x.data, func(i int, z []float64, index []int, value []float64) {
		mean := stats.Dot(a[i], z)
		for t, zt := range z {
			for n, feature := range index {
				sums[t*f.count+feature] += zt * (a[i][t] - mean) * value[t*len(index)+n]
			}
		}
	})
	gradient := make([]float64, f.parameters)
	for r, v := range sums {
		stats.AddScaled(gradient, v, f.l[r*f.parameters:][:f.parameters])
	}
	out := x.rows(gradient)
	for i, p := range posterior {
		out[i] += stats.Dot(a[i], p)
	}
	return out
}
