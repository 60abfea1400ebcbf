package platform

import (
	"fmt"
	"strings"
	"testing"

	"surveykit/survey"
)

// BenchmarkApply looks for select-all questions in a hundred thousand rows of prose,
// all different, and of ten options.
func BenchmarkApply(b *testing.B) {
	const rows = 100_000
	prose, choices := &survey.TextColumn{}, &survey.TextColumn{}
	for i := range rows {
		prose.Values = append(prose.Values, fmt.Sprintf("Well, this is remark %d, and it goes on, more or less, for a while", i))
		prose.Index.Append(int32(i))
		choices.Index.Append(int32(i % 1023))
	}
	for k := 1; k < 1024; k++ {
		var chosen []string
		for o := range 10 {
			if k>>o&1 == 1 {
				chosen = append(chosen, fmt.Sprint("Option ", o))
			}
		}
		choices.Values = append(choices.Values, strings.Join(chosen, ", "))
	}
	table := &survey.Table{Rows: rows, Variables: []*survey.Variable{
		{Name: "q1", Kind: survey.Text, Texts: prose}, {Name: "q2", Kind: survey.Text, Texts: choices},
	}}
	e := &Export{Columns: []Column{{Name: "q1", asked: true}, {Name: "q2", asked: true}}, separators: []string{";", ", "}}
	for b.Loop() {
		if t := e.Apply(table, func(string) bool { return false }); len(t.Sets) != 1 {
			b.Fatal("the sets were not found")
		}
	}
}
