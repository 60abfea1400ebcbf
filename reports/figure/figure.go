// Package figure writes numbers for people to read. It is the one place where
// a figure is rounded: everything before it carries full precision.
//
// Halves are rounded away from zero, on the number as 15 significant decimal
// digits show it: 0.285 is 29%, although the nearest float64 times 100 lies a
// hair under 28.5, and noise in the last bits of a sum never turns a digit.
// A number that does not exist (NaN or infinite) is an en dash, zero has no
// sign, and below zero with a true minus sign (U+2212).
package figure

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
)

const (
	// Missing is shown where a figure does not exist.
	Missing = "–"
	minus   = "−"
	// significant is how many decimal digits a float64 always holds.
	significant = 15
)

// Percent writes the proportion x (0–1) as a percentage: Percent(0.285, 0) is "29%".
func Percent(x float64, decimals int) string { return scaled(x, 2, decimals, "%") }

// Points writes the difference x of two proportions (0–1) in percentage
// points with its sign: Points(0.06, 0) is "+6 pts". A difference that rounds
// to zero is "0 pts".
func Points(x float64, decimals int) string { return signed(scaled(x, 2, decimals, " pts")) }

// Number writes x with commas between thousands: Number(1234.5, 1) is "1,234.5".
func Number(x float64, decimals int) string { return scaled(x, 0, decimals, "") }

// SignedNumber writes x as Number does, with a plus sign above zero.
func SignedNumber(x float64, decimals int) string { return signed(Number(x, decimals)) }

// Count writes a whole number with commas between thousands: "6,120".
func Count(n int) string {
	if n < 0 {
		return minus + survey.Thousands(strconv.Itoa(n)[1:])
	}
	return survey.FormatCount(n)
}

// Base writes the number of respondents behind a figure: "n = 180", and of a
// ratio of shares whose bases differ both, the smaller one first: "n = 180 and 347".
func Base(e survey.Estimate) string {
	if e.NOther > 0 {
		return "n = " + Count(e.N) + " and " + Count(e.NOther)
	}
	return "n = " + Count(e.N)
}

// P writes a p-value (0–1) with three decimals: "p = 0.034", at the ends
// "p < 0.001" and "p > 0.999", so that no p is ever called 0 or 1. Outside
// 0–1 it is Missing.
func P(p float64) string {
	switch {
	case !(p >= 0 && p <= 1):
		return Missing
	case p < 0.001:
		return "p < 0.001"
	case p > 0.999:
		return "p > 0.999"
	}
	return "p = " + Number(p, 3)
}

// Value writes a cell of a row of the given kind: shares and nets as
// percentages, gaps in percentage points, all else as numbers. Decimals count
// those of what is shown.
func Value(kind survey.RowKind, x float64, decimals int) string {
	switch {
	case IsShare(kind):
		return Percent(x, decimals)
	case kind == survey.RowGap:
		return Points(x, decimals)
	}
	return Number(x, decimals)
}

// Change writes a difference between two cells of a row of the given kind: in
// percentage points for shares, nets and gaps, signed numbers for all else.
func Change(kind survey.RowKind, x float64, decimals int) string {
	if IsShare(kind) || kind == survey.RowGap {
		return Points(x, decimals)
	}
	return SignedNumber(x, decimals)
}

// Interval writes two confidence limits as "50% to 59%", one as "from 50%" or
// "up to 59%", and Missing where neither exists.
func Interval(kind survey.RowKind, low, high float64, decimals int) string {
	switch {
	case !exists(low) && !exists(high):
		return Missing
	case !exists(high):
		return "from " + Value(kind, low, decimals)
	case !exists(low):
		return "up to " + Value(kind, high, decimals)
	}
	return Value(kind, low, decimals) + " to " + Value(kind, high, decimals)
}

// IsShare reports whether figures of this kind of row are proportions.
func IsShare(kind survey.RowKind) bool {
	return kind == survey.RowShare || kind == survey.RowNet
}

func exists(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// signed puts a plus before a figure that shows anything but zero.
func signed(s string) string {
	if s == Missing || strings.HasPrefix(s, minus) || !strings.ContainsAny(s, "123456789") {
		return s
	}
	return "+" + s
}

// scaled writes x·10^power, rounded to so many decimals, with a unit behind.
func scaled(x float64, power, decimals int, unit string) string {
	if !exists(x) {
		return Missing
	}
	whole, fraction := round(math.Abs(x), power, max(decimals, 0))
	s := survey.Thousands(whole)
	if fraction != "" {
		s += "." + fraction
	}
	if x < 0 && strings.ContainsAny(s, "123456789") {
		s = minus + s
	}
	return s + unit
}

// round returns the digits before and behind the point of x·10^power, x ≥ 0,
// halves up. It works on decimal digits, where a half is a half.
func round(x float64, power, decimals int) (whole, fraction string) {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', significant-1, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	e, _ := strconv.Atoi(exponent)
	// keep counts the digits that stay, from the first significant one on.
	keep := e + 1 + power + decimals
	switch {
	case keep < 0:
		digits = ""
	case keep < len(digits):
		up := digits[keep] >= '5'
		digits = digits[:keep]
		if up {
			digits = increment(digits)
		}
	default:
		digits += strings.Repeat("0", keep-len(digits))
	}
	if short := decimals + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - decimals
	whole = strings.TrimLeft(digits[:point], "0")
	return cmp.Or(whole, "0"), digits[point:]
}

// increment adds one to a string of decimal digits.
func increment(digits string) string {
	d := []byte(digits)
	for i := len(d) - 1; i >= 0; i-- {
		if d[i] < '9' {
			d[i]++
			return string(d)
		}
		d[i] = '0'
	}
	return "1" + string(d)
}
