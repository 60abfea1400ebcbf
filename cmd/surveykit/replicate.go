package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/publish"
	"surveykit/reports/tidy"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/ingest"
)

type replicateOptions struct {
	data   dataOptions
	design survey.Design
	kind   string
	rho    float64
	number int
	seed   uint64
	prefix string
	output outputOptions
}

func newReplicate() *cobra.Command {
	var o replicateOptions
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
	f.StringVar(&o.design.Weight, "weight", "", "sampling weight `COL`")
	f.StringVar(&o.design.Strata, "strata", "", "stratum `COL`")
	f.StringSliceVar(&o.design.PSU, "psu", nil, "cluster id `COL` of the first stage")
	f.StringSliceVar(&o.design.FPC, "fpc", nil, "population size `COL` of the first stage")
	f.StringVar(&o.design.LonelyPSU, "lonely-psu", "", lonelyUsage)
	f.StringVar(&o.kind, "type", "", "jk1|jkn|brr|fay|bootstrap (Canty–Davison)|rao-wu")
	f.Float64Var(&o.rho, "fay-rho", 0.5, "Fay's rho")
	f.IntVar(&o.number, "number", 500, "replicates of a bootstrap")
	f.Uint64Var(&o.seed, "seed", 1, "seed of a bootstrap")
	f.StringVar(&o.prefix, "prefix", "rep_", "prefix of the new columns")
	o.output.register(c)
	return c
}

func (o *replicateOptions) check() error {
	switch {
	case o.kind == "":
		return usageError{errors.New("--type says which replicates: jk1, jkn, brr, fay, bootstrap or rao-wu")}
	case o.output.file == "":
		return usageError{errors.New("--output says where the data with the new columns go")}
	case len(o.design.PSU) > 1 || len(o.design.FPC) > 1:
		return usageError{errors.New("replicates are made from the first stage: give one --psu and one --fpc column")}
	case o.number < 2:
		return usageError{fmt.Errorf("--number %d is too few", o.number)}
	}
	if err := checkLonely(o.design.LonelyPSU); err != nil {
		return err
	}
	return oneOf("--type", o.kind, "jk1", "jkn", "brr", "fay", "bootstrap", "rao-wu")
}

func (o *replicateOptions) run(c *cobra.Command, path string) error {
	if err := o.check(); err != nil {
		return err
	}
	write, err := ingest.Writer(o.output.file)
	if err != nil {
		return err
	}
	in, err := o.data.open(path)
	if err != nil {
		return err
	}
	frame, err := engine.NewFrame(in.Table, o.design)
	if err != nil {
		return err
	}
	for _, w := range frame.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	r, err := o.make(frame)
	if err != nil {
		return survey.Problems{{File: path, Message: err.Error()}}
	}
	out := in.Table.With(o.columns(frame, r)...)
	err = publish.WriteFile(o.output.file, func(w io.Writer) error {
		notices, err := write(w, out)
		for _, n := range notices {
			fmt.Fprintln(c.ErrOrStderr(), "notice:", n)
		}
		return err
	})
	if err != nil {
		return err
	}
	return o.report(c, r)
}

func (o *replicateOptions) make(f *engine.Frame) (stats.Replication, error) {
	stage := f.Stages[0]
	switch o.kind {
	case "jk1":
		return stage.Jackknife()
	case "jkn":
		return stage.StratifiedJackknife(f.Lonely)
	case "brr":
		return stage.BalancedHalves(0, f.Lonely)
	case "fay":
		return stage.BalancedHalves(o.rho, f.Lonely)
	case "bootstrap":
		return stage.Bootstrap(o.number, o.seed, f.Lonely)
	}
	return stage.RaoWu(o.number, o.seed, f.Lonely)
}

// columns are the replicates' analysis weights: factor times base weight.
func (o *replicateOptions) columns(f *engine.Frame, r stats.Replication) []*survey.Variable {
	digits := len(fmt.Sprint(len(r.Factors)))
	columns := make([]*survey.Variable, len(r.Factors))
	for k, factors := range r.Factors {
		v := &survey.Variable{Name: fmt.Sprintf("%s%0*d", o.prefix, digits, k+1), Kind: survey.Number, Numbers: make([]float64, f.Rows)}
		for i, w := range f.Weights {
			v.Numbers[i] = w * factors[f.PSU[i]]
		}
		columns[k] = v
	}
	return columns
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

func (o *replicateOptions) report(c *cobra.Command, r stats.Replication) error {
	rep := replicateReport{Schema: tidy.Schema, Replicates: len(r.Factors), Columns: o.prefix + "*", Type: o.kind, Scale: r.Scale, RScales: r.RScales}
	if o.output.json {
		return json.NewEncoder(c.OutOrStdout()).Encode(rep)
	}
	fmt.Fprintf(c.OutOrStdout(), "%d replicates written to %s; use them with\n  %s\n", rep.Replicates, o.output.file, o.flags(r))
	return nil
}

// flags are the design flags that read the new columns back.
func (o *replicateOptions) flags(r stats.Replication) string {
	text := fmt.Sprintf("--replicates '%s*' --replicate-type other --replicate-scale %s --replicate-rscales %s", o.prefix, survey.FormatNumber(r.Scale), rscalesText(r.RScales))
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
