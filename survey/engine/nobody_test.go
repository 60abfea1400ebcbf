package engine

import (
	"testing"

	"surveykit/survey"
)

// TestNobody: the answer without rows has totals of 0, no degrees of freedom and no
// variance, under every kind of design.
func TestNobody(t *testing.T) {
	column := func(name string, x ...float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
	}
	table := &survey.Table{Rows: 4, Variables: []*survey.Variable{column("w", 1, 2, 3, 4), column("psu", 1, 1, 2, 2), column("r1", 2, 0, 2, 0), column("r2", 0, 2, 0, 2)}}
	for _, d := range []survey.Design{{Weight: "w"}, {PSU: []string{"psu"}}, {Weight: "w", Replicates: &survey.ReplicateSpec{Columns: "r*", Type: "bootstrap"}}} {
		f, err := NewFrame(table, d)
		if err != nil {
			t.Fatal(err)
		}
		totals := f.Nobody(Query{Numbers: []Number{One{}, One{}}})
		b := totals.Base([]int{0, 1})
		if len(totals.Sum) != 2 || totals.Sum[0] != 0 || b.N != 0 || b.DF > 0 {
			t.Errorf("%+v: %+v of %v", d, b, totals.Sum)
		}
		for _, x := range totals.Deviations(Function{Value: func(t []float64) float64 { return t[0] }, Gradient: func([]float64) []float64 { return []float64{1} }}, [][]int{{0}}) {
			if x != 0 {
				t.Errorf("%+v: a deviation of %v", d, x)
			}
		}
	}
}
