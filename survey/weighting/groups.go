package weighting

import (
	"context"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// FrameOfGroups is Frame for data whose engine lists groups of rows, over their codebook:
// weights are made for groups of rows that are alike in all that the spec names and in the
// weight before. The error also names what needs the rows: propensities, classes of
// estimated ones, and replicate weights.
func (s *Spec) FrameOfGroups(ctx context.Context, e engine.Grouping, t *survey.Table, f *engine.Frame) (*engine.Frame, *Result, error) {
	if what := s.needsRows(f); what != "" {
		return nil, nil, survey.Problems{{Message: what + " needs the rows of the data, and their engine lists groups of rows only", Remedy: survey.ReadRows}}
	}
	var r *Result
	out, err := e.Weigh(ctx, f, s.reads(t), func(groups *survey.Table, rows []int, base []float64) ([]float64, engine.Residualizer, error) {
		c, err := s.run(groups, rows, base)
		if err != nil {
			return nil, nil, err
		}
		r = c.result()
		return r.Weights, r.Residuals, nil
	})
	return out, r, err
}

// needsRows names what of the spec cannot be made of groups of rows, "" for nothing.
func (s *Spec) needsRows(f *engine.Frame) string {
	switch {
	case f.Replicates != nil:
		return "weighting of replicate weights"
	case s.modelled():
		return "weighting by propensities"
	case slices.ContainsFunc(s.steps, func(s *step) bool { return s.method == Nonresponse && s.formula != nil && s.adjust == quintiles }):
		return "weighting by classes of propensities"
	}
	return ""
}

// reads are the variables of a table that the spec names.
func (s *Spec) reads(t *survey.Table) []string {
	var names []string
	for _, step := range s.steps {
		names = append(names, step.within.text)
		for _, m := range step.margins {
			names = append(names, m.variables...)
		}
		for _, c := range step.classes {
			names = append(names, c.text)
		}
		if step.formula != nil {
			names = append(names, step.formula.Variables()...)
		}
		if step.respondents.text != "" {
			mentioned, _ := expression.Mentioned(step.respondents.text, t) // what is wrong is told as it is bound
			names = append(names, mentioned...)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return t.Lookup(name) == nil })
}

// DescribeGroups is Describe for weights of groups of rows, by the totals under the frames
// before and after.
func (r *Result) DescribeGroups(ctx context.Context, e engine.Engine, t *survey.Table, before, after *engine.Frame, by, skip []string) error {
	var problems survey.Problems
	for _, name := range by {
		v := t.Lookup(name)
		if v == nil {
			problems = append(problems, t.Unknown(name))
			continue
		}
		c, totals, err := byCategory(ctx, e, name, after)
		if err != nil {
			return err
		}
		for k, label := range c.Labels {
			if n, sum, square := totals[0].Weights([]int{k}); n > 0 {
				effective := sum * sum / square
				r.Groups = append(r.Groups, survey.WeightGroup{Variable: name, Category: label, N: n, Sum: sum, KishDeff: float64(n) / effective, NEffective: effective})
			}
		}
	}
	if len(problems) > 0 {
		return problems
	}
	var err error
	r.Moved, err = moved(t, slices.Concat(skip, r.fitted), func(v *survey.Variable) (survey.MovedItem, bool, error) {
		if IsMeasure(v) || v.Len() == 0 && !v.IsText() { // of more values than a codebook lists
			m, err := movedMeanOfGroups(ctx, e, v.Name, before, after)
			return m, !math.IsNaN(m.Size) && !math.IsInf(m.Size, 0), err
		}
		if len(survey.Classify(v).Values) > mostCategories {
			return survey.MovedItem{}, false, nil
		}
		c, totals, err := byCategory(ctx, e, v.Name, before, after)
		if err != nil {
			return survey.MovedItem{}, false, err
		}
		share := func(t *engine.Totals) []float64 {
			out, all := slices.Clone(t.Sum), 0.0
			for _, w := range out {
				all += w
			}
			for k := range out {
				out[k] /= all
			}
			return out
		}
		m, ok := movedShare(v, c, share(totals[0]), share(totals[1]))
		return m, ok, nil
	})
	return err
}

// byCategory are the weights of the categories of a variable under some frames.
func byCategory(ctx context.Context, e engine.Engine, name string, frames ...*engine.Frame) (survey.Classes, []*engine.Totals, error) {
	c, err := e.Categories(ctx, name)
	if err != nil {
		return c, nil, err
	}
	var out []*engine.Totals
	for _, f := range frames {
		t, err := e.Totals(ctx, f, []engine.Query{{Cells: []engine.Axis{engine.Categories(name, c)}}})
		if err != nil {
			return c, nil, err
		}
		out = append(out, t[0])
	}
	return c, out, nil
}

// movedMeanOfGroups is how the mean of a number moved, in standard deviations before.
func movedMeanOfGroups(ctx context.Context, e engine.Engine, name string, before, after *engine.Frame) (survey.MovedItem, error) {
	m, x := survey.MovedItem{Variable: name}, engine.Number(engine.Answer{Column: name})
	mean := func(f *engine.Frame, of engine.Number) (float64, error) {
		t, err := e.Totals(ctx, f, []engine.Query{{Numbers: []engine.Number{of, engine.Given{x}}}})
		if err != nil {
			return 0, err
		}
		return t[0].Sum[0] / t[0].Sum[1], nil
	}
	var err error
	if m.Before, err = mean(before, x); err != nil {
		return m, err
	}
	if m.After, err = mean(after, x); err != nil {
		return m, err
	}
	off := engine.Less{Of: x, Centre: []float64{m.Before}}
	variance, err := mean(before, engine.Product{A: off, B: off})
	m.Size = (m.After - m.Before) / math.Sqrt(variance)
	return m, err
}
