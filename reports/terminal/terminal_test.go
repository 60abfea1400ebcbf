package terminal_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"surveykit/reports/terminal"
	"surveykit/survey"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// table is a small table with all that a terminal must show: two banner
// groups, letters, a net, a mean, a small base, a suppressed cell and a change.
func table() *survey.Tabulation {
	cell := func(value, low, high float64, letters string, flags ...string) survey.Cell {
		return survey.Cell{Letters: letters, Estimate: survey.Estimate{Value: survey.FigureOf(value), Low: survey.FigureOf(low), High: survey.FigureOf(high), Flags: flags}}
	}
	return &survey.Tabulation{
		Title: "Reading privacy statements, by age and by whether there are children", Base: "All adults", Filter: "wave == 2011",
		Columns: []survey.Column{
			{Label: "Total", N: 37350}, {Group: "Age", Label: "18–24", Letter: "A", N: 4102}, {Group: "Age", Label: "25–34", Letter: "B", N: 85},
			{Group: "Household", Label: "Children under 12 at home", Letter: "A", N: 12}, {Group: "Change", Label: "All", Change: true},
		},
		Rows: []survey.Row{
			{Group: "How often do you read them?", Label: "Ever reads them before buying anything", Kind: survey.RowNet},
			{Group: "How often do you read them?", Label: "Often", Kind: survey.RowShare, Indent: 1},
			{Label: "Mean number of statements", Kind: survey.RowMean},
		},
		Cells: [][]survey.Cell{
			{cell(0.484, 0.47, 0.5, ""), cell(0.55, 0.5, 0.6, "B"), cell(0.402, 0.3, 0.5, "", survey.FlagLowBase), cell(0.9, 0, 0, "", survey.FlagSuppressed), cell(0.0123, 0, 0.02, "")},
			{cell(0.2, 0.1, 0.3, ""), cell(0, 0, 0.1, ""), cell(1, 0.9, 1, "A", survey.FlagLowBase), cell(0.5, 0, 0, "", survey.FlagSuppressed), cell(-0.02, -0.03, -0.01, "")},
			{cell(3.456, 3, 4, ""), cell(2, 1, 3, ""), cell(12, 11, 13, "", survey.FlagLowBase), cell(1, 1, 1, "", survey.FlagSuppressed), cell(0.5, 0.1, 0.9, "")},
		},
		Legend: []string{"Limits are 95% design-based confidence intervals."},
	}
}

func TestGolden(t *testing.T) {
	for name, width := range map[string]int{"wide": 100, "narrow": 60} {
		var got bytes.Buffer
		if err := terminal.Write(&got, table(), width); err != nil {
			t.Fatal(err)
		}
		path := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got.Bytes(), want)
		}
	}
}

// No line is wider than the terminal while one column fits, every label is
// written out, and no line ends in a blank.
func TestWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := table()
		for r := range in.Rows {
			in.Rows[r].Label = rapid.StringMatching(`[a-zé]{1,40}( [a-z]{1,9}){0,5}`).Draw(t, "label")
		}
		width := rapid.IntRange(52, 120).Draw(t, "width")
		var got bytes.Buffer
		if err := terminal.Write(&got, in, width); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(got.String()) {
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) > width || strings.HasSuffix(line, " ") {
				t.Fatalf("line %q at width %d", line, width)
			}
		}
		squeezed := strings.NewReplacer("\n", "", " ", "").Replace(got.String())
		for _, c := range in.Columns {
			if label := strings.ReplaceAll(c.Label, " ", ""); c.Group == "" && !strings.Contains(squeezed, label) {
				t.Fatalf("%q is not written", c.Label)
			}
		}
	})
}
