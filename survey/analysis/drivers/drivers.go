// Package drivers says what moves an outcome: how much a linear or logistic
// model explains, which of its drivers the explained part belongs to, and how
// well each of these does today, all with the uncertainty of the sample design.
package drivers

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"surveykit/stats/importance"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// Options ask for the drivers of an outcome.
type Options struct {
	// Outcome is a variable of numbers or an expression, such as shares == 1. Required.
	Outcome string
	// Drivers are variables as segment.Indicators reads them: nominal ones and
	// texts are factors, all others numbers. Required: two or more.
	Drivers []string
	// Family is gaussian or binomial; where it is empty binomial for an outcome of
	// 0 and 1, such as a condition, and gaussian for any other.
	Family string
	// Rank is the importance by which drivers are ranked and put into quadrants.
	// Default Shapley.
	Rank Importance
	// Top is the number of highest codes whose share is a driver's performance; 0
	// for its mean.
	Top int
	// Orders and Seed are those of importance.Orders.
	Orders int
	Seed   uint64
}

// Importance is a way to share out what the drivers explain.
type Importance string

// The ways: the mean gain over all orders, and relative weights (Johnson 2000).
const (
	Shapley Importance = "shapley"
	Johnson Importance = "johnson"
)

// Analysis is what moves an outcome.
type Analysis struct {
	Outcome string `json:"outcome"`
	Label   string `json:"label"`
	Family  string `json:"family"`
	// R2 is the share of the outcome's variance that the drivers explain
	// together, 0–1; with a binomial family that of the tendency behind the outcome
	// (McKelvey & Zavoina 1975).
	R2 survey.Estimate `json:"r2"`
	// Unique is the part of R2 that needs one certain driver, the sum of the
	// drivers' own; Common the rest, which two or more drivers explain alike. Where
	// drivers hold each other back Common is below zero.
	Unique survey.Estimate `json:"unique"`
	Common survey.Estimate `json:"common"`
	// Best is the driver that explains most alone, "" where none is estimable;
	// BeyondBest what all of them explain beyond it.
	Best       string          `json:"best"`
	BeyondBest survey.Estimate `json:"beyond_best"`
	// Orders is the number of orders that Shapley's mean was taken over; 0 for all.
	Orders       int                    `json:"orders_sampled"`
	Drivers      []Driver               `json:"drivers"`
	Coefficients []estimate.Coefficient `json:"coefficients"`
	Notes        []string               `json:"notes"`
	// Reasons say which answers give outcomes away where nothing that the drivers
	// explain is estimable. They are among the sample's warnings, too.
	Reasons survey.Notices `json:"-"`

	rank Importance
	top  int
}

// Driver is one driver with its importance and its performance.
type Driver struct {
	Driver string `json:"driver"`
	Label  string `json:"label"`
	Factor bool   `json:"factor"`
	// Shapley and Johnson are its parts of R2 by two ways; the shares are in R2.
	Shapley      survey.Estimate `json:"shapley"`
	ShapleyShare survey.Estimate `json:"shapley_share"`
	Johnson      survey.Estimate `json:"johnson"`
	JohnsonShare survey.Estimate `json:"johnson_share"`
	// Alone is its R² without the others; Unique what is lost without it; Common
	// is Alone − Unique.
	Alone  survey.Estimate `json:"alone"`
	Unique survey.Estimate `json:"unique"`
	Common survey.Estimate `json:"common"`
	// SamplingError is the standard error that Shapley's part has from sampled
	// orders, a part of the errors above; 0 where all were taken.
	SamplingError survey.Figure `json:"orders_error"`
	// Effects are its coefficients in the model, those of a factor for each level
	// but the first: a coefficient, or with a binomial family an odds ratio, with
	// limits by the model's degrees of freedom.
	Effects []survey.Estimate `json:"effects"`
	// Performance is its mean, or the share in its highest codes; nil for a factor.
	Performance *survey.Estimate `json:"performance,omitempty"`
	// Quadrant says where it lies: important or not, doing well or not.
	Quadrant Quadrant `json:"quadrant,omitempty"`
}

// Quadrant is a place in the plane of importance and performance, parted by
// the means over the drivers.
type Quadrant string

// The quadrants (Martilla & James 1977).
const (
	Concentrate Quadrant = "concentrate here"
	KeepUp      Quadrant = "keep up the good work"
	LowPriority Quadrant = "low priority"
	Overkill    Quadrant = "possible overkill"
)

// Analyse finds what moves an outcome. The model's rows are those of the
// sample's domain with an answer to the outcome and to all drivers; sizes and
// errors are design-based, by linearisation and the second-order term beyond it,
// or by fits under each replicate's weights. Where the drivers separate the outcomes
// no part of R² is estimable, and reasons name the answers that give them away. The
// error is survey.Problems: unknown variables, outcomes that the family is not for,
// an outcome among its drivers, answers that are all the same, drivers that say the
// same, too few rows.
func Analyse(ctx context.Context, s *estimate.Sample, o Options) (*Analysis, error) {
	if err := s.NeedsRows("the analysis of drivers"); err != nil {
		return nil, err
	}
	m, err := newModel(s, o)
	if err != nil {
		return nil, err
	}
	if !m.separated() {
		if err := m.measure(ctx, importance.Orders{Sampled: o.Orders, Seed: o.Seed}); err != nil {
			return nil, err
		}
	}
	a := &Analysis{Outcome: o.Outcome, Label: m.response.Title(), Family: m.family.Name, rank: cmp.Or(o.Rank, Shapley), top: o.Top}
	if len(m.items) > importance.MostExact && !m.separated() {
		a.Orders = o.Orders
	}
	a.whole(m)
	for j := range m.items {
		a.Drivers = append(a.Drivers, m.driver(j))
	}
	if err := a.perform(m, o.Top); err != nil {
		return nil, err
	}
	before := len(s.Warnings())
	if a.Coefficients, err = m.sample.Regress(m.text, a.Family); err != nil {
		return nil, err
	}
	a.Reasons = s.Warnings()[before:]
	for j := range a.Drivers {
		a.Drivers[j].Effects = m.effects(j, a.Coefficients)
	}
	a.remark(m)
	return a, nil
}

// Ranked are the drivers, the most important one first.
func (a *Analysis) Ranked() []Driver {
	out := slices.Clone(a.Drivers)
	slices.SortStableFunc(out, func(x, y Driver) int {
		return cmp.Compare(a.importance(y).Value.Float(), a.importance(x).Value.Float())
	})
	return out
}

// importance is a driver's share of R² by the way that ranks.
func (a *Analysis) importance(d Driver) survey.Estimate {
	if a.rank == Johnson {
		return d.JohnsonShare
	}
	return d.ShapleyShare
}

// whole fills in the figures of the model.
func (a *Analysis) whole(m *model) {
	best := 0
	if !m.separated() {
		for j, f := range m.parts.Alone {
			if f.Value > m.parts.Alone[best].Value {
				best = j
			}
		}
		a.Best = m.items[best].Variable.Name
	}
	unique := func(p *importance.Parts) importance.Figure {
		sum := p.Unique[0]
		for _, f := range p.Unique[1:] {
			sum = sum.Plus(f)
		}
		return sum
	}
	a.R2 = m.record("r2", "", true, func(p *importance.Parts) importance.Figure { return p.R2 })
	a.Unique = m.record("unique", "", false, unique)
	a.Common = m.record("common", "", false, func(p *importance.Parts) importance.Figure { return p.R2.Minus(unique(p)) })
	a.BeyondBest = m.record("beyond_best", a.Best, true, func(p *importance.Parts) importance.Figure { return p.R2.Minus(p.Alone[best]) })
}

// driver fills in the figures of one driver.
func (m *model) driver(j int) Driver {
	x := m.items[j]
	d := Driver{Driver: x.Variable.Name, Label: x.Variable.Title(), Factor: isFactor(x)}
	if !m.separated() {
		d.SamplingError = survey.FigureOf(m.parts.Shapley[j].Error)
	}
	figure := func(statistic string, share bool, f func(p *importance.Parts) importance.Figure) survey.Estimate {
		return m.record(statistic, d.Driver, share, f)
	}
	d.Shapley = figure("shapley", true, func(p *importance.Parts) importance.Figure { return p.Shapley[j] })
	d.ShapleyShare = figure("shapley_share", true, func(p *importance.Parts) importance.Figure { return p.Shapley[j].Over(p.R2) })
	d.Johnson = figure("johnson", true, func(p *importance.Parts) importance.Figure { return p.Johnson[j] })
	d.JohnsonShare = figure("johnson_share", true, func(p *importance.Parts) importance.Figure { return p.Johnson[j].Over(p.R2) })
	d.Alone = figure("alone", true, func(p *importance.Parts) importance.Figure { return p.Alone[j] })
	d.Unique = figure("unique", true, func(p *importance.Parts) importance.Figure { return p.Unique[j] })
	d.Common = figure("common", false, func(p *importance.Parts) importance.Figure { return p.Alone[j].Minus(p.Unique[j]) })
	return d
}

// remark notes what a reader has to know.
func (a *Analysis) remark(m *model) {
	if m.separated() {
		a.Notes = append(a.Notes, "The drivers give outcomes away, so that no part of R² is estimable: the coefficients of the answers concerned would be infinite.")
	}
	a.Notes = append(a.Notes, "Importance is association within this model, not effect: a driver takes the place of one that is left out and goes together with it.")
	if a.Family == "binomial" {
		a.Notes = append(a.Notes, "R² describes the tendency behind the outcome on the scale of the logit (McKelvey and Zavoina 1975); it is not comparable with a linear model's.")
	}
	if a.Orders > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("Shapley's values are means over %d orders drawn at random; the intervals know what that leaves open.", a.Orders))
	}
	if n := m.asked - m.base.N; n > 0 {
		a.Notes = append(a.Notes, survey.FormatCount(n)+" rows without an answer to the outcome or to a driver are not in the model.")
	}
	for _, x := range m.items {
		for _, doubt := range x.Doubts() {
			a.Notes = append(a.Notes, doubt.Text+".")
		}
	}
}
