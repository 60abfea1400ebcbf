package mixture

import (
	"math"

	"surveykit/stats"
)

// ClassificationErrors are the probabilities D[t][s] that a person of class t is
// assigned to class s: Σ w p_it 1(s_i = s) / Σ w p_it over the rows that are
// assigned (assigned ≥ 0). A class without people has no errors.
// Source: Vermunt, Political Analysis 18 (2010), equation 6.
func ClassificationErrors(posterior [][]float64, assigned []int32, weights []float64) [][]float64 {
	classes := len(posterior[0])
	d := make([][]float64, classes)
	total := make([]float64, classes)
	for t := range d {
		d[t] = make([]float64, classes)
	}
	for i, p := range posterior {
		if assigned[i] < 0 || weights[i] == 0 {
			continue
		}
		for t, v := range p {
			d[t][assigned[i]] += weights[i] * v
			total[t] += weights[i] * v
		}
	}
	for t := range d {
		for s := range d[t] {
			if total[t] == 0 {
				d[t][s] = delta(t, s)
				continue
			}
			d[t][s] /= total[t]
		}
	}
	return d
}

// Membership is a multinomial logit of the class on covariates, corrected for
// the errors of classification: ln P(t|x)/P(0|x) = xβ_t.
type Membership struct {
	// Beta[t−1] are the coefficients of class t against the first, NaN for columns
	// in the span of earlier ones.
	Beta [][]float64
	// LogLikelihood is Σ w ln Σ_t P(t|x_i) D[t][s_i].
	LogLikelihood float64
	// Converged is false where there is no finite solution.
	Converged bool
	// Rank counts the columns that are not in the span of earlier ones.
	Rank int

	x        *stats.Sparse
	assigned []int32
	weights  []float64
	errors   [][]float64
	// use lists the columns that count.
	use     []int
	dense   []float64
	inverse *stats.Cholesky
}

const (
	membershipSteps = 200
	// settledGain is the gain at which steps end, relative to the log-likelihood.
	settledGain = 1e-12
	// farthestLogit is a predictor at which a class is certain: beyond it a solution is
	// not finite.
	farthestLogit = 30
)

// FitMembership is the third step of Vermunt (2010, equation 13, "ML"): people's
// assigned classes s (−1 or weight 0 leaves a row out) are their true classes
// with known errors D, and Σ w ln Σ_t P(t|x) D[t][s]
// is maximised by Newton steps, halved where they overshoot. x has a column for the
// constant. With D the identity and two classes it is the logistic regression of
// the second class.
func FitMembership(x *stats.Sparse, assigned []int32, errors [][]float64, weights []float64) *Membership {
	m := &Membership{x: x, assigned: assigned, errors: errors, weights: make([]float64, len(weights))}
	for i, w := range weights {
		if assigned[i] >= 0 {
			m.weights[i] = w
		}
	}
	g := stats.NewCholesky(m.x.Gram(m.weights))
	place := make([]int, m.x.Columns)
	for c, aliased := range g.Aliased {
		if place[c] = -1; !aliased {
			place[c] = len(m.use)
			m.use = append(m.use, c)
		}
	}
	m.Rank = len(m.use)
	m.dense = make([]float64, m.x.Rows()*m.Rank)
	for c, p := range place {
		if p < 0 {
			continue
		}
		unit := make([]float64, m.x.Columns)
		unit[c] = 1
		for i, v := range m.x.Times(unit) {
			m.dense[i*m.Rank+p] = v
		}
	}
	beta := make([]float64, (len(errors)-1)*len(m.use))
	value, score, observed, complete := m.evaluate(beta)
	for range membershipSteps {
		next, at := m.climb(beta, value, stats.NewCholesky(observed).Solve(score))
		if !(at > value) {
			next, at = m.climb(beta, value, stats.NewCholesky(complete).Solve(score))
		}
		gain := at - value
		if !(gain > settledGain*(1+math.Abs(value))) {
			m.Converged = m.near(beta)
			break
		}
		beta = next
		value, score, observed, complete = m.evaluate(beta)
	}
	m.LogLikelihood, m.inverse = value, stats.NewCholesky(observed)
	for t := 1; t < len(m.errors); t++ {
		row := make([]float64, m.x.Columns)
		for c := range row {
			row[c] = math.NaN()
		}
		for a, c := range m.use {
			row[c] = beta[(t-1)*m.Rank+a]
		}
		m.Beta = append(m.Beta, row)
	}
	return m
}

func (m *Membership) row(i int) []float64 { return m.dense[i*m.Rank:][:m.Rank] }

// climb takes a step, halved until it gains.
func (m *Membership) climb(beta []float64, value float64, step []float64) (next []float64, at float64) {
	const smallest = 1e-6
	for scale := 1.0; scale > smallest; scale /= 2 {
		next = append(next[:0], beta...)
		stats.AddScaled(next, scale, step)
		p, q := make([]float64, len(m.errors)), make([]float64, len(m.errors))
		var sum float64
		for i, w := range m.weights {
			if w != 0 {
				sum += w * m.classes(next, i, p, q)
			}
		}
		if at = sum; at >= value {
			return next, at
		}
	}
	return beta, value
}

// classes fills in row i's probabilities of each class, before (p) and after (q)
// its assigned class is known, and returns ln Σ_t p D.
func (m *Membership) classes(beta []float64, i int, p, q []float64) float64 {
	p[0] = 0
	for t := 1; t < len(p); t++ {
		p[t] = stats.Dot(m.row(i), beta[(t-1)*m.Rank:][:m.Rank])
	}
	exponentiate(p)
	var sum float64
	for t := range p {
		q[t] = p[t] * m.errors[t][m.assigned[i]]
		sum += q[t]
	}
	for t := range q {
		q[t] /= sum
	}
	return math.Log(sum)
}

// evaluate is the log-likelihood with its score, the observed information and
// the one that known classes would give.
func (m *Membership) evaluate(beta []float64) (value float64, score []float64, observed, complete *stats.Symmetric) {
	k, r := len(m.errors)-1, m.Rank
	score = make([]float64, k*r)
	h, c := make([]float64, k*r*k*r), make([]float64, k*r*k*r)
	p, q := make([]float64, k+1), make([]float64, k+1)
	for i, w := range m.weights {
		if w == 0 {
			continue
		}
		value += w * m.classes(beta, i, p, q)
		row := m.row(i)
		for t := range k {
			stats.AddScaled(score[t*r:][:r], w*(q[t+1]-p[t+1]), row)
			for u := range t + 1 {
				known := w * p[t+1] * (delta(t, u) - p[u+1])
				hidden := w * q[t+1] * (delta(t, u) - q[u+1])
				for a, xa := range row {
					at := (t*r+a)*k*r + u*r
					stats.AddScaled(c[at:][:r], known*xa, row)
					stats.AddScaled(h[at:][:r], (known-hidden)*xa, row)
				}
			}
		}
	}
	return value, score, lower(h, k*r), lower(c, k*r)
}

// lower is the symmetric matrix with the lower triangle of m.
func lower(m []float64, size int) *stats.Symmetric {
	g := stats.NewSymmetric(size)
	for a := range size {
		for b := range a + 1 {
			g.Set(a, b, m[a*size+b])
		}
	}
	return g
}

// near reports whether no class is certain for anybody.
func (m *Membership) near(beta []float64) bool {
	for i, w := range m.weights {
		for t := 1; w != 0 && t < len(m.errors); t++ {
			if math.Abs(stats.Dot(m.row(i), beta[(t-1)*m.Rank:][:m.Rank])) > farthestLogit {
				return false
			}
		}
	}
	return true
}

// Influence is each row's influence on the coefficient of column c for class t
// with the errors of classification taken as given, e'H⁻¹ w (q − p) x with the observed
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
// errors of classification, which depend on the rows twice: as an average over them,
// and through the parameters of the class model that gives the posterior
// probabilities (first are that model's influences). weights are the weights of that
// average. The assignments are taken as given. Source:
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

// eachRow calls use with every row that counts and its class probabilities.
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

// slopes are the derivatives of a coefficient with respect to the errors D[t][s]:
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

// perPerson turns derivatives with respect to D into those with respect to each p_it.
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
