package weighting

import (
	"fmt"
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/formula"
	"surveykit/survey/spec"
)

// others are people beside the sample, those of a reference survey or of a file
// that counts the population, with what each row of them stands for.
type others struct {
	at      spec.Place
	path    string
	table   *survey.Table
	weights []float64
}

// pair is a step's model over the weighted rows of the sample and over those of
// others. Both have the columns of all levels that occur in either.
type pair struct {
	names             []string
	both, here, there *stats.Sparse
	// stacked has the variables of the formula over the rows of both.
	stacked *survey.Table
	model   *formula.Model
}

// pair makes the model over both; nil where there are problems.
func (p *plan) pair(o others) *pair {
	known := len(p.problems)
	stacked := p.stack(o)
	if len(p.problems) > known {
		return nil
	}
	p.checkTerms()
	there := &plan{step: p.step, table: o.table, base: o.weights}
	there.checkTerms()
	p.problems = append(p.problems, there.problems...)
	m := p.matrix(stacked, slices.Concat(p.base, o.weights))
	if len(p.problems) > known {
		return nil
	}
	rows := p.table.Rows
	return &pair{m.Names, m.X, part(m.X, 0, rows), part(m.X, rows, stacked.Rows), stacked, m}
}

// part are some rows of a matrix.
func part(x *stats.Sparse, from, to int) *stats.Sparse {
	out := *x
	out.Start = x.Start[from : to+1]
	return &out
}

// stack puts the rows of others under those of the sample.
func (p *plan) stack(o others) *survey.Table {
	out := &survey.Table{Rows: p.table.Rows + o.table.Rows}
	for _, name := range p.formula.Variables() {
		a := p.variable(p.formulaAt, name)
		b := o.table.Lookup(name)
		switch {
		case a == nil:
		case b == nil:
			f := o.table.Unknown(name)
			f.Message += " in " + o.path
			p.specProblem(o.at, f)
		case a.IsText() != b.IsText():
			p.specProblem(o.at, survey.Problem{Variable: name, Message: "the variable is text in one of the sample and " + o.path + " and a number in the other", Remedy: "recode it so that both have the same values"})
		default:
			out.Variables = append(out.Variables, stacked(a, b))
		}
	}
	return out
}

// stacked is a variable over the rows of both; labels are the sample's.
func stacked(a, b *survey.Variable) *survey.Variable {
	v := *a
	v.Missing = nil
	if !a.IsText() {
		v.Numbers = append(answers(a), answers(b)...)
		return &v
	}
	texts := &survey.TextColumn{}
	at := map[string]int32{}
	for _, from := range []*survey.Variable{a, b} {
		for i, valid := range from.Valid() {
			k := int32(-1)
			if x, _ := from.At(i); valid {
				var known bool
				if k, known = at[x.Text]; !known {
					k = int32(len(texts.Values))
					at[x.Text] = k
					texts.Values = append(texts.Values, x.Text)
				}
			}
			texts.Index = append(texts.Index, k)
		}
	}
	v.Texts = texts
	return &v
}

// answers are a variable's numbers, NaN in rows without a valid one.
func answers(v *survey.Variable) []float64 {
	out := make([]float64, v.Len())
	for i, valid := range v.Valid() {
		out[i] = math.NaN()
		if valid {
			out[i] = v.Numbers[i]
		}
	}
	return out
}

// totalsOf are what the model's columns come to among the others.
func (p *plan) totalsOf(o others, m *pair) []fitted {
	for _, v := range m.stacked.Variables {
		if m.model.Levels(v.Name) != nil {
			p.checkLevels(o, v)
		}
	}
	totals := m.there.Totals(o.weights)
	targets := make([]fitted, len(m.names))
	for k, name := range m.names {
		targets[k] = fitted{target{at: o.at, total: totals[k]}, name}
	}
	return targets
}

// checkLevels finds the categories of a stacked factor that only one side has.
func (p *plan) checkLevels(o others, v *survey.Variable) {
	classes := survey.Classify(v)
	rows, total := make([]int, len(classes.Values)), make([]float64, len(classes.Values))
	for i, k := range classes.Index {
		switch there := i - p.table.Rows; {
		case k < 0:
		case there >= 0:
			total[k] += o.weights[there]
		case p.base[i] > 0:
			rows[k]++
		}
	}
	for k, label := range classes.Labels {
		f := survey.Problem{Variable: v.Name, Value: label, Remedy: "combine it with another category"}
		switch {
		case rows[k] > 0 && total[k] == 0:
			f.Message = fmt.Sprintf("nobody in %s is in this category, but %s rows of the sample are%s", o.path, survey.FormatCount(rows[k]), p.of())
			p.specProblem(o.at, f)
		case rows[k] == 0 && total[k] > 0:
			f.Message = fmt.Sprintf("no row of the sample is in this category%s, whose total is %.6g in %s", p.of(), total[k], o.path)
			p.specProblem(o.at, f)
		}
	}
}

// surveyed counts the design of the reference survey; nil where there are problems.
func (p *plan) surveyed() (others, *engine.Frame) {
	r := p.reference
	frame, err := engine.NewFrame(r.table, r.design)
	if problems, ok := err.(survey.Problems); ok {
		p.problems = append(p.problems, problems...)
		return others{}, nil
	}
	return others{r.at, "the reference survey " + r.path, r.table, frame.Weights}, frame
}

// deviationsOf are those of the total Σ w_j a_j of a survey: by its strata and
// PSUs, or by its replicates.
func deviationsOf(f *engine.Frame, a []float64) []float64 {
	if f.Replicates == nil {
		return f.Deviations(times(f.Weights, a))
	}
	theta := make([]float64, len(f.Replicates.Weights))
	for r, w := range f.Replicates.Weights {
		theta[r] = stats.Dot(w, a)
	}
	return f.Replicates.Deviations(theta, stats.Dot(f.Weights, a))
}
