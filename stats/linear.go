package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// Rank counts the linearly independent columns by modified Gram–Schmidt with
// one reorthogonalisation: a column counts while at least tol of its length
// is left after the columns before it are taken out. Columns of zeros never
// count. The columns are overwritten.
func Rank(columns [][]float64, tol float64) int {
	var basis [][]float64
	for _, c := range columns {
		length := math.Sqrt(Dot(c, c))
		if length == 0 {
			continue
		}
		for range 2 {
			for _, b := range basis {
				AddScaled(c, -Dot(b, c), b)
			}
		}
		left := math.Sqrt(Dot(c, c))
		if left < tol*length {
			continue
		}
		for i := range c {
			c[i] /= left
		}
		basis = append(basis, c)
		if len(basis) == len(c) {
			break
		}
	}
	return len(basis)
}

// AddScaled adds a·x to y.
func AddScaled(y []float64, a float64, x []float64) {
	floats.AddScaled(y, a, x)
}
