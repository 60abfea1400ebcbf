package weighting_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/ingest"
	"surveykit/survey/weighting"
)

// Pew Research Center prints 1.5507 as the design effect of the weights of wave
// 49: Kish's with the variance of divisor n − 1.
func TestPewsDesignEffect(t *testing.T) {
	const path = "../../../shared/data/pew_w49/atp_w49.sav"
	if _, err := os.Stat(path); err != nil {
		t.Skip("atp_w49.sav is not here: the survey files are not part of the repository")
	}
	data, err := ingest.Open(path, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := stats.DescribeWeights(data.Lookup("WEIGHT_W49").Numbers.Slice(), nil)
	if math.Round(1e4*d.DeffSample)/1e4 != 1.5507 {
		t.Errorf("%.6f with n − 1, %.6f with n", d.DeffSample, d.Deff)
	}
	if want := 1 + (d.DeffSample-1)*4271/4272; math.Abs(d.Deff-want) > 1e-12 {
		t.Errorf("%v with n, want %v", d.Deff, want)
	}
}

func TestDistribution(t *testing.T) {
	r := apply(t, "{method: rake, margins: {gender: {female: 60, male: 40}}}") // weights 20 40 10 10 20 0
	d := r.Distribution
	if d.N != 5 || d.Zero != 1 || d.Min.Float() != 10 || d.Median.Float() != 20 || d.Max.Float() != 40 || len(d.Bins) != 12 {
		t.Errorf("%+v", d)
	}
	if first, last := d.Bins[0], d.Bins[11]; first.From != 0.5 || first.N != 2 || math.Abs(last.To-2) > zero || last.N != 1 {
		t.Errorf("bins %+v", d.Bins)
	}
	cv2 := (0 + 400 + 100 + 100 + 0.) / 5 / 400 // about the mean of 20
	if math.Abs(r.KishDeff-1-cv2) > zero || math.Abs(r.KishDeffSample.Float()-1-cv2*5/4) > zero || math.Abs(d.CV.Float()-math.Sqrt(cv2)) > zero {
		t.Errorf("design effects %v and %v, CV %v", r.KishDeff, r.KishDeffSample.Float(), d.CV.Float())
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

// Where weights differ by ten times or more, bins grow by one ratio.
func TestBinsOfAWideRange(t *testing.T) {
	r, err := parse(t, "{method: rake, margins: {g: {a: 110}}}").Apply(table(texts("g", "a", "a", "a", "a", "a")), []float64{1, 3, 0, 10, 96})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Distribution.Bins
	const mean = 27.5
	ratio := math.Pow(96, 1./12)
	for k, b := range got {
		if want := math.Pow(ratio, float64(k)) / mean; math.Abs(b.From/want-1) > zero || math.Abs(b.To/want/ratio-1) > zero {
			t.Errorf("bin %d: %+v, want it from %v", k, b, want)
		}
	}
	if got[0].N != 1 || got[2].N != 1 || got[6].N != 1 || got[11].N != 1 {
		t.Errorf("%+v", got)
	}
}

// The bounds of a trim are told on the scale of the final weights.
func TestTrimBounds(t *testing.T) {
	got := apply(t, "{steps: [{method: rake, margins: {gender: {female: 60, male: 40}}}, {method: trim, upper: 30, tolerance: 1, scale: n}]}").Trim
	if got == nil || got.Lower.Exists() || math.Abs(got.Upper.Float()-30*5/100.) > zero {
		t.Errorf("bounds %+v", got)
	}
	if r := apply(t, "{method: rake, margins: {gender: {female: 60, male: 40}}}"); r.Trim != nil {
		t.Errorf("bounds %+v without a trim", r.Trim)
	}
}

// Weights that are all the same have one bar.
func TestDistributionOfEqualWeights(t *testing.T) {
	r, err := parse(t, "{method: rake, margins: {g: {a: 3, b: 3}}}").Apply(table(texts("g", "a", "b")), []float64{1, 1})
	if err != nil || !slices.Equal(r.Distribution.Bins, []survey.WeightBin{{From: 1, To: 1, N: 2}}) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestDescribe(t *testing.T) {
	data := people().With(texts("likes", "yes", "no", "no", "no", "yes", "yes"), labelled(numbers("hours", 1, 2, 3, 4, 6, math.NaN())))
	data.Lookup("hours").Measure = survey.Scale
	r, err := parse(t, "{method: rake, margins: {gender: {female: 60, male: 40}}}").Apply(data, base)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Describe(data, []string{"gender"}, []string{"age"}); err != nil {
		t.Fatal(err)
	}
	want := []survey.WeightGroup{
		{Variable: "gender", Category: "female", N: 2, Sum: 60, KishDeff: 2 * 2000. / 3600, NEffective: 1.8},
		{Variable: "gender", Category: "male", N: 3, Sum: 40, KishDeff: 3 * 600. / 1600, NEffective: 1600. / 600},
	}
	for k, g := range r.Groups {
		if math.Abs(g.KishDeff-want[k].KishDeff) > zero || math.Abs(g.NEffective-want[k].NEffective) > zero {
			t.Errorf("group %+v, want %+v", g, want[k])
		}
	}
	// hours: 24/7 before, 2.9 after, with a variance of 106/7 − (24/7)² before; likes: no 4/7, then 0.6.
	before := 24. / 7
	size := (2.9 - before) / math.Sqrt(106./7-before*before)
	if len(r.Moved) != 2 || r.Moved[0].Variable != "hours" || math.Abs(r.Moved[0].Size-size) > zero || r.Moved[0].Category != "" {
		t.Errorf("moved %+v, want hours by %v", r.Moved, size)
	}
	if m := r.Moved[1]; m.Variable != "likes" || math.Abs(m.Before-4./7) > zero || math.Abs(m.After-0.6) > zero {
		t.Errorf("moved %+v", m)
	}
	if err := r.Describe(data, []string{"gendre"}, nil); err == nil || !strings.Contains(err.Error(), "did you mean gender?") {
		t.Error(err)
	}
}

// A thin category is to be collected with its neighbour, of two as near with the
// one of fewer rows.
func TestThinCells(t *testing.T) {
	var age, gender []string
	add := func(a, g string, n int) {
		for range n {
			age, gender = append(age, a), append(gender, g)
		}
	}
	add("young", "f", 60)
	add("middle", "f", 12)
	add("old", "f", 50)
	add("young", "m", 40)
	add("middle", "m", 40)
	add("old", "m", 40)
	data := table(texts("age", age...), texts("gender", gender...))
	ones := slices.Repeat([]float64{1}, data.Rows)
	r, err := parse(t, "{method: rake, margins: {age: {young: 0.3, middle: 0.4, old: 0.3}, gender: {f: 0.5, m: 0.5}}}").Apply(data, ones)
	if err != nil || len(r.Thin) != 0 {
		t.Errorf("%+v, %v", r.Thin, err)
	}
	r, err = parse(t, "{method: rake, margins: {age * gender: {young: {f: 2, m: 1}, middle: {f: 3, m: 1}, old: {f: 2, m: 1}}}}").Apply(data, ones)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Thin) != 1 || r.Thin[0].Rows != 12 || r.Thin[0].Category != "middle × f" || r.Thin[0].Collapse != "middle × m" || math.Abs(r.Thin[0].Factor-3./10*242/12) > zero {
		t.Errorf("%+v", r.Thin)
	}
	few := table(texts("age", slices.Concat(slices.Repeat([]string{"young"}, 90), []string{"middle"}, slices.Repeat([]string{"old"}, 40))...))
	r, err = parse(t, "{method: rake, margins: {age: {young: 0.3, middle: 0.4, old: 0.3}}}").Apply(few, slices.Repeat([]float64{1}, 131))
	if err != nil || len(r.Thin) != 1 || r.Thin[0].Collapse != "old" {
		t.Errorf("%+v, %v", r.Thin, err)
	}
}

func TestSearch(t *testing.T) {
	data := town(400, 12)
	w := slices.Repeat([]float64{1}, 400)
	spec := parse(t, "{method: rake, margins: {age: {young: 0.2, middle: 0.3, old: 0.5}, gender: {f: 0.3, m: 0.6, x: keep}, wave: {first: 0.8, second: 0.2}}}")
	sets, err := spec.Search(data, w)
	if err != nil {
		t.Fatal(err)
	}
	if len(sets) != 8 || len(sets[0].Margins) != 0 || sets[0].NEffective != 400 || len(sets[7].Margins) != 3 {
		t.Fatalf("%+v", sets)
	}
	if !sets[0].Efficient || !sets[7].Efficient || sets[7].Error > 1e-18 {
		t.Errorf("neither all nor none can be beaten in both: %+v, %+v", sets[0], sets[7])
	}
	for _, s := range sets {
		r, err := parse(t, "{method: rake, margins: {age: {young: 0.2, middle: 0.3, old: 0.5}}}").Apply(data, w)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(s.Margins, []string{"age"}) && (math.Abs(s.NEffective-r.NEffective) > 1e-6 || s.Error <= 0) {
			t.Errorf("%+v, raking to age alone leaves %v", s, r.NEffective)
		}
		beaten := slices.ContainsFunc(sets, func(o weighting.Candidate) bool { return o.Error < s.Error-1e-12 && o.NEffective > s.NEffective+1e-6 })
		if beaten && s.Efficient {
			t.Errorf("%+v is beaten", s)
		}
	}
}

// The search tries the margins of the one step that rakes, with the steps before
// and after it, in each of its groups.
func TestSearchAmongSteps(t *testing.T) {
	data := town(400, 12)
	w := slices.Repeat([]float64{1}, 400)
	const margins = "margins: {age: {young: 0.2, middle: 0.3, old: 0.5}, gender: {f: 0.3, m: 0.6, x: 0.1}}"
	steps := func(margins string) string {
		return "{steps: [{method: nonresponse, respondents: responded == 1, classes: [age]}, {method: rake, within: wave, " + margins + "}, {method: trim, upper: 2.2, tolerance: 0.5}]}"
	}
	sets, err := parse(t, steps(margins)).Search(data, w)
	if err != nil || len(sets) != 4 {
		t.Fatalf("%+v, %v", sets, err)
	}
	for k, some := range []string{"margins: {age: {young: 0.2, middle: 0.3, old: 0.5}}", "margins: {gender: {f: 0.3, m: 0.6, x: 0.1}}", margins} {
		r, err := parse(t, steps(some)).Apply(data, w)
		if err != nil {
			t.Fatal(err)
		}
		if got := sets[k+1]; math.Abs(got.NEffective-r.NEffective) > 1e-9 || math.Abs(got.KishDeff-r.KishDeff) > 1e-9 {
			t.Errorf("%v: effective n %v, want %v", got.Margins, got.NEffective, r.NEffective)
		}
	}
	if none := sets[0]; !none.Efficient || none.NEffective <= sets[3].NEffective || none.Error <= sets[3].Error {
		t.Errorf("%+v", sets)
	}
	failing := strings.Replace(steps(margins), "upper: 2.2, tolerance: 0.5", "upper: 2.2", 1)
	sets, err = parse(t, failing).Search(data, w)
	if err != nil || sets[0].Failed != "" || !strings.Contains(sets[3].Failed, "trimming changes this margin") {
		t.Errorf("%+v, %v", sets, err)
	}
}

func TestSearchProblems(t *testing.T) {
	const rake = "{method: rake, margins: {age: {young: 0.2, middle: 0.3, old: 0.5}, gender: {f: 0.3, m: 0.6, x: 0.1}}}"
	for text, want := range map[string]string{
		"{steps: [" + rake + ", {method: trim, upper: 5}, " + rake + "]}":                                    "spec.yaml:1:148: two steps rake to several margins, and a search can only try one step; search each in a separate spec",
		"{method: rake, margins: {age: {young: 0.2, middle: 0.3, old: 0.5}}}":                                "spec.yaml:1:10: a search needs a step that rakes to at least two margins; write method: rake with all margins that could be used",
		"{steps: [{method: trim, upper: 5}, {method: poststratify, cells: [{age: young, total: 5}]}]}":       "spec.yaml:1:45: a search needs a step that rakes to at least two margins: post-stratification has one classification, from which nothing can be left out",
		"{method: calibrate, formula: ~ hours + age, population: {(Intercept): 5, hours: 4, age: 2}}":        "a search needs a step that rakes to at least two margins: the totals of a model's columns have different units",
		"{method: rake, margins: {age: {young: 0.2, middle: 0.3, old: 0.5}, gendr: {f: 0.3, m: 0.6, x: 1}}}": `there is no variable "gendr"`,
	} {
		_, err := parse(t, text).Search(town(50, 1), slices.Repeat([]float64{1}, 50))
		if _, ok := err.(survey.Problems); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v\nwant\n%s", text, err, want)
		}
	}
}

// With many margins the search follows the one that helps most, and tries each
// alone and each left out.
func TestSearchOfManyMargins(t *testing.T) {
	data := town(300, 13)
	for _, name := range []string{"a", "b", "c", "d"} {
		copied := *data.Lookup("wave")
		copied.Name = name
		data = data.With(&copied)
	}
	text := "{method: rake, margins: {age: {young: 0.2, middle: 0.3, old: 0.5}, gender: {f: 0.3, m: 0.6, x: 0.1}, wave: {first: 0.8, second: 0.2}, a: {first: 0.8, second: 0.2}, b: {first: 0.8, second: 0.2}, c: {first: 0.8, second: 0.2}, d: {first: 0.8, second: 0.2}}}"
	sets, err := parse(t, text).Search(data, slices.Repeat([]float64{1}, 300))
	if err != nil {
		t.Fatal(err)
	}
	count := map[int]int{}
	for _, s := range sets {
		count[len(s.Margins)]++
	}
	if count[0] != 1 || count[1] != 7 || count[7] != 1 || count[6] != 7 || len(sets) > 40 {
		t.Errorf("sets by number of margins: %v", count)
	}
}
