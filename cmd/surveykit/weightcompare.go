package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/weighting"
)

// alternative is one way of weighting with what the items come to under it.
type alternative struct {
	// Spec is the weighting spec's path, "" for the weights as they are.
	Spec       string            `json:"spec"`
	Modelled   bool              `json:"modelled"`
	Assumption string            `json:"assumption"`
	KishDeff   float64           `json:"kish_deff"`
	NEffective float64           `json:"n_effective"`
	Results    []survey.Estimate `json:"results"`
}

// compareReport is what weight --compare prints.
type compareReport struct {
	Schema       string        `json:"schema"`
	Alternatives []alternative `json:"alternatives"`
}

// runCompare estimates the items under the weights as they are and under each spec.
func (o *weightOptions) runCompare(c *cobra.Command, in *input) error {
	design := o.design.over(in.design)
	alternatives := []alternative{}
	for _, path := range append([]string{"", o.spec}, o.compare...) {
		f, r, err := weigh(in.table, design, path, o.design.fence(in, path))
		if err != nil {
			return err
		}
		a := alternative{Spec: path}
		if err := a.estimate(in.table, f, o.items, design.Confidence()); err != nil {
			return err
		}
		if r != nil {
			a.Modelled, a.Assumption = r.Modelled, r.Assumption
		}
		alternatives = append(alternatives, a)
	}
	return o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return json.NewEncoder(w).Encode(compareReport{tidy.Schema, alternatives})
		}
		printAlternatives(w, alternatives)
		return nil
	})
}

// estimate fills in the items: shares of categories, means of measures.
func (a *alternative) estimate(t *survey.Table, f *engine.Frame, items []string, level float64) error {
	s, err := estimate.New(t, f, estimate.Domain{})
	if err != nil {
		return err
	}
	s.Level = level
	for _, name := range items {
		of := s.Proportions
		if v := t.Lookup(name); v != nil && weighting.IsMeasure(v) {
			of = s.Means
		}
		records, err := of([]string{name})
		if err != nil {
			return err
		}
		a.Results = append(a.Results, records...)
	}
	a.KishDeff, a.NEffective = weighting.Cost(f.Weights)
	return nil
}

func printAlternatives(out io.Writer, alternatives []alternative) {
	header := []string{"ITEM", "ANSWER"}
	for _, a := range alternatives {
		header = append(header, a.name())
	}
	t := newTable(out, header...)
	for k, r := range alternatives[0].Results {
		cells := []string{r.Variable, r.Category}
		for _, a := range alternatives {
			r := a.Results[k]
			kind := kindOf(r.Statistic)
			cells = append(cells, show(kind, r.Value)+" "+figure.Interval(kind, float64(r.Low), float64(r.High), decimals(kind)))
		}
		t.row(cells...)
	}
	effective, cost := []string{"effective n", ""}, []string{"Kish design effect", ""}
	for _, a := range alternatives {
		effective = append(effective, figure.Number(a.NEffective, 0))
		cost = append(cost, figure.Number(a.KishDeff, 3))
	}
	t.row(effective...)
	t.row(cost...)
	t.flush()
	fmt.Fprintln(out)
	for _, a := range alternatives[1:] {
		precision := "intervals are of sampling error"
		if a.Modelled {
			precision = "intervals are modelled precision, not a margin of sampling error"
		}
		fmt.Fprintf(out, "%s assumes: %s; %s.\n", a.name(), a.Assumption, precision)
	}
}

func (a alternative) name() string {
	if a.Spec == "" {
		return "AS IT IS"
	}
	return filepath.Base(a.Spec)
}
