package letters

import (
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// three are columns of one group with two rows, of which the second is a net.
func three() *survey.Tabulation {
	t := &survey.Tabulation{
		Columns: []survey.Column{{Label: "Total"}, {Group: "Age", Label: "young"}, {Group: "Age", Label: "middle"}, {Group: "Age", Label: "old"}},
		Rows:    []survey.Row{{Label: "yes", Kind: survey.RowShare}, {Label: "either", Kind: survey.RowNet}},
	}
	for range t.Rows {
		t.Cells = append(t.Cells, make([]survey.Cell, len(t.Columns)))
	}
	return t
}

// By hand: Benjamini and Hochberg make min(3·0.01, 3·0.02/2, 3·0.03/3) of the first of
// three p-values, and so 0.03 of all; the net is a family of its own.
func TestFill(t *testing.T) {
	out, s := three(), Asked(survey.TestSpec{}, survey.TestSpec{})
	pairs := s.Pairs(Groups(out.Columns))
	if want := []Pair{{1, 2}, {1, 3}, {2, 3}}; !slices.Equal(pairs, want) {
		t.Fatalf("pairs %v, want %v", pairs, want)
	}
	l := &Letters{Tests: s, Least: 50}
	add := func(row int, p Pair, value, difference float64) {
		out.Comparisons = append(out.Comparisons, survey.LetterTest{Row: row, Column: p.Column, Against: p.Against, P: survey.FigureOf(value), Difference: survey.FigureOf(difference)})
		family := s.Family(row, out.Rows[row].Kind, "Age")
		l.Identities = append(l.Identities, Identity{Family: family, Figure: row, Side: p.Column, Another: p.Against})
	}
	for k, p := range pairs {
		add(0, p, float64(k+1)/100, 0.1)
	}
	add(1, pairs[0], 0.04, -0.1)
	l.Fill(out)
	for k, want := range []survey.Figure{survey.FigureOf(0.03), survey.FigureOf(0.03), survey.FigureOf(0.03), survey.FigureOf(0.04)} {
		if got := out.Comparisons[k].PAdjusted; got.Float() < want.Float()-1e-12 || got.Float() > want.Float()+1e-12 {
			t.Errorf("adjusted p-value %d is %v, want %v", k, got.Float(), want.Float())
		}
	}
	marks := func(row int) (got []string) {
		for _, c := range out.Cells[row] {
			got = append(got, c.Letters)
		}
		return got
	}
	if got, want := marks(0), []string{"", "BC", "C", ""}; !slices.Equal(got, want) {
		t.Errorf("letters %q, want %q", got, want)
	}
	if got, want := marks(1), []string{"", "", "A", ""}; !slices.Equal(got, want) {
		t.Errorf("letters of the net %q, want %q", got, want)
	}
	if text := strings.Join(l.Legend, " "); !strings.Contains(text, "Age (A–C)") || !strings.Contains(text, "3 tests") || !strings.Contains(text, "under 50") {
		t.Errorf("the legend says %q", text)
	}
	out.Legend = slices.Clone(l.Legend)
	l.Without(out, func(c survey.LetterTest) bool { return c.Row == 0 })
	if got := marks(0); len(out.Comparisons) != 1 || slices.ContainsFunc(got, func(s string) bool { return s != "" }) {
		t.Errorf("without the first row: %d comparisons, letters %q", len(out.Comparisons), got)
	}
	if text := strings.Join(out.Legend, " "); !strings.Contains(text, "1 test ") {
		t.Errorf("without the first row the legend says %q", text)
	}
}

func TestNames(t *testing.T) {
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 52: "BA"} {
		if got := letter(n); got != want {
			t.Errorf("column %d is %s, want %s", n, got, want)
		}
	}
}
