// Package weighting makes weights reproduce known population totals, as a
// weighting spec says:
//
//	method: rake                 # rake | poststratify | calibrate | trim
//	margins:                     # variable -> category -> total, or shares that sum to 1
//	  age_bracket: {18-24: 21000, 25-34: 26000}
//	  gender: {female: 76800, male: 73200}
//
// The result knows what the weights were fitted to, so that the variance of
// estimates can leave out what calibration has fixed.
package weighting

import (
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/formula"
)

// Method names a way of weighting.
type Method string

// The methods of a weighting spec.
const (
	Rake         Method = "rake"         // fits several margins, one after the other and over again
	Poststratify Method = "poststratify" // fits the cells of a cross-classification
	Calibrate    Method = "calibrate"    // fits the totals of a model's columns
	Trim         Method = "trim"         // bounds the weights and keeps their sum
)

// Spec is a parsed weighting spec; see Parse.
type Spec struct {
	Method Method

	file    string
	margins []marginSpec // rake
	// cells and their variables: poststratify.
	variables []string
	cells     []cellSpec
	// calibrate
	formula    *formula.Formula
	formulaAt  place
	population []target
	distance   stats.Distance
	// trim
	lower, upper float64
}

// place is a 1-based line and column of the spec.
type place struct{ line, column int }

// target is a total with the name of what shall come to it.
type target struct {
	at    place
	name  string
	total float64
}

type marginSpec struct {
	at       place
	variable string
	targets  []target
}

// cellSpec is a target with a category of each of the spec's variables.
type cellSpec struct {
	target
	categories []string
}

// problem is a fault of the spec at a place.
func (s *Spec) problem(at place, p survey.Problem) survey.Problem {
	p.File, p.Line, p.Column = s.file, at.line, at.column
	return p
}
