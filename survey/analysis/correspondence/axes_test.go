package correspondence

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// summed is what a decomposition of small tables loses.
const summed = 1e-9

func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawn(t)
		a, err := analyse(table)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := a.Total(), chiSquare(table); math.Abs(got-want) > summed*(1+want) {
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
				if p *= a.Rows.Mass[i] * a.Columns.Mass[j]; math.Abs(p-x/n) > summed {
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
	if _, err := analyse([][]float64{{1, 0}, {2, 0}}); err != errEmpty {
		t.Errorf("an empty column: %v", err)
	}
}

// The border of the region is where F is at its level: along an axis of the map
// with uncorrelated coordinates, and for a turned one along its major axis.
func TestConfidence(t *testing.T) {
	e := confidence(4, 0, 1, 12, 0.95)
	f := e.Major * e.Major / 4 / 2 * 11 / 12
	if p := stats.FUpper(f, 2, 11); math.Abs(p-0.05) > 1e-9 || math.Abs(e.Major-2*e.Minor) > summed || e.Angle != 0 {
		t.Errorf("%+v leaves out %.6f", e, p)
	}
	if e = confidence(2, 1, 2, 30, 0.9); math.Abs(e.Angle-math.Pi/4) > summed || math.Abs(e.Major/e.Minor-math.Sqrt(3)) > summed {
		t.Errorf("correlated coordinates: %+v", e)
	}
	if e = confidence(1, 0, 1, 1, 0.95); !math.IsNaN(e.Major) {
		t.Errorf("one degree of freedom: %+v", e)
	}
}
