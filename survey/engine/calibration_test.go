package engine

import (
	"math"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
)

// leaving is a calibration that leaves a part of every influence, to one side
// and the other in turn.
type leaving float64

func (l leaving) Apply(u []float64) []float64 {
	for i := range u {
		u[i] *= float64(l) * float64(1-2*(i%2))
	}
	return nil
}

// TestResidualsOfRoundingAreNone: what a calibration leaves for rounding alone is
// no variance, by rows and by clusters; a billionth of it is.
func TestResidualsOfRoundingAreNone(t *testing.T) {
	w := &survey.Variable{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3, 4, 5, 6, 7, 8})}
	psu := &survey.Variable{Name: "psu", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 1, 2, 3, 4, 3, 4})}
	table := &survey.Table{Rows: 8, Variables: []*survey.Variable{w, psu}}
	for _, design := range []survey.Design{{Weight: "w"}, {Weight: "w", PSU: []string{"psu"}}} {
		f, err := NewFrame(table, design)
		if err != nil {
			t.Fatal(err)
		}
		for left, none := range map[leaving]bool{1: false, 1e-9: false, 1e-16: true} {
			f.ByRow.Calibration = left
			totals := f.Totals(Pass{Cell: make([]int32, 8), Cells: 1, Terms: Ones(8)})
			d := totals.Deviations(Function{Value: func(t []float64) float64 { return t[0] }, Gradient: func([]float64) []float64 { return []float64{1} }}, [][]int{{0}})
			if se := math.Sqrt(stats.Dot(d, d)); (se == 0) != none || !none && se < float64(left) {
				t.Errorf("%v: %v of the influence left gives a standard error of %v", design.PSU, left, se)
			}
		}
	}
}
