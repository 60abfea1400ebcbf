package penalised

import (
	"context"
	"errors"
	"math"

	"surveykit/stats"
	"surveykit/stats/parallel"
)

// Options of a validated fit.
type Options struct {
	// Mix is α of Path, 0 to 1.
	Mix float64
	// Lambdas is the number of penalties tried. Required.
	Lambdas int
}

// Validated is a model with predictions for people outside its data.
type Validated struct {
	// Model is fitted to all rows, with the penalty of the lowest loss out of fold.
	Model *Model
	// Out is each row's probability by a model that used its fold neither for the fit
	// nor for the choice of the penalty; NaN for rows without a fold.
	Out []float64
	// Lambdas are the penalties tried, Loss the mean log loss out of fold of each.
	Lambdas, Loss []float64
}

// ErrNoContrast means that without some fold only one outcome occurs, or that no
// column varies.
var ErrNoContrast = errors.New("without some of the folds all outcomes are the same")

// Validate fits a model and predicts every fold from the others. fold is each
// row's fold, 0 to folds−1, −1 for rows that do not count; folds is 3 or more.
// The penalty for a fold's predictions is chosen by cross-validation among the
// other folds alone, so that the predictions are honest: for this, models
// without each pair of folds are fitted, which serve both of the pair. The result
// is the same for any number of processors. The error is ErrNoContrast or the
// context's.
func (d Data) Validate(ctx context.Context, fold []int32, folds int, o Options) (*Validated, error) {
	v := &validation{Data: d, fold: fold, folds: folds, o: o}
	v.lambdas = d.Lambdas(o.Mix, o.Lambdas)
	// All folds, without each one, without each two.
	v.jobs = append(v.jobs, &job{without: [2]int32{-1, -1}})
	for f := range int32(v.folds) {
		for g := f; g < int32(v.folds); g++ {
			v.jobs = append(v.jobs, &job{without: [2]int32{f, g}})
		}
	}
	if v.lambdas == nil || !v.contrasts() {
		return nil, ErrNoContrast
	}
	if err := parallel.Each(ctx, len(v.jobs), func(k int) { v.fit(v.jobs[k]) }); err != nil {
		return nil, err
	}
	return v.result(), nil
}

// validation is a validated fit while it is computed.
type validation struct {
	Data
	fold    []int32
	folds   int
	o       Options
	lambdas []float64
	jobs    []*job
}

// job fits a path without two folds, which may be the same one, or none (−1).
type job struct {
	without [2]int32
	models  []*Model
	// loss[k] is the summed log loss of each penalty in fold without[k].
	loss [2][]float64
}

// kept are the weights of a job's rows.
func (v *validation) kept(j *job) []float64 {
	w := make([]float64, len(v.Weights))
	for i, f := range v.fold {
		if f >= 0 && f != j.without[0] && f != j.without[1] {
			w[i] = v.Weights[i]
		}
	}
	return w
}

// contrasts reports whether both outcomes occur in every job's rows.
func (v *validation) contrasts() bool {
	for _, j := range v.jobs {
		var seen [2]bool
		for i, w := range v.kept(j) {
			if w > 0 {
				seen[int(v.Y[i])] = true
			}
		}
		if !seen[0] || !seen[1] {
			return false
		}
	}
	return true
}

func (v *validation) fit(j *job) {
	part := Data{X: v.X, Y: v.Y, Weights: v.kept(j)}
	j.models = part.Path(v.o.Mix, v.lambdas)
	for k, f := range j.without {
		if f < 0 {
			continue
		}
		j.loss[k] = make([]float64, len(v.lambdas))
		for l, m := range j.models {
			p := m.Probabilities(v.X)
			for i, w := range v.Weights {
				if v.fold[i] == f {
					j.loss[k][l] += w * LogLoss(p[i], v.Y[i])
				}
			}
		}
	}
}

// LogLoss is −ln of the predicted probability of the outcome y, 1 or 0; a probability
// of 0 counts as 2^−53.
func LogLoss(p, y float64) float64 {
	if y == 0 {
		p = 1 - p
	}
	return -math.Log(math.Max(p, 0x1p-53))
}

// result chooses the penalties and collects the predictions.
func (v *validation) result() *Validated {
	n := len(v.lambdas)
	whole, inner := make([]float64, n), make([][]float64, v.folds)
	single := make([]*job, v.folds)
	for f := range inner {
		inner[f] = make([]float64, n)
	}
	for _, j := range v.jobs[1:] {
		f, g := j.without[0], j.without[1]
		if f == g {
			single[f] = j
			stats.AddScaled(whole, 1, j.loss[0])
			continue
		}
		stats.AddScaled(inner[f], 1, j.loss[1])
		stats.AddScaled(inner[g], 1, j.loss[0])
	}
	out := &Validated{Model: v.jobs[0].models[lowest(whole)], Lambdas: v.lambdas, Loss: whole, Out: make([]float64, len(v.fold))}
	honest := make([][]float64, v.folds)
	for f, j := range single {
		honest[f] = j.models[lowest(inner[f])].Probabilities(v.X)
	}
	var total float64
	for i, f := range v.fold {
		if out.Out[i] = math.NaN(); f >= 0 {
			out.Out[i] = honest[f][i]
			total += v.Weights[i]
		}
	}
	for l := range out.Loss {
		out.Loss[l] /= total
	}
	return out
}

// lowest is the index of the smallest loss; of equal ones the first, which has the
// larger penalty.
func lowest(loss []float64) int {
	best := 0
	for l, x := range loss {
		if x < loss[best] {
			best = l
		}
	}
	return best
}
