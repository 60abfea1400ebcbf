package sav

import "surveykit/survey"

// Display names an SPSS display format by its type, width and decimals (F8.2,
// DATE11), "" for a type that does not exist, and says how its numbers count.
// Portable files number the types as system files do.
func Display(code, width, decimals byte) (name string, kind survey.Kind) {
	f := format{code, width, decimals}
	return f.String(), f.kind()
}

// Unit turns a number as SPSS keeps it into the kind's own unit: days or seconds
// from 1970-01-01 out of seconds from 1582-10-14.
func Unit(kind survey.Kind, x float64) float64 { return fromFile(kind, x) }
