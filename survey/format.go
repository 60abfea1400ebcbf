package survey

import "strconv"

// FormatNumber writes x as the shortest decimal that reads back exactly,
// without an exponent for everyday magnitudes.
func FormatNumber(x float64) string {
	if a := abs(x); a != 0 && (a < 1e-6 || a >= 1e15) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}
