package segment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/stats/mixture"
	"surveykit/survey"
)

// Solution assigns every row of a table to a segment: what all ways of finding
// segments have in common.
type Solution struct {
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
	v := &survey.Variable{Name: name, Label: label, Kind: survey.Number, Measure: survey.Nominal, Note: s.Note, Numbers: survey.MissingNumbers(len(s.Member))}
	if s.Membership != nil && s.Note != "" {
		v.Note += modal
	}
	for k, n := range s.Names {
		v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(k + 1)), Label: n})
	}
	for i, k := range s.Member {
		if k >= 0 {
			v.Numbers.Set(i, float64(k+1))
		}
	}
	return v
}

// modal is in the note of a variable whose segments are uncertain.
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
		v := &survey.Variable{Name: survey.MembershipName(name, k+1), Label: "Probability of " + n, Kind: survey.Number, Measure: survey.Scale, Note: s.Note, Numbers: survey.MissingNumbers(len(s.Member))}
		for i := range s.Member {
			if s.Member[i] >= 0 {
				v.Numbers.Set(i, s.Membership[i][k])
			}
		}
		out = append(out, v)
	}
	return out
}

// solution assigns the rows that were fitted to their most probable class.
func (r *classesFitted) solution(method *Method) *Solution {
	m := &r.fits[r.best].Model
	s := &Solution{Membership: m.Posterior(r.in), Names: names(r.items, m)}
	s.Model = modelOf(method, s.Names, r.items)
	s.Model.LatentClass = m
	s.Member = mixture.Modal(s.Membership)
	for i := range s.Member {
		if r.weights[i] == 0 || !answersAny(r.in, i) {
			s.Member[i] = -1
		}
	}
	return s
}

func sortResiduals(r []mixture.Residual) {
	slices.SortStableFunc(r, func(a, b mixture.Residual) int { return cmp.Compare(b.Value, a.Value) })
}

// telling are the answers that a name is made of.
const telling = 2

// names says of each class which answers mark it most: those whose probability
// differs furthest from everybody's, in standard deviations of the answer,
// one answer an item. Equal names get the class's number after them.
func names(items []Indicator, m *mixture.Model) []string {
	out := make([]string, m.Classes())
	count := map[string]int{}
	for k := range out {
		out[k] = name(items, m, k)
		count[out[k]]++
	}
	for k, n := range out {
		if count[n] > 1 {
			out[k] = fmt.Sprintf("%s (%d)", n, k+1)
		}
	}
	return out
}

// called is an item's title, or its name where the title is a whole question:
// names of segments are in banners.
func called(v *survey.Variable) string {
	const room = 40
	if utf8.RuneCountInString(v.Title()) > room {
		return v.Name
	}
	return v.Title()
}

type sign struct {
	text     string
	strength float64
}

func name(items []Indicator, m *mixture.Model, k int) string {
	var signs []sign
	for j, x := range items {
		signs = append(signs, signOf(x, m.Items[j], m.Shares, k))
	}
	slices.SortStableFunc(signs, func(a, b sign) int { return cmp.Compare(b.strength, a.strength) })
	var parts []string
	for _, s := range signs[:min(telling, len(signs))] {
		parts = append(parts, s.text)
	}
	return strings.Join(parts, "; ")
}

// signOf is an item's most telling answer of a class.
func signOf(x Indicator, item mixture.ItemModel, shares []float64, k int) sign {
	if x.Measure == survey.Scale {
		return meanSign(x, item, shares, k)
	}
	best := sign{strength: -1}
	for c, label := range x.Classes.Labels {
		var all float64
		for l, share := range shares {
			all += share * item.Probability[l][c]
		}
		p := item.Probability[k][c]
		if s := (p - all) / math.Sqrt(all*(1-all)+1e-9); s > best.strength {
			best = sign{text: called(x.Variable) + ": " + label, strength: s}
		}
	}
	return best
}

func meanSign(x Indicator, item mixture.ItemModel, shares []float64, k int) sign {
	var all, square float64
	for l, share := range shares {
		all += share * item.Mean[l]
		square += share * (item.Mean[l]*item.Mean[l] + item.SD[l]*item.SD[l])
	}
	s := (item.Mean[k] - all) / math.Sqrt(square-all*all+1e-300)
	word := "high"
	if s < 0 {
		word = "low"
	}
	return sign{text: called(x.Variable) + ": " + word, strength: math.Abs(s)}
}
