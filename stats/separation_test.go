package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// separatedByRays finds the separated rows of three columns of whole numbers and full rank
// by going through all directions that leave two rows where they are: the edges of the
// cone are among them.
func separatedByRays(rows [][]float64, bound []float64) []bool {
	var out []bool
	for i := range rows {
		for j := range i {
			a, b := rows[i], rows[j]
			ray := []float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
			for range 2 {
				for k := range ray {
					ray[k] = -ray[k]
				}
				moves, allowed := make([]float64, len(rows)), true
				for k, row := range rows {
					moves[k] = stats.Dot(ray, row)
					allowed = allowed && (moves[k] == 0 || moves[k]*bound[k] > 0)
				}
				for k, move := range moves {
					if allowed && move != 0 {
						if out == nil {
							out = make([]bool, len(rows))
						}
						out[k] = true
					}
				}
			}
		}
	}
	return out
}

func TestSeparatedRowsAreThoseOfTheConesEdges(t *testing.T) {
	some := 0
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]stats.Family{stats.Binomial, stats.Poisson}).Draw(t, "family")
		n, wide := rapid.IntRange(4, 14).Draw(t, "n"), rapid.IntRange(1, 9).Draw(t, "wide")
		outcomes := rapid.SampledFrom([][]float64{{0, 1}, {0, 0, 0, 1}, {0, 1, 1, 1, 1, 0.5}}).Draw(t, "outcomes")
		rows, y, bound, w := make([][]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range rows {
			rows[i] = []float64{1, float64(rapid.IntRange(-wide, wide).Draw(t, "a")), float64(rapid.IntRange(0, wide).Draw(t, "b"))}
			y[i], w[i] = rapid.SampledFrom(outcomes).Draw(t, "y"), rapid.Float64Range(0.5, 2).Draw(t, "w")
			switch {
			case y[i] == 0:
				bound[i] = -1
			case y[i] == 1 && f.Name == stats.Binomial.Name:
				bound[i] = 1
			}
		}
		x := sparse(rows...)
		if x.RowSpace(w).Rank() < 3 {
			t.Skip("columns depend on each other")
		}
		want := separatedByRays(rows, bound)
		if want != nil {
			some++
		}
		if got := f.Separated(x, y, w); !slices.Equal(got, want) {
			t.Fatalf("%s, rows %v, outcomes %v: separated %v, want %v", f.Name, rows, y, got, want)
		}
		// The fit comes to the same by itself.
		if fit := f.Fit(x, y, w, nil); !slices.Equal(fit.Separated, want) || !fit.Converged {
			t.Fatalf("%s, rows %v, outcomes %v: fit separates %v, want %v; converged %v", f.Name, rows, y, fit.Separated, want, fit.Converged)
		}
	})
	if some == 0 {
		t.Error("no outcomes were separated")
	}
}

// What the rows determine that are not separated is as if the others were not there.
func TestLimitIsTheModelOfTheOtherRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	var rows [][]float64
	var y, w []float64
	for i := range 60 {
		g, age := i%3, float64(20+i)
		row := []float64{1, 0, 0, age}
		if g > 0 {
			row[g] = 1
		}
		rows, y, w = append(rows, row), append(y, float64(r.IntN(2))), append(w, 0.5+r.Float64())
		if g == 2 {
			y[i] = 1
		}
	}
	fit := stats.Binomial.Fit(sparse(rows...), y, w, nil)
	rest := slices.Clone(w)
	for i := range rest {
		if i%3 == 2 {
			rest[i] = 0
		}
	}
	other := stats.Binomial.Fit(sparse(rows...), y, rest, nil)
	for _, j := range []int{0, 1, 3} {
		near(t, "coefficient", fit.Beta[j], other.Beta[j])
		nearer(t, "sum of influences", total(fit.Influence(j)), 0, 1e-4)
	}
	if !math.IsNaN(fit.Beta[2]) || !fit.Converged || fit.Space.Rank() != 3 || fit.Means()[2] != 1 {
		t.Errorf("coefficients %v, rank %d, means %v", fit.Beta, fit.Space.Rank(), fit.Means()[:3])
	}
}

// Many rows of numbers of all sizes, apart in one corner of hardly any.
func TestSeparationOfManyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const n = 100_000
	rows, y, w := make([][]float64, n), make([]float64, n), make([]float64, n)
	for i := range rows {
		rows[i] = []float64{1, r.NormFloat64(), 2000 + float64(r.IntN(12)), 1e6 * r.ExpFloat64(), 0}
		y[i], w[i] = float64(r.IntN(2)), r.ExpFloat64()
		if i < 2 {
			rows[i][4], y[i] = 1, 1
		}
	}
	separated := stats.Binomial.Separated(sparse(rows...), y, w)
	if len(separated) != n || !separated[0] || !separated[1] || slices.Contains(separated[2:], true) {
		t.Error("the two rows of the last column were not found")
	}
	y[0] = 0
	if stats.Binomial.Separated(sparse(rows...), y, w) != nil {
		t.Error("outcomes that overlap were found separated")
	}
}

// A function of the coefficients is determined where no change that keeps all
// predictors changes it.
func TestRowSpace(t *testing.T) {
	// A constant, both halves of it, a column of zeros, a year beside them.
	x := sparse([]float64{1, 1, 0, 0, 2001}, []float64{1, 1, 0, 0, 2002}, []float64{1, 0, 1, 0, 2003}, []float64{1, 0, 1, 0, 2005})
	s := x.RowSpace([]float64{1, 2, 3, 4})
	if s.Rank() != 3 || !slices.Equal(s.Aliased, []bool{false, false, true, true, false}) {
		t.Fatalf("rank %d, aliased %v", s.Rank(), s.Aliased)
	}
	for j, want := range []bool{false, false, false, false, true} {
		if s.HoldsColumn(j) != want {
			t.Errorf("column %d alone: %v", j, !want)
		}
	}
	for _, c := range []struct {
		of   []float64
		want bool
	}{{[]float64{1, 1, 0, 0, 7}, true}, {[]float64{0, 1, -1, 0, 0}, true}, {[]float64{2, 1, 1, 0, 0}, true}, {[]float64{1, 1, 1, 0, 0}, false}, {[]float64{1, 1, 0, 1, 0}, false}} {
		if s.Holds(c.of) != c.want || s.HoldsRows(sparse(c.of), []float64{1}) != c.want {
			t.Errorf("%v: %v", c.of, !c.want)
		}
	}
	if !s.HoldsRows(sparse([]float64{1, 1, 1, 0, 0}), []float64{0}) {
		t.Error("a row without a weight was looked at")
	}
}
