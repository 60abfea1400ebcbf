package drivers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
	"surveykit/survey/prepare"
	"surveykit/survey/tabulate"
)

// Spec asks for the drivers of an outcome: how important each is, its
// effect, and how well it does, among the rows of the table's filter.
type Spec struct {
	// Outcome is a variable of numbers, or a condition such as satisfaction >= 4.
	Outcome string `yaml:"outcome" json:"outcome" jsonschema:"minLength=1"`
	// Items are the drivers, two or more: variables or groups; q1:nominal, q1:ordinal or q1:scale says how answers are taken.
	Items []string `yaml:"items" json:"items" jsonschema:"minItems=1"`
	// Family of the model: gaussian (linear) or binomial (logistic), which is for outcomes of 0 and 1.
	Family string `yaml:"family,omitempty" json:"family,omitempty" jsonschema:"enum=gaussian,enum=binomial"`
	// Importance is the drivers' share of R² by shapley (the default) or by johnson, relative weights.
	Importance string `yaml:"importance,omitempty" json:"importance,omitempty" jsonschema:"enum=shapley,enum=johnson"`
	// Top makes a driver's performance the share in so many of its highest codes, in place of its mean.
	Top int `yaml:"top,omitempty" json:"top,omitempty" jsonschema:"minimum=1"`
	// Orders are drawn where there are more than 15 drivers (default 2000).
	Orders int `yaml:"orders,omitempty" json:"orders,omitempty" jsonschema:"minimum=10,maximum=1000000"`
	// Seed of the orders (default 1).
	Seed *int `yaml:"seed,omitempty" json:"seed,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
}

// defaultOrders are drawn where there are too many drivers for all orders.
const defaultOrders = 2000

// Key is the key of a table of drivers.
func (Spec) Key() string { return "drivers" }

// CheckTable finds drivers and outcomes that are not there, and an outcome among
// its drivers.
func (s Spec) CheckTable(r *prepare.Request) {
	outcome := r.Number("outcome", s.Outcome)
	seen, sound := map[string]bool{}, true
	for j, item := range s.Items {
		here := fmt.Sprintf("items[%d]", j)
		found, ok := segment.CheckItem(r, here, item)
		sound = sound && ok
		for _, v := range found {
			if slices.Contains(outcome, v.Name) {
				r.Fault(here, survey.Problem{Variable: v.Name, Message: "the outcome is among its drivers", Remedy: "leave it out of the drivers"})
				sound = false
			}
			if seen[v.Name] {
				r.Fault(here, survey.Problem{Variable: v.Name, Message: "the driver is listed twice", Remedy: "name each driver once"})
				sound = false
			}
			seen[v.Name] = true
		}
	}
	if len(seen) == 1 && sound {
		r.Fault("items", survey.Problem{Message: "importance needs at least two drivers", Remedy: "name more drivers"})
	}
}

// Tabulate analyses the sample. Only the analysis itself shows whether there can be
// one.
func (s Spec) Tabulate(ctx context.Context, sample *estimate.Sample, study *survey.Study, spec survey.TableSpec) (*tabulate.Made, error) {
	items := segment.Expand(s.Items, study.Groups, sample.Table())
	o := Options{
		Outcome: s.Outcome, Drivers: items, Family: s.Family,
		Rank: Importance(s.Importance), Top: s.Top, Orders: cmp.Or(s.Orders, defaultOrders), Seed: 1,
	}
	if s.Seed != nil {
		o.Seed = uint64(*s.Seed)
	}
	a, err := Analyse(ctx, sample, o)
	if err != nil {
		return nil, err
	}
	if study.Quality.Confidential > 0 {
		a.Reasons = nil // they count the people of a category
	}
	made := &tabulate.Made{Tabulation: a.Tabulation(), Reads: []string{s.Outcome}}
	if e, err := expression.CompileValue(s.Outcome, sample.Table()); err == nil {
		made.Reads = append(made.Reads, e.Variables()...)
	}
	for _, item := range items {
		name, _, _ := strings.Cut(item, ":")
		made.Reads = append(made.Reads, name)
	}
	made.RestsOn = make([]*survey.RowSpec, len(made.Cells))
	for r, cell := range made.Cells {
		switch cell[0].Statistic {
		case estimate.Mean.Name:
			made.RestsOn[r] = &survey.RowSpec{Mean: cell[0].Variable}
		case estimate.TopBox.Name:
			made.RestsOn[r] = &survey.RowSpec{Variable: cell[0].Variable, Top: s.Top}
		}
	}
	made.Chart, made.Undrawable = a.drawn(spec.Chart)
	return made, nil
}

// drawn is how the table is drawn where its chart does not say otherwise:
// importance against performance where performances compare, or importance alone;
// nil where it is not estimable.
func (a *Analysis) drawn(wish *survey.Chart) (*survey.Chart, error) {
	if a.Best == "" {
		return nil, nil
	}
	if wish == nil || wish.Kind != "" && wish.Kind != survey.ChartQuadrant {
		return a.Bars(), nil
	}
	plane, err := a.Plane()
	if err != nil && wish.Kind == "" {
		return a.Bars(), nil
	}
	return plane, err
}
