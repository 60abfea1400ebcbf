package segment

import (
	"fmt"

	"surveykit/stats"
	"surveykit/stats/cluster"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// Agreement is how two solutions agree and who moves where between them.
type Agreement struct {
	From string `json:"from"`
	To   string `json:"to"`
	// AdjustedRand is stats.AdjustedRand with its design-based error, of the people
	// whom both solutions class.
	AdjustedRand survey.Estimate `json:"adjusted_rand"`
	Moves        []Move          `json:"moves"`
}

// Move are the people of a segment of one solution who are in a segment of the
// other.
type Move struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Share is their share of all, Given that of the people of the segment that
	// they come from.
	Share survey.Estimate `json:"share"`
	Given survey.Estimate `json:"given"`
}

// Streams are the people between solutions, for an alluvial chart.
type Streams struct {
	// Solutions have a last segment for those who are not classed where there are any.
	Solutions []StreamStage
	// Weight[s][from][to] flows between solutions s and s+1.
	Weight [][][]float64
	// N people are in a segment of some solution.
	N int
}

// StreamStage is one solution of Streams.
type StreamStage struct {
	Name     string
	Segments []string
}

// NotClassed is the segment of those whom a solution does not class.
const NotClassed = "Not classed"

// Compare holds solutions, given as variables, against each other: every pair,
// in order. Rows outside the sample's domain keep out. The error is
// survey.Problems: unknown variables, fewer than two, one without two segments.
func Compare(s *estimate.Sample, names []string) ([]Agreement, *Streams, error) {
	if err := s.NeedsRows("a comparison of segments"); err != nil {
		return nil, nil, err
	}
	if len(names) < 2 {
		return nil, nil, survey.Problems{{Message: fmt.Sprintf("%d solutions cannot be compared", len(names)), Remedy: "name two or more variables of segments"}}
	}
	marked := make([]string, len(names))
	for i, n := range names {
		marked[i] = n + ":nominal"
	}
	solutions, err := Indicators(s.Table(), marked)
	if err != nil {
		return nil, nil, err
	}
	_, weights := inputs(s, nil)
	var out []Agreement
	for i, a := range solutions {
		for _, b := range solutions[i+1:] {
			out = append(out, compare(s, a, b, weights))
		}
	}
	return out, streams(solutions, weights), nil
}

func compare(s *estimate.Sample, a, b Indicator, weights []float64) Agreement {
	c := Agreement{From: a.Variable.Name, To: b.Variable.Name}
	both := func(i int) bool { return weights[i] != 0 && a.code(i) >= 0 && b.code(i) >= 0 }
	c.AdjustedRand = adjustedRand(s, a, b, weights, both)
	for k, from := range a.Classes.Labels {
		for l, to := range b.Classes.Labels {
			there := func(i int) float64 { return is(a.code(i) == int32(k) && b.code(i) == int32(l)) }
			m := Move{From: from, To: to, Share: mean(s, true, both, there)}
			m.Given = mean(s, true, func(i int) bool { return both(i) && a.code(i) == int32(k) }, there)
			m.Share.Statistic, m.Given.Statistic = "share", "proportion"
			c.Moves = append(c.Moves, m)
		}
	}
	return c
}

// adjustedRand is the index with its error by linearisation or replicates.
func adjustedRand(s *estimate.Sample, a, b Indicator, weights []float64, both func(int) bool) survey.Estimate {
	index := func(w []float64) float64 {
		return stats.AdjustedRand(a.Classes.Index.Slice(), b.Classes.Index.Slice(), w)
	}
	influences := make([]float64, len(weights))
	if s.Frame().Replicates != nil {
		influences = make([]float64, len(s.Frame().ByRow.Replicates))
		for r, w := range s.Frame().ByRow.Replicates {
			inside := make([]float64, len(w))
			for i := range w {
				if weights[i] != 0 {
					inside[i] = w[i]
				}
			}
			influences[r] = index(inside)
		}
	} else {
		crossing := cluster.Cross(a.Classes.Index.Slice(), b.Classes.Index.Slice(), weights, len(a.Classes.Values), len(b.Classes.Values))
		slopes := crossing.RandSlopes()
		var all float64
		for _, row := range crossing.Sum {
			for _, w := range row {
				all += w
			}
		}
		for i, w := range weights {
			if both(i) {
				influences[i] = w / all * slopes[a.code(i)][b.code(i)]
			}
		}
	}
	r := s.Influenced(s.Base(both), false, index(weights), influences)
	r.Statistic = "adjusted_rand"
	return r
}

// streams counts the people between each solution and the next.
func streams(solutions []Indicator, weights []float64) *Streams {
	out := &Streams{}
	in := make([]bool, len(weights))
	for i, w := range weights {
		for _, x := range solutions {
			in[i] = in[i] || w > 0 && x.code(i) >= 0
		}
		if in[i] {
			out.N++
		}
	}
	for _, x := range solutions {
		stage := StreamStage{Name: x.Variable.Title(), Segments: append([]string(nil), x.Classes.Labels...)}
		for i := range in {
			if in[i] && x.code(i) < 0 {
				stage.Segments = append(stage.Segments, NotClassed)
				break
			}
		}
		out.Solutions = append(out.Solutions, stage)
	}
	place := func(x Indicator, i int) int {
		if x.code(i) < 0 {
			return len(x.Classes.Labels)
		}
		return int(x.code(i))
	}
	for n := range solutions[1:] {
		flow := make([][]float64, len(out.Solutions[n].Segments))
		for k := range flow {
			flow[k] = make([]float64, len(out.Solutions[n+1].Segments))
		}
		for i, w := range weights {
			if in[i] {
				flow[place(solutions[n], i)][place(solutions[n+1], i)] += w
			}
		}
		out.Weight = append(out.Weight, flow)
	}
	return out
}
