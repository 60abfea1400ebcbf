package correspondence_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/stats/correspondence"
)

const (
	// printed is what the digits of the published tables hold.
	printed = 6e-5
	// rounding is what a decomposition of small tables loses.
	rounding = 1e-9
)

// Staff of five ranks by four smoking habits: the worked example of Greenacre,
// Theory and Applications of Correspondence Analysis (1984), table 3.1, whose
// results R's package ca prints (Nenadic & Greenacre, JSS 20(3), 2007).
func TestSmokingExample(t *testing.T) {
	a, err := correspondence.Analyse([][]float64{{4, 2, 3, 2}, {4, 3, 7, 4}, {25, 10, 12, 4}, {18, 24, 33, 13}, {10, 6, 7, 2}})
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range []float64{0.074759, 0.010017, 0.000414} {
		if math.Abs(a.Inertia[d]-want) > 1e-6 {
			t.Errorf("inertia of axis %d: %.6f, published %.6f", d+1, a.Inertia[d], want)
		}
	}
	if want := 16.4416 / 193; math.Abs(a.Total()-want) > 1e-6 {
		t.Errorf("total inertia %.6f, published χ²/n %.6f", a.Total(), want)
	}
	rows := [][2]float64{{-0.0658, 0.1937}, {0.2590, 0.2433}, {-0.3806, 0.0107}, {0.2330, -0.0577}, {-0.2011, -0.0789}}
	columns := [][2]float64{{-0.3933, 0.0305}, {0.0995, -0.1411}, {0.1963, -0.0074}, {0.2938, 0.1978}}
	compare(t, "rank", a.Rows, rows)
	compare(t, "habit", a.Columns, columns)
	if got := a.Rows.Contribution(2, 0); math.Abs(got-0.512) > 5e-4 {
		t.Errorf("contribution of senior employees to the first axis %.4f, published 0.512", got)
	}
	if got := a.Rows.Quality(1, 2); math.Abs(got-0.991) > 5e-4 {
		t.Errorf("quality of junior managers on two axes %.4f, published 0.991", got)
	}
}

// compare holds coordinates to published ones up to the signs of the axes.
func compare(t *testing.T, what string, got correspondence.Cloud, want [][2]float64) {
	t.Helper()
	for d := range 2 {
		sign := math.Copysign(1, got.Principal[0][d]*want[0][d])
		for i := range want {
			if x := sign * got.Principal[i][d]; math.Abs(x-want[i][d]) > printed {
				t.Errorf("%s %d, axis %d: %.4f, published %.4f", what, i+1, d+1, x, want[i][d])
			}
		}
	}
}

func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawn(t)
		a, err := correspondence.Analyse(table)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := a.Total(), chiSquare(table); math.Abs(got-want) > rounding*(1+want) {
			t.Fatalf("inertia %.12f, χ²/n %.12f", got, want)
		}
		n := total(table)
		for i, row := range table {
			for j, x := range row {
				// the reconstitution formula
				p := 1.0
				for d, inertia := range a.Inertia {
					p += math.Sqrt(inertia) * a.Rows.Standard[i][d] * a.Columns.Standard[j][d]
				}
				if p *= a.Rows.Mass[i] * a.Columns.Mass[j]; math.Abs(p-x/n) > rounding {
					t.Fatalf("cell %d,%d: %.12f, want %.12f", i, j, p, x/n)
				}
			}
			for d, x := range a.Columns.Project(row) {
				if math.Abs(x-a.Rows.Principal[i][d]) > 1e-6 {
					t.Fatalf("row %d projects to %g on axis %d, not %g", i, x, d, a.Rows.Principal[i][d])
				}
			}
		}
		for d := range a.Inertia {
			var mean, square, parts float64
			for i, m := range a.Rows.Mass {
				mean, square = mean+m*a.Rows.Standard[i][d], square+m*a.Rows.Standard[i][d]*a.Rows.Standard[i][d]
				parts += a.Rows.Contribution(i, d)
			}
			if a.Inertia[d] > 1e-6 && (math.Abs(mean) > 1e-6 || math.Abs(square-1) > 1e-6 || math.Abs(parts-1) > 1e-6) {
				t.Fatalf("axis %d: mean %g, square %g, contributions %g", d, mean, square, parts)
			}
		}
		ahead, behind := 0.0, 0.0
		for _, x := range a.Columns.Standard {
			ahead, behind = max(ahead, x[0]), max(behind, -x[0])
		}
		if behind > ahead*(1+1e-6) {
			t.Fatal("the first axis points away from its farthest column")
		}
	})
}

func drawn(t *rapid.T) [][]float64 {
	rows, columns := rapid.IntRange(2, 6).Draw(t, "rows"), rapid.IntRange(2, 6).Draw(t, "columns")
	table := make([][]float64, rows)
	for i := range table {
		for range columns {
			table[i] = append(table[i], float64(rapid.IntRange(1, 50).Draw(t, "cell")))
		}
	}
	return table
}

func total(table [][]float64) (n float64) {
	for _, row := range table {
		for _, x := range row {
			n += x
		}
	}
	return n
}

// chiSquare is Pearson's X² by its definition, over n.
func chiSquare(table [][]float64) (sum float64) {
	n := total(table)
	for i, row := range table {
		for j, x := range row {
			var r, c float64
			for _, y := range row {
				r += y
			}
			for k := range table {
				c += table[k][j]
			}
			sum += (table[i][j] - r*c/n) * (x - r*c/n) / (r * c / n)
		}
	}
	return sum / n
}

func TestEmptyLines(t *testing.T) {
	if _, err := correspondence.Analyse([][]float64{{1, 0}, {2, 0}}); err != correspondence.ErrEmpty {
		t.Errorf("an empty column: %v", err)
	}
}

// The border of the region is where F is at its level: along an axis of the map
// with uncorrelated coordinates, and for a turned one along its major axis.
func TestConfidence(t *testing.T) {
	e := correspondence.Confidence(4, 0, 1, 12, 0.95)
	f := e.Major * e.Major / 4 / 2 * 11 / 12
	if p := stats.FUpper(f, 2, 11); math.Abs(p-0.05) > 1e-9 || math.Abs(e.Major-2*e.Minor) > rounding || e.Angle != 0 {
		t.Errorf("%+v leaves out %.6f", e, p)
	}
	if e = correspondence.Confidence(2, 1, 2, 30, 0.9); math.Abs(e.Angle-math.Pi/4) > rounding || math.Abs(e.Major/e.Minor-math.Sqrt(3)) > rounding {
		t.Errorf("correlated coordinates: %+v", e)
	}
	if e = correspondence.Confidence(1, 0, 1, 1, 0.95); !math.IsNaN(e.Major) {
		t.Errorf("one degree of freedom: %+v", e)
	}
}
