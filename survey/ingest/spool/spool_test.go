package spool

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

// Blocks come back with the columns that are asked for, and nothing is left of them.
func TestSpool(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	block := func(first float64, texts ...string) *survey.Table {
		return &survey.Table{Rows: 2, Variables: []*survey.Variable{
			{Name: "n", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{first, first + 1})},
			{Name: "t", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{1, -1}), Values: texts}}}}
	}
	for k, b := range []*survey.Table{block(1, "a", "b"), block(7, "c", "d")} {
		if err := s.Add(b); err != nil || s.Len() != k+1 || s.Rows() != 2*k+2 {
			t.Fatal(s.Len(), s.Rows(), err)
		}
	}
	got, err := s.Block(1, []string{"t"})
	if diff := cmp.Diff(&survey.Table{Rows: 2, Variables: block(7, "c", "d").Variables[1:]}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Block(0, []string{"n"}); err == nil {
		t.Error("a spool that is closed is read")
	}
	t.Setenv("TMPDIR", folder+"/none")
	if _, err := New(); err == nil {
		t.Error("a folder that does not exist")
	}
}
