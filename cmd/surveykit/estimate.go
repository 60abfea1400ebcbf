package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

type estimateOptions struct {
	sampleOptions
	statistics []*statistic
	requests   []estimate.Request
	scale      string
	strict     bool
	flagged    bool // some record has a flag
}

func newEstimate() *cobra.Command {
	o := estimateOptions{scale: "linear"}
	o.design.domain.Probs = []float64{0.25, 0.5, 0.75}
	c := &cobra.Command{
		Use:   "estimate DATA",
		Short: "Means, totals, shares, spreads and any smooth function of them, with standard errors and intervals",
		Long:  "estimate prints figures with design-based standard errors and intervals. What it estimates, and the R call that it equals:\n\n" + estimatorTable(),
		Example: `  surveykit estimate wave.csv --weight w --strata stratum --psu psu --proportion opted_out --by age_bracket
  surveykit estimate study.yaml --share 'concern >= 4' --json
  surveykit estimate study.yaml --contrast 'mean(spend) / mean(hours) - 1' --where 'wave == 2011'`,
	}
	o.register(c)
	o.design.domains(c)
	o.design.data.named = true
	for _, of := range estimate.Statistics() {
		s := &statistic{Statistic: of}
		s.register(c)
		o.statistics = append(o.statistics, s)
	}
	f := c.Flags()
	numbers(f, &o.design.domain.Probs, "probs", from0to1, "probabilities of the quantiles")
	method(c, &o.design.QuantileRule, "quantile-rule", stats.Names(stats.QuantileRules), "definition of quantiles")
	method(c, &o.design.QuantileInterval, "quantile-ci", stats.Names(estimate.QuantileIntervals), "interval of quantiles")
	method(c, &o.design.Interval, "ci", stats.Names(stats.IntervalMethods), "interval of proportions")
	choice(c, &o.scale, "interval-scale", []string{"linear", "log"}, "interval of totals, ratios and index numbers")
	choice(c, &o.design.domain.Deff, "deff", []string{"replace", "wor"}, "design effect against a simple random sample, drawn with or without replacement")
	f.BoolVar(&o.strict, "strict", false, "exit with status 4 if a record is flagged")
	answer(c, &o.sampleOptions, o.check, func(_ context.Context, s *estimate.Sample, _ *reports.Data) ([]survey.Estimate, error) {
		records, err := estimate.Together(s, o.requests)
		s.RemarkEstimates(records)
		o.flagged = slices.ContainsFunc(records, func(r survey.Estimate) bool { return len(r.Flags) > 0 })
		return records, err
	}, printEstimates)
	print := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := print(c, args); err != nil || !o.strict || !o.flagged {
			return err
		}
		return errAttention
	}
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

func (o *estimateOptions) check() error {
	if o.scale == "log" {
		o.design.domain.Scale = estimate.Logarithmic
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
	return nil
}
