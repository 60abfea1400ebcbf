// Package sampletest makes samples for the tests of what is estimated from them.
package sampletest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/grouped"
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

// Grouped is In over an engine that lists groups of rows, and a codebook.
func Grouped(t T, table *survey.Table, d survey.Design, domain estimate.Options) *estimate.Sample {
	t.Helper()
	ctx, source := context.Background(), grouped.Local(table)
	e := grouped.New(source, nil)
	frame, err := e.Frame(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	codebook, err := grouped.Codebook(ctx, source)
	if err != nil {
		t.Fatal(err)
	}
	domain.Engine = e
	return Framed(t, codebook, frame, domain)
}

// Shuffled is a table with its rows in another order.
func Shuffled(table *survey.Table) *survey.Table {
	rows := make([]int32, table.Rows)
	for k, i := range rand.New(rand.NewPCG(3, 0)).Perm(len(rows)) {
		rows[k] = int32(i)
	}
	out := *table
	out.Variables = nil
	for _, v := range table.Variables {
		out.Variables = append(out.Variables, v.Pick(rows))
	}
	return &out
}

// Alike reports whether two results say the same in JSON, their numbers up to a share of
// them, or of 1 where they are smaller.
func Alike(t T, got, want any, tolerance float64) bool {
	t.Helper()
	var read [2]any
	for k, x := range []any{got, want} {
		text, err := json.Marshal(x)
		if err == nil {
			err = json.Unmarshal(text, &read[k])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return alike(read[0], read[1], tolerance)
}

func alike(a, b any, tolerance float64) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && math.Abs(a-b) <= tolerance*max(1, math.Abs(b))
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, func(x, y any) bool { return alike(x, y, tolerance) })
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, func(x, y any) bool { return alike(x, y, tolerance) })
	}
	return a == b
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
