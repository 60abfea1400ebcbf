package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"surveykit/reports"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// designOptions are the flags of every command that estimates.
type designOptions struct {
	survey.Design
	data        dataOptions
	replicates  survey.ReplicateSpec
	scale       float64
	hasScale    bool
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
	f.StringVar(&o.Weight, "weight", "", "sampling weight `COL`; without it every row counts 1")
	f.StringVar(&o.Strata, "strata", "", "stratum `COL`")
	f.StringSliceVar(&o.PSU, "psu", nil, "cluster id `COL[,COL…]` of each stage, first stage first")
	f.StringSliceVar(&o.FPC, "fpc", nil, "population size `COL[,COL…]` of each stage, or fractions in (0,1]")
	f.StringVar(&o.LonelyPSU, "lonely-psu", "", lonelyUsage)
	f.StringVar(&o.replicates.Columns, "replicates", "", "replicate weight columns, such as `'PREFIX*'`")
	f.StringVar(&o.replicates.Type, "replicate-type", "", "brr|fay|jk1|jkn|bootstrap|sdr|other")
	f.Float64Var(&o.scale, "replicate-scale", 0, "scale of the replicate variance")
	f.Float64SliceVar(&o.replicates.RScales, "replicate-rscales", nil, "factor of each replicate: one, or one for each")
	f.Float64Var(&o.replicates.FayRho, "fay-rho", 0, "Fay's rho")
	f.BoolVar(&o.combined, "replicate-combined", true, "the replicate weights are already times the weight; =false for factors that are not")
	f.BoolVar(&o.replicates.MSE, "mse", false, "centre replicates at the estimate, not at their mean")
	f.StringSliceVar(&o.domain.By, "by", nil, "domains: one record for each combination of `COL[,COL…]`")
	f.StringVar(&o.domain.Where, "where", "", "domain `EXPR`, such as 'wave == 2011 and age >= 55'")
	f.StringVar(&o.calibration, "calibration", "", "weighting spec `FILE` by which the weights are first calibrated; the variance knows it")
	registerLevel(f, &o.Level, "level", "confidence level (default 0.95)")
}

// check finds what is wrong with the flags themselves.
func (o *designOptions) check(c *cobra.Command) error {
	o.hasScale = c.Flags().Changed("replicate-scale")
	if err := checkLevel(c, "level", o.Level); err != nil {
		return err
	}
	if err := checkLonely(o.LonelyPSU); err != nil {
		return err
	}
	if o.replicates.Columns != "" && o.replicates.Type == "" {
		return usageError{fmt.Errorf("--replicates needs --replicate-type brr, fay, jk1, jkn, bootstrap, sdr or other")}
	}
	return oneOf("--replicate-type", o.replicates.Type, "", "brr", "fay", "jk1", "jkn", "bootstrap", "sdr", "other")
}

const lonelyUsage = "what a stratum with one PSU does: fail|certainty|remove|adjust|average (default fail)"

func checkLonely(policy string) error {
	return oneOf("--lonely-psu", policy, "", "fail", "certainty", "remove", "adjust", "average")
}

func oneOf[T ~string](flag string, value T, allowed ...T) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	list := strings.Trim(fmt.Sprint(allowed), "[]")
	return usageError{fmt.Errorf("%s %q is not known; use one of %s", flag, value, strings.ReplaceAll(strings.TrimSpace(list), " ", ", "))}
}

// registerMethod registers a flag that names a method of a list, which its help,
// check and completion go by; the first is the default.
func registerMethod[T fmt.Stringer](c *cobra.Command, to *string, flag, usage string, list []T) {
	names := stats.Names(list)
	c.Flags().Var(&methodFlag{to, names}, flag, fmt.Sprintf("%s: %s (default the study's, or %s)", usage, strings.Join(names, "|"), names[0]))
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// methodFlag is the value of a flag that names a method.
type methodFlag struct {
	to    *string
	names []string
}

func (f *methodFlag) Set(name string) error {
	if !slices.Contains(f.names, name) {
		return fmt.Errorf("use one of %s", strings.Join(f.names, ", "))
	}
	*f.to = name
	return nil
}

func (f *methodFlag) String() string { return "" }
func (f *methodFlag) Type() string   { return "method" }

// parseRange reads a flag of a number such as 4, or a range such as 2-6, up to
// most; what names it in the error.
func parseRange(flag, what, text string, most int) ([]int, error) {
	numbers, ok := survey.ParseRange(text, most)
	if !ok {
		return nil, usageError{fmt.Errorf("%s %q is no %s from 1 to %d, nor a range such as 2-6", flag, text, what, most)}
	}
	return numbers, nil
}

// over lays the flags that were given over the design of a study file.
func (o *designOptions) over(d survey.Design) survey.Design {
	setText(&d.Weight, o.Weight)
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
		if o.hasScale {
			r.Scale = &o.scale
		}
		r.Combined = &o.combined
		d.Replicates = &r
	}
	d.Level = o.Level.Or(d.Level)
	return d
}

// registerLevel registers a flag of a level, whose value is its default.
func registerLevel(f *pflag.FlagSet, l *survey.Level, name, usage string) {
	f.Float64Var((*float64)(l), name, float64(*l), usage+"; an error rate such as 0.05 means the same as 0.95")
}

// checkLevel finds a flag of a level that is not between 0 and 1.
func checkLevel(c *cobra.Command, name string, l survey.Level) error {
	if !c.Flags().Changed(name) {
		return nil
	}
	if p := l.Check("--" + name); p != nil {
		return usageError{p}
	}
	return nil
}

func setText(to *string, given string) {
	if given != "" {
		*to = given
	}
}

// sample reads DATA and counts its design.
func (o *designOptions) sample(path string) (*estimate.Sample, error) {
	s, _, err := o.designed(path)
	return s, err
}

// designed is sample, and the data with the design that was counted.
func (o *designOptions) designed(path string) (*estimate.Sample, *reports.Data, error) {
	in, err := o.open(path)
	if err != nil {
		return nil, nil, err
	}
	s, err := in.Sample(o.command.Context(), o.domain)
	return s, in, err
}

// open reads DATA under the design and the weighting that the flags lay over its own.
func (o *designOptions) open(path string) (*reports.Data, error) {
	if o.calibration != "" {
		o.data.named = false // the spec names columns, too
	}
	in, err := o.data.open(path)
	if err != nil {
		return nil, err
	}
	in.Design = o.over(in.Design)
	setText(&in.Weighting, o.calibration)
	return in, nil
}
