package segment

import (
	"math"

	"surveykit/stats"
	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// mean is the record of Σ w y / Σ w over the rows that belong, or of a share
// where y is 0 or 1: a domain's figure with its design-based error.
func mean(s *estimate.Sample, share bool, belongs func(int) bool, y func(int) float64) survey.Estimate {
	value := func(weights []float64) (mean, sum float64) {
		for i, w := range weights {
			if w != 0 && belongs(i) {
				sum += w
				mean += w * y(i)
			}
		}
		return mean / sum, sum
	}
	weights := s.Frame().ByRow.Weights
	at, all := value(weights)
	base := s.Base(belongs)
	if base.N == 0 {
		return s.Influenced(base, share, at, nil)
	}
	if s.Frame().Replicates != nil {
		theta := make([]float64, len(s.Frame().ByRow.Replicates))
		for r, w := range s.Frame().ByRow.Replicates {
			theta[r], _ = value(w)
		}
		return s.Influenced(base, share, at, theta)
	}
	influences := make([]float64, len(weights))
	for i, w := range weights {
		if w != 0 && belongs(i) {
			influences[i] = w * (y(i) - at) / all
		}
	}
	return s.Influenced(base, share, at, influences)
}

// is makes 1 of true and 0 of false.
func is(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// describe names the segments of a certain membership and gives their sizes and
// what their people answer.
func describe(s *estimate.Sample, items []Indicator, observed []mixture.Item, member []int32, segments int) []Segment {
	names := names(items, profile(observed, member, s.Frame().ByRow.Weights, segments))
	out := make([]Segment, segments)
	for k := range out {
		g := &out[k]
		g.Name = names[k]
		g.Size = mean(s, true, func(i int) bool { return member[i] >= 0 }, func(i int) float64 { return is(member[i] == int32(k)) })
		g.Size.Statistic, g.Size.Category = "segment", g.Name
		for _, x := range items {
			g.Answers = append(g.Answers, answersOf(s, x, func(i int) bool { return member[i] == int32(k) })...)
		}
	}
	return out
}

// answersOf are the shares of an item's answers, or its mean, among the people
// who belong and answered.
func answersOf(s *estimate.Sample, x Indicator, belongs func(int) bool) []survey.Estimate {
	if x.Measure == survey.Scale {
		r := mean(s, false, func(i int) bool { return belongs(i) && !math.IsNaN(x.Numbers[i]) }, func(i int) float64 { return x.Numbers[i] })
		r.Statistic, r.Variable = "mean", x.Variable.Name
		return []survey.Estimate{r}
	}
	out := make([]survey.Estimate, len(x.Classes.Values))
	for c, value := range x.Classes.Values {
		out[c] = mean(s, true, func(i int) bool { return belongs(i) && x.code(i) >= 0 }, func(i int) float64 { return is(x.code(i) == int32(c)) })
		out[c].Statistic, out[c].Variable = "proportion", x.Variable.Name
		out[c].Category, out[c].Code = x.Classes.Labels[c], &value
	}
	return out
}

// profile is a membership in the shape of a latent class model, from which
// segments are named.
func profile(in []mixture.Item, member []int32, weights []float64, segments int) *mixture.Model {
	m := &mixture.Model{Shares: make([]float64, segments), Items: make([]mixture.ItemModel, len(in))}
	var all float64
	for i, k := range member {
		if k >= 0 {
			m.Shares[k] += weights[i]
			all += weights[i]
		}
	}
	for k := range m.Shares {
		m.Shares[k] /= all
	}
	for j, x := range in {
		if x.Categories == 0 {
			m.Items[j] = numbersOf(x, member, weights, segments)
		} else {
			m.Items[j] = categoriesOf(x, member, weights, segments)
		}
	}
	return m
}

// categoriesOf are the shares of an item's answers by segment, those of all
// where nobody answered.
func categoriesOf(x mixture.Item, member []int32, weights []float64, segments int) mixture.ItemModel {
	sums := make([][]float64, segments+1)
	all := make([]float64, segments+1)
	for k := range sums {
		sums[k] = make([]float64, x.Categories)
	}
	for i, c := range x.Code {
		if member[i] < 0 || c < 0 {
			continue
		}
		for _, k := range []int{int(member[i]), segments} {
			sums[k][c] += weights[i]
			all[k] += weights[i]
		}
	}
	p := mixture.ItemModel{Probability: make([][]float64, segments)}
	for k := range segments {
		from := k
		if all[k] == 0 {
			from = segments
		}
		p.Probability[k] = make([]float64, x.Categories)
		for c := range p.Probability[k] {
			p.Probability[k][c] = sums[from][c] / all[from]
		}
	}
	return p
}

// numbersOf are the mean and deviation of a number by segment, those of all
// where nobody answered.
func numbersOf(x mixture.Item, member []int32, weights []float64, segments int) mixture.ItemModel {
	sum, mean, square := make([]float64, segments+1), make([]float64, segments+1), make([]float64, segments+1)
	for i, v := range x.Value {
		if member[i] < 0 || weights[i] == 0 || math.IsNaN(v) {
			continue
		}
		for _, k := range []int{int(member[i]), segments} {
			sum[k] += weights[i]
			step := v - mean[k]
			mean[k] += step * weights[i] / sum[k]
			square[k] += weights[i] * step * (v - mean[k])
		}
	}
	p := mixture.ItemModel{}
	for k := range segments {
		if sum[k] == 0 {
			k = segments
		}
		p.Mean, p.SD = append(p.Mean, mean[k]), append(p.SD, math.Sqrt(square[k]/sum[k]))
	}
	return p
}

// rare is how many people of a class may give an answer, or not give it, before
// the errors of its probability are believed: under one, the top of the likelihood
// is often at 0 or 1, where neither sandwich nor replicates vary.
const rare = 1

// widenRare gives a rare or nearly certain answer to item j in class k Korn and
// Graubard's interval from the class's size, in place of one from its error.
func (m *measured) widenRare(r *survey.Estimate, j, k int) {
	n, p := m.size(j, k), r.Value.Float()
	if n*min(p, 1-p) >= rare {
		return
	}
	in := stats.Proportion{P: p, SE: math.Sqrt(p * (1 - p) / n), N: n, DF: min(r.DF.Float(), n-1), Level: r.Level.Float()}
	low, high, _ := in.Interval(stats.BetaInterval)
	r.Low, r.High, r.Interval = survey.FigureOf(low), survey.FigureOf(high), stats.KornGraubard.Name
}

// size is how many people of equal weight tell as much of the answers of class k
// to item j as those who gave one: (Σ w z)²/Σ w² z, z their probability of the class.
func (m *measured) size(j, k int) float64 {
	var sum, square float64
	for i, z := range m.members {
		if w := m.weights[i]; w != 0 && m.in[j].Code[i] >= 0 {
			sum += w * z[k]
			square += w * w * z[k]
		}
	}
	if square == 0 {
		return 0
	}
	return sum * sum / square
}
