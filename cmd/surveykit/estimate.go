package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

type estimateOptions struct {
	design                   designOptions
	output                   outputOptions
	means, totals            []string
	ratios, shares           []string
	proportions              []string
	interval, designEffectOf string
	quantiles                []string
	quantile                 estimate.QuantileOptions
	rule, quantileInterval   string
	strict                   bool
}

func newEstimate() *cobra.Command {
	var o estimateOptions
	c := &cobra.Command{
		Use:   "estimate DATA",
		Short: "Means, totals, proportions and ratios with standard errors and intervals",
		Example: `  surveykit estimate wave.csv --weight w --strata stratum --psu psu --proportion opted_out --by age_bracket
  surveykit estimate study.yaml --share 'concern >= 4' --json`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.output.register(c)
	f := c.Flags()
	f.StringSliceVar(&o.means, "mean", nil, "means of `V,V…`")
	f.StringSliceVar(&o.totals, "total", nil, "population totals of `V,V…`")
	f.StringSliceVar(&o.ratios, "ratio", nil, "ratio of totals, `NUM/DEN`")
	f.StringSliceVar(&o.proportions, "proportion", nil, "share of every category of `V,V…` among its valid answers")
	f.StringArrayVar(&o.shares, "share", nil, "share of rows for which `EXPR` holds")
	f.StringSliceVar(&o.quantiles, "quantile", nil, "quantiles of `V,V…`")
	f.Float64SliceVar(&o.quantile.Probs, "probs", []float64{0.25, 0.5, 0.75}, "probabilities of the quantiles")
	f.StringVar(&o.rule, "quantile-rule", "math", "math|school|hf1…hf9")
	f.StringVar(&o.quantileInterval, "quantile-ci", "mean", "interval of quantiles: mean|beta|xlogit|asin|score")
	f.StringVar(&o.interval, "ci", "logit", "interval of proportions: logit|xlogit|likelihood|asin|beta|wilson|mean")
	f.StringVar(&o.designEffectOf, "deff", "", "design effect against a simple random sample drawn with (replace) or without (wor) replacement")
	f.BoolVar(&o.strict, "strict", false, "exit with status 4 where a record is flagged")
	return c
}

func (o *estimateOptions) check(c *cobra.Command) error {
	if len(o.means)+len(o.totals)+len(o.ratios)+len(o.proportions)+len(o.shares)+len(o.quantiles) == 0 {
		return usageError{fmt.Errorf("nothing to estimate: give --mean, --total, --ratio, --proportion, --share or --quantile")}
	}
	for _, r := range o.ratios {
		if num, den, ok := strings.Cut(r, "/"); !ok || num == "" || den == "" {
			return usageError{fmt.Errorf("--ratio %q is not of the form NUM/DEN", r)}
		}
	}
	if err := oneOf("--ci", o.interval, "logit", "xlogit", "likelihood", "asin", "beta", "wilson", "mean"); err != nil {
		return err
	}
	if err := oneOf("--deff", o.designEffectOf, "", "replace", "wor"); err != nil {
		return err
	}
	if err := o.checkQuantiles(); err != nil {
		return err
	}
	return o.design.check(c)
}

func (o *estimateOptions) checkQuantiles() error {
	for _, p := range o.quantile.Probs {
		if !(p >= 0 && p <= 1) {
			return usageError{fmt.Errorf("--probs %g is not between 0 and 1", p)}
		}
	}
	rule, err := stats.ParseQuantileRule(o.rule)
	if err != nil {
		return usageError{err}
	}
	o.quantile.Rule, o.quantile.Interval = rule, estimate.QuantileInterval(o.quantileInterval)
	return oneOf("--quantile-ci", o.quantileInterval, "mean", "beta", "xlogit", "asin", "score")
}

func (o *estimateOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, err := o.design.sample(path)
	if err != nil {
		return err
	}
	s.Interval, s.Deff = stats.IntervalMethod(o.interval), o.designEffectOf
	records, err := o.estimate(s)
	if err != nil {
		return err
	}
	if err := write(c, o.output, s, records, printEstimates); err != nil {
		return err
	}
	if o.strict && slices.ContainsFunc(records, func(r survey.Estimate) bool { return len(r.Flags) > 0 }) {
		return errAttention
	}
	return nil
}

// estimate collects the records of every statistic asked for, and every problem.
func (o *estimateOptions) estimate(s *estimate.Sample) ([]survey.Estimate, error) {
	var records []survey.Estimate
	var problems survey.Problems
	add := func(r []survey.Estimate, err error) error {
		records = append(records, r...)
		if ps, ok := err.(survey.Problems); ok {
			problems = append(problems, ps...)
			return nil
		}
		return err
	}
	var err error
	each(&err, o.means, func(v string) error { return add(s.Means([]string{v})) })
	each(&err, o.totals, func(v string) error { return add(s.Totals([]string{v})) })
	each(&err, o.ratios, func(r string) error {
		num, den, _ := strings.Cut(r, "/")
		return add(s.Ratios(num, den))
	})
	each(&err, o.proportions, func(v string) error { return add(s.Proportions([]string{v})) })
	each(&err, o.quantiles, func(v string) error { return add(s.Quantiles([]string{v}, o.quantile)) })
	each(&err, o.shares, func(e string) error { return add(s.Share(e)) })
	if err == nil {
		err = problems.Err()
	}
	return records, err
}

// each calls f for every item until one fails.
func each(err *error, items []string, f func(string) error) {
	for _, item := range items {
		if *err == nil {
			*err = f(item)
		}
	}
}
