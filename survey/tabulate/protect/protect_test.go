package protect_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
	"surveykit/survey/tabulate/protect"
)

// Of nine people two gave the second answer: under a threshold of 3 its share is
// hidden, and with it the first or the third, from which and the base it could be
// worked out. The other answer stays, and so does all where the threshold is 2.
func TestHide(t *testing.T) {
	v := &survey.Variable{Name: "a", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 1, 1, 1, 2, 2, 3, 3, 3})}
	table := &survey.Table{Rows: 9, Variables: []*survey.Variable{v}}
	frame, err := engine.NewFrame(table, survey.Design{})
	if err != nil {
		t.Fatal(err)
	}
	counts := []int{4, 2, 3}
	for threshold, want := range map[int]int{3: 2, 2: 0} {
		shown := &survey.Tabulation{Columns: []survey.Column{{Label: "Total"}}}
		published := protect.Table{Tabulation: shown}
		axis := engine.Categories("a", survey.Classify(v))
		for k, n := range counts {
			shown.Cells = append(shown.Cells, []survey.Cell{{Estimate: survey.Estimate{Value: survey.FigureOf(float64(n) / 9), N: 9}}})
			published.Rows = append(published.Rows, protect.Row{
				Shows: survey.AsPercent, Division: protect.Division{Axes: []engine.Axis{axis}, Count: []int{k}, Base: []int{0, 1, 2}},
				Frame: frame, Points: []engine.Point{engine.Everyone}, Least: []int{n},
				Cells: []*survey.Cell{&shown.Cells[k][0]}, RestsOn: [][]int{{0}},
			})
		}
		if err := protect.Hide(context.Background(), memory.New(table), threshold, []protect.Table{published}); err != nil {
			t.Fatal(err)
		}
		var hidden []int
		for k, row := range shown.Cells {
			if slices.Contains(row[0].Flags, survey.FlagConfidential) {
				hidden = append(hidden, k)
			}
			if row[0].Value.Exists() == slices.Contains(hidden, k) {
				t.Errorf("threshold %d, answer %d: %v with flags %v", threshold, k+1, row[0].Value.Float(), row[0].Flags)
			}
		}
		if len(hidden) != want || want > 0 && !slices.Contains(hidden, 1) {
			t.Errorf("threshold %d: answers at %v are hidden, want %d", threshold, hidden, want)
		}
		if notes := strings.Join(shown.Notes, " "); !strings.Contains(notes, "onfidential") {
			t.Errorf("threshold %d: notes %q", threshold, notes)
		}
	}
}
