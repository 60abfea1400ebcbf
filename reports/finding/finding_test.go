package finding_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/reports/booktest"
	"surveykit/reports/finding"
	"surveykit/reports/wording"
	"surveykit/survey"
)

func claims(found []finding.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Claim)
	}
	return out
}

func TestTheSampleBook(t *testing.T) {
	var got []string
	for _, f := range finding.Choose(booktest.Book()) {
		got = append(got, fmt.Sprintf("%s, tested %t: %s. %s.", f.Table.ID, f.Tested, f.Claim, f.Evidence))
	}
	// The other changes of the table stand under its net; men and women do not
	// differ clearly in trust; the regions are too small.
	want := []string{
		"agree, tested true: Control over <personal> data, “NET agree”: up 6.0 points, from 60.0% in 2009 to 66.0% in 2011. 95% CI +4.2 to +7.8 points; p < 0.001, adjusted for 4 changes; n = 12,000.",
		"trust, tested false: Trust, “Trust at all”: 69% for 18–34 and 49% for 55 and older. 95% CI 68 to 70 (n = 4,000) and 47 to 51 (n = 3,000); not tested as a difference.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// waves is a table of one share a row under two waves and their change; the
// two columns stand in it only where shown.
func waves(id string, shown bool, n int, shares ...[2]float64) *survey.Tabulation {
	tab := &survey.Tabulation{ID: id, Columns: []survey.Column{{Group: "Change", Label: "18–24", Change: true}}}
	if shown {
		tab.Columns = append([]survey.Column{{Group: "Wave", Label: "2009"}, {Group: "Wave", Label: "2011"}}, tab.Columns...)
	}
	for i, p := range shares {
		from, to := booktest.Share(p[0], n), booktest.Share(p[1], n)
		cells := []survey.Cell{booktest.Change(from, to)}
		if shown {
			cells = append([]survey.Cell{from, to}, cells...)
		}
		tab.Rows = append(tab.Rows, survey.Row{Label: fmt.Sprintf("row %d", i), Kind: survey.RowShare})
		tab.Cells = append(tab.Cells, cells)
	}
	return tab
}

func TestChangesAreAdjustedOverTheBook(t *testing.T) {
	// p is 0.029 alone and twice that among two.
	one := waves("one", true, 950, [2]float64{0.50, 0.55})
	still := waves("still", true, 950, [2]float64{0.50, 0.505})
	alone := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{one}})
	if d := cmp.Diff([]string{"“row 0”: up 5.0 points, from 50.0% in 2009 to 55.0% in 2011"}, claims(alone)); d != "" {
		t.Error(d)
	}
	if both := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{one, still}}); len(both) != 0 {
		t.Errorf("a change that fails among two: %q", claims(both))
	}
}

func TestSuppressedChangesAreNoPartOfTheFamily(t *testing.T) {
	hidden := waves("hidden", true, 950, [2]float64{0.50, 0.55}, [2]float64{0.50, 0.505})
	hidden.Cells[1][2].Flags = []string{survey.FlagSuppressed}
	if got := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{hidden}}); len(got) != 1 {
		t.Errorf("%q, want the one change that is shown", claims(got))
	}
}

func TestContrastsClearestFirst(t *testing.T) {
	b := &survey.Book{}
	for i, ps := range [][]float64{{0.2, 0.4, 0.45}, {0.2, 0.9, 0.7}} {
		tab := &survey.Tabulation{ID: fmt.Sprint(i), Columns: []survey.Column{{Group: "Age", Label: "young"}, {Group: "Age", Label: "old"}}}
		for r, p := range ps {
			tab.Rows = append(tab.Rows, survey.Row{Label: fmt.Sprint("row ", r), Kind: survey.RowShare})
			tab.Cells = append(tab.Cells, []survey.Cell{booktest.Share(0.2, 500), booktest.Share(p, 500)})
		}
		b.Tables = append(b.Tables, tab)
	}
	want := []string{"“row 1”: 20% for young and 90% for old", "“row 2”: 20% for young and 45% for old"}
	if d := cmp.Diff(want, claims(finding.Choose(b))); d != "" {
		t.Error(d)
	}
}

// pairOf is a table of one share under two ages, tested against each other.
func pairOf(id string, young, old float64, c survey.LetterTest) *survey.Tabulation {
	return &survey.Tabulation{
		ID: id, Columns: []survey.Column{{Group: "Age", Label: "18–24"}, {Group: "Age", Label: "55–64"}},
		Rows:        []survey.Row{{Label: "Concerned", Kind: survey.RowShare}},
		Cells:       [][]survey.Cell{{booktest.Share(young, 500), booktest.Share(old, 600)}},
		Comparisons: []survey.LetterTest{c},
	}
}

func TestTestedContrastsSayTheDifference(t *testing.T) {
	test := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(-0.14), SE: survey.FigureOf(0.02), T: survey.FigureOf(-7), DF: survey.FigureOf(100), P: survey.FigureOf(1e-9)}
	text := func(tables ...*survey.Tabulation) []string {
		var out []string
		for _, f := range finding.Choose(&survey.Book{Tables: tables}) {
			out = append(out, fmt.Sprintf("%s. %s. Tested %t", f.Claim, f.Evidence, f.Tested))
		}
		return out
	}
	// t(0.975; 100) = 1.98397, so the limits are 14 ± 3.968 points.
	const want = "“Concerned”: 14.0 points higher for 55–64 than for 18–24, 48.0% against 34.0%. " +
		"95% CI 10.0 to 18.0 points; p < 0.001, adjusted for 1 contrast; n = 600 and n = 500. Tested true"
	if d := cmp.Diff([]string{want}, text(pairOf("a", 0.34, 0.48, test))); d != "" {
		t.Error(d)
	}
	down := test
	down.Column, down.Against = 1, 0 // the same test from the other side
	if got := text(pairOf("a", 0.48, 0.34, down)); len(got) != 1 || got[0] != strings.NewReplacer("for 55–64 than for 18–24", "for 18–24 than for 55–64", "n = 600 and n = 500", "n = 500 and n = 600").Replace(want) {
		t.Errorf("%q", got)
	}
	mimic := test
	mimic.Mimicked = true // its standard error is not the design's
	if got := text(pairOf("a", 0.34, 0.48, mimic)); len(got) != 1 || !strings.Contains(got[0], "not tested as a difference") {
		t.Errorf("%q", got)
	}
}

// The few who refused to say their age stand at the end of the banner: the
// statement is on the ages at both ends.
func TestContrastsPassThoseWhoRefused(t *testing.T) {
	tab := pairOf("a", 0.2, 0.6, survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(-0.4), SE: survey.FigureOf(0.02), T: survey.FigureOf(-20), DF: survey.FigureOf(100), P: survey.FigureOf(1e-9)})
	refused := booktest.Share(0.5, 2)
	refused.Flags = append(refused.Flags, survey.FlagSuppressed)
	tab.Columns = append(tab.Columns, survey.Column{Group: "Age", Label: "Refused"})
	tab.Cells[0] = append(tab.Cells[0], refused)
	got := claims(finding.Choose(&survey.Book{Tables: []*survey.Tabulation{tab}}))
	if want := []string{"“Concerned”: 40.0 points higher for 55–64 than for 18–24, 60.0% against 20.0%"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

func TestContrastsAreAdjustedOverTheBook(t *testing.T) {
	weak := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(-0.06), SE: survey.FigureOf(0.0286), T: survey.FigureOf(-2.1), DF: survey.FigureOf(500), P: survey.FigureOf(0.036)}
	none := survey.LetterTest{Column: 0, Against: 1, Difference: survey.FigureOf(-0.001), SE: survey.FigureOf(0.03), T: survey.FigureOf(-0.03), DF: survey.FigureOf(500), P: survey.FigureOf(0.97)}
	weakly, still := pairOf("a", 0.40, 0.46, weak), pairOf("b", 0.40, 0.401, none)
	if got := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{weakly}}); len(got) != 1 {
		t.Errorf("%q, want the one contrast", claims(got))
	}
	if got := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{weakly, still}}); len(got) != 0 {
		t.Errorf("%q: p is 0.072 among two", claims(got))
	}
}

func TestChangeWithoutItsSides(t *testing.T) {
	hidden := waves("hidden", false, 9000, [2]float64{0.50, 0.45})
	got := claims(finding.Choose(&survey.Book{Tables: []*survey.Tabulation{hidden}}))
	if d := cmp.Diff([]string{"“row 0”: down 5.0 points (Change, 18–24)"}, got); d != "" {
		t.Error(d)
	}
}

func TestChangeThatRoundsToNothingIsNoFinding(t *testing.T) {
	tiny := waves("tiny", true, 1, [2]float64{0.5, 0.5})
	tiny.Cells[0][2] = booktest.With(0.0003, 0.00001, 1_000_000)
	tiny.Cells[0][2].T, tiny.Cells[0][2].P = survey.FigureOf(30), survey.FigureOf(1e-12)
	if got := finding.Choose(&survey.Book{Tables: []*survey.Tabulation{tiny}}); len(got) != 0 {
		t.Errorf("%q", claims(got))
	}
}

func TestClearestFirstAndEightAtMost(t *testing.T) {
	b := &survey.Book{}
	for i := range 10 {
		b.Tables = append(b.Tables, waves(fmt.Sprint(i), true, 2000, [2]float64{0.2, 0.3}, [2]float64{0.3, 0.41 + 0.01*float64(i)}))
	}
	var got []string
	for _, f := range finding.Choose(b) {
		got = append(got, f.Table.ID+" "+f.Table.Rows[f.Row].Label)
	}
	want := []string{"9 row 1", "8 row 1", "7 row 1", "6 row 1", "5 row 1", "4 row 1", "3 row 1", "2 row 1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAnEmptyBookHasNoFindings(t *testing.T) {
	if got := finding.Choose(&survey.Book{}); len(got) != 0 {
		t.Errorf("%q", claims(got))
	}
}

// TestFindingsKeepTheirRule draws books of random tables.
func TestFindingsKeepTheirRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := &survey.Book{}
		for i := range rapid.IntRange(0, 12).Draw(t, "tables") {
			b.Tables = append(b.Tables, table(t, fmt.Sprint(i)))
		}
		found := finding.Choose(b)
		if d := cmp.Diff(claims(found), claims(finding.Choose(b))); d != "" {
			t.Fatal("the second answer differs", d)
		}
		seen := map[string]bool{}
		for _, f := range found {
			key := fmt.Sprint(f.Table.ID, f.Tested)
			if seen[key] {
				t.Fatalf("two findings of one sort from table %s", f.Table.ID)
			}
			seen[key] = true
			check(t, f)
		}
	})
}

func check(t *rapid.T, f finding.Finding) {
	cells := f.Table.Cells[f.Row]
	first, last := cells[f.Columns[0]], cells[f.Columns[1%len(f.Columns)]]
	if f.Tested && !(first.P.Float() < 0.05) {
		t.Fatalf("%s: p = %v", f.Claim, first.P.Float())
	}
	if !f.Tested && first.Low.Float() <= last.High.Float() && last.Low.Float() <= first.High.Float() {
		t.Fatalf("%s: the intervals overlap", f.Claim)
	}
	row := f.Table.Rows[f.Row]
	if !f.Tested && (row.Kind == survey.RowTotal || row.Kind == survey.RowRatio) {
		t.Fatalf("%s compares a %s", f.Claim, row.Kind)
	}
	if row.Kind != survey.RowNet && slices.ContainsFunc(f.Table.Rows, func(r survey.Row) bool { return r.Kind == survey.RowNet }) {
		t.Fatalf("%s is part of a net", f.Claim)
	}
	for _, c := range f.Columns {
		if wording.Has(cells[c], survey.FlagLowBase) || wording.Has(cells[c], survey.FlagSuppressed) || !cells[c].Value.Exists() {
			t.Fatalf("%s rests on a cell that cannot carry it: %v", f.Claim, cells[c].Flags)
		}
	}
}

func table(t *rapid.T, id string) *survey.Tabulation {
	tab := &survey.Tabulation{ID: id, Columns: []survey.Column{
		{Label: "Total"}, {Group: "Age", Label: "young"}, {Group: "Age", Label: "old"},
		{Group: "Wave", Label: "2009"}, {Group: "Wave", Label: "2011"}, {Group: "Change", Label: "All", Change: true},
	}}
	share := rapid.Float64Range(0.01, 0.99)
	for i := range rapid.IntRange(1, 4).Draw(t, "rows") {
		kind := rapid.SampledFrom([]survey.RowKind{survey.RowShare, survey.RowShare, survey.RowNet, survey.RowTotal, survey.RowRatio}).Draw(t, "kind")
		tab.Rows = append(tab.Rows, survey.Row{Label: fmt.Sprint("row ", i), Kind: kind})
		var cells []survey.Cell
		for range 5 {
			n := rapid.IntRange(1, 3000).Draw(t, "n")
			c := booktest.Share(share.Draw(t, "p"), n)
			switch {
			case n < 30:
				c.Flags = []string{survey.FlagSuppressed}
			case n < 100:
				c.Flags = []string{survey.FlagLowBase}
			case n < 150:
				c = booktest.Empty()
			}
			cells = append(cells, c)
		}
		change := booktest.Change(cells[3], cells[4])
		change.Flags = append(append(change.Flags, cells[3].Flags...), cells[4].Flags...)
		tab.Cells = append(tab.Cells, append(cells, change))
	}
	return tab
}
