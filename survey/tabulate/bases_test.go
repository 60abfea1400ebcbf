package tabulate_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest"
)

// TestOneBase: the weights of the same respondents, added up by category and all
// at once, differ in their last bits; the table has one base all the same.
func TestOneBase(t *testing.T) {
	table, err := ingest.Open("testdata/bases.csv", ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := made(t, table, &survey.Study{Design: survey.Design{Weight: "w"}, Tables: []survey.TableSpec{{ID: "q",
		Rows: []survey.RowSpec{{Variable: "q", Statistics: []survey.Statistic{"mean"}}}}}})
	shares, mean := out.Cells[0][0].NWeighted, out.Cells[len(out.Cells)-1][0].NWeighted
	if shares.Float() == mean.Float() {
		t.Fatal("the sums are the same to the bit: nothing is tested")
	}
	if c := out.Columns[0]; c.N != 60 || math.Abs(c.NWeighted-mean.Float()) > 1e-9 {
		t.Errorf("base %d, weighted %v; want 60 and %v", c.N, c.NWeighted, mean.Float())
	}
}

// TestBasesOfOneQuestion: shares and mean of one question have one base, however
// the answers and weights fall; those of a question that one respondent more
// answered have none.
func TestBasesOfOneQuestion(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(30, 200).Draw(r, "n")
		a, w, b := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			a[i] = float64(rapid.IntRange(1, 5).Draw(r, "a"))
			w[i] = rapid.Float64Range(0.01, 50).Draw(r, "w")
			b[i] = a[i]
		}
		b[0] = math.NaN()
		table := people(map[string][]float64{"a": a, "b": b, "w": w})
		ask := func(rows ...survey.RowSpec) survey.Column {
			return madeBy(r, table, &survey.Study{Design: survey.Design{Weight: "w"}, Tables: []survey.TableSpec{{ID: "t", Rows: rows}}}).Columns[0]
		}
		question := survey.RowSpec{Variable: "a", Statistics: []survey.Statistic{"mean", "median", "sd"}}
		if c := ask(question); c.N != n {
			r.Errorf("one question of %d respondents has base %d", n, c.N)
		}
		if c := ask(question, survey.RowSpec{Mean: "b"}); c.N != 0 {
			r.Errorf("rows of %d and %d respondents have base %d", n, n-1, c.N)
		}
	})
}
