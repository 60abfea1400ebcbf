package weighting_test

import (
	"math"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// TestTotalsAfterShares works by hand: four PSUs of weights 1 to 4 say that the
// population is 10 with the variance 4/3·Σ(w − 2.5)² = 20/3. Margins given as
// shares .4 and .6 share it out, and so its error; margins of totals and a scale
// leave none.
func TestTotalsAfterShares(t *testing.T) {
	rows := "w,g,one\n1,a,1\n2,b,1\n3,a,1\n4,b,1\n"
	error10 := math.Sqrt(20. / 3)
	for spec, want := range map[string][2]float64{
		"{method: rake, margins: {g: {a: 0.4, b: 0.6}}}":                                                             {error10, 0.4 * error10},
		"{method: poststratify, cells: [{g: a, total: 0.4}, {g: b, total: 0.6}]}":                                    {error10, 0.4 * error10},
		"{method: rake, margins: {g: {a: 4, b: 6}}}":                                                                 {0, 0},
		"{method: rake, margins: {g: {a: 0.4, b: 0.6}}, scale: 10}":                                                  {0, 0},
		"{steps: [{method: rake, margins: {g: {a: 0.4, b: 0.6}}}, {method: trim, lower: 0.1, upper: 9, scale: 10}]}": {0, 0},
	} {
		t.Run(spec, func(t *testing.T) {
			table := sampletest.Read(t, rows)
			for k, where := range []string{"", "g == 'a'"} {
				if r := weightedTotal(t, spec, table, survey.Design{Weight: "w"}, "one", where); math.Abs(r.SE.Float()-want[k]) > 1e-12 {
					t.Errorf("total %v of %q has SE %v, want %v", r.Value.Float(), where, r.SE.Float(), want[k])
				}
			}
		})
	}
}

// TestTotalsAfterSharesJackknifed holds the linearised errors against replicates,
// which are raked anew to shares of their own sums: the same for the number of
// people, and near for a total that moves with the weights.
func TestTotalsAfterSharesJackknifed(t *testing.T) {
	spec := "{method: rake, margins: {age: {young: 0.3, middle: 0.3, old: 0.4}, gender: {f: 0.55, m: 0.45, x: keep}}}"
	table, psu := town(600, 5), make([]float64, 600)
	stratum, one := make([]float64, 600), make([]float64, 600)
	for i := range psu {
		psu[i], stratum[i], one[i] = float64(i%60), float64(i%3), 1
	}
	table = table.With(numbers("psu", psu...), numbers("stratum", stratum...), numbers("one", one...))
	design := survey.Design{Weight: "w", Strata: "stratum", PSU: []string{"psu"}}
	replicated, replicates := sampletest.Jackknife(table, design)
	for variable, tolerance := range map[string]float64{"one": 1e-9, "y": 0.03} {
		linear, jackknife := weightedTotal(t, spec, table, design, variable, ""), weightedTotal(t, spec, replicated, replicates, variable, "")
		if ratio := linear.SE.Float() / jackknife.SE.Float(); !(math.Abs(ratio-1) < tolerance) {
			t.Errorf("total of %s: SE %v linearised, %v by the jackknife", variable, linear.SE.Float(), jackknife.SE.Float())
		}
	}
}

func weightedTotal(t *testing.T, spec string, table *survey.Table, d survey.Design, variable, where string) survey.Estimate {
	t.Helper()
	frame, err := engine.NewFrame(table, d)
	if err != nil {
		t.Fatal(err)
	}
	weighted, _, err := parseFiles(t, spec).Frame(table, frame)
	if err != nil {
		t.Fatal(err)
	}
	records, err := sampletest.Framed(t, table, weighted, estimate.Options{Where: where}).Totals([]string{variable})
	if err != nil {
		t.Fatal(err)
	}
	return records[0]
}
