package estimate_test

import (
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

var clustered = survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}

// Joint tests of every term as R 4.2.2, survey 4.1.1 gives them:
// regTermTest(svyglm(opted_out ~ age + age_bracket + gender * factor(wave),
// family = quasibinomial), term) on twostage.csv, strata and PSUs.
func TestTermsAgainstR(t *testing.T) {
	s := sampletest.Of(t, referenceTable(t, "twostage.csv"), clustered)
	records, err := s.TermTests("opted_out ~ age + age_bracket + gender * factor(wave)", "binomial")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]float64{
		"age":                 {0.602295822368, 1, 0.441433380128},
		"age_bracket":         {2.7915844989393, 5, 0.0269377917613},
		"gender":              {0.326364548469, 1, 0.570418839216},
		"factor(wave)":        {0.913813396941, 1, 0.343797294753},
		"gender:factor(wave)": {0.912623844991, 1, 0.344108683641},
	}
	for _, r := range records {
		w, ok := want[r.Term]
		if !ok {
			continue
		}
		delete(want, r.Term)
		if !near(r.Statistic, w[0], regressionTolerance) || r.NDF.Float() != w[1] || r.DDF.Float() != 49 || !near(r.P, w[2], regressionTolerance) {
			t.Errorf("%s: F %v with %v and %v, p %v; want %v with %v and 49, p %v", r.Term, r.Statistic.Float(), r.NDF.Float(), r.DDF.Float(), r.P.Float(), w[0], w[1], w[2])
		}
	}
	if len(want) > 0 {
		t.Errorf("not tested: %v", want)
	}
}

// The test of one coefficient is its t squared.
func TestTermOfOneCoefficientIsItsT(t *testing.T) {
	s := sampletest.Of(t, referenceTable(t, "twostage.csv"), clustered)
	terms, err := s.TermTests("trust ~ age + gender", "gaussian")
	if err != nil {
		t.Fatal(err)
	}
	coefficients, err := s.Regress("trust ~ age + gender", "gaussian")
	if err != nil {
		t.Fatal(err)
	}
	for k, c := range coefficients {
		if !near(terms[k].Statistic, c.T.Float()*c.T.Float(), 1e-9) || !near(terms[k].P, c.P.Float(), 1e-9) {
			t.Errorf("%s: F %v, t² %v; p %v and %v", c.Term, terms[k].Statistic.Float(), c.T.Float()*c.T.Float(), terms[k].P.Float(), c.P.Float())
		}
	}
}

// A model of one factor predicts each level's own mean, with its own error.
func TestMarginsOfOneFactorAreDomainMeans(t *testing.T) {
	table := referenceTable(t, "twostage.csv")
	margins, err := sampletest.Of(t, table, clustered).PredictedMargins("trust ~ age_bracket", "gaussian", "age_bracket")
	if err != nil {
		t.Fatal(err)
	}
	means, err := sampletest.In(t, table, clustered, estimate.Options{By: []string{"age_bracket"}}).Means([]string{"trust"})
	if err != nil {
		t.Fatal(err)
	}
	if len(margins) != len(means) {
		t.Fatalf("%d margins, %d means", len(margins), len(means))
	}
	for k, m := range margins {
		if m.Category != means[k].Group[0].Value.Text || !near(m.Value, means[k].Value.Float(), 1e-9) || !near(m.SE, means[k].SE.Float(), 1e-9) {
			t.Errorf("%s: %v (%v), the domain's mean is %v (%v)", m.Category, m.Value.Float(), m.SE.Float(), means[k].Value.Float(), means[k].SE.Float())
		}
	}
}

// jackknifeNearness is how far the jackknife of a smooth statistic may be from
// its linearised error with 70 PSUs.
const jackknifeNearness = 0.02

// The error of a margin knows of the coefficients' and of the respondents'
// chance: the stratified jackknife, which refits the model each time, agrees.
// The figures are R's svypredmeans (R 4.2.2, survey 4.1.1).
func TestMarginsAgainstTheJackknife(t *testing.T) {
	table := referenceTable(t, "twostage.csv")
	linear := sampletest.Of(t, table, clustered)
	jackknife, err := linear.Frame().Stages[0].StratifiedJackknife(stats.LonelyFail)
	if err != nil {
		t.Fatal(err)
	}
	frame, byRow := *linear.Frame(), *linear.Frame().ByRow
	frame.ByRow = &byRow
	frame.Replicates = &engine.Replicates{Scale: jackknife.Scale, RScales: jackknife.RScales}
	for _, factors := range jackknife.Factors {
		w := make([]float64, frame.Rows)
		for i := range w {
			w[i] = frame.ByRow.Weights[i] * factors[frame.ByRow.PSU[i]]
		}
		frame.ByRow.Replicates = append(frame.ByRow.Replicates, w)
	}
	replicated := sampletest.Framed(t, table, &frame, estimate.Options{})
	const model = "opted_out ~ age + factor(wave) + gender"
	a, err := linear.PredictedMargins(model, "binomial", "gender")
	if err != nil {
		t.Fatal(err)
	}
	b, err := replicated.PredictedMargins(model, "binomial", "gender")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"female": 0.28776704946860, "male": 0.29269952166297}
	for k := range a {
		if !near(a[k].Value, want[a[k].Category], 1e-8) {
			t.Errorf("%s: %v, R has %v", a[k].Category, a[k].Value.Float(), want[a[k].Category])
		}
		if !near(b[k].SE, a[k].SE.Float(), jackknifeNearness) {
			t.Errorf("%s: linearised error %v, jackknife %v", a[k].Category, a[k].SE.Float(), b[k].SE.Float())
		}
	}
}

func TestMarginsNeedAFactor(t *testing.T) {
	s := sampletest.Of(t, referenceTable(t, "twostage.csv"), clustered)
	if _, err := s.PredictedMargins("trust ~ age", "gaussian", "age"); err == nil || !strings.Contains(err.Error(), "factor(age)") {
		t.Errorf("a number was taken as a factor: %v", err)
	}
}
