package segment

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"surveykit/stats"
	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// Halves asks for replication across random halves of the PSUs.
const Halves = "halves"

// splits are as many random halves as are looked at.
const splits = 5

// Replication is how well the segments found among some people are found again
// among others: the model of the first assigns the second, and is held against
// their own model.
type Replication struct {
	Fitted   string `json:"fitted"`
	Assigned string `json:"assigned"`
	// Rows of those who were assigned.
	Rows int `json:"rows"`
	// AdjustedRand is stats.AdjustedRand, Agreed stats.Agreement, of the two
	// assignments, weighted.
	AdjustedRand survey.Figure `json:"adjusted_rand"`
	Agreed       survey.Figure `json:"agreed"`
}

// part is a part of the sample with its weights, 0 outside.
type part struct {
	name    string
	weights []float64
}

// replicate fills in the replications of every number of classes, across random
// halves of the PSUs or the values of a variable such as the wave.
func (r *classesFitted) replicate(ctx context.Context, s *estimate.Sample, o LatentClassOptions) ([][]Replication, error) {
	out := make([][]Replication, len(r.fits))
	pairs, err := r.partings(s, o)
	if err != nil {
		return nil, err
	}
	for _, parts := range pairs {
		models := make([][]*mixture.Fitted, len(parts))
		for i, p := range parts {
			models[i], err = mixture.Fit(ctx, r.in, p.weights, o.Classes, mixture.Options{Starts: o.Starts, Seed: o.Seed})
			if err == mixture.ErrNoRows {
				return nil, survey.Problems{{Value: p.name, Message: "nobody in this part answered any of the items", Remedy: "choose parts that were asked the items"}}
			}
			if err != nil {
				return nil, err
			}
		}
		for k := range r.fits {
			out[k] = append(out[k], r.crossed(parts, models, k)...)
		}
	}
	return out, nil
}

// crossed holds each part's model against the others' own.
func (r *classesFitted) crossed(parts []part, models [][]*mixture.Fitted, k int) (out []Replication) {
	assigned := make([][]int32, len(parts))
	for i := range parts {
		assigned[i] = mixture.Modal(models[i][k].Posterior(r.in))
	}
	for i, from := range parts {
		for j, to := range parts {
			if i == j {
				continue
			}
			agreed, _ := stats.Agreement(assigned[i], assigned[j], to.weights)
			out = append(out, Replication{Fitted: from.name, Assigned: to.name, Rows: models[j][k].Rows,
				AdjustedRand: survey.FigureOf(stats.AdjustedRand(assigned[i], assigned[j], to.weights)), Agreed: survey.FigureOf(agreed)})
		}
	}
	return out
}

// partings are the ways in which the sample is parted.
func (r *classesFitted) partings(s *estimate.Sample, o LatentClassOptions) ([][]part, error) {
	counted := r.classed()
	weights := make([]float64, len(counted))
	for i, is := range counted {
		if is {
			weights[i] = r.weights[i]
		}
	}
	if o.Replicate == Halves && s.Table().Lookup(Halves) == nil {
		return halves(s.Frame(), weights, o.Seed)
	}
	parts, err := byValue(s, weights, o.Replicate)
	return [][]part{parts}, err
}

// halves parts the PSUs of each stratum at random, several times over. With
// replicate weights, which have no PSUs, the rows are parted.
func halves(f *engine.Frame, weights []float64, seed uint64) ([][]part, error) {
	var out [][]part
	for split := range splits {
		rng := rand.New(rand.NewPCG(seed, uint64(split)))
		second := parted(f, rng)
		pair := []part{{fmt.Sprintf("split %d, half 1", split+1), make([]float64, len(weights))},
			{fmt.Sprintf("split %d, half 2", split+1), make([]float64, len(weights))}}
		for i, w := range weights {
			half := 0
			if second(i) {
				half = 1
			}
			pair[half].weights[i] = w
		}
		out = append(out, pair)
	}
	return out, nil
}

// parted says which rows are in the second half: every other PSU of each
// stratum in a random order, or rows at random where there are no PSUs.
func parted(f *engine.Frame, rng *rand.Rand) func(row int) bool {
	if f.ByRow.PSU == nil {
		second := make([]bool, f.Rows)
		for place, i := range rng.Perm(f.Rows) {
			second[i] = place%2 == 1
		}
		return func(row int) bool { return second[row] }
	}
	stratum := make([]int32, f.PSUs)
	for i, p := range f.ByRow.PSU {
		stratum[p] = f.ByRow.Stratum[i]
	}
	second, seen := make([]bool, f.PSUs), make([]int, f.Strata)
	for h := range seen {
		seen[h] = rng.IntN(2) // which half an odd PSU goes to
	}
	for _, p := range rng.Perm(f.PSUs) {
		second[p] = seen[stratum[p]]%2 == 1
		seen[stratum[p]]++
	}
	return func(row int) bool { return second[f.ByRow.PSU[row]] }
}

// mostParts that a variable may make: each is held against each.
const mostParts = 12

// byValue parts the sample by a variable's values.
func byValue(s *estimate.Sample, weights []float64, name string) ([]part, error) {
	v := s.Table().Lookup(name)
	if v == nil {
		p := s.Table().Unknown(name)
		p.Remedy = "give halves, or the variable of the waves; " + p.Remedy
		return nil, survey.Problems{p}
	}
	classes := survey.Classify(v)
	if n := len(classes.Values); n < 2 || n > mostParts {
		return nil, survey.Problems{{Variable: name, Message: fmt.Sprintf("has %d values", n), Remedy: fmt.Sprintf("replication needs a variable of 2 to %d, such as the wave", mostParts)}}
	}
	parts := make([]part, len(classes.Values))
	for k, label := range classes.Labels {
		parts[k] = part{name + " " + label, make([]float64, len(weights))}
	}
	for i, k := range classes.Index.All() {
		if k >= 0 {
			parts[k].weights[i] = weights[i]
		}
	}
	return parts, nil
}

// MeanAgreement is the mean of the adjusted Rand indices and of the shares that
// agree, and the least of these; NaN without replications.
func MeanAgreement(all []Replication) (rand, agreed, least float64) {
	if len(all) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	least = 1
	for _, x := range all {
		rand += x.AdjustedRand.Float() / float64(len(all))
		agreed += x.Agreed.Float() / float64(len(all))
		least = min(least, x.Agreed.Float())
	}
	return rand, agreed, least
}
