package weighting

import (
	"math"
	"slices"

	"surveykit/survey"
)

// counted are the rows of a population file in the terms of the sample: its
// variables and their categories are the sample's, and each row stands for as
// many people as its total says. Rows in no category that the spec lists stand
// for nobody: files often hold totals, and ages that a survey does not cover.
func (p *plan) counted(f *populationFile) others {
	out := others{f.at, f.path(), &survey.Table{Rows: f.table.Rows, Sources: f.table.Sources}, make([]float64, f.table.Rows)}
	inside := slices.Repeat([]bool{true}, f.table.Rows)
	for k, name := range p.formula.Variables() {
		v := p.variable(p.formulaAt, name)
		if v == nil {
			continue
		}
		there := p.inTermsOf(v, f, f.sources[k], inside)
		out.table.Variables = append(out.table.Variables, there)
	}
	for row, counts := range inside {
		if !counts {
			continue
		}
		total, fault := f.totalOf(row)
		out.weights[row] = total
		p.problems = append(p.problems, fault...)
	}
	return out
}

// inTermsOf is a column of a population file with the values of the sample's
// variable; rows that it says nothing about are marked. Numbers without
// categories in the spec are taken as they are.
func (p *plan) inTermsOf(v *survey.Variable, f *populationFile, column *survey.Variable, inside []bool) *survey.Variable {
	_, given := f.categories[v.Name]
	asNumber := !given && !v.IsText() && !column.IsText()
	classes, name, valid := survey.Classify(v), f.naming(v.Name, column), column.Valid()
	values := make([]survey.Value, column.Len())
	unknown := map[string]bool{}
	for row := range values {
		label, k := name(row), -1
		if !asNumber {
			k = classes.Find(survey.TextValue(label))
		}
		switch {
		case !valid[row] || label == "":
			inside[row] = false
		case asNumber:
			values[row] = survey.NumberValue(column.Numbers[row])
		case k >= 0:
			values[row] = classes.Values[k]
		case !unknown[label]:
			unknown[label] = true
			fault := survey.UnknownName("category", label, classes.Labels)
			fault.File, fault.Row, fault.Variable = f.path(), row+1, column.Name
			fault.Message += " in the sample's " + v.Name
			fault.Remedy = "write under categories which values of the file belong to which category of the sample"
			p.problems = append(p.problems, fault)
		}
	}
	return columnOf(v, values, inside)
}

// columnOf is a variable like another one with these values where they count.
func columnOf(like *survey.Variable, values []survey.Value, inside []bool) *survey.Variable {
	out := &survey.Variable{Name: like.Name, Kind: like.Kind, Scores: like.Scores}
	if !like.IsText() {
		out.Numbers = make([]float64, len(values))
		for i, x := range values {
			if out.Numbers[i] = math.NaN(); inside[i] {
				out.Numbers[i] = x.Number
			}
		}
		return out
	}
	out.Texts = &survey.TextColumn{}
	at := map[string]int32{}
	for i, x := range values {
		k, known := at[x.Text]
		switch {
		case !inside[i]:
			k = -1
		case !known:
			k = int32(len(out.Texts.Values))
			at[x.Text] = k
			out.Texts.Values = append(out.Texts.Values, x.Text)
		}
		out.Texts.Index = append(out.Texts.Index, k)
	}
	return out
}
