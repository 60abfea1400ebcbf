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
	design         designOptions
	output         outputOptions
	statistics     []*statistic
	requests       []estimate.Request
	designEffectOf string
	scale          string
	strict         bool
}

func newEstimate() *cobra.Command {
	var o estimateOptions
	c := &cobra.Command{
		Use:   "estimate DATA",
		Short: "Means, totals, shares, spreads and any smooth function of them, with standard errors and intervals",
		Long:  "estimate prints figures with design-based standard errors and intervals. What it estimates, and the R call that it equals:\n\n" + estimatorTable(),
		Example: `  surveykit estimate wave.csv --weight w --strata stratum --psu psu --proportion opted_out --by age_bracket
  surveykit estimate study.yaml --share 'concern >= 4' --json
  surveykit estimate study.yaml --contrast 'mean(spend) / mean(hours) - 1' --where 'wave == 2011'`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.design.data.named = true
	o.output.register(c)
	for _, of := range estimate.Statistics() {
		s := &statistic{Statistic: of}
		s.register(c)
		o.statistics = append(o.statistics, s)
	}
	f := c.Flags()
	f.Float64SliceVar(&o.design.domain.Probs, "probs", []float64{0.25, 0.5, 0.75}, "probabilities of the quantiles")
	registerMethod(c, &o.design.QuantileRule, "quantile-rule", "definition of quantiles", stats.QuantileRules)
	registerMethod(c, &o.design.QuantileInterval, "quantile-ci", "interval of quantiles", estimate.QuantileIntervals)
	registerMethod(c, &o.design.Interval, "ci", "interval of proportions", stats.IntervalMethods)
	f.StringVar(&o.scale, "interval-scale", "linear", "interval of totals, ratios and index numbers: linear|log")
	f.StringVar(&o.designEffectOf, "deff", "", "design effect against a simple random sample drawn with (replace) or without (wor) replacement")
	f.BoolVar(&o.strict, "strict", false, "exit with status 4 where a record is flagged")
	return c
}

// estimatorTable lists the estimators for the help text.
func estimatorTable() string {
	var b strings.Builder
	t := newTable(&b, "  STATISTIC", "FORMULA", "R")
	for _, e := range estimate.Estimators() {
		t.row("  "+e.Name, e.Formula, e.Reference)
	}
	t.flush()
	return strings.TrimRight(b.String(), "\n")
}

func (o *estimateOptions) check(c *cobra.Command) error {
	if err := o.checkIntervals(); err != nil {
		return err
	}
	for _, s := range o.statistics {
		for _, value := range s.values {
			r, err := s.Parse(value)
			if err != nil {
				return usageError{err}
			}
			o.requests = append(o.requests, r)
		}
	}
	if len(o.requests) == 0 {
		return usageError{fmt.Errorf("nothing to estimate: give %s", flagList(o.statistics))}
	}
	return o.design.check(c)
}

func (o *estimateOptions) checkIntervals() error {
	if err := oneOf("--interval-scale", o.scale, "linear", "log"); err != nil {
		return err
	}
	if err := oneOf("--deff", o.designEffectOf, "", "replace", "wor"); err != nil {
		return err
	}
	for _, p := range o.design.domain.Probs {
		if !(p >= 0 && p <= 1) {
			return usageError{fmt.Errorf("--probs %g is not between 0 and 1", p)}
		}
	}
	return nil
}

func (o *estimateOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	ask := &o.design.domain
	ask.Deff = o.designEffectOf
	if o.scale == "log" {
		ask.Scale = estimate.Logarithmic
	}
	s, err := o.design.sample(path)
	if err != nil {
		return err
	}
	records, err := gather(s, o.requests)
	if err != nil {
		return err
	}
	s.RemarkEstimates(records)
	if err := write(c, o.output, s, records, printEstimates); err != nil {
		return err
	}
	if o.strict && slices.ContainsFunc(records, func(r survey.Estimate) bool { return len(r.Flags) > 0 }) {
		return errAttention
	}
	return nil
}
