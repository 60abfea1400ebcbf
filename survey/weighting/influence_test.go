package weighting_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/weighting"
)

// derivativeTolerance is what differences of estimates by steps of 1e-4 leave of
// a derivative: the second-order error, 1e-8, over influences of about 1e-3.
const derivativeTolerance = 2e-4

// town is a simulated sample: who responded and what they think depend on age
// and gender; a few gave neither gender. The first rows hold every combination.
func town(rows int, seed uint64) *survey.Table {
	random := rand.New(rand.NewPCG(seed, 1))
	var gender, wave []string
	var age, hours, y, responded, w []float64
	for row := range rows {
		genders := []string{"f", "m", "x"}
		g, a := genders[min(2, int(2.15*random.Float64()))], float64(1+random.IntN(3))
		if row < 9 {
			g, a = genders[row%3], float64(1+row/3)
		}
		h := 2 + a + 3*random.Float64()
		gender, age, hours = append(gender, g), append(age, a), append(hours, h)
		wave = append(wave, []string{"first", "second"}[random.IntN(2)])
		r := 0.0
		if random.Float64() < 0.4+0.15*a {
			r = 1
		}
		responded = append(responded, r)
		y = append(y, a+3*random.Float64()+h/4)
		w = append(w, 0.5+random.Float64())
	}
	return table(texts("gender", gender...), labelled(numbers("age", age...), "young", "middle", "old"), numbers("hours", hours...),
		texts("wave", wave...), numbers("responded", responded...), numbers("y", y...), numbers("w", w...))
}

// files serves a reference survey under the name reference.csv.
func files(t *testing.T) weighting.Open {
	t.Helper()
	return func(path string) (*survey.Table, error) {
		if filepath.Base(path) != "reference.csv" {
			return nil, fmt.Errorf("there is no file %s", path)
		}
		return town(400, 99), nil
	}
}

func parseFiles(t *testing.T, text string) *weighting.Spec {
	t.Helper()
	s, err := weighting.Parse([]byte(text), "spec.yaml", files(t))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// exact are steps whose influences are derivatives: of calibrations the linear
// one and those of one classification.
var exact = map[string]string{
	"one margin":           "{method: rake, margins: {age: {young: 0.3, middle: 0.3, old: 0.4}, }}",
	"crossed margin":       "{method: rake, margins: {age * gender: {young: {f: 10, m: 20, x: 2}, middle: {f: 10, m: 20, x: 2}, old: {f: 30, m: 20, x: 3}}}}",
	"kept category":        "{method: rake, margins: {gender: {f: 0.4, m: 0.6, x: keep}}}",
	"kept others":          "{method: rake, margins: {age * gender: {young: {f: 100, m: 200}, middle: {f: 100, m: 200}, old: {f: 300, m: 200}, others: keep}}}",
	"linear":               "{method: calibrate, formula: ~ gender + hours, population: {(Intercept): 500, genderm: 250, genderx: 20, hours: 2800}}",
	"classes":              "{method: nonresponse, respondents: responded == 1, classes: [age, gender]}",
	"propensity":           "{method: nonresponse, respondents: responded == 1, formula: ~ age + gender, adjust: inverse}",
	"within":               "{method: rake, within: wave, margins: {gender: {f: 400, m: 600, x: keep}}}",
	"scaled":               "{method: calibrate, formula: ~ hours, population: {(Intercept): 500, hours: 2800}, scale: 1000}",
	"classes, then linear": "{steps: [{method: nonresponse, respondents: responded == 1, classes: [age]}, {method: calibrate, formula: ~ gender + hours, population: {(Intercept): 500, genderm: 250, genderx: 20, hours: 2800}}]}",
	"linear, then classes": "{steps: [{method: calibrate, formula: ~ gender + hours, population: {(Intercept): 500, genderm: 250, genderx: 20, hours: 2800}}, {method: nonresponse, respondents: responded == 1, classes: [age]}]}",
	"linear, then fifths":  "{steps: [{method: calibrate, formula: ~ hours, population: {(Intercept): 500, hours: 2800}}, {method: propensity, formula: ~ factor(age), adjust: quintiles, reference: {file: reference.csv, weight: w}}]}",
	"linear, then odds":    "{steps: [{method: calibrate, formula: ~ hours, population: {(Intercept): 500, hours: 2800}}, {method: nonresponse, respondents: responded == 1, formula: ~ age + gender, adjust: inverse}]}",
	"participation":        "{method: propensity, formula: ~ factor(age) + hours, reference: {file: reference.csv, weight: w}}",
	"reference totals":     "{method: calibrate, formula: ~ factor(age) + hours, reference: {file: reference.csv, weight: w}}",
}

// The influence of a row is the derivative of the estimate, here a mean, by the
// logarithm of its weight before.
func TestInfluencesAreDerivatives(t *testing.T) {
	data := town(300, 5)
	y, base := data.Lookup("y").Numbers.Slice(), data.Lookup("w").Numbers.Slice()
	for name, text := range exact {
		spec := parseFiles(t, text)
		r, err := spec.Apply(data, base)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		u, mean := meanInfluences(r.Weights, y)
		r.Residuals.Apply(u)
		for _, row := range []int{0, 1, 2, 3, 50, 117, 200, 299} {
			const step = 1e-4
			moved := [2]float64{}
			for k, by := range []float64{-step, step} {
				d := append([]float64(nil), base...)
				d[row] *= 1 + by
				r, err := spec.Apply(data, d)
				if err != nil {
					t.Fatal(err)
				}
				_, moved[k] = meanInfluences(r.Weights, y)
			}
			slope := (moved[1] - moved[0]) / (2 * step)
			if !(math.Abs(slope-u[row]) <= derivativeTolerance*(math.Abs(u[row])+1e-3)) {
				t.Errorf("%s: row %d has the influence %v, the derivative %v (mean %v)", name, row, u[row], slope, mean)
			}
		}
	}
}

func meanInfluences(w, y []float64) (u []float64, mean float64) {
	var sum, all float64
	for i := range w {
		sum += w[i] * y[i]
		all += w[i]
	}
	mean = sum / all
	u = make([]float64, len(w))
	for i := range w {
		u[i] = w[i] * (y[i] - mean) / all
	}
	return u, mean
}

// What a reference survey adds is the derivative by its weights.
func TestReferenceRowsAreDerivatives(t *testing.T) {
	data, other := town(300, 5), town(400, 99)
	y, base := data.Lookup("y").Numbers.Slice(), data.Lookup("w").Numbers.Slice()
	open := func(string) (*survey.Table, error) { return other, nil }
	for _, text := range []string{exact["participation"], exact["reference totals"]} {
		spec, err := weighting.Parse([]byte(text), "spec.yaml", open)
		if err != nil {
			t.Fatal(err)
		}
		r, err := spec.Apply(data, base)
		if err != nil {
			t.Fatal(err)
		}
		u, _ := meanInfluences(r.Weights, y)
		outside := r.Residuals.Apply(u)
		w := other.Lookup("w").Numbers
		influence := make([]float64, w.Len())
		for j, old := range w.All() {
			const step = 1e-4
			var moved [2]float64
			for k, by := range []float64{-step, step} {
				w.Set(j, old*(1+by))
				r, err := spec.Apply(data, base)
				if err != nil {
					t.Fatal(err)
				}
				_, moved[k] = meanInfluences(r.Weights, y)
			}
			w.Set(j, old)
			influence[j] = (moved[1] - moved[0]) / (2 * step)
		}
		if got, want := variance(outside, false), variance(influence, true); !(math.Abs(got-want) <= 1e-3*want) {
			t.Errorf("%s: the reference survey adds %v, its derivatives give %v", text, got, want)
		}
	}
}

// variance is that of a total over rows drawn one by one, or of their deviations.
func variance(u []float64, centre bool) float64 {
	mean, n := 0.0, float64(len(u))
	if !centre {
		return stats.Dot(u, u)
	}
	for _, x := range u {
		mean += x / n
	}
	sum := 0.0
	for _, x := range u {
		sum += (x - mean) * (x - mean)
	}
	return sum * n / (n - 1)
}

func TestResponseClassesByHand(t *testing.T) {
	data := table(texts("region", "n", "n", "n", "s", "s"), numbers("came", 1, 0, 1, 1, 0))
	r, err := parse(t, "{method: nonresponse, respondents: came == 1, classes: [region]}").Apply(data, []float64{1, 2, 3, 1, 4})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.5, 0, 4.5, 5, 0} {
		if math.Abs(r.Weights[i]-want) > zero {
			t.Errorf("weights %v", r.Weights)
		}
	}
	if len(r.Warnings) != 2 || !strings.Contains(r.Warnings[1].Text, "the class s has 1 respondents for 2 rows: its weights are multiplied by 5") {
		t.Errorf("warnings %q", r.Warnings)
	}
}
