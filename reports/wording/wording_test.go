package wording_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/reports/booktest"
	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

func TestCells(t *testing.T) {
	b := booktest.Book()
	agree, trust, items, hours := b.Tables[0], b.Tables[1], b.Tables[2], b.Tables[3]
	for _, c := range []struct {
		name        string
		table       *survey.Tabulation
		row, column int
		want        wording.Cell
	}{
		{"share with letters", agree, 0, 2, wording.Cell{Figure: "66%", Limits: "65 to 67", Letters: "A"}},
		{"small base", agree, 0, 3, wording.Cell{Figure: "60%", Limits: "50 to 70", Mark: "†"}},
		{"suppressed", agree, 0, 4, wording.Cell{Figure: "*"}},
		{"change", agree, 0, 5, wording.Cell{Figure: "+6.0 pts", Limits: "+4.2 to +7.8", P: "p < 0.001"}},
		{"change around zero", agree, 3, 5, wording.Cell{Figure: "+0.1 pts", Limits: "−0.7 to +0.9", P: "p = 0.807"}},
		{"net", trust, 3, 0, wording.Cell{Figure: "60%", Limits: "59 to 61"}},
		{"empty", items, 2, 1, wording.Cell{Figure: figure.Missing}},
		{"mean", hours, 0, 0, wording.Cell{Figure: "3.42", Limits: "3.38 to 3.46"}},
		{"total", hours, 1, 0, wording.Cell{Figure: "1,234,567", Limits: "1,232,607 to 1,236,527"}},
	} {
		if d := cmp.Diff(c.want, wording.Of(c.table, c.row, c.column)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestRowsAreNamedWithTheirGroupAmongSeveral(t *testing.T) {
	b := booktest.Book()
	if got := wording.Row(b.Tables[2], 0); got != "Contact: E-mail address" {
		t.Error(got)
	}
	if got := wording.Row(b.Tables[1], 0); got != "Trust a lot" {
		t.Error(got)
	}
}

func TestBase(t *testing.T) {
	for _, c := range []struct{ base, filter, want string }{
		{"all", "age > 17", "Base: all"}, {"all", "", "Base: all"}, {"", "age > 17", "Base: rows where age > 17"}, {"", "", ""},
	} {
		if got := wording.Base(&survey.Tabulation{Base: c.base, Filter: c.filter}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestOwnBases(t *testing.T) {
	for i, want := range []bool{false, false, true, false} {
		if table := booktest.Book().Tables[i]; wording.OwnBases(table) != want {
			t.Errorf("%s: %t", table.ID, !want)
		}
	}
}

func TestOnlyTheMarksOfATableAreExplained(t *testing.T) {
	b := booktest.Book()
	want := []string{
		"† small base: read with caution.", "* base under the minimum: no figure is shown.",
		"Letters: the columns of its group that a figure differs from, at the 95% level.", "“Don’t know” counts in the base.",
	}
	if d := cmp.Diff(want, wording.Explanations(b.Tables[0])); d != "" {
		t.Error(d)
	}
	if got := wording.Explanations(b.Tables[1]); len(got) != 0 {
		t.Error(got)
	}
	absent := []string{"– nobody is in the base."}
	if d := cmp.Diff(absent, wording.Explanations(b.Tables[2])); d != "" {
		t.Error(d)
	}
	b.Tables[3].Cells[0][0].Low = survey.Figure{}
	unbounded := []string{"… a limit that lies outside the data."}
	if d := cmp.Diff(unbounded, wording.Explanations(b.Tables[3])); d != "" {
		t.Error(d)
	}
}

func TestLimits(t *testing.T) {
	table := booktest.Book().Tables[1]
	if got := wording.Limits(table); got != "95% confidence limits" {
		t.Error(got)
	}
	table.Cells[1][1].Level = survey.FigureOf(0.9)
	if got := wording.Limits(table); got != "confidence limits" {
		t.Error(got)
	}
}

func TestSources(t *testing.T) {
	b := booktest.Book()
	want := []survey.Fact{
		{Label: "study.yaml", Text: "study, SHA-256 " + b.StudyFile.SHA256},
		{Label: "2009.sav", Text: "sav, 12,000 rows, SHA-256 " + b.Sources[0].SHA256},
	}
	if d := cmp.Diff(want, wording.Sources(b)); d != "" {
		t.Error(d)
	}
	b.Source = "Source: a survey"
	if got := wording.Source(b); got != "Source: a survey" {
		t.Error(got)
	}
}

// A difference of shares is written in points, never with a "%", whatever its
// size, decimals and row.
func TestDifferencesOfSharesAreInPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]survey.RowKind{survey.RowShare, survey.RowNet, survey.RowGap}).Draw(t, "kind")
		change := kind != survey.RowGap || rapid.Bool().Draw(t, "change")
		decimals := rapid.IntRange(0, 3).Draw(t, "decimals")
		x := rapid.Float64Range(-1, 1)
		tab := &survey.Tabulation{
			Rows: []survey.Row{{Label: "r", Kind: kind}}, Columns: []survey.Column{{Label: "c", Change: change}}, Rounding: survey.Rounding{Percent: &decimals},
			Cells: [][]survey.Cell{{{Estimate: survey.Estimate{N: 9, DF: survey.FigureOf(8), SE: survey.FigureOf(0.1), Value: survey.FigureOf(x.Draw(t, "x")), Low: survey.FigureOf(x.Draw(t, "low")), High: survey.FigureOf(x.Draw(t, "high"))}}}},
		}
		c := wording.Of(tab, 0, 0)
		if strings.Contains(c.Figure+c.Limits, "%") || !strings.HasSuffix(c.Figure, " pts") {
			t.Fatalf("%s %s", c.Figure, c.Limits)
		}
	})
}
