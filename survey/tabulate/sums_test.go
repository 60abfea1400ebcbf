package tabulate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/memory"
	"surveykit/survey/tabulate"
)

// bookTable is a sample of two waves in strata and clusters.
func bookTable() *survey.Table {
	const rows = 600
	rng := rand.New(rand.NewPCG(7, 0))
	codes := func(name string, n int) *survey.Variable {
		labels := make([]string, n)
		for k := range labels {
			labels[k] = fmt.Sprint("answer ", k+1)
		}
		x := make([]float64, rows)
		for i := range x {
			x[i] = float64(1 + rng.IntN(n))
		}
		return number(name, x, labels...)
	}
	w, psu, amount := make([]float64, rows), make([]float64, rows), make([]float64, rows)
	words := &survey.Variable{Name: "words", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces(make([]int32, rows)), Values: []string{"Too dear", "too  dear", "Nothing", "A secret"}}}
	for i := range w {
		w[i], psu[i], amount[i] = float64(rng.IntN(5))/2, float64(i/8), float64(rng.IntN(200))
		words.Texts.Index.Set(i, int32(rng.IntN(3)))
	}
	words.Texts.Index.Set(0, 3)
	chosen := survey.NumberValue(1)
	return &survey.Table{Rows: rows, Variables: []*survey.Variable{
		number("w", w), number("psu", psu), number("amount", amount), words,
		codes("q", 5), codes("r", 5), codes("group", 3), codes("region", 4), codes("wave", 2), codes("s1", 2), codes("s2", 2), codes("s3", 2)},
		Sets: []survey.MultipleResponse{{Name: "$s", Label: "Some", Variables: []string{"s1", "s2", "s3"}, Counted: &chosen}}}
}

// bookStudy asks for tables of every kind of row, banner and test.
func bookStudy(d survey.Design) *survey.Study {
	top := survey.NetList{{Label: "Top", Values: []survey.Value{survey.NumberValue(4), survey.NumberValue(5)}}}
	banner := names("group", "region")
	one := survey.NumberValue(1)
	d.WaveVariable = "wave"
	return &survey.Study{Design: d, Quality: survey.QualitySpec{Confidential: 5},
		Groups: []survey.ItemGroup{{Name: "items", Items: []string{"q", "r"}}},
		Tables: []survey.TableSpec{
			{ID: "nets", Columns: banner, Rows: []survey.RowSpec{{Variable: "q", Nets: top, Base: "all", Statistics: []survey.Statistic{"mean", "median", "sd", "p90"}}}},
			{ID: "shown", Columns: banner, Rows: []survey.RowSpec{{Variable: "r"}}, Show: []survey.ShownAs{survey.AsPercent, survey.AsIndex, survey.AsCount, survey.AsRowPercent}},
			{ID: "set", Columns: banner, Rows: []survey.RowSpec{{Variable: "$s"}}, Tests: survey.TestSpec{Against: "rest"}},
			{ID: "numbers", Columns: banner, Filter: "q > 1", Rows: []survey.RowSpec{{Mean: "amount"}, {Total: "amount"}, {Share: "amount > 100", Among: "q > 2"}}},
			{ID: "made", Columns: banner, Rows: []survey.RowSpec{{Gap: &survey.GapSpec{Share: "q == 1", Minus: "r == 1"}}, {Ratio: &survey.RatioSpec{Share: "q == 1", Over: "r == 1"}}}},
			{ID: "medians", Columns: names("region"), Rows: []survey.RowSpec{{Variable: "amount", Statistics: []survey.Statistic{"median", "sd"}, Categories: []survey.Value{one}}}, Tests: survey.TestSpec{Against: "rest"}},
			{ID: "words", Columns: names("group"), Rows: []survey.RowSpec{{Verbatim: "words"}}},
			{ID: "spss", Columns: banner, Rows: []survey.RowSpec{{Variable: "q"}, {Mean: "amount"}}, Tests: survey.TestSpec{Mimic: "spss"}},
			{ID: "quantum", Columns: []survey.ColumnSpec{{Where: "q > 2"}, {Where: "q < 4"}}, Rows: []survey.RowSpec{{Variable: "r"}}, Tests: survey.TestSpec{Mimic: "quantum"}},
			{ID: "grid", Grid: &survey.GridSpec{Group: "items"}},
			{ID: "waves", Columns: names("wave"), Rows: []survey.RowSpec{{Variable: "q", Statistics: []survey.Statistic{"median"}}, {Mean: "amount"}}, Changes: []survey.ChangeSpec{{Variable: "wave", From: one, To: survey.NumberValue(2)}}},
			{ID: "nested", Columns: names("group > region"), Rows: []survey.RowSpec{{Variable: "q"}}},
		}}
}

// TestTabBookNeedsNoRows: over an engine that answers with sums only, and a codebook
// without answers, a book is the same as over the table: figures, letters, what is
// hidden, verbatims. Only tables of analyses need the rows, and say so.
func TestTabBookNeedsNoRows(t *testing.T) {
	table := bookTable()
	for _, d := range []survey.Design{{Weight: "w"}, {Weight: "w", PSU: []string{"psu"}}} {
		study := bookStudy(d)
		book := func(table *survey.Table, e engine.Engine) string {
			f, err := e.Frame(context.Background(), study.Design)
			if err != nil {
				t.Fatal(err)
			}
			m := tabulate.Maker{Table: table, Frame: f, Study: study, Engine: e}
			out, err := m.All(context.Background(), nil)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.MarshalIndent(out, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		want := strings.Split(book(table, memory.New(table)), "\n")
		got := strings.Split(book(enginetest.Codebook(table), enginetest.WithoutRows(memory.New(table))), "\n")
		for k := range min(len(want), len(got)) {
			if want[k] != got[k] {
				t.Fatalf("%+v, line %d: %s, by rows %s", d, k, got[k], want[k])
			}
		}
		if len(want) != len(got) {
			t.Fatalf("%d lines, by rows %d", len(got), len(want))
		}
	}
	study := bookStudy(survey.Design{Weight: "w"})
	study.Tables = []survey.TableSpec{{ID: "drivers", Analysis: drivers.Spec{Outcome: "amount", Items: []string{"q", "r"}}}}
	e := enginetest.WithoutRows(memory.New(table))
	f, err := e.Frame(context.Background(), study.Design)
	if err != nil {
		t.Fatal(err)
	}
	m := tabulate.Maker{Table: table, Frame: f, Study: study, Engine: e}
	if _, err := m.All(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "the analysis of drivers needs the rows") {
		t.Errorf("drivers without rows: %v", err)
	}
}
