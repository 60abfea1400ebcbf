package maxdiff

import (
	"context"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/stats/choice"
	"surveykit/stats/mixture"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// farthest utility of an item that a class sometimes takes and sometimes not: of
// others the likelihood rises for ever, and only the fit's prior, of a
// hundred-thousandth of a person, holds them at 10 or more.
const farthest = 8

// measured gives figures of a model their design-based errors.
type measured struct {
	sample  *estimate.Sample
	in      *answers
	weights []float64
	// kept are the items that everybody's choices determine, by their places among
	// all, and tasks those of these alone.
	kept  []int
	tasks []choice.Task
	model *choice.Model
	base  engine.Base
	// influences are those of the model; replicates, in their place, are the
	// models under each replicate's weights.
	influences *choice.Influences
	replicates []*choice.Fitted
}

// onPersons takes values from the persons' first rows.
func (a *answers) onPersons(values []float64) []float64 {
	out := make([]float64, len(a.row))
	for p, i := range a.row {
		out[p] = values[i]
	}
	return out
}

// onRows puts persons' values on their first rows.
func (a *answers) onRows(values []float64) []float64 {
	out := make([]float64, len(a.rows))
	for p, i := range a.row {
		out[i] = values[p]
	}
	return out
}

func (m *measured) fit(ctx context.Context, f *choice.Fitted) error {
	m.model = &f.Model
	chooses := make([]bool, len(m.in.row))
	for _, t := range m.tasks {
		chooses[t.Person] = chooses[t.Person] || t.Chooses()
	}
	m.base = m.sample.Base(func(i int) bool { return m.isFirst(i) && chooses[m.in.rows[i]] })
	if m.sample.Frame().Replicates == nil {
		m.influences = f.Influences(m.tasks, m.weights)
		return nil
	}
	for _, w := range m.sample.Frame().ByRow.Replicates {
		r, err := f.Refit(ctx, m.tasks, m.in.onPersons(w))
		if err != nil {
			return err
		}
		m.replicates = append(m.replicates, r)
	}
	return nil
}

// isFirst reports whether a row is a person's first.
func (m *measured) isFirst(i int) bool { p := m.in.rows[i]; return p >= 0 && m.in.row[p] == i }

// peopleShown is the base of those who saw an item.
func (m *measured) peopleShown(j int, shown [][]float64) engine.Base {
	return m.sample.Base(func(i int) bool { return m.isFirst(i) && shown[m.in.rows[i]][j] > 0 })
}

func (m *measured) record(share bool, influence func(*choice.Influences) []float64, value func(*choice.Model) float64) survey.Estimate {
	var r survey.Estimate
	if m.influences != nil {
		r = m.sample.Influenced(m.base, share, value(m.model), m.in.onRows(influence(m.influences)))
	} else {
		theta := make([]float64, len(m.replicates))
		for k, f := range m.replicates {
			theta[k] = value(&f.Model)
		}
		r = m.sample.Influenced(m.base, share, value(m.model), theta)
	}
	return r
}

// unknown is the record of a figure that the choices do not determine.
func (m *measured) unknown() survey.Estimate {
	r := estimate.Blank(m.sample.Level())
	r.N, r.NWeighted, r.NEffective, r.DF = m.base.N, survey.FigureOf(m.base.NWeighted), survey.FigureOf(m.base.NEffective), survey.FigureOf(m.base.DF)
	r.Flags = append(r.Flags, survey.FlagNotEstimable)
	return r
}

// finite are the items, by their places among those kept, whose utilities in a
// class are: those that lie within farthest of the median.
func (m *measured) finite(k int) []int {
	u := m.model.Utilities[k]
	sorted := slices.Sorted(slices.Values(u))
	middle := sorted[len(u)/2]
	var out []int
	for j, x := range u {
		if math.Abs(x-middle) <= farthest {
			out = append(out, j)
		}
	}
	return out
}

func mean(items []int, of []float64) float64 {
	var sum float64
	for _, j := range items {
		sum += of[j]
	}
	return sum / float64(len(items))
}

// centred is the vector of one item less the mean of those of all items.
func centred(items []int, j int, of func(j int) []float64) []float64 {
	out := of(j)
	for _, l := range items {
		stats.AddScaled(out, -1/float64(len(items)), of(l))
	}
	return out
}

// solution assigns every row to its person's most probable class.
func (m *measured) solution(segments []Segment) *segment.Solution {
	posterior := m.model.Posterior(m.tasks, len(m.in.row))
	modal := mixture.Modal(posterior)
	s := &segment.Solution{Member: make([]int32, len(m.in.rows)), Membership: make([][]float64, len(m.in.rows))}
	for _, g := range segments {
		s.Names = append(s.Names, g.Name)
	}
	for i, p := range m.in.rows {
		if s.Member[i] = -1; p >= 0 {
			s.Member[i], s.Membership[i] = modal[p], posterior[p]
		}
	}
	return s
}
