package weighting_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/grouped"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// sampled are 600 rows in strata and clusters with a weight, 0 in some.
func sampled() *survey.Table {
	const rows = 600
	rng := rand.New(rand.NewPCG(7, 0))
	column := func(name string, of func(i int) float64) *survey.Variable {
		values := make([]float64, rows)
		for i := range values {
			values[i] = of(i)
		}
		return numbers(name, values...)
	}
	codes := func(name string, n int) *survey.Variable {
		return column(name, func(int) float64 { return float64(1 + rng.IntN(n)) })
	}
	t := table(labelled(codes("gender", 2), "female", "male"), labelled(codes("age", 3), "young", "middle", "old"), codes("region", 4),
		column("w", func(int) float64 { return float64(rng.IntN(5)) / 2 }), column("h", func(i int) float64 { return float64(i / 200) }),
		column("psu", func(i int) float64 { return float64(i / 20) }), column("person", func(i int) float64 { return float64(i / 2) }), column("size", func(int) float64 { return 2000 }),
		column("hours", func(int) float64 { return float64(rng.IntN(30)) }), codes("trust", 5), column("answered", func(int) float64 { return float64(min(rng.IntN(4), 1)) }))
	for i := range rows {
		if rng.IntN(20) == 0 {
			t.Lookup("hours").Numbers.Set(i, math.NaN())
		}
	}
	return t
}

// specs are all that weights of groups of rows are made by.
var specs = map[string]string{
	"rake":          "{method: rake, margins: {gender: {female: 0.52, male: 0.48}, age: {young: 0.3, middle: keep, old: 0.35}}}",
	"totals":        "{method: rake, margins: {gender: {female: 5200, male: 4800}, age: {young: 3000, middle: 3500, old: 3500}}}",
	"within":        "{method: rake, within: region, margins: {gender: {female: 0.5, male: 0.5}}, scale: n}",
	"cells":         "{method: poststratify, cells: [{gender: female, age: young, total: 100}, {gender: female, age: middle, total: 150}, {gender: female, age: old, total: 120}, {gender: male, age: young, total: 90}, {gender: male, age: middle, total: 110}, {gender: male, age: old, total: 130}]}",
	"others":        "{method: rake, margins: {region: {1: 0.2, 2: 0.3, others: keep}}}",
	"linear":        "{method: calibrate, formula: ~ gender + trust, distance: linear, population: {(Intercept): 1000, gender: 1500, trust: 3100}}",
	"bounded":       "{method: calibrate, formula: ~ factor(age), distance: logit, bounds: [0.3, 3], population: {(Intercept): 600, factor(age)middle: 220, factor(age)old: 180}}",
	"classes":       "{method: nonresponse, respondents: answered == 1, classes: [gender, age]}",
	"inverse":       "{method: nonresponse, respondents: answered == 1, formula: ~ factor(age) + trust, adjust: inverse}",
	"raked trimmed": "{steps: [{method: rake, margins: {gender: {female: 0.52, male: 0.48}}}, {method: trim, upper: 2}, {method: rake, margins: {age: {young: 0.3, middle: 0.35, old: 0.35}}}]}",
}

// figures are of many kinds: of cells, differences, overlaps, quantiles, deviations and models.
func figures(s *estimate.Sample) any {
	var out []any
	add := func(x any, err error) { out = append(out, x, fmt.Sprint(err)) }
	add(s.Means([]string{"hours", "trust"}))
	add(s.Totals([]string{"trust"}))
	add(s.Proportions([]string{"region", "gender"}))
	add(s.Share("trust >= 3 and region == 1"))
	add(s.Ratios("hours", "trust"))
	add(s.Quantiles([]string{"hours"}, 0.5))
	add(s.StandardDeviations([]string{"hours"}))
	add(s.Regress("hours ~ factor(region) + trust", "gaussian"))
	return out
}

// TestWeightsOfGroups: weights of groups of rows, as a database lists them, and all figures
// under them are those by row, up to rounding, whatever the order of the rows.
func TestWeightsOfGroups(t *testing.T) {
	data := sampled()
	for design, d := range map[string]survey.Design{
		"rows": {Weight: "w"}, "no weight": {}, "strata": {Weight: "w", Strata: "h"}, "clusters": {Weight: "w", Strata: "h", PSU: []string{"psu"}},
		"stages": {Weight: "w", PSU: []string{"psu", "person"}, FPC: []string{"size", "size"}},
	} {
		for name, text := range specs {
			spec := parse(t, text)
			rows, err := engine.NewFrame(data, d)
			if err != nil {
				t.Fatal(err)
			}
			weighted, want, err := spec.Frame(data, rows)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var again string
			for _, of := range []*survey.Table{data, sampletest.Shuffled(data)} {
				ctx, source := context.Background(), grouped.Local(of)
				e := grouped.New(source, nil)
				f, err := e.Frame(ctx, d)
				if err != nil {
					t.Fatal(err)
				}
				codebook, err := grouped.Codebook(ctx, source)
				if err != nil {
					t.Fatal(err)
				}
				made, got, err := spec.FrameOfGroups(ctx, e, codebook, f)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if err := errors.Join(want.Describe(data, []string{"gender", "region"}, d.Columns()), got.DescribeGroups(ctx, e, codebook, f, made, []string{"gender", "region"}, d.Columns())); err != nil {
					t.Fatal(err)
				}
				want.Groups = want.Groups[:len(got.Groups)] // which Describe adds to
				for _, moved := range [][]survey.MovedItem{got.Moved, want.Moved} {
					for k, m := range moved { // of two categories rounding decides which is listed
						if m.Variable == "gender" || m.Variable == "answered" {
							moved[k] = survey.MovedItem{Variable: m.Variable, Size: math.Abs(m.Size)}
						}
					}
				}
				tolerance := 1e-12
				if name == "inverse" {
					tolerance, got.Iterations = 1e-8, want.Iterations // the steps of the fit begin elsewhere
				}
				if !sampletest.Alike(t, got.WeightingReport, want.WeightingReport, tolerance) {
					t.Errorf("%s, %s:\n%.3000s\nby rows\n%.3000s", name, design, fmt.Sprintf("%+v", got.WeightingReport), fmt.Sprintf("%+v", want.WeightingReport))
				}
				for _, o := range []estimate.Options{{}, {By: []string{"gender"}}, {Where: "region < 3"}} {
					byRow := sampletest.Framed(t, data, weighted, o)
					o.Engine = e
					byGroup := sampletest.Framed(t, codebook, made, o)
					if x, y := figures(byGroup), figures(byRow); !sampletest.Alike(t, x, y, max(tolerance, 1e-11)) {
						t.Errorf("%s, %s, by %v where %q:\n%v\nby rows\n%v", name, design, o.By, o.Where, x, y)
					}
					if o.By == nil && o.Where == "" {
						if text := fmt.Sprint(figures(byGroup)); again != "" && text != again {
							t.Errorf("%s, %s: other bits in another order of rows", name, design)
						} else {
							again = text
						}
					}
				}
			}
		}
	}
}

// TestWeightsThatNeedRows: what cannot be made of groups of rows says so by name.
func TestWeightsThatNeedRows(t *testing.T) {
	data := sampled()
	for text, want := range map[string]string{
		"{method: nonresponse, respondents: answered == 1, formula: ~ factor(age), adjust: quintiles}": "weighting by classes of propensities needs the rows of the data",
		"{method: rake, margins: {gender: {a: 1, male: 1}}}":                                           `there is no category "a"`,
		"{method: rake, margins: {sex: {a: 1, male: 1}}}":                                              `there is no variable "sex"`,
	} {
		ctx, source := context.Background(), grouped.Local(data)
		e := grouped.New(source, nil)
		f, err := e.Frame(ctx, survey.Design{Weight: "w"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = parse(t, text).FrameOfGroups(ctx, e, data, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
