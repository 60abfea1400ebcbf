package segment

import (
	"context"
	"math"

	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// knownMethod finds no segments: its models are of segments that were found in another
// way, such as by rules or by clusters: what their people answer, items independent within.
var knownMethod = &Method{Name: "known-segments", fits: (*Model).fitsProbabilities, assign: (*Model).assignProbably}

// someone is the weight, in people, of everybody's answers among a segment's
// own: an answer that nobody of a small segment gave is rare there, not
// impossible.
const someone = 1

// TypeKnown is Type for segments that a variable of the table holds. Its model
// gives each segment its share, and each item the distribution of the answers of
// the segment's people, mixed with everybody's with the weight of one person: a
// naive Bayes classifier with all its items independent within a segment. As its
// parts do not depend on each other, the model of a few items is the same as
// that of all with the others left out. Accuracy is against the variable. Rows
// without a segment or without any answer keep out. The error is
// survey.Problems.
func TypeKnown(ctx context.Context, s *estimate.Sample, variable string, items []string, o TypingOptions) (*Typing, error) {
	if err := s.NeedsRows("a typing tool"); err != nil {
		return nil, err
	}
	segments, problems := knownSegments(s.Table(), variable)
	found, err := Indicators(s.Table(), items)
	if many, ok := err.(survey.Problems); ok {
		problems = append(problems, many...)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	t := typing{sample: s, in: observations(found), class: segments.Index.Slice(), names: segments.Labels}
	for _, x := range found {
		t.items = append(t.items, itemOf(x))
	}
	t.weights = t.counted()
	for i := range t.weights {
		if !answersAny(t.in, i) {
			t.weights[i] = 0
		}
	}
	t.train = t.learn
	out, chosen, err := t.search(ctx, o)
	if err != nil {
		return nil, err
	}
	m, err := t.learn(t.weights)
	if err != nil {
		return nil, err
	}
	all := &Model{Schema: ModelVersion, Method: knownMethod.Name, Names: t.names, Items: t.items, LatentClass: m}
	out.Model = all.Restrict(chosen)
	return out, nil
}

// knownSegments are the categories that occur.
func knownSegments(t *survey.Table, variable string) (survey.Classes, survey.Problems) {
	v := t.Lookup(variable)
	if v == nil {
		return survey.Classes{}, survey.Problems{t.Unknown(variable)}
	}
	c := survey.Classify(v)
	if n := len(c.Values); n < 2 || n > mostClasses {
		return c, survey.Problems{{Variable: variable, Message: "does not have 2 to 50 segments", Remedy: "name the variable of the segments"}}
	}
	return c, nil
}

// mostClasses that a variable of segments may hold.
const mostClasses = 50

// learn makes the model under some weights, scaled to a mean of 1.
func (t *typing) learn(weights []float64) (*mixture.Model, error) {
	var sum, n float64
	for _, w := range weights {
		if w > 0 {
			sum += w
			n++
		}
	}
	if n == 0 {
		return nil, mixture.ErrNoRows
	}
	scaled := make([]float64, len(weights))
	m := &mixture.Model{Shares: make([]float64, len(t.names))}
	for i, w := range weights {
		if scaled[i] = w * n / sum; w > 0 {
			m.Shares[t.class[i]] += w / sum
		}
	}
	for k, share := range m.Shares {
		m.Shares[k] = (share*n + someone/float64(len(m.Shares))) / (n + someone)
	}
	for _, x := range t.in {
		if x.Categories > 0 {
			m.Items = append(m.Items, t.learnAnswers(x, scaled))
		} else {
			m.Items = append(m.Items, t.learnNumbers(x, scaled))
		}
	}
	return m, nil
}

// learnAnswers is p_k(c) = (Σ_k w·[y=c] + p(c)) / (Σ_k w + 1), and p(c) the same
// over everybody with all answers alike in place of p.
func (t *typing) learnAnswers(x mixture.Item, weights []float64) mixture.ItemModel {
	all := make([]float64, x.Categories)
	own := make([][]float64, len(t.names))
	for k := range own {
		own[k] = make([]float64, x.Categories)
	}
	for i, c := range x.Code {
		if weights[i] > 0 && c >= 0 {
			own[t.class[i]][c] += weights[i]
			all[c] += weights[i]
		}
	}
	even := make([]float64, x.Categories)
	for c := range even {
		even[c] = 1 / float64(x.Categories)
	}
	blend(all, even)
	for k := range own {
		blend(own[k], all)
	}
	return mixture.ItemModel{Probability: own}
}

// blend turns counts into shares, with one person more who answers as the
// others do on the whole.
func blend(counts, others []float64) {
	var sum float64
	for _, n := range counts {
		sum += n
	}
	for c := range counts {
		counts[c] = (counts[c] + someone*others[c]) / (sum + someone)
	}
}

// learnNumbers are the mean and deviation of each segment, with one person more
// who is as the others are on the whole.
func (t *typing) learnNumbers(x mixture.Item, weights []float64) mixture.ItemModel {
	everybody := moments(x.Value, func(i int) float64 { return weights[i] })
	mean, deviation := everybody.mean(), everybody.deviation()
	if !(deviation > 0) {
		mean, deviation = nanTo(mean, 0), 1
	}
	var out mixture.ItemModel
	for k := range t.names {
		own := moments(x.Value, func(i int) float64 {
			if t.class[i] == int32(k) {
				return weights[i]
			}
			return 0
		})
		own.add(mean, someone)
		own.square += someone * deviation * deviation
		out.Mean, out.SD = append(out.Mean, own.mean()), append(out.SD, own.deviation())
	}
	return out
}

func nanTo(x, other float64) float64 {
	if math.IsNaN(x) {
		return other
	}
	return x
}

// moment adds numbers up: their weight, their mean so far and the weighted sum
// of squares around it.
type moment struct{ n, centre, square float64 }

func (m *moment) add(x, w float64) {
	m.n += w
	step := x - m.centre
	m.centre += step * w / m.n
	m.square += w * step * (x - m.centre)
}

func (m moment) mean() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return m.centre
}

func (m moment) deviation() float64 { return math.Sqrt(m.square / m.n) }

func moments(values []float64, weight func(i int) float64) moment {
	var m moment
	for i, x := range values {
		if w := weight(i); w > 0 && !math.IsNaN(x) {
			m.add(x, w)
		}
	}
	return m
}
