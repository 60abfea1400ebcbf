package tabulate_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/ingest"
	"surveykit/survey/tabulate"
)

// contrastTolerance is the digits that the recorded answers carry.
const contrastTolerance = 1e-10

// twostage is the shipped reference sample with its design.
func twostage(t testing.TB) (*survey.Table, survey.Design) {
	t.Helper()
	table, err := ingest.Open("../../datasets/reference/twostage.csv", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table, survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}
}

// made makes the first table of a study.
func made(t testing.TB, table *survey.Table, s *survey.Study) *survey.Tabulation {
	t.Helper()
	return madeBy(t, table, s)
}

// madeBy is made for a test of random cases.
func madeBy(t fataler, table *survey.Table, s *survey.Study) *survey.Tabulation {
	out, err := tables(t, table, s)
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

type fataler interface{ Fatal(...any) }

// tables makes all tables of a study.
func tables(t fataler, table *survey.Table, s *survey.Study) ([]*survey.Tabulation, error) {
	f, err := engine.NewFrame(table, s.Design)
	if err != nil {
		t.Fatal(err)
	}
	m := tabulate.Maker{Table: table, Frame: f, Study: s}
	return m.All(context.Background(), nil)
}

// spec is a table of rows by age and gender.
func spec(tests survey.TestSpec, rows ...survey.RowSpec) survey.TableSpec {
	return survey.TableSpec{ID: "t", Rows: rows, Columns: []survey.ColumnSpec{{Variable: "age_bracket"}, {Variable: "gender"}}, Tests: tests}
}

// contrast is one line of testdata/letters.csv.
type contrast map[string]string

func (c contrast) number(t *testing.T, name string) float64 {
	if strings.TrimSpace(c[name]) == "NA" {
		return math.NaN()
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(c[name]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// contrasts reads what R 4.2.2 with survey 4.1.1 gives (testdata/letters.R and
// distribution.R) for a table.
func contrasts(t *testing.T, file, table string) map[string]contrast {
	f, err := os.Open("testdata/" + file + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]contrast{}
	for _, l := range lines[1:] {
		c := contrast{}
		for i, name := range lines[0] {
			c[name] = l[i]
		}
		if c["table"] == table {
			out[c["row"]+"|"+c["column"]+"|"+c["against"]] = c
		}
	}
	return out
}

// TestComparisonsAgainstR holds every comparison of three tables against
// svycontrast, shares near 0 and 1 against lgamma and phyper, df against degf of the rows of both columns, the corrections
// against p.adjust.
func TestComparisonsAgainstR(t *testing.T) {
	table, design := twostage(t)
	identity := survey.RowSpec{Variable: "concern_identity"}
	for _, c := range []struct {
		name string
		spec survey.TableSpec
	}{
		{"pairs", spec(survey.TestSpec{}, identity)},
		{"means", spec(survey.TestSpec{}, survey.RowSpec{Mean: "hours_online", Label: "hours_online"})},
		{"rest", survey.TableSpec{ID: "t", Rows: []survey.RowSpec{identity}, Columns: []survey.ColumnSpec{{Variable: "age_bracket"}}, Tests: survey.TestSpec{Against: "rest"}}},
	} {
		for _, adjust := range []string{"bh", "holm", "bonferroni"} {
			c.spec.Tests.Adjust = adjust
			got := made(t, table, &survey.Study{Design: design, Tables: []survey.TableSpec{c.spec}})
			compareContrasts(t, got, contrasts(t, "letters", c.name), adjust)
		}
	}
}

// TestComparisonsOfDistributionsAgainstR holds comparisons of standard
// deviations, medians, percentiles and correlations, by columns and with the
// rest, against contrasts of R.
func TestComparisonsOfDistributionsAgainstR(t *testing.T) {
	table, design := twostage(t)
	labels := map[string]string{"Standard deviation": "sd", "Median": "median", "Percentile 90": "p90"}
	for name, c := range map[string]survey.TableSpec{
		"distribution pairs": {Columns: names("age_bracket")},
		"distribution rest":  {Columns: names("gender"), Tests: survey.TestSpec{Against: "rest"}},
	} {
		for _, adjust := range []string{"bh", "holm", "bonferroni"} {
			c.ID, c.Rows, c.Tests.Adjust = "t", distribution(), adjust
			got := made(t, table, &survey.Study{Design: design, Groups: online(), Tables: []survey.TableSpec{c}})
			for r := range got.Rows {
				got.Rows[r].Label = cmp.Or(labels[got.Rows[r].Label], "correlation")
			}
			compareContrasts(t, got, contrasts(t, "distribution", name), adjust)
		}
	}
}

// compareContrasts holds every comparison of a table against R's.
func compareContrasts(t *testing.T, got *survey.Tabulation, want map[string]contrast, adjust string) {
	t.Helper()
	if len(got.Comparisons) != len(want) {
		t.Fatalf("%d comparisons, want %d", len(got.Comparisons), len(want))
	}
	for _, x := range got.Comparisons {
		key := got.Rows[x.Row].Label + "|" + got.Columns[x.Column].Label + "|"
		if x.Against == survey.Rest {
			key += "rest"
		} else {
			key += got.Columns[x.Against].Label
		}
		r, ok := want[key]
		if !ok {
			t.Fatalf("R has no %s", key)
		}
		for name, figure := range map[string]survey.Figure{"difference": x.Difference, "se": x.SE, "df": x.DF, "t": x.T, "p": x.P, adjust: x.PAdjusted} {
			if w := r.number(t, name); math.IsNaN(w) == figure.Exists() || figure.Exists() && !(math.Abs(figure.Float()-w) <= contrastTolerance*(1+math.Abs(w))) {
				t.Errorf("%s: %s is %v, R gives %v", key, name, figure.Float(), w)
			}
		}
	}
}
