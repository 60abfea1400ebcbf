package segment

import (
	"surveykit/stats/shortform"
	"surveykit/survey"
)

// report measures a chosen step.
func (t *typing) report(steps []shortform.Step, step shortform.Step, chosen []int, reached bool) *Typing {
	out := &Typing{Items: t.variables(chosen), Reached: reached, Folds: t.folds}
	for _, s := range steps {
		out.Steps = append(out.Steps, TypingStep{Items: t.variables(s.Items), Accuracy: survey.Figure(s.Accuracy)})
	}
	right := func(i int) bool { return step.Typed[i] == t.class[i] }
	out.Accuracy = t.share(func(i int) bool { return true }, right)
	out.Accuracy.Statistic = "accuracy"
	for k, name := range t.names {
		own := func(i int) bool { return t.class[i] == int32(k) }
		g := Typed{Name: name, Accuracy: t.share(own, right)}
		g.Accuracy.Statistic, g.Accuracy.Category = "accuracy", name
		for l := range t.names {
			into := func(i int) bool { return step.Typed[i] == int32(l) }
			g.Into = append(g.Into, survey.Figure(ratio(t.weights, own, into)))
		}
		out.Segments = append(out.Segments, g)
	}
	return out
}

func (t *typing) variables(places []int) []string {
	out := make([]string, len(places))
	for n, j := range places {
		out[n] = t.items[j].Variable
	}
	return out
}

// share is the record of a proportion of the people with a segment among those
// who belong.
func (t *typing) share(belongs, holds func(row int) bool) survey.Estimate {
	counts := func(i int) bool { return t.weights[i] > 0 && belongs(i) }
	base := t.sample.Base(counts)
	p := ratio(t.weights, counts, holds)
	if reps := t.sample.Frame().Replicates; reps != nil {
		theta := make([]float64, len(reps.Weights))
		for r, w := range reps.Weights {
			theta[r] = ratio(w, counts, holds)
		}
		return t.sample.Influenced(base, true, p, theta)
	}
	u := make([]float64, len(t.weights))
	for i, w := range t.weights {
		switch {
		case !counts(i):
		case holds(i):
			u[i] = w * (1 - p) / base.NWeighted
		default:
			u[i] = -w * p / base.NWeighted
		}
	}
	return t.sample.Influenced(base, true, p, u)
}

// ratio is Σ w of those who belong and for whom it holds over Σ w of those who belong.
func ratio(weights []float64, belongs, holds func(row int) bool) float64 {
	var part, all float64
	for i, w := range weights {
		if belongs(i) {
			all += w
			if holds(i) {
				part += w
			}
		}
	}
	return part / all
}
