package engine

import (
	"fmt"
	"math"
	"path"

	"surveykit/survey"
)

// replicates reads the replicate weight columns and the constants of their type.
func (b *builder) replicates() {
	spec := b.design.Replicates
	columns := b.replicateColumns(spec.Columns)
	if len(columns) == 0 {
		return
	}
	r := &Replicates{MSE: spec.MSE, RScales: make([]float64, len(columns))}
	for _, v := range columns {
		r.Weights = append(r.Weights, v.Numbers)
		r.Names = append(r.Names, v.Name)
	}
	b.scales(r, spec)
	b.compareMeans(r)
	b.frame.Replicates = r
}

func (b *builder) replicateColumns(pattern string) []*survey.Variable {
	var columns []*survey.Variable
	for _, v := range b.table.Variables {
		if ok, err := path.Match(pattern, v.Name); err != nil {
			b.fault(survey.Problem{Value: pattern, Message: "the pattern of the replicate weights is not valid", Remedy: "write a prefix and a star, such as pwgtp*"})
			return nil
		} else if !ok || v.Name == b.design.Weight {
			continue
		}
		if v = b.number("replicate weight", v.Name); v != nil && b.complete(v) {
			columns = append(columns, v)
		}
	}
	if len(columns) < 2 && len(b.problems) == 0 {
		b.fault(survey.Problem{Value: pattern, Message: fmt.Sprintf("the pattern of the replicate weights fits %d columns", len(columns)), Remedy: "give a pattern that fits all of them"})
		return nil
	}
	return columns
}

// complete reports a replicate weight without a value; negative ones are
// allowed, since some programmes publish them.
func (b *builder) complete(v *survey.Variable) bool {
	for i, w := range v.Numbers {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			b.fault(survey.Problem{Row: i + 1, Variable: v.Name, Message: "the replicate weight has no value", Remedy: "give every row a weight in every replicate"})
			return false
		}
	}
	return true
}

// scales fills in the constants: Wolter 2007, table 8.3.1 and section 3.2; the
// successive differences of the American Community Survey centre at the
// estimate.
func (b *builder) scales(r *Replicates, spec *survey.ReplicateSpec) {
	n := float64(len(r.Weights))
	for k := range r.RScales {
		r.RScales[k] = 1
	}
	switch spec.Type {
	case "brr":
		r.Scale = 1 / n
	case "fay":
		if spec.FayRho < 0 || spec.FayRho >= 1 {
			b.fault(survey.Problem{Value: survey.FormatNumber(spec.FayRho), Message: "Fay's rho must be at least 0 and under 1", Remedy: "give --fay-rho as the weights' documentation says, often 0.3 or 0.5"})
		}
		r.Scale = 1 / (n * (1 - spec.FayRho) * (1 - spec.FayRho))
	case "jk1":
		r.Scale = (n - 1) / n
	case "bootstrap":
		r.Scale = 1 / (n - 1)
	case "sdr":
		r.Scale, r.MSE = 4/n, true
	case "jkn":
		r.Scale = 1
		if len(spec.RScales) == 0 {
			b.fault(survey.Problem{Message: "jkn replicates need their factors", Remedy: "give --replicate-rscales: (n-1)/n of the stratum of each replicate"})
		}
	case "other":
		r.Scale = 1
		if spec.Scale == nil {
			b.fault(survey.Problem{Message: "replicates of type other need their scale", Remedy: "give --replicate-scale as the weights' documentation says"})
		}
	default:
		b.fault(survey.Problem{Value: spec.Type, Message: "the type of the replicate weights is not known", Remedy: "use brr, fay, jk1, jkn, bootstrap, sdr or other"})
	}
	if spec.Scale != nil {
		r.Scale = *spec.Scale
	}
	b.rscales(r, spec.RScales)
}

func (b *builder) rscales(r *Replicates, given []float64) {
	for k := range r.RScales {
		switch len(given) {
		case 0:
		case 1:
			r.RScales[k] = given[0]
		case len(r.RScales):
			r.RScales[k] = given[k]
		default:
			b.fault(survey.Problem{Message: fmt.Sprintf("%d replicate factors for %d replicates", len(given), len(r.RScales)), Remedy: "give one, or one for each replicate"})
			return
		}
	}
}

// meanRatio is how far apart the mean replicate weight and the mean weight may
// be before factors (around 1) are suspected in place of analysis weights.
const meanRatio = 5

func (b *builder) compareMeans(r *Replicates) {
	var base, replicate float64
	for _, w := range b.frame.Weights {
		base += w
	}
	for _, w := range r.Weights {
		for _, x := range w {
			replicate += x
		}
	}
	ratio := replicate / float64(len(r.Weights)) / base
	if ratio > meanRatio || ratio < 1.0/meanRatio {
		b.warn("the mean replicate weight is %.3g times the mean weight: are the columns factors, not yet multiplied by the weight?", ratio)
	}
}
