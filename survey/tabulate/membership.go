package tabulate

import (
	"fmt"
	"math"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// byProbability stands behind the heading of columns in which people count by
// their probability of belonging.
const byProbability = ", by probability"

// membership gives a column for each category of a variable of segments, in
// which every row counts by its probability p_k of being in the segment:
//
//	share = Σ w p_k x / Σ w p_k
//
// and so for means, with the same covariances as for any other column; intervals
// take the probabilities as given. Where each probability is 0 or 1 the columns
// are those of the variable itself. Rows without probabilities are in no column.
func (m *making) membership(name, heading string) ([]place, survey.Problems) {
	c, problems := m.classify(name)
	if len(problems) > 0 {
		return nil, problems
	}
	var out []place
	for k, label := range c.Labels {
		if problem := m.probabilities(name, k+1); problem != nil {
			problems = append(problems, *problem)
			continue
		}
		part := engine.Answer{Column: survey.MembershipName(name, k+1)}
		head := survey.Column{Group: or(heading, m.Table.Lookup(name).Title()) + byProbability, Label: label}
		out = append(out, place{
			column{Column: head, group: one(name, c.Values[k]), labels: one(name, survey.TextValue(label)), reads: []string{survey.MembershipName(name, k+1)}},
			engine.Everyone.And(engine.Condition{Part: part}),
		})
	}
	return out, problems
}

// probabilities checks those of the k-th segment, from 1.
func (m *making) probabilities(name string, k int) *survey.Problem {
	p := m.Table.Lookup(survey.MembershipName(name, k))
	if p == nil || p.Numbers == nil {
		return &survey.Problem{Variable: name, Message: fmt.Sprintf("has no probabilities of membership: there is no number %s", survey.MembershipName(name, k)),
			Remedy: "name segments of a latent class model, or use the column as a plain variable"}
	}
	for i, valid := range p.Valid() {
		if x := p.Numbers[i]; valid && (x < 0 || x > 1) {
			return &survey.Problem{Row: i + 1, Variable: p.Name, Value: survey.FormatNumber(x), Message: "is not a probability from 0 to 1", Remedy: "give the probabilities that segment assign wrote"}
		}
	}
	return nil
}

// people is the number of respondents behind totals, the expected one rounded
// where they belong in part, but 1 where there is anybody.
func (x *crossing) people(js []int) int {
	n, expected := 0, 0.0
	for _, j := range js {
		if n += x.totals.N[j]; x.totals.Expected != nil {
			expected += x.totals.Expected[j]
		}
	}
	if x.totals.Expected == nil || n == 0 {
		return n
	}
	return max(1, int(math.Round(expected)))
}

// inPart marks the points to which some row may belong in part.
func inPart(points []engine.Point) []bool {
	var out []bool
	for k, p := range points {
		if p.InPart() {
			if out == nil {
				out = make([]bool, len(points))
			}
			out[k] = true
		}
	}
	return out
}

// inPart reports whether people belong to a column's points in part.
func (x *crossing) inPart(c column) bool {
	for _, p := range c.points(c.point) {
		if x.banner.inPart != nil && x.banner.inPart[p] {
			return true
		}
	}
	return false
}

// remarkMembership says how people count in columns by probability, and which
// rows have no figure there.
func (t *tabling) remarkMembership(b banner) {
	if b.inPart != nil {
		t.remark("In columns by probability every person counts in each segment with the probability of belonging to it, so that nobody has to be put into one; their bases are expected numbers of people, and intervals take the probabilities as given. Medians, percentiles and standard deviations are not given there.")
	}
}
