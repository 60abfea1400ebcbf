package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/tidy"
	"surveykit/stats"
	"surveykit/survey"
)

type replicateOptions struct {
	data   dataOptions
	design survey.Design
	reports.ReplicateOptions
	output outputOptions
}

func newReplicate() *cobra.Command {
	o := replicateOptions{ReplicateOptions: reports.ReplicateOptions{Number: 500}}
	c := &cobra.Command{
		Use:     "replicate DATA",
		Short:   "Write the data with replicate weights made from strata and PSUs",
		Example: "  surveykit replicate wave.csv --weight w --strata stratum --psu psu --type jkn --output replicated.csv",
		Args:    oneData,
		RunE:    func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.data.register(c)
	registerStudy(c, &o.data.allowed)
	f := c.Flags()
	f.StringVar(&o.design.Weight, "weight", "", "`COL` of the sampling weights")
	f.StringVar(&o.design.Strata, "strata", "", "`COL` of the strata")
	f.StringSliceVar(&o.design.PSU, "psu", nil, "`COL` of the clusters of the first stage")
	f.StringSliceVar(&o.design.FPC, "fpc", nil, "`COL` of the population sizes of the first stage")
	lonely(c, &o.design.LonelyPSU)
	choice(c, &o.Kind, "type", reports.ReplicateKinds, "replicates to make; bootstrap is Canty and Davison's")
	f.Float64Var(&o.Rho, "fay-rho", 0.5, "Fay's rho `NUMBER`, with --type fay")
	whole(f, &o.Number, "number", 2, math.MaxInt32, "number of replicates of a bootstrap")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of a bootstrap")
	f.StringVar(&o.Prefix, "prefix", "rep_", "`PREFIX` of the new columns")
	o.output.register(c)
	return c
}

func (o *replicateOptions) check() error {
	switch {
	case o.Kind == "":
		return usageError{errors.New("give --type, the kind of the replicates: jk1, jkn, brr, fay, bootstrap or rao-wu")}
	case o.output.file == "":
		return usageError{errors.New("give --output, the file for the data with the new columns")}
	case len(o.design.PSU) > 1 || len(o.design.FPC) > 1:
		return usageError{errors.New("replicates are made from the first stage: give one --psu and one --fpc column")}
	}
	return nil
}

func (o *replicateOptions) run(c *cobra.Command, path string) error {
	if err := o.check(); err != nil {
		return err
	}
	if err := reports.CanSave(o.output.file); err != nil {
		return err
	}
	in, err := o.data.open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	in.Design = o.design
	out, r, warnings, err := in.Replicate(o.ReplicateOptions)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	if err := save(c, o.output.file, out); err != nil {
		return err
	}
	rep := replicateReport{Schema: tidy.Schema, Replicates: len(r.Factors), Columns: o.Prefix + "*", Type: string(o.Kind), Scale: r.Scale, RScales: r.RScales}
	if o.output.json {
		return json.NewEncoder(c.OutOrStdout()).Encode(rep)
	}
	fmt.Fprintf(c.OutOrStdout(), "%d replicates written to %s; use them with\n  %s\n", rep.Replicates, o.output.file, o.flags(r))
	return nil
}

// replicateReport says how the new columns are to be used.
type replicateReport struct {
	Schema     string    `json:"schema"`
	Replicates int       `json:"replicates"`
	Columns    string    `json:"columns"`
	Type       string    `json:"type"`
	Scale      float64   `json:"scale"`
	RScales    []float64 `json:"rscales"`
}

// flags are the design flags that read the new columns back.
func (o *replicateOptions) flags(r stats.Replication) string {
	text := fmt.Sprintf("--replicates '%s*' --replicate-type other --replicate-scale %s --replicate-rscales %s", o.Prefix, survey.FormatNumber(r.Scale), rscalesText(r.RScales))
	if o.design.Weight != "" {
		text = "--weight " + o.design.Weight + " " + text
	}
	return text
}

func rscalesText(r []float64) string {
	parts := make([]string, len(r))
	same := true
	for i, x := range r {
		parts[i] = survey.FormatNumber(x)
		same = same && x == r[0]
	}
	if same {
		return parts[0]
	}
	return strings.Join(parts, ",")
}
