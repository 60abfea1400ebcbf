package correspondence

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// analysis is an analysed table.
type analysis struct {
	// Inertia of each axis, σ², largest first; their sum is χ²/n.
	Inertia       []float64
	Rows, Columns cloud
}

// cloud are the rows or the columns as points.
type cloud struct {
	// Mass is each point's share of the table.
	Mass []float64
	// Inertia is each point's part of the whole: Σ over axes of mass · coordinate².
	Inertia []float64
	// Principal and Standard coordinates, by point and axis: principal ones are
	// standard ones times σ.
	Principal, Standard [][]float64
}

// errEmpty means that a row or column of the table adds to 0.
var errEmpty = errors.New("a row or column of the table is empty")

// analyse decomposes a table of weights, none negative, with two rows and two
// columns or more, into min(rows, columns) − 1 axes. Each axis points to its
// farthest column. The error is errEmpty.
func analyse(table [][]float64) (*analysis, error) {
	r, c := make([]float64, len(table)), make([]float64, len(table[0]))
	for i, row := range table {
		for j, x := range row {
			r[i] += x
			c[j] += x
		}
	}
	for _, m := range append(append([]float64(nil), r...), c...) {
		if !(m > 0) {
			return nil, errEmpty
		}
	}
	s := mat.NewDense(len(r), len(c), nil)
	var n float64
	for _, m := range r {
		n += m
	}
	for i, row := range table {
		for j, x := range row {
			expected := r[i] * c[j] / n
			s.Set(i, j, (x-expected)/math.Sqrt(expected*n))
		}
	}
	var svd mat.SVD
	if !svd.Factorize(s, mat.SVDThin) {
		return nil, errors.New("the table has no singular value decomposition")
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	sigma := svd.Values(nil)[:min(len(r), len(c))-1]
	for d, x := range sigma {
		if x < least {
			sigma[d] = 0
		}
	}
	a := &analysis{Rows: cloudOf(&u, r, n, sigma), Columns: cloudOf(&v, c, n, sigma)}
	for d, x := range sigma {
		a.Inertia = append(a.Inertia, x*x)
		a.point(d)
	}
	return a, nil
}

// least is the singular value below which an axis is only rounding: it has no
// direction, and all its coordinates are 0.
const least = 1e-12

func cloudOf(vectors *mat.Dense, margin []float64, n float64, sigma []float64) cloud {
	var out cloud
	for i, m := range margin {
		mass := m / n
		standard, principal, inertia := make([]float64, len(sigma)), make([]float64, len(sigma)), 0.0
		for d, x := range sigma {
			if x == 0 {
				continue
			}
			standard[d] = vectors.At(i, d) / math.Sqrt(mass)
			principal[d] = standard[d] * x
			inertia += mass * principal[d] * principal[d]
		}
		out.Mass, out.Inertia = append(out.Mass, mass), append(out.Inertia, inertia)
		out.Standard, out.Principal = append(out.Standard, standard), append(out.Principal, principal)
	}
	return out
}

// point reverses an axis where needed so that the farthest column is on its positive side.
func (a *analysis) point(d int) {
	far := 0.0
	for _, x := range a.Columns.Standard {
		if math.Abs(x[d]) > math.Abs(far)*(1+1e-9) {
			far = x[d]
		}
	}
	if far >= 0 {
		return
	}
	for _, c := range []cloud{a.Rows, a.Columns} {
		for i := range c.Standard {
			c.Standard[i][d] *= -1
			c.Principal[i][d] *= -1
		}
	}
}

// Total is the inertia of the table, χ²/n.
func (a *analysis) Total() float64 {
	var sum float64
	for _, x := range a.Inertia {
		sum += x
	}
	return sum
}

// Contribution is point i's part of the inertia of axis d (0–1); 0 of an axis
// without inertia.
func (c *cloud) Contribution(i, d int) float64 {
	var all float64
	for k, x := range c.Principal {
		all += c.Mass[k] * x[d] * x[d]
	}
	if all == 0 {
		return 0
	}
	return c.Mass[i] * c.Principal[i][d] * c.Principal[i][d] / all
}

// Quality is the part of point i's inertia that the first axes show (0–1), its
// squared cosine with them; 0 for a point without inertia.
func (c *cloud) Quality(i, axes int) float64 {
	var seen, all float64
	for d, x := range c.Principal[i] {
		if all += x * x; d < axes {
			seen += x * x
		}
	}
	if all == 0 {
		return 0
	}
	return seen / all
}

// Project places a profile on the axes of the other cloud: Σ p_j standard_j / Σ p_j.
// A row of the table gives, with the columns' standard coordinates, its own
// principal ones. The profile must not be empty.
func (c *cloud) Project(profile []float64) []float64 {
	out := make([]float64, len(c.Standard[0]))
	var all float64
	for j, p := range profile {
		all += p
		for d, x := range c.Standard[j] {
			out[d] += p * x
		}
	}
	for d := range out {
		out[d] /= all
	}
	return out
}

// ellipse is a region around a point that covers the true one with a confidence.
type ellipse struct {
	// Major and Minor are half its axes, Angle the angle of the major one to the
	// first axis of the map, in radians.
	Major, Minor, Angle float64
}

// confidence is Hotelling's region of two coordinates with the given variances and
// covariance, df degrees of freedom and a level (0–1): T² ≤ 2 df/(df−1) F(2, df−1).
// NaN with one degree of freedom or less.
func confidence(xx, xy, yy, df, level float64) ellipse {
	if df <= 1 {
		return ellipse{math.NaN(), math.NaN(), math.NaN()}
	}
	// the quantile of F with 2 and ν degrees of freedom has a closed form
	f := (df - 1) / 2 * (math.Pow(1-level, -2/(df-1)) - 1)
	scale := 2 * df / (df - 1) * f
	middle, half := (xx+yy)/2, math.Hypot((xx-yy)/2, xy)
	return ellipse{
		Major: math.Sqrt(scale * (middle + half)), Minor: math.Sqrt(scale * max(0, middle-half)),
		Angle: math.Atan2(2*xy, xx-yy) / 2,
	}
}
