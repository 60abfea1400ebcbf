package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey/estimate"
)

// compareReport is what weight --compare prints.
type compareReport struct {
	Schema       string                `json:"schema"`
	Alternatives []reports.Alternative `json:"alternatives"`
}

// runCompare estimates the items under the weights as they are and under each spec.
func (o *weightOptions) runCompare(c *cobra.Command, in *reports.Data) error {
	alternatives, err := in.CompareWeights(c.Context(), append([]string{o.spec}, o.compare...), o.items)
	if err != nil {
		return err
	}
	return o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return json.NewEncoder(w).Encode(compareReport{tidy.Schema, alternatives})
		}
		printAlternatives(w, alternatives)
		return nil
	})
}

func printAlternatives(out io.Writer, alternatives []reports.Alternative) {
	header := []string{"ITEM", "ANSWER"}
	for _, a := range alternatives {
		header = append(header, alternativeName(a))
	}
	t := newTable(out, header...)
	for k, r := range alternatives[0].Results {
		cells := []string{r.Variable, r.Category}
		for _, a := range alternatives {
			r := a.Results[k]
			kind := estimate.KindOf(r.Statistic)
			cells = append(cells, show(kind, r.Value)+" "+interval(kind, r))
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
		fmt.Fprintf(out, "%s assumes: %s; %s.\n", alternativeName(a), a.Assumption, precision)
	}
}

func alternativeName(a reports.Alternative) string {
	if a.Spec == "" {
		return "AS IT IS"
	}
	return filepath.Base(a.Spec)
}
