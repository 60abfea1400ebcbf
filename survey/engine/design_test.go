package engine

import (
	"slices"
	"testing"

	"surveykit/survey"
)

// TestGuessedWeight: a frame warns of a weight that nobody has confirmed, and of no other.
func TestGuessedWeight(t *testing.T) {
	w := &survey.Variable{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2})}
	table := &survey.Table{Rows: 2, Variables: []*survey.Variable{w, {Name: "v", Kind: survey.Number, Numbers: w.Numbers}}}
	guessed := survey.Design{Weight: "w", Guessed: true}
	other, _ := guessed.With(survey.FurtherWeight{Weight: "v"})
	for d, want := range map[*survey.Design]int{&guessed: 1, &other: 0, {Guessed: true}: 0, {Weight: "w"}: 0} {
		f, err := NewFrame(table, *d)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(slices.DeleteFunc(f.Warnings, func(n survey.Notice) bool { return n.Code != survey.NoticeGuessed })); n != want {
			t.Errorf("%+v: %d warnings, want %d", d, n, want)
		}
	}
}

// TestOrderOfIDs: ids of texts are in the order of the numbers in them.
func TestOrderOfIDs(t *testing.T) {
	want := []string{"", "2008:9", "2008:11", "2008:142", "2011:2", "a", "a1", "a01", "a001", "a01b", "a1c", "a2", "a2b", "a10"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, compareTexts)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
