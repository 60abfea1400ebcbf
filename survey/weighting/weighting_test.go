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

func texts(name string, values ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	for _, s := range values {
		k := slices.Index(v.Texts.Values, s)
		if k < 0 && s != "" {
			k = len(v.Texts.Values)
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(int32(k))
	}
	return v
}

func numbers(name string, values ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(values)}
}

func labelled(v *survey.Variable, labels ...string) *survey.Variable {
	for k, l := range labels {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(k + 1)), Label: l})
	}
	return v
}

func table(vars ...*survey.Variable) *survey.Table {
	return &survey.Table{Rows: vars[0].Len(), Variables: vars, Sources: []survey.Source{{Path: "data.csv"}}}
}

// people are six rows; the last has no answers.
func people() *survey.Table {
	return table(texts("gender", "female", "female", "male", "male", "male", ""),
		labelled(numbers("age", 1, 2, 1, 2, 2, math.NaN()), "young", "old"),
		numbers("hours", 1, 2, 3, 4, 6, math.NaN()))
}

var base = []float64{1, 2, 1, 1, 2, 0}

func parse(t testing.TB, text string) *weighting.Spec {
	t.Helper()
	s, err := weighting.Parse([]byte(text), "spec.yaml", nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

func apply(t *testing.T, text string) *weighting.Result {
	t.Helper()
	r, err := parse(t, text).Apply(people(), base)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

func wantWeights(t *testing.T, text string, want ...float64) *weighting.Result {
	t.Helper()
	r := apply(t, text)
	for i, w := range want {
		if !(math.Abs(r.Weights[i]-w) <= zero) {
			t.Errorf("%s: weights %v, want %v", text, r.Weights, want)
			break
		}
	}
	return r
}

// One margin multiplies each category: women by 60/3, men by 40/4.
func TestMethodsByHand(t *testing.T) {
	wantWeights(t, "{method: rake, margins: {gender: {female: 60, male: 40}}}", 20, 40, 10, 10, 20, 0)
	wantWeights(t, "{method: rake, margins: {gender: {female: 0.6, male: 0.4}}}", 1.4, 2.8, 0.7, 0.7, 1.4, 0)
	wantWeights(t, "{method: poststratify, cells: [{gender: female, age: young, total: 3}, {gender: female, age: 2, total: 2}, {age: young, gender: male, total: 5}, {gender: male, age: 2, total: 6}]}", 3, 2, 5, 2, 4, 0)
	wantWeights(t, "{method: calibrate, formula: ~ gender, population: {(Intercept): 100, gendermale: 40}}", 20, 40, 10, 10, 20, 0)
	wantWeights(t, "{method: trim, upper: 1.5}", 4./3, 1.5, 4./3, 4./3, 1.5, 0)
	wantWeights(t, "{method: trim, lower: 1.2}", 1.2, 1.7, 1.2, 1.2, 1.7, 0)
}

func TestResult(t *testing.T) {
	r := apply(t, "method: rake\nmargins:\n  gender: {female: 60, male: 40}\n  age:\n    2: 55\n    young: 45\n")
	want := []survey.WeightMargin{
		{Variable: "gender", Category: "female", Before: 3, Target: 60, After: 60}, {Variable: "gender", Category: "male", Before: 4, Target: 40, After: 40},
		{Variable: "age", Category: "2", Before: 5, Target: 55, After: 55}, {Variable: "age", Category: "young", Before: 2, Target: 45, After: 45},
	}
	misfit := 0.0
	for k, m := range r.Margins {
		misfit = math.Max(misfit, math.Abs(m.After-m.Target)/(1+m.Target))
		if math.Abs(m.After-want[k].After) > zero {
			t.Errorf("%s %s came to %v", m.Variable, m.Category, m.After)
		}
		if m.After = want[k].After; m != want[k] {
			t.Errorf("margin %+v, want %+v", m, want[k])
		}
	}
	square := 0.0
	for i, w := range r.Weights {
		square += w * w
		if i < 5 && math.Abs(r.G[i]*base[i]-w) > zero {
			t.Errorf("g of row %d is %v", i, r.G[i])
		}
	}
	if len(r.Margins) != 4 || math.Abs(r.Sum-100) > zero || math.Abs(r.NEffective-1e4/square) > zero || math.Abs(r.KishDeff-5*square/1e4) > zero || r.Iterations < 2 || r.Misfit != misfit {
		t.Errorf("result %+v", r)
	}
	if r := apply(t, "{method: rake, margins: {gender: {female: 60, male: 40}}}"); len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0].Text, "gender add to 100") {
		t.Errorf("warnings %q", r.Warnings)
	}
}

// Shares beside totals take the totals' sum.
func TestSharesBesideTotals(t *testing.T) {
	r := apply(t, "{method: rake, margins: {gender: {female: 0.6, male: 0.4}, age: {young: 300, old: 500}}}")
	if math.Abs(r.Sum-800) > zero || r.Margins[0].Target != 480 {
		t.Errorf("sum %v, first target %v", r.Sum, r.Margins[0].Target)
	}
}

// A spec is unchanged by its use: shares follow the weights of each table.
func TestSpecIsUnchanged(t *testing.T) {
	spec := parse(t, "{method: rake, margins: {gender: {female: 0.6, male: 0.4}}}")
	for _, w := range []float64{1, 5, 2} {
		r, err := spec.Apply(people(), []float64{w, w, w, w, w, 0})
		if err != nil || math.Abs(r.Sum-5*w) > zero {
			t.Errorf("weights of %v add to %v (%v)", w, r.Sum, err)
		}
	}
}

// Totals that differ by rounding are brought to one sum and then met.
func TestMarginsThatNearlyAgree(t *testing.T) {
	apply(t, "{method: rake, margins: {gender: {female: 3000000, male: 3000001}, age: {young: 2000001, old: 4000001}}}")
}

// Shares that miss 1 by rounding are taken as parts of their sum where the spec
// says so: women get 2/3 of 7 in both, 14/3 over 3.
func TestSharesThatMissOneByRounding(t *testing.T) {
	wantWeights(t, "{method: rake, normalize: true, margins: {gender: {female: 0.666, male: 0.333}}}", 14./9, 28./9, 7./12, 7./12, 14./12, 0)
	wantWeights(t, "{method: poststratify, normalize: true, cells: [{gender: female, total: 0.666}, {gender: male, total: 0.333}]}", 14./9, 28./9, 7./12, 7./12, 14./12, 0)
	wantWeights(t, "{method: rake, normalize: false, margins: {gender: {female: 60, male: 40}}}", 20, 40, 10, 10, 20, 0)
}

// A category that nobody has may come to nothing.
func TestTargetOfNobody(t *testing.T) {
	wantWeights(t, "{method: rake, margins: {gender: {female: 60, male: 40, other: 0}}}", 20, 40, 10, 10, 20, 0)
	wantWeights(t, "{method: poststratify, cells: [{gender: female, age: young, total: 3}, {gender: female, age: 2, total: 2}, {age: young, gender: male, total: 5}, {gender: male, age: 2, total: 6}, {gender: other, age: 2, total: 0}]}", 3, 2, 5, 2, 4, 0)
}

// Two codes with one label are one category.
func TestOneLabelForTwoCodes(t *testing.T) {
	data := table(labelled(numbers("region", 1, 2, 3), "north", "north", "south"))
	r, err := parse(t, "{method: rake, margins: {region: {north: 40, south: 5}}}").Apply(data, []float64{1, 3, 1})
	if err != nil || math.Abs(r.Weights[0]-10) > zero || math.Abs(r.Weights[1]-30) > zero {
		t.Errorf("%v, %v", r, err)
	}
}

// withoutExcerpts is the text of problems; those of the spec must show their place.
func withoutExcerpts(t *testing.T, err error) string {
	t.Helper()
	problems, _ := err.(survey.Problems)
	problems = slices.Clone(problems)
	for i, p := range problems {
		if p.Line > 0 && !strings.Contains(p.Excerpt, "^") {
			t.Errorf("%v shows no place", p)
		}
		problems[i].Excerpt = ""
	}
	return problems.Error()
}

func TestDataProblems(t *testing.T) {
	for text, want := range map[string]string{
		"{method: rake, margins: {gendre: {female: 60, male: 40}}}":                                                         `spec.yaml:1:26: there is no variable "gendre"; did you mean gender?`,
		"{method: rake, margins: {gender: {females: 60, male: 40}}}":                                                        `spec.yaml:1:35: column gender: there is no category "females"; did you mean female, male?` + "\n" + `data.csv: row 1, column gender, value "female": the category has no target (and in 1 more rows); add it to the spec, with a total or with keep, or combine it with another category`,
		"{method: rake, margins: {gender: {female: 60}}}":                                                                   `data.csv: row 3, column gender, value "male": the category has no target (and in 2 more rows); add it to the spec, with a total or with keep, or combine it with another category`,
		"{method: rake, margins: {age: {young: 6, old: 4, 2: 3}}}":                                                          `spec.yaml:1:50: column age, value "2": this is the same category as old; keep one of them`,
		"{method: rake, margins: {gender: {female: 60, male: 40}, age: {young: 60, old: 40.1}}}":                            `spec.yaml:1:58: column age: the targets add to 100.1, those of gender to 100; give margins of one population the same total, or use shares that add to 1`,
		"{method: rake, margins: {gender: {female: 0.333, male: 0.666}}}":                                                   `spec.yaml:1:26: column gender: the targets add to 0.999; give totals, or shares that add to 1; normalize: true accepts shares that differ from 1 by rounding`,
		"{method: rake, margins: {gender: {female: 0, male: 0}}}":                                                           `spec.yaml:1:26: column gender: the targets add to 0; give totals, or shares that add to 1`,
		"{method: poststratify, cells: [{gender: female, total: 3}, {gender: male, total: 3}, {gender: female, total: 4}]}": `spec.yaml:1:86: column gender, value "female": this category is already in line 1; keep one of them`,
		"{method: calibrate, formula: ~ gender + hour, population: {(Intercept): 7}}":                                       `spec.yaml:1:30: there is no variable "hour"; did you mean hours?`,
		"{method: calibrate, formula: ~ gender, population: {(Intercept): 7, gendermal: 3}}":                                `spec.yaml:1:69: there is no column "gendermal" in the model matrix of the formula; a category without rows has none; did you mean gendermale?` + "\n" + `spec.yaml:1:30: value "gendermale": the population has no total for this column of the model; add "gendermale": TOTAL to population; the columns are ["(Intercept)" "gendermale"]`,
		"{method: calibrate, formula: ~ hours, population: {(Intercept): 7, hours: 42}}":                                    `data.csv: row 1: the calibrated weight is negative (and in 1 more rows); the lowest is -0.843373; use distance: raking, or give bounds such as [0.3, 3]`,
		"{method: trim, lower: 0.2, upper: 1.2}":                                                                            `spec.yaml:1:10: weights between 0.2 and 1.2 cannot have the sum of these: their mean is 1.4; choose wider bounds around the mean`,
		"{method: calibrate, formula: ~ 1, population: {(Intercept): 70}, distance: logit, bounds: [0.5, 2]}":               `spec.yaml:1:48: column (Intercept): no weights were found in`,
	} {
		_, err := parse(t, text).Apply(people(), base)
		if got := withoutExcerpts(t, err); !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// Rows that count need a category and a value; those of weight 0 do not.
func TestRowsWithoutAnswers(t *testing.T) {
	for text, want := range map[string]string{
		"{method: rake, margins: {gender: {female: 60, male: 40}}}":                             "data.csv: row 6, column gender: the row has no category;",
		"{method: poststratify, cells: [{gender: female, total: 3}, {gender: male, total: 4}]}": "data.csv: row 6, column gender: the row has no category;",
		"{method: calibrate, formula: ~ hours, population: {(Intercept): 8, hours: 30}}":        "data.csv: row 6, column hours: the row has no value;",
	} {
		_, err := parse(t, text).Apply(people(), []float64{1, 2, 1, 1, 2, 1})
		if got := withoutExcerpts(t, err); !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
	}
	cells := "{method: poststratify, cells: [{gender: female, age: young, total: 3}, {gender: female, age: old, total: 3}, {gender: male, age: old, total: 5}, {gender: male, age: old, total: 5}]}"
	_, err := parse(t, cells).Apply(people(), base)
	if err == nil || !strings.Contains(err.Error(), `data.csv: row 3, value "male × young": the cell of gender × age has no target`) {
		t.Error(err)
	}
}

func TestCategoriesWithoutRows(t *testing.T) {
	spec := parse(t, "{method: rake, margins: {age: {young: 60, old: 40}}}")
	_, err := spec.Apply(people(), []float64{1, 0, 1, 0, 0, 0})
	if want := `spec.yaml:1:43: column age, value "old": no row with a weight is in this category, whose target is 40; combine it with another category, such as young`; withoutExcerpts(t, err) != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := parse(t, "{method: rake, margins: {age: {young: 60, old: 0}}}").Apply(people(), []float64{1, 0, 1, 0, 0, 0}); err != nil {
		t.Error(err)
	}
}

func TestBaseWeights(t *testing.T) {
	for _, bad := range [][]float64{{1, -1, 1, 1, 1, 0}, {1, math.NaN(), 1, 1, 1, 0}, {1, math.Inf(1), 1, 1, 1, 0}, {0, 0, 0, 0, 0, 0}} {
		if _, err := parse(t, "{method: trim, upper: 3}").Apply(people(), bad); err == nil {
			t.Errorf("%v are accepted", bad)
		}
	}
}

// Margins that contradict each other in this sample: all women are young.
func TestContradiction(t *testing.T) {
	data := table(texts("gender", "f", "f", "m", "m"), texts("age", "y", "y", "y", "o"))
	_, err := parse(t, "{method: rake, margins: {gender: {f: 60, m: 40}, age: {y: 50, o: 50}}}").Apply(data, []float64{1, 1, 1, 1})
	if err == nil || !strings.Contains(err.Error(), "no weights were found") || !strings.Contains(err.Error(), "check whether the totals contradict each other") {
		t.Error(err)
	}
}

func TestParseProblems(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "spec.yaml:1:1: the weighting spec is empty",
		"a: [":                              "spec.yaml:1:4: this is not valid YAML",
		"margins: {a: {b: 1}}":              "spec.yaml:1:1: the method is missing",
		"method: rak":                       `spec.yaml:1:9: method cannot be "rak"; did you mean rake? (choices: rake, poststratify`,
		"method: rake":                      "spec.yaml:1:1: rake needs margins",
		"method: rake\nmargin: {a: {b: 1}}": "spec.yaml:1:1: rake needs margins; add the key margins\nspec.yaml:2:1: there is no key \"margin\" in the weighting spec; did you mean margins?",
		"method: rake\nmargins: [a]":        "spec.yaml:2:1: margins is a list; it must be a mapping (key: value)",
		"method: rake\nmargins: {a: {b: x, c: -1}}":                            "spec.yaml:2:18: value \"x\": a number is needed here; write it with digits and a decimal point only\nspec.yaml:2:24: value \"-1\": the number is negative",
		"method: rake\nmargins: {a: {b: .nan}}":                                `spec.yaml:2:18: value ".nan": a number is needed here`,
		"method: poststratify\ncells: {a: 1}":                                  "spec.yaml:2:12: a must hold key: value pairs",
		"method: poststratify\ncells: 1":                                       "spec.yaml:2:8: cells is a number; it must be a list or a mapping (key: value)",
		"method: poststratify\ncells: {a: {x: 1}, b: {y: 1}}":                  `spec.yaml:2:20: value "b": post-stratification has one classification; cross its variables with *, or use method: rake for several margins`,
		"method: poststratify\ncells: [{a: x}]":                                "spec.yaml:2:9: the cell must have the keys of the first cell",
		"method: poststratify\ncells: [{total: 1}]":                            "spec.yaml:2:9: the cell must have the keys of the first cell",
		"method: poststratify\ncells: [{a: x, total: 1}, {b: x, total: 1}]":    "spec.yaml:2:27: the cell must have the keys of the first cell",
		"method: calibrate\nformula: ~ a ^ 2\npopulation: {a: 1}":              "spec.yaml:2:10: \"^\" is not expected here",
		"method: calibrate\nformula: y ~ a\npopulation: {a: 1}":                "spec.yaml:2:10: value \"y\": the formula of a calibration has no response",
		"method: calibrate\nformula: ~ a\npopulation: {a: 1}\ndistance: logit": "spec.yaml:1:9: the logit distance needs bounds",
		"method: calibrate\nformula: ~ a\npopulation: {a: 1}\ndistance: near":  "spec.yaml:4:11: distance cannot be \"near\"; did you mean linear? (choices: linear, raking, logit)",
		"method: calibrate\nformula: ~ a\npopulation: {a: 1}\nbounds: [2, 3]":  "spec.yaml:4:9: the bounds must be two numbers, one below 1 and one above",
		"method: trim":                                    "spec.yaml:1:9: trim needs lower, upper or both",
		"method: trim\nlower: 3\nupper: 2":                "spec.yaml:1:9: lower, 3, is not under upper, 2",
		"method: trim\nlower: -3":                         "spec.yaml:2:8: lower is -3; it must be at least 0",
		"a: " + strings.Repeat("[", 1000):                 "spec.yaml:1:68: values are nested too deeply",
		"method: trim\nmethod: rake":                      "spec.yaml:1:9: trim needs lower, upper or both; add the smallest and the largest weight wanted\nspec.yaml:2:1: the key \"method\" is already in line 1; keep one of them",
		"method: rake\nmargins: {a: {b: !!int 1, c: *d}}": "spec.yaml:2:18: tags such as !!int are not supported; delete it; put text in quotes\nspec.yaml:2:29: the anchor &d is not defined above; put text that begins with * in quotes",
		"text": "spec.yaml:1:1: the weighting spec is text; it must be a mapping (key: value)",
	} {
		_, err := weighting.Parse([]byte(text), "spec.yaml", nil)
		if got := withoutExcerpts(t, err); !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// A spec made to exhaust patience, memory or stack is refused as a study is.
func TestHostileSpecsAreRefused(t *testing.T) {
	var bomb, steps strings.Builder
	bomb.WriteString("a0: &a0 [x, x]\n")
	for i := 1; i < 80; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	steps.WriteString("steps:\n")
	for i := range 80_000 {
		fmt.Fprintf(&steps, "  k%d: 0\n", i)
	}
	for want, text := range map[string]string{
		"the file has more than 30000 keys; give the totals in a file, named by file:":    steps.String(),
		"the file holds more than 200000 values; look for an alias (*) that is repeated":  bomb.String(),
		"values are nested too deeply; a weighting spec needs fewer than 64 levels":       strings.Repeat("- ", 100_000),
		"the weighting spec is longer than 1 MiB; give a weighting spec, not a data file": strings.Repeat("# comment\n", 200_000),
		"the text is not UTF-8; save the file as UTF-8":                                   "method: r\xe4ke",
		"a second YAML document begins here; put it in a separate file":                   "method: trim\nupper: 3\n---\nmethod: trim\n",
		"a text is longer than 10000 bytes; shorten it: it is shown in tables and charts": "method: " + strings.Repeat("x", 10_001),
		"100 more problems are not shown; correct these first":                            "steps: [" + strings.Repeat("x, ", 200) + "]",
	} {
		spec, err := weighting.Parse([]byte(text), "spec.yaml", nil)
		if got := withoutExcerpts(t, err); spec != nil || !strings.Contains(got, want) || !strings.HasPrefix(got, "spec.yaml:") {
			t.Errorf("%.300s\ndoes not say %s", got, want)
		}
	}
}

// What is marked & stands wherever it is named with *.
func TestAliases(t *testing.T) {
	wantWeights(t, "steps:\n  - method: rake\n    margins: &m {gender: {female: 60, male: 40}}\n  - {method: rake, margins: *m}\n", 20, 40, 10, 10, 20, 0)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"method: rake\nmargins: {a: {b: 1}}", "{\"method\": \"trim\", \"upper\": 3}", "method: poststratify\ncells: [{gender: male, total: 5}]",
		"method: calibrate\nformula: ~ gender\npopulation:\n  (Intercept): 5\ndistance: logit\nbounds: [0.5, 2]", "- &a [*a]", "? {}",
		"steps: [{method: nonresponse, respondents: hours > 1, classes: [age]}, {method: trim, upper: 2, tolerance: 1, scale: n}]", fromFile,
		"method: propensity\nformula: ~ age\nadjust: quintiles\nreference: {file: r.csv}",
		"method: calibrate\nformula: ~ hours\nridge: 0.1\nreference: {file: r.csv}\nwithin: gender",
		"method: rake\nwithin: age\nmargins: {gender * age: {female: {young: 1}, others: keep}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		spec, err := weighting.Parse([]byte(s), "spec.yaml", func(string) (*survey.Table, error) { return people(), nil })
		if err != nil {
			return
		}
		if r, err := spec.Apply(people(), base); err == nil && len(r.Weights) != 6 {
			t.Fatalf("%d weights", len(r.Weights))
		}
	})
}

// Each replicate is calibrated to the same totals, so the total that they fix
// has no variance; trimming multiplies the replicates as it did the weights.
func TestReplicates(t *testing.T) {
	data := referenceTable(t, "replicates.csv")
	frame, err := engine.NewFrame(data, survey.Design{Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "brr_*", Type: "brr"}})
	if err != nil {
		t.Fatal(err)
	}
	raked, _, err := parse(t, "{method: rake, margins: {gender: {female: 60000, male: 90000}}}").Frame(data, frame)
	if err != nil {
		t.Fatal(err)
	}
	sample := sampletest.Framed(t, data, raked, estimate.Options{})
	got, err := sample.Proportions([]string{"gender"})
	if err != nil || math.Abs(got[0].Value.Float()-0.4) > zero || got[0].SE.Float() > zero {
		t.Errorf("%+v, %v", got, err)
	}
	spec := parse(t, "{method: trim, upper: 500}")
	trimmed, r, err := spec.Frame(data, frame)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range frame.ByRow.Replicates[3] {
		if trimmed.ByRow.Replicates[3][i] != w*r.G[i] {
			t.Fatalf("row %d", i)
		}
	}
	if trimmed.ByRow.Calibration != nil || raked.ByRow.Calibration != nil || frame.ByRow.Weights[0] == raked.ByRow.Weights[0] {
		t.Error("the frames are not as they should be")
	}
}

// A replicate that cannot be calibrated is named.
func TestReplicateThatFails(t *testing.T) {
	data := table(texts("gender", "f", "f", "m"), numbers("w", 1, 1, 1), numbers("r1", 2, 0, 1), numbers("r2", 2, 1, 0))
	frame, err := engine.NewFrame(data, survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "brr"}})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = parse(t, "{method: rake, margins: {gender: {f: 6, m: 5}}}").Frame(data, frame)
	if err == nil || !strings.Contains(err.Error(), "is 0, not 5 in replicate r2") {
		t.Error(err)
	}
}

// A row that has a weight only in a replicate keeps it where it is in no cell.
func TestRowOfAReplicateOnly(t *testing.T) {
	data := table(texts("gender", "f", "m", "m"), texts("age", "y", "o", ""), numbers("w", 1, 1, 0), numbers("r1", 2, 1, 5), numbers("r2", 1, 2, 5))
	frame, err := engine.NewFrame(data, survey.Design{Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "brr"}})
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := parse(t, "{method: poststratify, cells: [{gender: f, age: y, total: 6}, {gender: f, age: o, total: 0}, {gender: m, age: o, total: 4}]}").Frame(data, frame)
	if err != nil || !slices.Equal(out.ByRow.Replicates[0], []float64{6, 4, 5}) {
		t.Errorf("%v, %v", out, err)
	}
}

// However the weights are drawn, raking meets its margins, and the same totals
// as cells of one variable give the weights of one margin.
func TestRakingMeetsMargins(t *testing.T) {
	data := people()
	rake := parse(t, "{method: rake, margins: {gender: {female: 60, male: 40}, age: {young: 30, old: 70}}}")
	margin := parse(t, "{method: rake, margins: {gender: {female: 60, male: 40}}}")
	cells := parse(t, "{method: poststratify, cells: [{gender: male, total: 40}, {gender: female, total: 60}]}")
	model := parse(t, "{method: calibrate, formula: ~ gender + age, distance: raking, population: {(Intercept): 100, gendermale: 40, age: 170}}")
	rapid.Check(t, func(t *rapid.T) {
		w := append(rapid.SliceOfN(rapid.Float64Range(0.5, 5), 5, 5).Draw(t, "w"), 0)
		r, err := rake.Apply(data, w)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Margins {
			if math.Abs(m.After-m.Target) > 1e-8 {
				t.Fatalf("%+v", m)
			}
		}
		same(t, rake, model, data, w)
		same(t, margin, cells, data, w)
	})
}

func same(t *rapid.T, a, b *weighting.Spec, data *survey.Table, w []float64) {
	x, err := a.Apply(data, w)
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.Apply(data, w)
	if err != nil {
		t.Fatal(err)
	}
	for i := range w {
		if math.Abs(x.Weights[i]-y.Weights[i]) > 1e-6 { // sweeps end at 1e-10 of the totals, a row may be further off
			t.Fatalf("weights %v and %v", x.Weights, y.Weights)
		}
	}
}
