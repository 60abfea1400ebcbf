// Package sampletest makes samples for the tests of what is estimated from them.
package sampletest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/ingest/delimited"
)

// T is a test of testing or of rapid.
type T interface {
	Helper()
	Fatal(args ...any)
}

// Of is the sample of a table under a design.
func Of(t T, table *survey.Table, d survey.Design) *estimate.Sample {
	t.Helper()
	return In(t, table, d, estimate.Options{})
}

// In is the part of it in a domain.
func In(t T, table *survey.Table, d survey.Design, domain estimate.Options) *estimate.Sample {
	t.Helper()
	frame, err := engine.NewFrame(table, d)
	if err != nil {
		t.Fatal(err)
	}
	return Framed(t, table, frame, domain)
}

// Framed is the part in a domain of a table whose frame is made already.
func Framed(t T, table *survey.Table, f *engine.Frame, domain estimate.Options) *estimate.Sample {
	t.Helper()
	s, err := estimate.New(table, f, domain)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Read reads a table that is written as CSV.
func Read(t T, text string) *survey.Table {
	t.Helper()
	table, err := delimited.Read(strings.NewReader(text), int64(len(text)), "data.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Jackknife adds replicate weights of which each leaves one PSU of a stratum out,
// and gives their design. PSUs and strata are numbers.
func Jackknife(t *survey.Table, d survey.Design) (*survey.Table, survey.Design) {
	psu, stratum, weight := t.Lookup(d.PSU[0]).Numbers.Slice(), t.Lookup(d.Strata).Numbers.Slice(), t.Lookup(d.Weight).Numbers.Slice()
	in, size := map[float64]float64{}, map[float64]float64{}
	for i, p := range psu {
		if _, seen := in[p]; !seen {
			in[p] = stratum[i]
			size[stratum[i]]++
		}
	}
	spec := &survey.ReplicateSpec{Columns: "jk*", Type: "jkn", MSE: true}
	for _, p := range slices.Sorted(maps.Keys(in)) {
		n := size[in[p]]
		v := &survey.Variable{Name: fmt.Sprintf("jk%g", p), Kind: survey.Number, Numbers: survey.NewNumbers(slices.Clone(weight))}
		for i := range v.Numbers.Len() {
			if psu[i] == p {
				v.Numbers.Set(i, 0)
			} else if stratum[i] == in[p] {
				v.Numbers.Set(i, v.Numbers.At(i)*(n/(n-1)))
			}
		}
		t = t.With(v)
		spec.RScales = append(spec.RScales, (n-1)/n)
	}
	return t, survey.Design{Weight: d.Weight, Replicates: spec}
}
