package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

type weightOptions struct {
	design  designOptions
	spec    string
	column  string
	search  bool
	compare []string
	items   []string
	chart   string
	output  outputOptions
}

func newWeight() *cobra.Command {
	var o weightOptions
	c := &cobra.Command{
		Use:   "weight DATA",
		Short: "Make weights for a population, and show their design effect",
		Long: `weight writes the data with one weight column more, made as the weighting spec says: rake, poststratify, calibrate,
trim, nonresponse or propensity, or several of these steps in a row. It shows each margin before and after, the
distribution of the weights, the design effect, thin categories and the answers that moved most.

--search rakes to sets of the spec's margins, with the same steps before and after, and shows the error and the effective n
of each; --compare shows items under several specs side by side. Neither writes data.`,
		Example: `  surveykit weight completes.csv --weight base --spec weighting.yaml --by gender,age_bracket --output weighted.csv
  surveykit weight completes.csv --spec margins.yaml --search
  surveykit weight volunteers.csv --spec propensity.yaml --compare calibrate.yaml --items owns_phone,hours`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.design.domains(c)
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "weighting spec `FILE` (default: the study's)")
	f.StringVar(&o.column, "column", "weight_calibrated", "`NAME` of the new column")
	f.BoolVar(&o.search, "search", false, "compare sets of the spec's margins: error of the shares against effective n")
	f.StringSliceVar(&o.compare, "compare", nil, "show --items under --spec and under these specs `FILE[,FILE...]`")
	f.StringSliceVar(&o.items, "items", nil, "variables `V[,V...]` that --compare shows")
	f.StringVar(&o.chart, "chart", "", "draw the distribution of the weights to `FILE` (.svg, .png or .pdf)")
	o.output.register(c)
	return c
}

func (o *weightOptions) check(c *cobra.Command, in *reports.Data) error {
	if o.spec == "" {
		o.spec = in.Weighting
	}
	comparing := len(o.compare) > 0
	switch {
	case o.spec == "":
		return usageError{errors.New("give --spec, the weighting spec")}
	case o.design.calibration != "":
		return usageError{errors.New("--calibration is --spec here; for several steps write steps: in the spec")}
	case o.search && comparing:
		return usageError{errors.New("--search and --compare do not go together: give one")}
	case comparing != (len(o.items) > 0):
		return usageError{errors.New("--compare and --items go together: which specs, and which variables to show under each")}
	case o.chart != "" && (o.search || comparing):
		return usageError{errors.New("--chart draws the weights that are written: it does not go with --search or --compare")}
	case o.output.file == "" && !o.search && !comparing:
		return usageError{errors.New("give --output, the file for the weighted data")}
	}
	return o.design.check()
}

func (o *weightOptions) run(c *cobra.Command, path string) error {
	in, err := o.design.open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := o.check(c, in); err != nil {
		return err
	}
	switch {
	case o.search:
		return o.runSearch(c, in)
	case len(o.compare) > 0:
		return o.runCompare(c, in)
	}
	return o.make(c, in)
}

// make writes the data with the new weights.
func (o *weightOptions) make(c *cobra.Command, in *reports.Data) error {
	if err := reports.CanSave(o.output.file); err != nil {
		return err
	}
	if err := in.NeedsRows("a file with the new weights"); err != nil {
		return err
	}
	if in.Table.Lookup(o.column) != nil {
		return survey.Problems{{File: in.Path, Variable: o.column, Message: "the data have a column of this name already", Remedy: "choose another by --column"}}
	}
	w, err := in.Weigh(c.Context(), o.spec)
	if err != nil {
		return err
	}
	if err := in.Describe(c.Context(), w, o.design.domain.By); err != nil {
		return err
	}
	draw := func() error { return nil }
	if o.chart != "" { // nothing is written before all is drawn
		if draw, err = reports.DrawWeights(o.chart, w.Made, o.spec); err != nil {
			return err
		}
	}
	weights := &survey.Variable{Name: o.column, Label: "Weight after " + o.spec, Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(w.Frame.ByRow.Weights)}
	if err := save(c, o.output.file, in.Table.With(weights)); err != nil {
		return err
	}
	if err := draw(); err != nil {
		return err
	}
	for _, warning := range w.Made.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", warning)
	}
	if o.output.json {
		return json.NewEncoder(c.OutOrStdout()).Encode(weightReport{tidy.Schema, o.column, w.Made})
	}
	printWeighting(c.OutOrStdout(), w.Made)
	fmt.Fprintf(c.OutOrStdout(), "\n%s written to %s\n", o.column, o.output.file)
	return nil
}

// weightReport is what weight prints.
type weightReport struct {
	Schema string `json:"schema"`
	Column string `json:"weight_column"`
	*survey.WeightingReport
}
