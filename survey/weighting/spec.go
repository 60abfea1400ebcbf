// Package weighting makes weights that represent a population, as a weighting
// spec says:
//
//	method: rake                 # or poststratify, calibrate, trim, nonresponse, propensity
//	margins:                     # variable -> category -> total, or shares that sum to 1
//	  age_bracket: {18-24: 21000, 25-34: 26000}
//	  gender: {female: 76800, male: 73200, other: keep}
//
// or several such steps in a row, under steps:. Each step begins from the weights
// of the one before. The result knows what the weights were made from, so that
// the variance of estimates can take every step into account.
package weighting

import (
	"math"
	"strings"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/formula"
	"surveykit/survey/spec"
)

// Method names a way of weighting.
type Method string

// The methods of a weighting spec.
const (
	Rake         Method = "rake"         // fits several margins, one after the other and over again
	Poststratify Method = "poststratify" // fits the cells of a cross-classification
	Calibrate    Method = "calibrate"    // fits the totals of a model's columns
	Trim         Method = "trim"         // bounds the weights and keeps their sum
	Nonresponse  Method = "nonresponse"  // gives the weight of those who did not answer to those like them who did
	Propensity   Method = "propensity"   // weights volunteers by how likely people like them are to take part, against a reference survey
)

// Spec is a parsed weighting spec; see Parse.
type Spec struct {
	tree   *spec.Tree
	steps  []*step
	inputs []survey.Source
}

// step is one way of weighting, applied to the weights of the step before.
type step struct {
	spec   *Spec
	at     spec.Place
	method Method

	within scalar // the variable whose groups are weighted each on its own
	scale  scaling

	margins []marginSpec // rake; poststratify has one
	// normalize takes shares that miss 1 by rounding
	normalize bool
	// calibrate
	population []target
	counts     *populationFile               // in place of population
	covariance map[string]map[string]float64 // of the population's totals
	distance   stats.Distance
	ridge      float64
	// calibrate, nonresponse and propensity
	formula   *formula.Formula
	formulaAt spec.Place
	// reference is another survey: calibrate, propensity
	reference *reference
	// nonresponse and propensity
	respondents scalar
	classes     []scalar
	adjust      adjustment
	// trim
	lower, upper, tolerance float64
}

// scalar is a text of the spec at its place.
type scalar struct {
	at   spec.Place
	text string
}

// adjustment is how propensities become weights.
type adjustment string

const (
	inverse   adjustment = "inverse"   // each row by its own propensity
	quintiles adjustment = "quintiles" // five classes of rows by propensity
)

// scaling is what the weights of a step shall add to.
type scaling struct {
	at   spec.Place
	kind string // "" as they are, n, population, or total
	// total is what they shall add to.
	total float64
}

// target is a total with the names of what is brought to it: a category of each
// variable of a margin, or a column of a model.
type target struct {
	at    spec.Place
	names []string
	total float64
	// keep leaves the category the share that it has; its total is not used.
	keep bool
}

func (t target) name() string { return strings.Join(t.names, cross) }

// cross joins the variables and the categories of a cell.
const cross = " × "

type marginSpec struct {
	at        spec.Place
	variables []string
	targets   []target
	// others keep the share that they have: rows in no category with a target.
	others bool
}

func (m marginSpec) label() string { return strings.Join(m.variables, cross) }

// reference is another survey of the same population.
type reference struct {
	at     spec.Place
	path   string
	design survey.Design
	table  *survey.Table
}

// problem is a fault of the spec at a place.
func (s *Spec) problem(at spec.Place, p survey.Problem) survey.Problem { return s.tree.Mark(at, p) }

// describe says in words what a step does.
func (s *step) describe() string {
	var text string
	switch s.method {
	case Rake, Poststratify:
		text = map[Method]string{Rake: "raked to ", Poststratify: "post-stratified to "}[s.method] + strings.Join(s.fitted(), ", ")
	case Calibrate:
		text = "calibrated (" + string(s.distance.Kind) + ") to " + strings.Join(s.fitted(), ", ")
	case Trim:
		text = "trimmed to " + s.boundsText()
	case Nonresponse:
		text = "adjusted for non-response by " + s.modelText()
	case Propensity:
		text = "weighted to a reference survey by the propensity to take part, by " + s.modelText()
	}
	if s.reference != nil {
		text += " of " + s.reference.path
	}
	if s.within.text != "" {
		text += ", within " + s.within.text
	}
	return text
}

func (s *step) boundsText() string {
	lower, upper := survey.FormatNumber(s.lower), survey.FormatNumber(s.upper)
	switch {
	case s.lower == 0:
		return "at most " + upper
	case math.IsInf(s.upper, 1):
		return "at least " + lower
	}
	return "between " + lower + " and " + upper
}

// modelText names the classes or the model of propensities.
func (s *step) modelText() string {
	if s.formula == nil {
		var names []string
		for _, c := range s.classes {
			names = append(names, c.text)
		}
		return "classes of " + strings.Join(names, cross)
	}
	return strings.Join(s.formula.Variables(), ", ") + " (logit, " + string(s.adjust) + ")"
}

// assumption says in words what has to hold for the weights to take the bias out
// of estimates.
func (s *Spec) assumption() string {
	var parts []string
	for _, st := range s.steps {
		switch st.method {
		case Propensity:
			parts = append(parts, "among people alike in "+strings.Join(st.formula.Variables(), ", ")+", taking part has nothing to do with the answers, and everybody could have taken part")
		case Nonresponse:
			parts = append(parts, "within "+st.modelText()+", those who responded answer like those who did not")
		case Trim:
		default:
			parts = append(parts, "given "+strings.Join(st.fitted(), ", ")+", those who took part answer like those who did not")
		}
	}
	return strings.Join(parts, "; ")
}

// fitted names what the totals of a step are of.
func (s *step) fitted() []string {
	if s.formula != nil {
		return s.formula.Variables()
	}
	var names []string
	for _, m := range s.margins {
		names = append(names, m.label())
	}
	return names
}
