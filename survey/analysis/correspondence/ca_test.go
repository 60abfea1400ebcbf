package correspondence

import (
	"fmt"
	"math"
	"testing"

	"surveykit/stats/recorded"
)

// thousandths is what summary.ca rounds to.
const thousandths = 5.0001e-4

// caCloud is one side of a table in testdata/ca.json: by point, and for standard
// coordinates by point and axis; quality and contributions in thousandths.
type caCloud struct {
	Mass, Inertia, Quality, Contribution, Second []float64
	Standard                                     [][]float64
}

// The smokers by rank of Greenacre (1984), letters of the alphabet by author, and
// a table of weights, as R package ca analyses them: testdata/ca.R.
func TestEqualsCA(t *testing.T) {
	var answers struct {
		Tables []struct {
			Name                      string
			Table                     [][]float64
			Inertia, Extra, Projected []float64
			Rows, Columns             caCloud
		}
	}
	recorded.Read(t, "ca.json", &answers)
	for _, want := range answers.Tables {
		a, err := analyse(want.Table)
		if err != nil {
			t.Fatal(err)
		}
		sameAxes(t, want.Name+" inertia", a.Inertia, want.Inertia)
		sign := signs(a, want.Columns.Standard)
		compare(t, want.Name+" row", a.Rows, want.Rows, a.Inertia, sign)
		compare(t, want.Name+" column", a.Columns, want.Columns, a.Inertia, sign)
		if want.Extra == nil {
			continue
		}
		got := a.Columns.Project(want.Extra)
		for d := range got {
			got[d] *= sign[d]
		}
		sameAxes(t, want.Name+" supplementary row", got, want.Projected)
	}
}

// signs are those by which ca's axes differ from ours.
func signs(a *analysis, standard [][]float64) []float64 {
	sign := make([]float64, len(a.Inertia))
	for d := range sign {
		sign[d] = math.Copysign(1, a.Columns.Standard[0][d]*standard[0][d])
	}
	return sign
}

func compare(t *testing.T, what string, got cloud, want caCloud, inertia, sign []float64) {
	t.Helper()
	sameAxes(t, what+" masses", got.Mass, want.Mass)
	sameAxes(t, what+" inertias", got.Inertia, want.Inertia)
	for i, point := range want.Standard {
		standard, principal := make([]float64, len(point)), make([]float64, len(point))
		for d, x := range point {
			standard[d] = sign[d] * x
			principal[d] = sign[d] * x * math.Sqrt(inertia[d])
		}
		sameAxes(t, fmt.Sprintf("%s %d, standard", what, i+1), got.Standard[i], standard)
		sameAxes(t, fmt.Sprintf("%s %d, principal", what, i+1), got.Principal[i], principal)
		for figure, pair := range map[string][2]float64{
			"quality":                    {got.Quality(i, 2), want.Quality[i]},
			"contribution":               {got.Contribution(i, 0), want.Contribution[i]},
			"contribution to the second": {got.Contribution(i, 1), want.Second[i]},
		} {
			if math.Abs(pair[0]-pair[1]/1000) > thousandths {
				t.Errorf("%s %d: %s %.4f, by ca %.0f‰", what, i+1, figure, pair[0], pair[1])
			}
		}
	}
}

func sameAxes(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d figures, by ca %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > summed*(1+math.Abs(want[i])) {
			t.Errorf("%s, %d: %.12g, by ca %.12g", what, i+1, got[i], want[i])
		}
	}
}
