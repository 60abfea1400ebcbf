// Package correspondence maps groups of people and their answers on common axes
// under the sample design.
//
// With P the table as shares of its total, r and c its margins, the singular
// value decomposition of D_r^{-1/2} (P − rc') D_c^{-1/2} = U Σ V' gives principal
// coordinates F = D_r^{-1/2} U Σ of rows and G = D_c^{-1/2} V Σ of columns: points
// near each other have similar profiles, by the distance of χ². Source: Greenacre,
// Correspondence Analysis in Practice, third edition (2017), appendix A.
// Equals R ca::ca.
package correspondence

import (
	"fmt"
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// shownAxes are the axes of a map.
const shownAxes = 2

// Options ask for a map.
type Options struct {
	// Rows is the variable whose categories are groups, such as segments. Required.
	Rows string
	// Columns are variables and multiple-response sets whose answers are placed with
	// the groups. Required.
	Columns []string
	// Supplementary are variables whose categories are put into the finished map,
	// where they would lie as groups.
	Supplementary []string
}

// Map is a symmetric map: groups and answers in principal coordinates.
type Map struct {
	// Inertia is that of the whole table, χ²/n of the weighted counts.
	Inertia survey.Figure `json:"inertia"`
	Axes    []Axis        `json:"axes"`
	Points  []Point       `json:"points"`
}

// Axis is one dimension of the table; the first two are the map's.
type Axis struct {
	Inertia survey.Figure `json:"inertia"`
	// Share of the whole, 0–1.
	Share survey.Figure `json:"share"`
}

// Kind says what a point is.
type Kind string

// The kinds of point.
const (
	Group         Kind = "group"
	Answer        Kind = "answer"
	Supplementary Kind = "supplementary"
)

// Point is a group or an answer on the map.
type Point struct {
	Kind     Kind   `json:"kind"`
	Variable string `json:"variable"`
	Label    string `json:"label"`
	// Mass is the point's share of the table, Inertia its part of the whole
	// inertia, Contributions its parts of the two axes' (0–1); of supplementary
	// points, which form no axis, there are none.
	Mass          survey.Figure   `json:"mass"`
	Inertia       survey.Figure   `json:"inertia"`
	Contributions []survey.Figure `json:"contributions"`
	// Quality is how much of the point's distance from the centre the map shows (0–1).
	Quality survey.Figure `json:"quality"`
	// Coordinates on the two axes, with errors given the axes, and their covariance.
	Coordinates []survey.Estimate `json:"coordinates"`
	Covariance  survey.Figure     `json:"covariance"`
	// Ellipse is the region of confidence of both coordinates together.
	Ellipse Ellipse `json:"ellipse"`
}

// Ellipse has half axes and the angle of the major one to the first axis, in radians.
type Ellipse struct {
	Major survey.Figure `json:"major"`
	Minor survey.Figure `json:"minor"`
	Angle survey.Figure `json:"angle"`
}

// Make analyses the weighted table of groups by answers (each column variable and
// each chosen item of a set adds to it) over the sample's rows and places every
// point. People without a group, and questions without an answer, add nothing;
// categories that nobody has are left out.
// The axes are taken as given: a point's error is that of its profile under the
// design, so that the ellipses show how firmly points lie, not how the axes would
// turn (partial bootstrap: Greenacre 2017, chapter 29, with the design's variance).
// The error is survey.Problems: unknown names, fewer than three groups or answers
// with anybody in them.
func Make(s *estimate.Sample, o Options) (*Map, error) {
	t, err := count(s, o)
	if err != nil {
		return nil, err
	}
	a, err := analyse(t.table)
	if err != nil {
		return nil, survey.Problems{{Message: err.Error(), Remedy: "leave the answer out; negative weights may be the cause"}}
	}
	m := &Map{Inertia: survey.FigureOf(a.Total())}
	for _, x := range a.Inertia {
		m.Axes = append(m.Axes, Axis{survey.FigureOf(x), survey.FigureOf(x / a.Total())})
	}
	if !(a.Inertia[1] > flat*a.Total()) {
		return nil, survey.Problems{{Message: "the table has only one axis: groups and answers lie on a line", Remedy: "add answers or groups"}}
	}
	for _, points := range []func(*analysis) ([]Point, error){t.groupPoints, t.answerPoints} {
		more, err := points(a)
		if err != nil {
			return nil, err
		}
		m.Points = append(m.Points, more...)
	}
	for _, name := range o.Supplementary {
		more, err := t.supplementary(a, s.Table().Lookup(name))
		if err != nil {
			return nil, err
		}
		m.Points = append(m.Points, more...)
	}
	return m, nil
}

// flat is the share of the inertia under which an axis is rounding.
const flat = 1e-12

// place fills in a point whose coordinates are means of standard coordinates: the
// totals of 1 and of each coordinate.
func (t *counted) place(p *Point, totals *engine.Totals, one int, coordinates [shownAxes]int) {
	base := totals.Base([]int{one})
	var deviations [][]float64
	for d := range shownAxes {
		r := estimate.Blank(t.sample.Level())
		r.Statistic, r.Variable, r.Category = fmt.Sprintf("axis_%d", d+1), p.Variable, p.Label
		ask := estimate.Ask{Function: estimate.Mean.Function, Arguments: [][]int{{coordinates[d]}, {one}}}
		deviations = append(deviations, ask.Fill(&r, totals, base))
		p.Coordinates = append(p.Coordinates, r)
	}
	x, y := p.Coordinates[0], p.Coordinates[1]
	if !x.SE.Exists() || !y.SE.Exists() {
		return
	}
	xy := stats.Dot(deviations[0], deviations[1])
	p.Covariance = survey.FigureOf(xy)
	e := confidence(x.SE.Float()*x.SE.Float(), xy, y.SE.Float()*y.SE.Float(), base.DF, t.sample.Level())
	p.Ellipse = Ellipse{survey.FigureOf(e.Major), survey.FigureOf(e.Minor), survey.FigureOf(e.Angle)}
}

// groupPoints are the points of the rows: means of the answers' standard coordinates.
func (t *counted) groupPoints(a *analysis) ([]Point, error) {
	totals, err := t.profiles(a, t.groups)
	if err != nil {
		return nil, err
	}
	out := make([]Point, len(t.groupLabels))
	for i, label := range t.groupLabels {
		out[i] = point(Group, t.groupName, label, &a.Rows, i, a.Total())
		t.place(&out[i], totals, totals.Index(i, 0), [shownAxes]int{totals.Index(i, 1), totals.Index(i, 2)})
	}
	return out, nil
}

// profiles totals, in each cell, the answers and their standard coordinates.
func (t *counted) profiles(a *analysis, of engine.Axis) (*engine.Totals, error) {
	given, factors := make([]engine.Number, len(t.columns)), make([][]float64, 1+shownAxes)
	for j, c := range t.columns {
		given[j] = engine.Is{Axis: c.given.Axis, Cell: c.given.Cell}
		factors[0] = append(factors[0], 1)
		for d := range shownAxes {
			factors[1+d] = append(factors[1+d], a.Columns.Standard[j][d])
		}
	}
	q := engine.Query{Cells: []engine.Axis{of}}
	for _, f := range factors {
		q.Numbers = append(q.Numbers, engine.Sum{Of: given, Factors: [][]float64{f}})
	}
	return t.sample.Sums(q)
}

// answerPoints are the points of the columns: means of the groups' standard coordinates.
func (t *counted) answerPoints(a *analysis) ([]Point, error) {
	q := engine.Query{Points: t.answers(), Numbers: []engine.Number{engine.One{}}}
	var in []engine.Number
	for g := range t.groupLabels {
		in = append(in, engine.Is{Axis: t.groups, Cell: g})
	}
	for d := range shownAxes {
		of := engine.Sum{Of: in, Factors: [][]float64{nil}}
		for g := range t.groupLabels {
			of.Factors[0] = append(of.Factors[0], a.Rows.Standard[g][d])
		}
		q.Numbers = append(q.Numbers, of)
	}
	q.Where = []engine.Condition{{Axis: engine.Existing{engine.Place{Of: t.groups}}}}
	totals, err := t.sample.Sums(q)
	if err != nil {
		return nil, err
	}
	out := make([]Point, len(t.columns))
	for j, c := range t.columns {
		out[j] = point(Answer, c.variable, c.label, &a.Columns, j, a.Total())
		at := func(number int) int { return totals.Index(0, q.Term(number, j)) }
		t.place(&out[j], totals, at(0), [shownAxes]int{at(1), at(2)})
	}
	return out, nil
}

func point(kind Kind, variable, label string, c *cloud, i int, total float64) Point {
	p := Point{Kind: kind, Variable: variable, Label: label, Mass: survey.FigureOf(c.Mass[i]), Inertia: survey.FigureOf(c.Inertia[i] / total),
		Quality: survey.FigureOf(c.Quality(i, shownAxes))}
	for d := range shownAxes {
		p.Contributions = append(p.Contributions, survey.FigureOf(c.Contribution(i, d)))
	}
	return p
}

// supplementary are the categories of a variable, placed as groups would be. All
// people with an answer count, whether or not they have a group.
func (t *counted) supplementary(a *analysis, v *survey.Variable) ([]Point, error) {
	c := survey.Classify(v)
	of := engine.Categories(v.Name, c)
	totals, err := t.profiles(a, of)
	if err != nil {
		return nil, err
	}
	given, err := t.sample.Sums(engine.Query{Cells: []engine.Axis{of}, Points: t.answers()})
	if err != nil {
		return nil, err
	}
	var out []Point
	for k, label := range c.Labels {
		first := totals.Index(k, 0)
		if !(totals.Sum[first] > 0) {
			continue
		}
		p := Point{Kind: Supplementary, Variable: v.Name, Label: label, Contributions: []survey.Figure{}}
		profile := given.Sum[given.Index(k, 0):given.Index(k+1, 0)]
		p.Quality = survey.FigureOf(quality(a, profile, totals.Sum[first]))
		t.place(&p, totals, first, [shownAxes]int{totals.Index(k, 1), totals.Index(k, 2)})
		out = append(out, p)
	}
	return out, nil
}

// quality is how much of a profile's distance from the centre the map shows.
func quality(a *analysis, profile []float64, sum float64) float64 {
	var all, seen float64
	for j, x := range profile {
		far := x/sum - a.Columns.Mass[j]
		all += far * far / a.Columns.Mass[j]
	}
	for _, x := range a.Columns.Project(profile)[:shownAxes] {
		seen += x * x
	}
	if all == 0 {
		return math.NaN()
	}
	return seen / all
}
