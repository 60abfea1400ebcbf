package propensity

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

const (
	// summed is what sums over a few hundred rows keep.
	summed = 1e-9
	// jackknifed is how far a jackknife of 60 PSUs lies from linearisation.
	jackknifed = 0.15
)

// population draws people in PSUs whose sharing depends on their age, their
// trust, which some do not answer, and a habit that no predictor tells.
func population(seed uint64, psus, each int) *survey.Table {
	r := rand.New(rand.NewPCG(seed, 11))
	n := psus * each
	t := &survey.Table{Rows: n}
	column := map[string][]float64{}
	for _, name := range []string{"psu", "stratum", "w", "age", "trust", "habit", "shares", "rare", "luck"} {
		v := &survey.Variable{Name: name, Kind: survey.Number, Measure: survey.Scale}
		column[name] = make([]float64, n)
		t.Variables = append(t.Variables, v)
	}
	for _, name := range []string{"psu", "trust", "habit"} {
		t.Lookup(name).Measure = survey.Nominal
	}
	luck := 0.0
	for i := range n {
		psu := i / each
		if i%each == 0 {
			luck = float64(r.IntN(2))
		}
		column["psu"][i], column["stratum"][i], column["luck"][i] = float64(psu), float64(psu%2), luck
		column["w"][i] = 0.5 + r.Float64()
		column["age"][i] = 18 + math.Floor(60*r.Float64())
		column["trust"][i] = float64(1 + r.IntN(3))
		column["habit"][i] = float64(r.IntN(2))
		u := -0.5 - 0.04*(column["age"][i]-48) + 0.6*(column["trust"][i]-2) + 1.2*column["habit"][i]
		if p, _ := stats.Binomial.Mean(u); r.Float64() < p {
			column["shares"][i] = 1
		}
		if r.Float64() < 0.1 {
			column["trust"][i] = math.NaN()
		}
	}
	column["rare"][0] = 1
	for name, x := range column {
		t.Lookup(name).Numbers = survey.NewNumbers(x)
	}
	return t
}

var clustered = survey.Design{Weight: "w", PSU: []string{"psu"}, Strata: "stratum"}

var asked = Options{Outcomes: []string{"shares == 1"}, Predictors: []string{"age", "trust"}, Groups: []string{"habit"}, Folds: 5, Mix: 0.5, Seed: 1}

func fit(t *testing.T, s *estimate.Sample, o Options) *Result {
	t.Helper()
	r, err := Fit(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t *testing.T, what string, got survey.Figure, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got.Float()-want) <= tolerance*(1e-6+math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got.Float(), want)
	}
}

// TestFiguresAreEstimates takes every mean once more by the ordinary estimators.
func TestFiguresAreEstimates(t *testing.T) {
	s := sampletest.In(t, population(1, 40, 10), clustered, estimate.Options{Where: "age < 70"})
	r := fit(t, s, asked)
	report, p := r.Reports[0], r.out[0]
	shares := s.Table().Lookup("shares").Numbers.Slice()
	column := func(name string, of func(y, p float64) float64) *survey.Variable {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, s.Table().Rows))}
		for i, y := range shares {
			v.Numbers.Set(i, of(y, p[i]))
		}
		return v
	}
	with := sampletest.In(t, s.Table().With(
		column("brier", func(y, p float64) float64 { return (y - p) * (y - p) }),
		column("gap", func(y, p float64) float64 { return y - p }),
		column("right", func(y, p float64) float64 { return map[bool]float64{true: 1}[math.Round(p) == y] }),
		column("loss", func(y, p float64) float64 { return -math.Log(y*p + (1-y)*(1-p)) }),
	), clustered, estimate.Options{Where: "age < 70"})
	want, err := with.Means([]string{"brier", "gap", "right", "loss", "shares"})
	if err != nil {
		t.Fatal(err)
	}
	for k, got := range []survey.Estimate{report.Brier, report.Gap, report.Accuracy, report.LogLoss, report.BaseRate} {
		near(t, want[k].Variable, got.Value, want[k].Value.Float(), summed)
		near(t, want[k].Variable+" SE", got.SE, want[k].SE.Float(), summed)
	}
	share := report.BaseRate.Value.Float()
	near(t, "skill", report.Skill.Value, 1-report.Brier.Value.Float()/(share*(1-share)), summed)
	near(t, "base accuracy", report.BaseAccuracy.Value, math.Max(share, 1-share), summed)
	near(t, "gain", report.Gain.Value, report.Accuracy.Value.Float()-report.BaseAccuracy.Value.Float(), summed)
}

// TestErrorsAgreeWithTheJackknife gives one set of propensities to two designs.
func TestErrorsAgreeWithTheJackknife(t *testing.T) {
	const psus = 60
	table := population(2, psus, 10)
	s := sampletest.Of(t, table, clustered)
	// A rare outcome, whose base rate moves the skill.
	o := asked
	o.Outcomes = []string{"shares == 1 and habit == 0"}
	r := fit(t, s, o)
	y := slices.Clone(table.Lookup("shares").Numbers.Slice())
	for i, habit := range table.Lookup("habit").Numbers.All() {
		y[i] *= 1 - habit
	}
	replicated, design := sampletest.Jackknife(table, clustered)
	again := sampletest.Of(t, replicated, design)
	var jackknife Report
	e := &evidence{sample: again, y: y, p: r.out[0], weights: table.Lookup("w").Numbers.Slice(), base: again.Base(func(int) bool { return true })}
	e.overall(&jackknife)
	report := r.Reports[0]
	near(t, "AUC", report.AUC.SE, jackknife.AUC.SE.Float(), jackknifed)
	near(t, "skill", report.Skill.SE, jackknife.Skill.SE.Float(), jackknifed)
	near(t, "slope", report.Slope.SE, jackknife.Slope.SE.Float(), jackknifed)
	near(t, "gain", report.Gain.SE, jackknife.Gain.SE.Float(), jackknifed)
	near(t, "the AUC itself", report.AUC.Value, jackknife.AUC.Value.Float(), summed)
}

// TestReplicates: a design that tells no PSUs is fitted, too.
func TestReplicates(t *testing.T) {
	table := population(3, 20, 10)
	spec := &survey.ReplicateSpec{Columns: "b*", Type: "bootstrap"}
	r := rand.New(rand.NewPCG(1, 1))
	for j := range 12 {
		v := &survey.Variable{Name: fmt.Sprintf("b%d", j), Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, 2*r.Float64())
		}
		table = table.With(v)
	}
	report := fit(t, sampletest.Of(t, table, survey.Design{Weight: "w", Replicates: spec}), asked).Reports[0]
	if !(report.AUC.SE.Float() > 0) || !(report.Slope.SE.Float() > 0) || report.N != table.Rows {
		t.Errorf("AUC ± %v, slope ± %v of %d rows", report.AUC.SE.Float(), report.Slope.SE.Float(), report.N)
	}
}

// TestOutOfPSU: luck is the same in a whole PSU. Whoever has seen a person's
// neighbours by the PSU's number knows their luck; an honest figure does not.
func TestOutOfPSU(t *testing.T) {
	s := sampletest.Of(t, population(4, 60, 10), clustered)
	o := asked
	o.Outcomes, o.Predictors = []string{"luck"}, []string{"psu", "age"}
	if auc := fit(t, s, o).Reports[0].AUC.Value; auc.Float() > 0.6 {
		t.Errorf("AUC %v of luck", auc.Float())
	}
}

// TestCalibration: bins hold everybody once, equal propensities together, and on
// a large sample the curve and its slope agree with the truth.
func TestCalibration(t *testing.T) {
	s := sampletest.Of(t, population(5, 100, 40), clustered)
	r := fit(t, s, asked)
	report := r.Reports[0]
	n, covered := 0, 0
	for k, b := range report.Calibration {
		n += b.Observed.N
		if b.Observed.Low.Float() <= b.Predicted.Value.Float() && b.Predicted.Value.Float() <= b.Observed.High.Float() {
			covered++
		}
		if k > 0 && b.Low.Float() <= report.Calibration[k-1].High.Float() {
			t.Errorf("bin %d begins at %v, before the one before ends", k, b.Low.Float())
		}
	}
	if n != s.Table().Rows || len(report.Calibration) != bins {
		t.Errorf("%d bins hold %d people of %d", len(report.Calibration), n, s.Table().Rows)
	}
	// Of ten true 95% intervals fewer than seven hold once in a thousand times.
	if covered < 7 {
		t.Errorf("the curve holds in %d of %d bins", covered, bins)
	}
	near(t, "slope", report.Slope.Value, 1, 0.15)
	// The people's own chances have an AUC of 0.77; without their habit less is told.
	if report.AUC.Low.Float() < 0.65 || report.AUC.High.Float() > 0.77 {
		t.Errorf("AUC %v to %v", report.AUC.Low.Float(), report.AUC.High.Float())
	}
}

// TestTiesStayTogether: three different propensities make three bins at most.
func TestTiesStayTogether(t *testing.T) {
	table := population(6, 20, 10)
	s := sampletest.Of(t, table, clustered)
	e := &evidence{sample: s, y: table.Lookup("shares").Numbers.Slice(), p: make([]float64, table.Rows), weights: s.Frame().ByRow.Weights}
	for i := range e.p {
		e.p[i] = []float64{0.1, 0.1, 0.1, 0.1, 0.4, 0.9}[i%6]
	}
	got := e.calibration()
	if len(got) != 3 || got[0].High.Float() != 0.1 || got[1].Low.Float() != 0.4 || got[2].Low.Float() != 0.9 {
		t.Errorf("bins %+v", got)
	}
}

// TestGroups: habit moves the outcome and is not among the predictors.
func TestGroups(t *testing.T) {
	report := fit(t, sampletest.Of(t, population(7, 80, 20), clustered), asked).Reports[0]
	var worse []string
	for _, g := range report.Groups {
		worse = append(worse, g.Category+" "+strings.Join(g.Worse, ", "))
	}
	if !slices.Equal(worse, []string{"0 predicted too high", "1 predicted too low"}) {
		t.Errorf("groups: %q", worse)
	}
}

// TestModelFile scores people by the coefficients by hand, and by the file.
func TestModelFile(t *testing.T) {
	table := population(8, 40, 10)
	o := asked
	o.Outcomes = []string{"shares", "habit == 1"}
	r := fit(t, sampletest.Of(t, table, clustered), o)
	raw, err := json.Marshal(r.Model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseModel(raw, "model.json")
	if err != nil {
		t.Fatal(err)
	}
	scores, notices, err := m.Score(table, "p")
	if err != nil || len(notices) != 0 || len(scores) != 2 || scores[1].Name != "p_2" {
		t.Fatalf("%v, notices %v, %d scores", err, notices, len(scores))
	}
	beta := map[string]float64{}
	for j, name := range m.Terms() {
		beta[name] = m.Outcomes[0].Beta[j]
	}
	age, trust := table.Lookup("age").Numbers.Slice(), table.Lookup("trust").Numbers.Slice()
	for i, got := range scores[0].Numbers.All() {
		u := beta["(Intercept)"] + beta["age"]*age[i]
		if math.IsNaN(trust[i]) {
			u += beta["trust: no answer"]
			for k, share := range m.Predictors[1].Usual {
				u += share * beta["trust: "+m.Predictors[1].Labels[k]]
			}
		} else {
			u += beta[fmt.Sprintf("trust: %g", trust[i])]
		}
		if want, _ := stats.Binomial.Mean(u); math.Abs(got-want) > summed {
			t.Fatalf("row %d: %v, want %v", i+1, got, want)
		}
	}
	if scored := r.Scored("p")[0].Numbers.Slice(); scored[3] != r.out[0][3] || scored[3] == scores[0].Numbers.At(3) {
		t.Error("people of the model are not scored by models that have not seen them")
	}
}

// TestOutsideTheDomain: people outside are scored by the model, unless they give
// an answer that it has not seen.
func TestOutsideTheDomain(t *testing.T) {
	table := population(9, 40, 10)
	r := fit(t, sampletest.In(t, table, clustered, estimate.Options{Where: "answer(trust, 1) != 3"}), asked)
	p, trust := r.Scored("p")[0].Numbers.Slice(), table.Lookup("trust").Numbers.Slice()
	for i := range p {
		if math.IsNaN(p[i]) != (trust[i] == 3) {
			t.Fatalf("row %d with trust %v has %v", i+1, trust[i], p[i])
		}
	}
	_, _, err := r.Model.Score(table, "p")
	row := slices.Index(trust, 3) + 1
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("row %d, column trust, value \"3\"", row)) {
		t.Errorf("an answer that the model has not seen: %v", err)
	}
}

func TestScoreProblems(t *testing.T) {
	table := population(10, 40, 10)
	m := fit(t, sampletest.Of(t, table, clustered), asked).Model
	other := &survey.Table{Rows: 1, Sources: []survey.Source{{Path: "new.csv"}}, Variables: []*survey.Variable{{Name: "ages", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{30})}}}
	_, _, err := m.Score(other, "p")
	for _, want := range []string{"new.csv", `"age"`, "did you mean ages", `"trust"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not tell of %s", err, want)
		}
	}
	old := *table.Lookup("age")
	old.Numbers = survey.NewNumbers(slices.Clone(old.Numbers.Slice()))
	old.Numbers.Set(0, 130)
	if _, notices, err := m.Score(table.With(&old), "p"); err != nil || len(notices) != 1 || !strings.Contains(notices[0].Text, "age: 1 ") {
		t.Errorf("an age of 130: %v, %v", notices, err)
	}
}

func TestProblems(t *testing.T) {
	s := sampletest.Of(t, population(11, 40, 10), clustered)
	for _, c := range []struct {
		name   string
		change func(o *Options)
		want   []string
	}{
		{"names", func(o *Options) {
			o.Outcomes, o.Predictors, o.Groups = []string{"share == 1"}, []string{"ages"}, []string{"habits"}
		}, []string{"share", "ages", "habits", "did you mean age"}},
		{"leak", func(o *Options) { o.Outcomes = []string{"trust == 1"} }, []string{"column trust", "determines the outcome"}},
		{"numbers", func(o *Options) { o.Outcomes, o.Predictors = []string{"age"}, []string{"trust"} }, []string{"row 1, column age", "is true or false"}},
		{"rare", func(o *Options) { o.Outcomes = []string{"rare"} }, []string{"column rare", "--folds"}},
		{"few PSUs", func(o *Options) { o.Folds = 41 }, []string{"40 PSUs"}},
		{"nothing", func(o *Options) { o.Predictors = nil }, []string{"no predictor"}},
	} {
		o := asked
		c.change(&o)
		_, err := Fit(context.Background(), s, o)
		if _, ok := err.(survey.Problems); !ok {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not tell of %s", c.name, err, want)
			}
		}
	}
}

// FuzzParseModel: any file is a model that scores a table, or a problem.
func FuzzParseModel(f *testing.F) {
	f.Add([]byte(`{"schema":"surveykit-propensity/1","predictors":[{"variable":"age","usual":[40]}],"outcomes":[{"outcome":"shares","coefficients":[0.5,-0.1]}]}`))
	f.Add([]byte(`{"schema":"surveykit-propensity/1","predictors":[{"variable":"trust","values":[1,"a"],"labels":["x","y"],"usual":[0.5,0.5],"missing":true}],"outcomes":[{"coefficients":[1,2,3,4]}]}`))
	f.Add([]byte(`{"schema":"surveykit-propensity/1","predictors":[null],"outcomes":[]}`))
	f.Add([]byte(`{}`))
	table := population(12, 4, 3)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseModel(data, "m.json")
		if err != nil {
			if _, ok := err.(survey.Problems); !ok {
				t.Fatalf("%T", err)
			}
			return
		}
		if _, _, err := m.Score(table, "p"); err != nil {
			if _, ok := err.(survey.Problems); !ok {
				t.Fatalf("%T", err)
			}
		}
	})
}
