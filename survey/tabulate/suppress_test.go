package tabulate_test

import (
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// hiddenCells lists the hidden cells of a table as "row|column".
func hiddenCells(out *survey.Tabulation) []string {
	var found []string
	for r, row := range out.Cells {
		for c, cell := range row {
			if slices.Contains(cell.Flags, survey.FlagConfidential) {
				found = append(found, out.Rows[r].Label+"|"+out.Columns[c].Label)
			}
		}
	}
	return found
}

// answersOf makes people in groups: counts[group][answer].
func answersOf(counts [][]int) *survey.Table {
	columns := map[string][]float64{}
	for g, answers := range counts {
		for a, n := range answers {
			for range n {
				columns["group"] = append(columns["group"], float64(g+1))
				columns["q"] = append(columns["q"], float64(a+1))
			}
		}
	}
	return people(columns)
}

// TestSmallCountsAreHiddenInAllTables: 2 people of the first group give answer
// 1. The second table shows the same by a net of the other answers, the third
// by a change between groups: neither may give the two away.
func TestSmallCountsAreHiddenInAllTables(t *testing.T) {
	table := answersOf([][]int{{2, 60, 70}, {80, 50, 40}, {90, 85, 95}})
	q := survey.RowSpec{Variable: "q"}
	net := survey.RowSpec{Variable: "q", Categories: []survey.Value{survey.NumberValue(3)}, Nets: survey.NetList{{Label: "2 or 3", Values: []survey.Value{survey.NumberValue(2), survey.NumberValue(3)}}}}
	group := []survey.ColumnSpec{{Variable: "group"}}
	out, err := tables(t, table, &survey.Study{Quality: survey.QualitySpec{Confidential: 5}, Tables: []survey.TableSpec{
		{ID: "a", Rows: []survey.RowSpec{q}, Columns: group, Show: []survey.ShownAs{survey.AsPercent, survey.AsCount, survey.AsRowPercent}},
		{ID: "b", Rows: []survey.RowSpec{net}, Columns: group},
		{ID: "c", Rows: []survey.RowSpec{q}, Changes: []survey.ChangeSpec{{Variable: "group", From: survey.NumberValue(1), To: survey.NumberValue(2)}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	first := hiddenCells(out[0])
	if len(first) != 3*4 || !slices.Contains(first, "1|1") || slices.ContainsFunc(first, func(s string) bool { return strings.HasSuffix(s, "Total") }) {
		t.Errorf("first table hides %v, want four cells by each of three figures", first)
	}
	if got := hiddenCells(out[1]); !slices.Contains(got, "2 or 3|1") {
		t.Errorf("the net gives the answer away: hidden %v", got)
	}
	if got := hiddenCells(out[2]); !slices.Contains(got, "1|All") {
		t.Errorf("the change gives the answer away: hidden %v", got)
	}
	cell := out[0].Cells[0][1]
	if cell.Value.Exists() || cell.Low.Exists() || !slices.Contains(cell.Flags, survey.FlagSuppressed) || cell.N != 132 {
		t.Errorf("the hidden cell still says %+v", cell)
	}
	for _, c := range out[0].Comparisons {
		if c.Row == 0 && (c.Column == 1 || c.Against == 1) {
			t.Errorf("a test tells of the hidden cell: %+v", c)
		}
	}
	if note := strings.Join(out[0].Notes, " "); !strings.Contains(note, "Hidden for confidentiality: 12 figures") {
		t.Errorf("notes %q", note)
	}
}

// TestGridHidesSmallCounts: a grid's cells are counts too.
func TestGridHidesSmallCounts(t *testing.T) {
	s := &survey.Study{
		Quality: survey.QualitySpec{Confidential: 5}, Groups: []survey.ItemGroup{{Name: "items", Items: []string{"q"}}},
		Tables: []survey.TableSpec{{ID: "a", Grid: &survey.GridSpec{Group: "items"}}},
	}
	if got := hiddenCells(made(t, answersOf([][]int{{2, 60, 70}}), s)); len(got) != 2 {
		t.Errorf("hidden %v, want the small count and one more", got)
	}
}

func TestNothingToHideIsSaid(t *testing.T) {
	s := byGroup(survey.TestSpec{})
	s.Quality.Confidential = 5
	out := made(t, groupsOf([]int{60, 60}, []int{20, 30}), s)
	if got := hiddenCells(out); len(got) > 0 || !strings.HasPrefix(out.Notes[0], "No figure had to be hidden") {
		t.Errorf("hidden %v, notes %q", got, out.Notes)
	}
}

// TestNCHSReplacesTheMinimumBase: half of 40 is 0.34 to 0.66, too wide; all of
// 40 is shown for review; half of 400 passes.
func TestNCHSReplacesTheMinimumBase(t *testing.T) {
	s := byGroup(survey.TestSpec{})
	s.Quality.Standard = "nchs"
	out := made(t, groupsOf([]int{40, 40, 400}, []int{20, 40, 200}), s)
	for c, want := range []string{"", "suppressed unreliable", "review", ""} {
		got := slices.DeleteFunc(slices.Clone(out.Cells[0][c].Flags), func(f string) bool { return f == survey.FlagEdge })
		if strings.Join(got, " ") != want {
			t.Errorf("column %s: flags %v, want %q", out.Columns[c].Label, got, want)
		}
	}
	if !strings.Contains(strings.Join(out.Legend, " "), "NCHS presentation standards") {
		t.Errorf("legend %q", out.Legend)
	}
}

// TestQuestionsThatSortAlikeAreOne: what a table of q hides, one of a copy of q hides
// as well, although no count of its own is small. A question with the same counts that
// sorts other people hides nothing, and three people without a weight are in no count.
func TestQuestionsThatSortAlikeAreOne(t *testing.T) {
	table := answersOf([][]int{{2, 60, 70}, {80, 50, 40}, {90, 85, 95}, {3}})
	q, last := table.Lookup("q").Numbers.Slice(), table.Rows-3
	w, copied, turned := make([]float64, table.Rows), make([]float64, table.Rows), slices.Clone(q)
	for i := range last {
		w[i], turned[last-1-i] = 1, q[i]
	}
	for i := range q {
		copied[i] = 10 * q[i]
	}
	table = table.With(number("w", w), number("copy", copied), number("turned", turned))
	two := func(variable string, a, b float64) []survey.RowSpec {
		return []survey.RowSpec{{Variable: variable, Categories: []survey.Value{survey.NumberValue(a), survey.NumberValue(b)}}}
	}
	out, err := tables(t, table, &survey.Study{Quality: survey.QualitySpec{Confidential: 5}, Design: survey.Design{Weight: "w"}, Tables: []survey.TableSpec{
		{ID: "q", Rows: []survey.RowSpec{{Variable: "q"}}, Columns: names("group")},
		{ID: "copy", Rows: two("copy", 20, 30), Columns: names("group")},
		{ID: "turned", Rows: two("turned", 2, 3), Columns: names("group")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, cell := range hiddenCells(out[0]) {
		row, group, _ := strings.Cut(cell, "|")
		if group == "4" {
			t.Errorf("%s is hidden, where nobody has a weight", cell)
		}
		if row != "1" {
			want = append(want, row+"0|"+group)
		}
	}
	if got := hiddenCells(out[1]); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("hidden of the copy: %v, want %v", got, want)
	}
	if got := hiddenCells(out[2]); len(got) > 0 {
		t.Errorf("hidden of another question: %v", got)
	}
}
