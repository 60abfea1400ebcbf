package segment

import (
	"math"

	"surveykit/stats/mixture"
	"surveykit/survey"
)

// Solution assigns every row of a table to a segment: what all ways of finding
// segments have in common.
type Solution struct {
	Method Method
	// Names of the segments, in order.
	Names []string
	// Member is each row's segment, -1 where it was not classed.
	Member []int32
	// Membership holds each row's probability of each segment; nil where
	// membership is certain.
	Membership [][]float64
	// Model assigns other people; nil where the way has none.
	Model *Model
	// Note says how the segments were found, for readers of their figures.
	Note string
}

// Variable is the solution as a variable: codes 1 to K, labelled with the
// segments' names, missing where a row was not classed.
func (s *Solution) Variable(name, label string) *survey.Variable {
	v := &survey.Variable{Name: name, Label: label, Kind: survey.Number, Measure: survey.Nominal, Note: s.Note, Numbers: make([]float64, len(s.Member))}
	if s.Membership != nil && s.Note != "" {
		v.Note += modal
	}
	for k, n := range s.Names {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(k + 1)), Label: n})
	}
	for i, k := range s.Member {
		if v.Numbers[i] = math.NaN(); k >= 0 {
			v.Numbers[i] = float64(k + 1)
		}
	}
	return v
}

// modal stands in the note of a variable whose segments are uncertain.
const modal = " Everybody counts in their most probable segment; intervals do not hold how uncertain that is."

// Variables are Variable and Probabilities.
func (s *Solution) Variables(name string) []*survey.Variable {
	return append([]*survey.Variable{s.Variable(name, "Segment")}, s.Probabilities(name)...)
}

// Probabilities are, where membership is uncertain, the probability of each
// segment: NAME_1, NAME_2 …
func (s *Solution) Probabilities(name string) []*survey.Variable {
	if s.Membership == nil {
		return nil
	}
	var out []*survey.Variable
	for k, n := range s.Names {
		v := &survey.Variable{Name: survey.MembershipName(name, k+1), Label: "Probability of " + n, Kind: survey.Number, Measure: survey.Scale, Note: s.Note, Numbers: make([]float64, len(s.Member))}
		for i := range s.Member {
			if v.Numbers[i] = math.NaN(); s.Member[i] >= 0 {
				v.Numbers[i] = s.Membership[i][k]
			}
		}
		out = append(out, v)
	}
	return out
}

// solution assigns the rows that were fitted to their most probable class.
func (r *classesFitted) solution() *Solution {
	m := &r.fits[r.best].Model
	s := &Solution{Method: LatentClassMethod, Membership: m.Posterior(r.in), Names: names(r.items, m)}
	s.Model = modelOf(m, s.Names, r.items)
	s.Member = mixture.Modal(s.Membership)
	for i := range s.Member {
		if r.weights[i] == 0 || !answersAny(r.in, i) {
			s.Member[i] = -1
		}
	}
	return s
}
