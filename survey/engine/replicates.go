package engine

import (
	"fmt"
	"math"
	"path"
	"slices"

	"surveykit/survey"
)

// replicates reads the replicate weight columns and the constants of their type.
func (b *builder) replicates() {
	spec := b.design.Replicates
	names := b.replicateNames(spec.Columns)
	if len(names) == 0 {
		return
	}
	r, byRow := &Replicates{Names: names, MSE: spec.MSE, RScales: make([]float64, len(names))}, b.frame.ByRow
	combined := spec.Combined == nil || *spec.Combined
	b.scales(r, spec)
	b.frame.Replicates = r
	if b.groups != nil {
		for _, name := range names {
			facts, _ := b.groups.facts(name)
			r.Exponents = append(r.Exponents, Exponent(facts.Largest))
		}
		if len(b.problems) == 0 {
			b.compareSums(combined)
		}
		return
	}
	for _, name := range names {
		byRow.Replicates = append(byRow.Replicates, b.table.Lookup(name).Numbers.Slice())
	}
	if len(b.problems) == 0 {
		b.compareSums(combined)
	}
	if !combined {
		for k, factors := range byRow.Replicates {
			byRow.Replicates[k] = make([]float64, len(factors))
			for i, f := range factors {
				byRow.Replicates[k][i] = f * byRow.Weights[i]
			}
		}
	}
}

func (b *builder) replicateNames(pattern string) []string {
	all := b.table.Names()
	if b.groups != nil {
		all = nil
		for _, w := range b.groups.Weights {
			all = append(all, w.Name)
		}
	}
	var names []string
	for _, name := range all {
		if ok, err := path.Match(pattern, name); err != nil {
			b.fault(survey.Problem{Value: pattern, Message: "the pattern of the replicate weights is not valid", Remedy: "write a prefix and a star, such as pwgtp*"})
			return nil
		} else if ok && name != b.design.Weight && b.complete(name) {
			names = append(names, name)
		}
	}
	if len(names) < 2 && len(b.problems) == 0 {
		b.fault(survey.Problem{Value: pattern, Message: fmt.Sprintf("the pattern of the replicate weights matches %d columns", len(names)), Remedy: "give a pattern that matches all of them"})
		return nil
	}
	return names
}

// complete reports a replicate weight without a value; negative ones are
// allowed, since some programmes publish them.
func (b *builder) complete(name string) bool {
	p := survey.Problem{Variable: name, Message: "the replicate weight has no value", Remedy: "give every row a weight in every replicate"}
	if b.groups != nil {
		facts, _ := b.groups.facts(name)
		if facts.Missing+facts.Infinite > 0 {
			b.fault(p)
			return false
		}
		return true
	}
	v := b.number("replicate weight", name)
	if v == nil {
		return false
	}
	for i, w := range v.Numbers.All() {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			p.Row = i + 1
			b.fault(p)
			return false
		}
	}
	return true
}

// scales fills in the constants: Wolter 2007, table 8.3.1 and section 3.2; the
// successive differences of the American Community Survey centre at the
// estimate.
func (b *builder) scales(r *Replicates, spec *survey.ReplicateSpec) {
	n := float64(len(r.Names))
	for k := range r.RScales {
		r.RScales[k] = 1
	}
	switch spec.Type {
	case "brr":
		r.Scale = 1 / n
	case "fay":
		if spec.FayRho < 0 || spec.FayRho >= 1 {
			b.fault(survey.Problem{Value: survey.FormatNumber(spec.FayRho), Message: "Fay's rho must be at least 0 and under 1", Remedy: "give --fay-rho from the documentation of the weights, often 0.3 or 0.5"})
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
			b.fault(survey.Problem{Message: "replicates of type other need their scale", Remedy: "give --replicate-scale from the documentation of the weights"})
		}
	default:
		b.fault(survey.Problem{Value: spec.Type, Message: "the type of the replicate weights is not known", Remedy: "use brr, fay, jk1, jkn, bootstrap, sdr or other"})
	}
	if spec.Scale != nil {
		r.Scale = *spec.Scale
	}
	for _, x := range append([]float64{r.Scale}, spec.RScales...) {
		if !(x >= 0) || math.IsInf(x, 1) {
			b.fault(survey.Problem{Value: survey.FormatNumber(x), Message: "a scale or factor of replicates must be a number from 0 up, for a variance cannot be negative",
				Remedy: "give the constants from the documentation of the weights"})
		}
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

// compareSums warns where replicate columns add up to what the other kind of them
// would: factors to the number of rows, weights to the sum of the weight. Where
// the weight itself adds up to the number of rows the sums cannot say.
func (b *builder) compareSums(combined bool) {
	var rows, base, sum float64
	if b.groups != nil {
		rows, base, sum = b.groups.sums(b.design.Weight, b.frame.Replicates.Names, combined)
	} else {
		rows, base, sum = b.sums()
	}
	const chance, unlike = 0.02, 0.4 // of logarithms: bootstraps differ by 2%, nothing that belongs together by 50%
	toRows, toBase := math.Abs(math.Log(sum/rows)), math.Abs(math.Log(sum/base))
	switch {
	case combined && toBase > chance && toRows < toBase/2:
		b.frame.Warnings.Note(survey.NoticeReplicates, nil, "the replicate weights add up to %.6g on average, close to the %.0f rows and not to the %.6g of the weight: they look like factors without the weight; if so, set combined: false (--replicate-combined=false)", sum, rows, base)
	case !combined && toRows > chance && toBase < toRows/2:
		b.frame.Warnings.Note(survey.NoticeReplicates, nil, "the replicate factors add up to %.6g on average, close to the %.6g of the weight and not to the %.0f rows: they look like factors with the weight; if so, leave combined out", sum, base, rows)
	case combined && !(toBase < unlike):
		b.frame.Warnings.Note(survey.NoticeReplicates, nil, "the replicate weights add up to %.6g on average, the weight to %.6g: check that they belong to this weight", sum, base)
	}
}

// sums are the number of rows with a weight, the sum of the weight and the sum of an average
// replicate.
func (b *builder) sums() (rows, base, sum float64) {
	byRow := b.frame.ByRow
	for i, w := range byRow.Weights {
		if w == 0 {
			continue
		}
		rows++
		base += w
		for _, column := range byRow.Replicates {
			sum += column[i] / float64(len(byRow.Replicates))
		}
	}
	return rows, base, sum
}

// sums are those of a builder, with replicates of rows without a weight.
func (g *Grouped) sums(weight string, replicates []string, combined bool) (rows, base, sum float64) {
	for _, n := range g.Lots.N {
		rows += float64(n)
	}
	facts, _ := g.facts(weight)
	columns := g.Weights
	if !combined {
		columns = g.Factors
	}
	for _, f := range columns {
		if slices.Contains(replicates, f.Name) {
			sum += f.Sum / float64(len(replicates))
		}
	}
	return rows, facts.Sum, sum
}
