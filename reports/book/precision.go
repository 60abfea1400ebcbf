package book

import (
	"context"
	"fmt"
	"math"
	"slices"

	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
)

// precision states the margin of the whole sample, and of each wave where
// there are several: for a simple random sample, 1.96·√(¼/n) at 95%, and with
// the design effect of the study's own shares.
func precision(s *survey.Study, t *survey.Table, f *engine.Frame, tables []*survey.Tabulation, level float64) ([]string, error) {
	deff := medianDeff(tables)
	groups, err := samples(s, t, f)
	var out []string
	for _, g := range groups {
		out = append(out, margin(s, g, deff, level))
	}
	if s.Design.Sample == optIn {
		out = append(out, "The sample is an opt-in panel, not a probability sample: these margins hold only as far as the weighting makes respondents stand for the universe.")
	}
	return out, err
}

const optIn = "opt-in panel"

// group is the whole sample or one wave of it. kish is the design effect of its
// unequal weights, nΣw²/(Σw)² (Kish 1965, section 11.7).
type group struct {
	name string
	n    int
	kish float64
}

func samples(s *survey.Study, t *survey.Table, f *engine.Frame) ([]group, error) {
	e, ctx := memory.New(t), context.Background()
	names, q := []string{"All respondents"}, engine.Query{}
	if wave := s.Design.WaveVariable; t.Lookup(wave) != nil {
		c, err := e.Categories(ctx, wave)
		if err != nil {
			return nil, err
		}
		names, q.Cells = c.Labels, []engine.Axis{engine.Categories(wave, c)}
	}
	totals, err := e.Totals(ctx, f, []engine.Query{q})
	if err != nil {
		return nil, err
	}
	var out []group
	for k, name := range names {
		b := totals[0].Base([]int{totals[0].Index(k, 0)})
		out = append(out, group{name, b.N, float64(b.N) / b.NEffective})
	}
	return out, nil
}

func margin(s *survey.Study, g group, deff, level float64) string {
	what := "margin of sampling error"
	if s.Design.Sample == optIn {
		what = "modelled precision"
	}
	simple := math.Sqrt(0.25/float64(g.n)) * stats.NormalQuantile((1+level)/2)
	text := fmt.Sprintf("%s: n = %s; %s ±%s points at %s%% for a simple random sample of this size",
		g.name, figure.Count(g.n), what, figure.Number(100*simple, 2), survey.FormatNumber(100*level))
	if deff > 0 {
		text += fmt.Sprintf(", ±%s with the design effect of %s (median over the report's shares)", figure.Number(100*simple*math.Sqrt(deff), 2), figure.Number(deff, 2))
	}
	return text + fmt.Sprintf("; the weights alone cost a factor of %s (Kish), which leaves an effective %s.", figure.Number(g.kish, 2), figure.Count(int(math.Round(float64(g.n)/g.kish))))
}

// medianDeff is the median of V/(p(1-p)/n) over the shares between 5% and 95%
// of the columns for everybody; 0 where there are none.
func medianDeff(tables []*survey.Tabulation) float64 {
	var all []float64
	for _, t := range tables {
		for r := range t.Rows {
			for c, col := range t.Columns {
				e := t.Cells[r][c].Estimate
				p := float64(e.Value)
				if col.Group == "" && figure.IsShare(t.Rows[r].Kind) && e.CountsPeople() && !col.Change && p > 0.05 && p < 0.95 {
					all = append(all, float64(e.SE*e.SE)*float64(e.N)/(p*(1-p)))
				}
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
