package estimate_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// answer is a line of testdata/reference.csv, which testdata/reference.R makes.
type answer struct {
	data, call, domain string
	estimate, se, p    float64
}

func referenceAnswers(t *testing.T) []answer {
	t.Helper()
	f, err := os.Open("testdata/reference.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []answer
	for _, l := range lines[1:] {
		out = append(out, answer{l[0], l[1], l[2], figureOf(t, l[3]), figureOf(t, l[4]), figureOf(t, l[5])})
	}
	return out
}

func figureOf(t *testing.T, s string) float64 {
	t.Helper()
	if s = strings.TrimSpace(s); s == "NA" {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestReference holds every estimator and test against R's survey package.
func TestReference(t *testing.T) {
	tables := map[string]*survey.Table{}
	for _, name := range []string{"twostage.csv", "replicates.csv"} {
		tables[name] = withUntied(referenceTable(t, name))
	}
	designs := map[string]survey.Design{
		"twostage.csv":   {Weight: "weight", Strata: "stratum", PSU: []string{"psu"}},
		"replicates.csv": {Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "jkn_*", Type: "jkn", RScales: []float64{0.5}}},
	}
	for _, a := range referenceAnswers(t) {
		t.Run(a.data+" "+a.call+" "+a.domain, func(t *testing.T) {
			where := a.domain
			if where == "female" {
				where = "gender == 'female'"
			}
			s := sampletest.In(t, tables[a.data], designs[a.data], estimate.Options{Where: where})
			value, se, p := compute(t, s, a.call)
			if !near(value, a.estimate, exact) || !math.IsNaN(a.se) && !near(se, a.se, exact) {
				t.Errorf("%v (SE %v), want %v (SE %v)", value.Float(), se.Float(), a.estimate, a.se)
			}
			if !math.IsNaN(a.p) && !near(p, a.p, tails) {
				t.Errorf("p = %v, want %v", p.Float(), a.p)
			}
		})
	}
}

// withUntied adds spend with its ties broken, as the reference script does.
func withUntied(t *survey.Table) *survey.Table {
	spend, id := t.Lookup("spend").Numbers.Slice(), t.Lookup("respondent_id").Numbers.Slice()
	untied := make([]float64, len(spend))
	for i := range spend {
		untied[i] = spend[i] + id[i]*1e-6
	}
	return t.With(number("untied", untied...))
}

func compute(t *testing.T, s *estimate.Sample, call string) (value, se, p survey.Figure) {
	t.Helper()
	statistic, of, _ := strings.Cut(call, " ")
	switch statistic {
	case "paired":
		a, b, err := estimate.ParsePair(of)
		if err != nil {
			t.Fatal(err)
		}
		return comparison(t)(s.Paired(a, b))
	case "rest", "total":
		part := estimate.Part{Variable: "gender", Level: "female", Against: estimate.Against(statistic)}
		return comparison(t)(s.Parts([]string{of}, part))
	case "index":
		s := sampletest.In(t, s.Table(), survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}, estimate.Options{By: []string{"gender"}, Where: "valid(gender)"})
		records, err := s.Indexes(of)
		if err != nil || len(records) != 2 {
			t.Fatal(records, err)
		}
		return records[0].Value, records[0].SE, survey.Figure{}
	case "wilcoxon", "median":
		variable, groups, _ := strings.Cut(of, " ")
		method := estimate.RankMethod(statistic)
		if groups != "gender" && method == estimate.Wilcoxon {
			method = estimate.KruskalWallis
		}
		records, err := s.RankTest(variable, groups, method)
		r := one(t, records, err)
		return r.Statistic, survey.Figure{}, r.P
	}
	records, err := estimated(t, s, statistic, of)
	r := one(t, records, err)
	return r.Value, r.SE, survey.Figure{}
}

func comparison(t *testing.T) func([]estimate.DifferenceRecord, error) (value, se, p survey.Figure) {
	return func(records []estimate.DifferenceRecord, err error) (value, se, p survey.Figure) {
		r := one(t, records, err)
		return r.Value, r.SE, r.P
	}
}

// estimated calls the estimator of a statistic as the command line does.
func estimated(t failer, s *estimate.Sample, statistic, of string) ([]survey.Estimate, error) {
	t.Helper()
	for _, known := range estimate.Statistics() {
		if known.Name == statistic {
			request, err := known.Parse(of)
			if err != nil {
				t.Fatal(err)
			}
			return request(s)
		}
	}
	t.Fatalf("no statistic %q", statistic)
	return nil, nil
}
