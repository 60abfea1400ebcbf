package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/ingest"
	"surveykit/survey/weighting"
)

type weightOptions struct {
	design designOptions
	spec   string
	column string
	output outputOptions
}

func newWeight() *cobra.Command {
	var o weightOptions
	c := &cobra.Command{
		Use:     "weight DATA",
		Short:   "Rake, post-stratify, calibrate or trim: the data with one weight column more",
		Example: "  surveykit weight completes.csv --weight base --spec weighting.yaml --output weighted.csv",
		Args:    oneData,
		RunE:    func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	f := c.Flags()
	f.StringVar(&o.spec, "spec", "", "weighting spec `FILE`")
	f.StringVar(&o.column, "column", "weight_calibrated", "`NAME` of the new column")
	o.output.register(c)
	return c
}

func (o *weightOptions) check(c *cobra.Command) error {
	switch {
	case o.spec == "":
		return usageError{errors.New("--spec names the weighting spec")}
	case o.output.file == "":
		return usageError{errors.New("--output says where the weighted data go")}
	}
	return o.design.check(c)
}

func (o *weightOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	save, err := ingest.Writer(o.output.file)
	if err != nil {
		return err
	}
	in, err := open(path)
	if err != nil {
		return err
	}
	if in.table.Lookup(o.column) != nil {
		return survey.Problems{{File: path, Variable: o.column, Message: "the data have a column of this name already", Remedy: "choose another by --column"}}
	}
	o.design.calibration = o.spec
	frame, result, err := o.design.frame(in)
	if err != nil {
		return err
	}
	weights := &survey.Variable{Name: o.column, Label: "Weight after " + o.spec, Kind: survey.Number, Measure: survey.Scale, Numbers: frame.Weights}
	err = publish.WriteFile(o.output.file, func(w io.Writer) error {
		notices, err := save(w, in.table.With(weights))
		for _, n := range notices {
			fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
		}
		return err
	})
	if err != nil {
		return err
	}
	return o.report(c, result)
}

// weightReport is what weight prints.
type weightReport struct {
	Schema string `json:"schema"`
	Column string `json:"weight_column"`
	*weighting.Result
}

func (o *weightOptions) report(c *cobra.Command, r *weighting.Result) error {
	for _, w := range r.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	out := c.OutOrStdout()
	if o.output.json {
		return json.NewEncoder(out).Encode(weightReport{tidy.Schema, o.column, r})
	}
	if len(r.Margins) > 0 {
		t := newTable(out, "VARIABLE", "CATEGORY", "BEFORE", "TARGET", "AFTER")
		for _, m := range r.Margins {
			t.row(m.Variable, m.Category, figure.Number(m.Before, 1), figure.Number(m.Target, 1), figure.Number(m.After, 1))
		}
		t.flush()
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "%s written to %s: sum %s, Kish design effect %s, effective n %s, %d iterations\n", o.column, o.output.file,
		figure.Number(r.Sum, 1), figure.Number(r.KishDeff, 3), figure.Number(r.NEffective, 0), r.Iterations)
	return nil
}

// readSpec reads a weighting spec.
func readSpec(path string) (*weighting.Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, survey.Problems{{File: path, Message: "the weighting spec cannot be read: " + err.Error()}}
	}
	return weighting.Parse(data, path, func(p string) (*survey.Table, error) { return openData(p, nil) })
}
