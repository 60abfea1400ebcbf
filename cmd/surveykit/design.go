package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// designOptions are the flags of every command that estimates.
type designOptions struct {
	survey.Design
	data        dataOptions
	replicates  survey.ReplicateSpec
	scale       float64
	combined    bool
	calibration string
	domain      estimate.Options
	command     *cobra.Command
}

func (o *designOptions) register(c *cobra.Command) {
	o.command = c
	o.data.register(c)
	registerStudy(c, &o.data.allowed)
	f := c.Flags()
	f.StringVar(&o.Weight, "weight", "", "`COL` of the sampling weights; without it every row counts 1")
	f.StringVar(&o.Strata, "strata", "", "`COL` of the strata")
	f.StringSliceVar(&o.PSU, "psu", nil, "`COL[,COL...]` of the clusters of each stage, first stage first")
	f.StringSliceVar(&o.FPC, "fpc", nil, "`COL[,COL...]` of the population sizes of each stage, or of its sampling fractions in (0,1]")
	lonely(c, &o.LonelyPSU)
	f.StringVar(&o.replicates.Columns, "replicates", "", "replicate weight columns, such as `'PREFIX*'`")
	choice(c, &o.replicates.Type, "replicate-type", replicateTypes, "kind of the replicates")
	f.Float64Var(&o.scale, "replicate-scale", 0, "scale `NUMBER` of the replicate variance")
	numbers(f, &o.replicates.RScales, "replicate-rscales", finite, "factors of the replicates: one for all, or one for each")
	f.Float64Var(&o.replicates.FayRho, "fay-rho", 0, "Fay's rho `NUMBER`, with --replicate-type fay")
	f.BoolVar(&o.combined, "replicate-combined", true, "the replicate weights include the sampling weight; =false for factors that multiply it")
	f.BoolVar(&o.replicates.MSE, "mse", false, "centre replicates at the estimate, not at their mean")
	f.StringVar(&o.domain.Where, "where", "", "the rows for which `EXPR` holds, as a domain, such as 'wave == 2011 and age >= 55'")
	f.StringVar(&o.calibration, "calibration", "", "weighting spec `FILE` that calibrates the weights first; standard errors take it into account")
	level(f, &o.Level, "level", "confidence level (default 0.95)")
}

// domains registers the flag of commands that answer for several domains at once.
func (o *designOptions) domains(c *cobra.Command) {
	c.Flags().StringSliceVar(&o.domain.By, "by", nil, "domains: one record for each combination of `COL[,COL...]`")
}

var replicateTypes = []string{"brr", "fay", "jk1", "jkn", "bootstrap", "sdr", "other"}

// check finds flags that do not go together.
func (o *designOptions) check() error {
	if o.replicates.Columns != "" && o.replicates.Type == "" {
		return usageError{fmt.Errorf("--replicates needs --replicate-type %s", strings.Join(replicateTypes, ", "))}
	}
	return nil
}

func lonely(c *cobra.Command, to *string) {
	choice(c, to, "lonely-psu", []string{"fail", "certainty", "remove", "adjust", "average"}, "what to do with a stratum of one PSU, by default fail")
}

// over lays the flags that were given over the design of a study file.
func (o *designOptions) over(d survey.Design) survey.Design {
	setText(&d.Weight, o.Weight)
	d.Guessed = d.Guessed && o.Weight == ""
	setText(&d.LonelyPSU, o.LonelyPSU)
	setText(&d.Interval, o.Interval)
	setText(&d.QuantileRule, o.QuantileRule)
	setText(&d.QuantileInterval, o.QuantileInterval)
	if o.Strata != "" || len(o.PSU) > 0 {
		d.Strata, d.PSU, d.FPC = o.Strata, o.PSU, o.FPC
	}
	if len(o.FPC) > 0 {
		d.FPC = o.FPC
	}
	if o.replicates.Columns != "" {
		r := o.replicates
		if o.command.Flags().Changed("replicate-scale") {
			r.Scale = &o.scale
		}
		r.Combined = &o.combined
		d.Replicates = &r
	}
	d.Level = o.Level.Or(d.Level)
	return d
}

func setText(to *string, given string) {
	if given != "" {
		*to = given
	}
}

// sample reads DATA and counts its design; the data are to be closed.
func (o *designOptions) sample(path string) (*estimate.Sample, *reports.Data, error) {
	o.data.grouped = true
	in, err := o.open(path)
	if err != nil {
		return nil, nil, err
	}
	s, err := in.Sample(o.command.Context(), o.domain)
	if err != nil {
		in.Close()
		return nil, nil, err
	}
	return s, in, nil
}

// asRead are the notices of a file that a figure may depend on: how its rows, names and
// texts were understood.
var asRead = []survey.NoticeCode{survey.NoticeDialect, survey.NoticeEncoding, survey.NoticeRenamed, survey.NoticeUnread}

// open reads DATA under the design and the weighting that the flags lay over its own.
func (o *designOptions) open(path string) (*reports.Data, error) {
	if o.calibration != "" {
		o.data.named = false // the spec names columns, too
	}
	in, err := o.data.open(path)
	if err != nil {
		return nil, err
	}
	if in.Study == nil {
		for _, n := range in.Table.Notices {
			if slices.Contains(asRead, n.Code) {
				fmt.Fprintln(o.command.ErrOrStderr(), "notice:", n)
			}
		}
	}
	in.Design = o.over(in.Design)
	setText(&in.Weighting, o.calibration)
	return in, nil
}

// sampleOptions are the flags of a command that counts the sample of one DATA and
// answers with records.
type sampleOptions struct {
	design designOptions
	output outputOptions
}

func (o *sampleOptions) register(c *cobra.Command) {
	o.design.register(c)
	o.output.register(c)
}

// answer makes c a command of one DATA: once check has found nothing wrong with the
// flags, what ask gets of the sample is printed.
func answer[T any](c *cobra.Command, o *sampleOptions, check func() error, ask func(context.Context, *estimate.Sample, *reports.Data) ([]T, error), layOut func(io.Writer, []T)) {
	c.Args = oneData
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := cmp.Or(check(), o.design.check()); err != nil {
			return err
		}
		s, in, err := o.design.sample(args[0])
		if err != nil {
			return err
		}
		defer in.Close()
		records, err := ask(c.Context(), s, in)
		if err != nil {
			return err
		}
		return write(c, o.output, s, records, layOut)
	}
}
