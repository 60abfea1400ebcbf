package weighting_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
	"surveykit/survey/weighting"
)

// exactly is what sums of a few hundred weights lose to rounding and to sweeps
// that end at 1e-10 of each total.
const exactly = 1e-10

// Calibrated totals are hit to 1e-10, whatever the method.
func TestCalibratedTotalsAreHit(t *testing.T) {
	specs := []string{
		exact["one margin"], exact["crossed margin"], exact["kept category"], exact["kept others"], exact["linear"], exact["within"], exact["scaled"],
		"{method: rake, margins: {age: {young: 0.3, middle: 0.3, old: 0.4}, gender: {f: 0.5, m: 0.45, x: 0.05}}}",
		"{method: calibrate, formula: ~ gender + hours, distance: raking, population: {(Intercept): 500, genderm: 250, genderx: 30, hours: 2800}}",
		"{method: calibrate, formula: ~ gender + hours, distance: logit, bounds: [0.1, 10], population: {(Intercept): 500, genderm: 250, genderx: 30, hours: 2800}}",
	}
	rapid.Check(t, func(t *rapid.T) {
		data := town(300, rapid.Uint64().Draw(t, "seed"))
		text := rapid.SampledFrom(specs).Draw(t, "spec")
		r, err := weightingOf(text).Apply(data, data.Lookup("w").Numbers.Slice())
		if err != nil && strings.Contains(err.Error(), "the calibrated weight is negative") {
			t.Skip("a sample of this seed is refused")
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Margins {
			if !(math.Abs(m.After-m.Target) <= exactly*math.Max(r.Sum, math.Abs(m.Target))) {
				t.Fatalf("%s: %+v", text, m)
			}
		}
	})
}

func weightingOf(text string) *weighting.Spec {
	s, err := weighting.Parse([]byte(text), "spec.yaml", nil)
	if err != nil {
		panic(err)
	}
	return s
}

// permuted are the rows of a table in another order.
func permuted(data *survey.Table, order []int) *survey.Table {
	out := &survey.Table{Rows: data.Rows, Sources: data.Sources}
	for _, v := range data.Variables {
		next := *v
		if v.IsText() {
			next.Texts = &survey.TextColumn{Values: v.Texts.Values}
			for _, i := range order {
				next.Texts.Index.Append(v.Texts.Index.At(i))
			}
		} else {
			next.Numbers = &survey.NumberColumn{}
			for _, i := range order {
				next.Numbers.Append(v.Numbers.At(i))
			}
		}
		out.Variables = append(out.Variables, &next)
	}
	return out
}

// Neither the order of the rows nor that of the margins moves a weight.
func TestOrderDoesNotMatter(t *testing.T) {
	a := weightingOf("{method: rake, margins: {age: {young: 0.3, middle: 0.3, old: 0.4}, gender: {f: 0.5, m: 0.4, others: keep}, wave: {first: 0.6, second: 0.4}}}")
	b := weightingOf("{method: rake, margins: {wave: {second: 0.4, first: 0.6}, gender: {m: 0.4, x: keep, f: 0.5}, age: {old: 0.4, young: 0.3, middle: 0.3}}}")
	rapid.Check(t, func(t *rapid.T) {
		data := town(200, rapid.Uint64().Draw(t, "seed"))
		order := rapid.Permutation(upTo(200)).Draw(t, "order")
		other := permuted(data, order)
		x, err := a.Apply(data, data.Lookup("w").Numbers.Slice())
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Apply(other, other.Lookup("w").Numbers.Slice())
		if err != nil {
			t.Fatal(err)
		}
		for k, i := range order {
			if math.Abs(y.Weights[k]-x.Weights[i]) > 1e-7*x.Weights[i] { // sweeps end at 1e-10 of a total
				t.Fatalf("row %d: %v and %v", i, x.Weights[i], y.Weights[k])
			}
		}
	})
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Targets that are c times as large give weights that are c times as large, and
// so does scale:.
func TestScalingTargetsScalesWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := town(200, rapid.Uint64().Draw(t, "seed"))
		base := data.Lookup("w").Numbers.Slice()
		c := rapid.Float64Range(0.2, 1e6).Draw(t, "c")
		rake := func(c float64, more string) []float64 {
			text := fmt.Sprintf("{method: rake, margins: {age: {young: %v, middle: %v, old: %v}, gender: {f: %v, m: %v, x: keep}}%s}", 30*c, 30*c, 50*c, 60*c, 50*c, more)
			r, err := weightingOf(text).Apply(data, base)
			if err != nil {
				t.Fatal(err)
			}
			return r.Weights
		}
		one, scaled := rake(1, ""), rake(c, "")
		given, n, population := rake(1, fmt.Sprintf(", scale: %v", 110*c)), rake(1, ", scale: n"), rake(1, ", scale: population")
		for i, w := range one {
			for _, of := range []struct{ got, want float64 }{{scaled[i], c * w}, {given[i], c * w}, {n[i], w * 200 / 110}, {population[i], w}} {
				if math.Abs(of.got-of.want) > 1e-9*of.want {
					t.Fatalf("row %d: %v, want %v", i, of.got, of.want)
				}
			}
		}
	})
}

// Shares name no population to scale to.
func TestScalingSharesToAPopulation(t *testing.T) {
	data := town(200, 3)
	base := data.Lookup("w").Numbers.Slice()
	_, err := weightingOf("{method: rake, margins: {age: {young: 0.3, middle: 0.3, old: 0.4}}, scale: population}").Apply(data, base)
	if err == nil || !strings.Contains(err.Error(), "the targets are shares, and the size of the population is not given; write scale: with the size of the population") {
		t.Error(err)
	}
}

// Weighting each wave on its own is weighting to margins crossed with the wave.
func TestWithinIsCrossing(t *testing.T) {
	data := town(300, 8)
	base := data.Lookup("w").Numbers.Slice()
	within, err := weightingOf("{method: rake, within: wave, margins: {gender: {f: 40, m: 60, x: 3}, age: {young: 30, middle: 40, old: 33}}}").Apply(data, base)
	if err != nil {
		t.Fatal(err)
	}
	crossed, err := weightingOf("{method: rake, margins: {wave * gender: {first: {f: 40, m: 60, x: 3}, second: {f: 40, m: 60, x: 3}}, wave * age: {first: {young: 30, middle: 40, old: 33}, second: {young: 30, middle: 40, old: 33}}}}").Apply(data, base)
	if err != nil {
		t.Fatal(err)
	}
	for i := range base {
		if math.Abs(within.Weights[i]-crossed.Weights[i]) > 1e-8 {
			t.Fatalf("row %d: %v and %v", i, within.Weights[i], crossed.Weights[i])
		}
	}
	if len(within.Margins) != 12 || within.Margins[0].Group != "wave first" || within.Margins[11].Group != "wave second" {
		t.Errorf("margins %+v", within.Margins)
	}
}

// A category that is kept has the share that it had; the others divide the rest.
func TestKeptCategories(t *testing.T) {
	r, err := parse(t, "{method: rake, margins: {gender: {f: 30, m: 70, x: keep}}}").Apply(
		table(texts("gender", "f", "f", "m", "x", "x")), []float64{1, 2, 2, 3, 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{5, 10, 35, 30, 20} { // x has half of 10, and so half of 100
		if math.Abs(r.Weights[i]-want) > zero {
			t.Fatalf("weights %v", r.Weights)
		}
	}
	if m := r.Margins[2]; !m.Kept || m.Before != 5 || m.Target != 50 || m.After != 50 {
		t.Errorf("%+v", m)
	}
	cells, err := parse(t, "{method: poststratify, others: keep, cells: [{gender: f, total: 30}, {gender: m, total: 70}]}").Apply(
		table(texts("gender", "f", "f", "m", "x", "")), []float64{1, 2, 2, 3, 2})
	if err != nil || !slices.Equal(cells.Weights, r.Weights) {
		t.Errorf("%v, %v", cells, err)
	}
}

// The variance of a kept share is that of the sample, of a target's it is 0.
func TestKeptSharesHaveAVariance(t *testing.T) {
	data := town(300, 4)
	frame, err := engine.NewFrame(data, survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	plain := se(t, data, frame, "gender")
	kept, _, err := weightingOf(exact["kept category"]).Frame(data, frame)
	if err != nil {
		t.Fatal(err)
	}
	got := se(t, data, kept, "gender")
	if math.Abs(got["x"]-plain["x"]) > 1e-9 || !(got["f"] > 1e-4) || !(got["f"] < plain["f"]) {
		t.Errorf("standard errors %v, before %v", got, plain)
	}
}

func se(t *testing.T, data *survey.Table, f *engine.Frame, variable string) map[string]float64 {
	t.Helper()
	s := sampletest.Framed(t, data, f, estimate.Options{})
	records, err := s.Proportions([]string{variable})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, r := range records {
		out[r.Category] = r.SE.Float()
	}
	return out
}

// On a large sample the spread of replicates that each go through all steps is
// the residual variance. The two differ by terms of order 1/n, for estimated
// totals by those of their standard errors.
func TestReplicatesAgreeWithResiduals(t *testing.T) {
	for _, seed := range []uint64{21, 4, 77} {
		checkReplicates(t, town(400, seed))
	}
}

func checkReplicates(t *testing.T, data *survey.Table) {
	t.Helper()
	frame, err := engine.NewFrame(data, survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	jackknife, withReplicates := jackknifed(t, data)
	for name, text := range map[string]string{
		"raking":        "{method: rake, margins: {age: {young: 0.3, middle: 0.3, old: 0.4}, gender: {f: 0.5, m: 0.5, x: keep}}}",
		"classes":       exact["classes"],
		"propensity":    exact["propensity"],
		"several steps": exact["linear, then odds"],
		"reference":     exact["reference totals"],
	} {
		spec := parseFiles(t, text)
		a, _, err := spec.Frame(data, frame)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, _, err := spec.Frame(withReplicates, jackknife)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		x, y := meanSE(t, data, a), meanSE(t, withReplicates, b)
		if !(math.Abs(x/y-1) < 0.05) {
			t.Errorf("%s: %v by residuals, %v by replicates", name, x, y)
		}
		if plain := meanSE(t, data, frame); name != "reference" && math.Abs(x/plain-1) < 0.05 {
			t.Errorf("%s: %v as without it, %v: the comparison says nothing", name, x, plain)
		}
	}
}

func meanSE(t *testing.T, data *survey.Table, f *engine.Frame) float64 {
	t.Helper()
	s := sampletest.Framed(t, data, f, estimate.Options{})
	r, err := s.Means([]string{"y"})
	if err != nil {
		t.Fatal(err)
	}
	return r[0].SE.Float()
}

// jackknifed has replicates that each leave out a row.
func jackknifed(t *testing.T, data *survey.Table) (*engine.Frame, *survey.Table) {
	t.Helper()
	w := data.Lookup("w").Numbers.Slice()
	n := float64(len(w))
	var replicates []*survey.Variable
	for out := range w {
		r := make([]float64, len(w))
		for i := range r {
			if i != out {
				r[i] = w[i] * n / (n - 1)
			}
		}
		replicates = append(replicates, numbers(fmt.Sprintf("jk%d", out), r...))
	}
	out := data.With(replicates...)
	f, err := engine.NewFrame(out, survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "jk*", Type: "jk1"}})
	if err != nil {
		t.Fatal(err)
	}
	return f, out
}

// What replicates leave out of the variance is said.
func TestReplicatesWithoutTheReferenceSurvey(t *testing.T) {
	frame, data := jackknifed(t, town(60, 5))
	_, r, err := parseFiles(t, exact["participation"]).Frame(data, frame)
	if err != nil || !strings.Contains(strings.Join(r.Warnings.Texts(), "\n"), "the replicates do not include the sampling variance of the reference survey") {
		t.Errorf("%+v, %v", r, err)
	}
}

// Replicates are fitted and scaled as the weights are.
func TestReplicatesAreScaled(t *testing.T) {
	frame, data := jackknifed(t, town(40, 5))
	f, _, err := weightingOf("{method: rake, within: wave, margins: {gender: {f: 50, m: 45, x: keep}}, scale: 1000}").Frame(data, frame)
	if err != nil {
		t.Fatal(err)
	}
	for k, w := range f.ByRow.Replicates {
		sum := 0.0
		for _, x := range w {
			sum += x
		}
		if math.Abs(sum-2000) > 1e-6 { // two waves of 1000
			t.Fatalf("replicate %d adds to %v", k, sum)
		}
	}
}

// A trim that moves a margin is named with the figures, unless it is allowed or
// a later step fits the margin again; then the bounds are watched.
func TestTrimmingAfterRaking(t *testing.T) {
	data := table(texts("gender", "f", "m", "m", "m", "m"), texts("age", "y", "y", "o", "o", "y"))
	ones := []float64{1, 1, 1, 1, 1}
	rake := "{method: rake, margins: {gender: {f: 0.5, m: 0.5}}}"
	_, err := parse(t, "{steps: ["+rake+", {method: trim, upper: 2}]}").Apply(data, ones)
	want := `spec.yaml:1:72: column gender, value "f": trimming changes this margin: it is now 2, not 2.5; rake again after it, calibrate with bounds instead, widen lower and upper, or allow it with tolerance: 0.1`
	if withoutExcerpts(t, err) != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if r, err := parse(t, "{steps: ["+rake+", {method: trim, upper: 2, tolerance: 0.1}]}").Apply(data, ones); err != nil || math.Abs(r.Margins[0].After-2) > zero || r.Margins[0].Target != 2.5 {
		t.Errorf("%+v, %v", r, err)
	}
	r, err := parse(t, "{steps: ["+rake+", {method: trim, upper: 2}, "+rake+"]}").Apply(data, ones)
	if err != nil || len(r.Margins) != 2 || len(r.Warnings) != 2 || !strings.HasPrefix(r.Warnings[0].Text, "1 weights are outside the bounds of the trim after the later steps: they range from 0.625 to 2.5") {
		t.Errorf("%+v, %v", r, err)
	}
	if !slices.Equal(r.Steps, []string{"raked to gender", "trimmed to at most 2", "raked to gender"}) {
		t.Errorf("steps %q", r.Steps)
	}
}
