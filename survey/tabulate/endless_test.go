package tabulate

import (
	"context"
	"strings"
	"testing"

	"surveykit/survey"
)

// A text of any length is an answer; as a category it has an end.
func TestEndlessCategories(t *testing.T) {
	for n, want := range map[int]string{longestCategory: "", longestCategory + 1: "an answer has 10001 bytes"} {
		v := &survey.Variable{Name: "words", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"short", strings.Repeat("x", n)}}}
		m := &making{Maker: &Maker{Table: &survey.Table{Rows: 2, Variables: []*survey.Variable{v}}}, ctx: context.Background()}
		_, problems := m.classify("words")
		if err := problems.Err(); (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "words") || len(err.Error()) > 500) {
			t.Errorf("%d bytes: %.500v", n, err)
		}
	}
}
