package segment

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"

	"surveykit/stats"
	"surveykit/stats/cluster"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// Stability is how far segments are found again in other samples of PSUs.
type Stability struct {
	// Resamples were looked at; Failed of those that were asked for had too few
	// different answers.
	Resamples int `json:"resamples"`
	Failed    int `json:"failed,omitempty"`
	// Of says what was drawn again.
	Of string `json:"of"`
	// AdjustedRand is the mean of stats.AdjustedRand between the segments and those
	// of a resample, Low and High hold the middle nine tenths of the resamples.
	AdjustedRand survey.Figure `json:"adjusted_rand"`
	Low          survey.Figure `json:"low"`
	High         survey.Figure `json:"high"`
	// Jaccard is, by segment, the mean share of the people in it or in its nearest
	// segment of a resample who are in both: over 0.75 a segment is stable, under
	// 0.5 it dissolves (Hennig 2007).
	Jaccard []survey.Figure `json:"jaccard"`
}

// stability finds segments again under the weights of resamples: as many PSUs of
// each stratum as it has, drawn with replacement; or, where the design has
// replicate weights and so no PSUs, under these. Both assignments are compared
// on everybody whom the resample's segments can take, with the sample's weights.
// It is nil for no resamples.
func stability(ctx context.Context, s *estimate.Sample, n int, seed uint64, member []int32, weights []float64, segments int,
	again func(context.Context, []float64) ([]int32, error)) (*Stability, error) {
	if n == 0 {
		return nil, nil
	}
	out := &Stability{Of: "PSUs"}
	if s.Frame().Replicates != nil {
		out.Of = "replicate weights"
		n = min(n, len(s.Frame().ByRow.Replicates))
	}
	var rand []float64
	jaccard, times := make([]float64, segments), make([]float64, segments)
	for r := range n {
		found, err := again(ctx, resampled(s, weights, r, seed))
		if errors.Is(err, cluster.ErrTooFew) {
			out.Failed++
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Resamples++
		rand = append(rand, stats.AdjustedRand(member, found, weights))
		for k, j := range cluster.Cross(member, found, weights, segments, int(slices.Max(found))+1).Jaccard() {
			if survey.FigureOf(j).Exists() {
				jaccard[k] += j
				times[k]++
			}
		}
	}
	if out.Resamples == 0 {
		return nil, cluster.ErrTooFew
	}
	out.setSpread(rand)
	for k := range jaccard {
		out.Jaccard = append(out.Jaccard, survey.FigureOf(jaccard[k]/times[k]))
	}
	return out, nil
}

func (s *Stability) setSpread(rand []float64) {
	slices.Sort(rand)
	var mean float64
	for _, r := range rand {
		mean += r / float64(len(rand))
	}
	at := func(p float64) survey.Figure { return survey.FigureOf(rand[int(p*float64(len(rand)-1)+0.5)]) }
	s.AdjustedRand, s.Low, s.High = survey.FigureOf(mean), at(0.05), at(0.95)
}

// resampled are the weights of one resample, 0 outside of the domain.
func resampled(s *estimate.Sample, weights []float64, r int, seed uint64) []float64 {
	out := make([]float64, len(weights))
	if s.Frame().Replicates != nil {
		for i, w := range s.Frame().ByRow.Replicates[r] {
			if weights[i] != 0 {
				out[i] = max(w, 0)
			}
		}
		return out
	}
	times := draws(s.Frame().Stages[0], rand.New(rand.NewPCG(seed, uint64(r)+1)))
	for i, w := range weights {
		out[i] = w * times[s.Frame().ByRow.PSU[i]]
	}
	return out
}

// draws counts how often each PSU is drawn; one that is alone in its stratum
// stays.
func draws(stage stats.Stage, random *rand.Rand) []float64 {
	units := make([][]int, stage.Groups())
	for j, h := range stage.Group {
		units[h] = append(units[h], j)
	}
	times := make([]float64, len(stage.Group))
	for _, psus := range units {
		for range psus {
			times[psus[random.IntN(len(psus))]]++
		}
	}
	return times
}
