package portrait_test

import (
	"slices"
	"strings"
	"testing"

	"surveykit/reports/portrait"
	"surveykit/survey"
)

// cell of a variable by segment; segment 0 is everybody.
func cell(variable string, segment int, value float64) survey.Cell {
	e := survey.Estimate{Variable: variable, Value: survey.FigureOf(value), Low: survey.FigureOf(value - 0.02), High: survey.FigureOf(value + 0.02), N: 400, NEffective: survey.FigureOf(400), Level: survey.FigureOf(0.95)}
	if segment > 0 {
		e.GroupCodes = survey.Group{{Variable: "kind", Value: survey.NumberValue(float64(segment))}}
	}
	return survey.Cell{Estimate: e}
}

// table of two segments: their sizes, their probabilities, two questions and a
// mean. Against the rest, q: yes stands out by 0.2 / √(½·½) = 0.4 deviations, r:
// rare by 0.06 / √(0.04·0.96) = 0.31 though its t is larger, age by 10/√400 = ½.
func table() *survey.Tabulation {
	t := &survey.Tabulation{ID: "who", Kind: "portraits", Title: "Kind", Columns: []survey.Column{{Label: "Total"}, {Group: "Kind", Label: "Worried"}, {Group: "Kind", Label: "Easy"}}, Legend: []string{"Limits."}}
	row := func(variable, group, label string, kind survey.RowKind, values ...float64) {
		t.Rows = append(t.Rows, survey.Row{Group: group, Label: label, Kind: kind})
		var cells []survey.Cell
		for c, v := range values {
			cells = append(cells, cell(variable, c, v))
		}
		t.Cells = append(t.Cells, cells)
	}
	row("kind", "Kind", "Worried", survey.RowShare, 0.3, 1, 0)
	row("kind", "Kind", "Easy", survey.RowShare, 0.7, 0, 1)
	row("kind_1", "", "Probability of Worried", survey.RowMean, 0.33, 0.85, 0.1)
	row("kind_2", "", "Probability of Easy", survey.RowMean, 0.67, 0.15, 0.9)
	row("q", "Question", "Yes", survey.RowShare, 0.5, 0.64, 0.44)
	row("q", "Question", "No", survey.RowShare, 0.5, 0.36, 0.56)
	row("r", "Rare", "Yes", survey.RowShare, 0.04, 0.08, 0.02)
	row("age", "", "Age", survey.RowMean, 40, 50, 36)
	test := func(r, c int, difference, t0, p float64) {
		t.Comparisons = append(t.Comparisons, survey.LetterTest{Row: r, Column: c, Against: survey.Rest, Difference: survey.FigureOf(difference), SE: survey.FigureOf(1), T: survey.FigureOf(t0), P: survey.FigureOf(p), PAdjusted: survey.FigureOf(p)})
	}
	test(4, 1, 0.2, 4, 0.001)
	test(5, 1, -0.2, -4, 0.001)
	test(6, 1, 0.06, 5, 0.001)
	test(7, 1, 14, 10, 0.001)
	test(4, 2, -0.2, -1, 0.3)
	return t
}

func TestPageOfASegment(t *testing.T) {
	other := &survey.Tabulation{ID: "other"}
	pages := portrait.Pages([]*survey.Tabulation{other, table()})
	if len(pages) != 3 || pages[0] != other || pages[1].ID != "who_1" || pages[2].ID != "who_2" {
		t.Fatalf("%d pages", len(pages))
	}
	p := pages[1]
	if p.Title != "Worried: 30% of people (28% to 32%)" {
		t.Errorf("title %q", p.Title)
	}
	var labels []string
	for _, r := range p.Rows {
		labels = append(labels, r.Label)
	}
	if want := []string{"Question: Yes", "Question: No", "Rare: Yes"}; !slices.Equal(labels, want) {
		t.Errorf("rows %q, want %q", labels, want)
	}
	if p.Cells[0][0].Value.Float() != 0.64 || p.Cells[0][1].Value.Float() != 0.5 || p.Columns[1].Label != "Everybody" {
		t.Errorf("%v beside %v of %s", p.Cells[0][0].Value.Float(), p.Cells[0][1].Value.Float(), p.Columns[1].Label)
	}
	want := []string{
		"They stand out by more of: Age (50.00, everybody 40.00); Question: Yes (64%, everybody 50%); Rare: Yes (8%, everybody 4%).",
		"They stand out by less of: Question: No (36%, everybody 50%).",
		"Who belongs is an estimate: on average its people belong to it with a probability of 85%, so its borders are somewhat blurred.",
		"Limits.",
	}
	if !slices.Equal(p.Legend, want) {
		t.Errorf("words\n%s\nwant\n%s", strings.Join(p.Legend, "\n"), strings.Join(want, "\n"))
	}
	if p.Chart == nil || p.Chart.Title != "Worried: more of them than of others say Question: Yes" {
		t.Errorf("chart %+v", p.Chart)
	}
}

// A segment of which nothing is certain to differ has no chart and says so; one
// that is too small says no size; people counted by probability are sized so.
func TestPagesThatSayLittle(t *testing.T) {
	table := table()
	easy := portrait.Pages([]*survey.Tabulation{table})[1]
	if easy.Chart != nil || len(easy.Rows) != 1 || easy.Rows[0].Label != "Question: Yes" || !strings.HasPrefix(easy.Legend[0], "No answer here differs from everybody else") {
		t.Errorf("%q, %d rows", easy.Legend[0], len(easy.Rows))
	}
	untested := *table
	untested.Comparisons = nil
	if p := portrait.Pages([]*survey.Tabulation{&untested})[1]; len(p.Rows) != 1 || p.Rows[0].Label != "Kind: Easy" {
		t.Errorf("nothing tested: %v", p.Rows)
	}
	table.Cells[1][0].Flags = []string{survey.FlagSuppressed}
	if p := portrait.Pages([]*survey.Tabulation{table})[1]; p.Title != "Easy" {
		t.Errorf("title %q of a size that is not shown", p.Title)
	}
	table.Cells[0][1].Value = survey.FigureOf(0.9)
	if p := portrait.Pages([]*survey.Tabulation{table})[0]; p.Title != "Worried: 33% of people (31% to 35%)" {
		t.Errorf("title %q by probability", p.Title)
	}
}

// Answers that the segments are made of differ by construction: they are shown
// and told by their size, and nothing is claimed of them.
func TestAnswersThatMadeTheSegments(t *testing.T) {
	table := table()
	for c := range table.Columns[1:] {
		for r := range 6 {
			table.Cells[r][c+1].Flags = []string{survey.FlagCircular}
		}
	}
	table.Comparisons = table.Comparisons[2:3]
	p := portrait.Pages([]*survey.Tabulation{table})[0]
	want := []string{
		"They stand out by more of: Rare: Yes (8%, everybody 4%).",
		"By the answers that the segments are made of, which are not tested, they have more of: Question: Yes (64%, everybody 50%).",
		"By the answers that the segments are made of, which are not tested, they have less of: Question: No (36%, everybody 50%).",
	}
	if !slices.Equal(p.Legend[:3], want) {
		t.Errorf("words\n%s\nwant\n%s", strings.Join(p.Legend, "\n"), strings.Join(want, "\n"))
	}
	if len(p.Rows) != 3 || p.Rows[0].Label != "Rare: Yes" || p.Rows[1].Label != "Question: Yes" || p.Chart == nil || p.Chart.Title != "Worried: more of them than of others say Rare: Yes" {
		t.Errorf("rows %v, chart %+v", p.Rows, p.Chart)
	}
	table.Comparisons = nil
	if p := portrait.Pages([]*survey.Tabulation{table})[0]; p.Chart == nil || p.Chart.Title != "Worried: the answers that the segments are made of" {
		t.Errorf("chart %+v", p.Chart)
	}
}
