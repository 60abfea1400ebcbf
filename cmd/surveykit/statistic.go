package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/survey"
	"surveykit/survey/estimate"
)

// request is one figure, or a few, wanted of a sample.
type request func(*estimate.Sample) ([]survey.Estimate, error)

// statistic is a flag of estimate that asks for figures.
type statistic struct {
	flag, usage string
	// whole marks a flag whose value may hold commas: it is repeated, not listed.
	whole bool
	// parse reads one value; an error is a wrong call.
	parse  func(value string) (request, error)
	values []string
}

func (s *statistic) register(c *cobra.Command) {
	if s.whole {
		c.Flags().StringArrayVar(&s.values, s.flag, nil, s.usage)
		return
	}
	c.Flags().StringSliceVar(&s.values, s.flag, nil, s.usage)
}

// flagList names the flags: --a, --b or --c.
func flagList(statistics []*statistic) string {
	names := make([]string, len(statistics))
	for i, s := range statistics {
		names[i] = "--" + s.flag
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// allStatistics are the flags in the order in which their records are printed.
func (o *estimateOptions) allStatistics() []*statistic {
	return []*statistic{
		{flag: "mean", usage: "means of `V,V…`", parse: ofVariables((*estimate.Sample).Means)},
		{flag: "total", usage: "population totals of `V,V…`", parse: ofVariables((*estimate.Sample).Totals)},
		{flag: "ratio", usage: "ratio of totals, `NUM/DEN`", parse: ratioRequest},
		{flag: "proportion", usage: "share of every category of `V,V…` among its valid answers", parse: ofVariables((*estimate.Sample).Proportions)},
		{flag: "quantile", usage: "quantiles of `V,V…`", parse: ofVariables(func(s *estimate.Sample, v []string) ([]survey.Estimate, error) {
			return s.Quantiles(v, o.probs...)
		})},
		{flag: "share", usage: "share of rows for which `EXPR` holds", whole: true, parse: ofSource((*estimate.Sample).Share)},
		{flag: "variance", usage: "variances of `V,V…`", parse: ofVariables((*estimate.Sample).Variances)},
		{flag: "sd", usage: "standard deviations of `V,V…`", parse: ofVariables((*estimate.Sample).StandardDeviations)},
		{flag: "correlation", usage: "Pearson's correlation of `A,B`", whole: true, parse: correlationRequest},
		{flag: "geometric-mean", usage: "geometric means of `V,V…`, which must be positive", parse: ofVariables((*estimate.Sample).GeometricMeans)},
		{flag: "index", usage: "mean of `V`, or share of a condition, in each domain; everybody's is 100", whole: true, parse: ofSource((*estimate.Sample).Indexes)},
		{flag: "top-box", usage: "share in the K highest codes, `V:K`", parse: ofForm(estimate.ParseBox, (*estimate.Sample).TopBoxes)},
		{flag: "bottom-box", usage: "share in the K lowest codes, `V:K`", parse: ofForm(estimate.ParseBox, (*estimate.Sample).BottomBoxes)},
		{flag: "nps", usage: "share of promoters minus detractors, `V` or V:9-10,0-6", whole: true, parse: ofForm(estimate.ParsePromoters, (*estimate.Sample).NetPromoters)},
		{flag: "contrast", usage: "any smooth `EXPR` of mean(v), total(v) and share(condition)", whole: true, parse: ofSource((*estimate.Sample).Contrast)},
	}
}

// ofVariables asks for a statistic of variables, one at a time.
func ofVariables(f func(*estimate.Sample, []string) ([]survey.Estimate, error)) func(string) (request, error) {
	return ofSource(func(s *estimate.Sample, name string) ([]survey.Estimate, error) { return f(s, []string{name}) })
}

// ofSource asks for a statistic of an expression.
func ofSource(f func(*estimate.Sample, string) ([]survey.Estimate, error)) func(string) (request, error) {
	return func(value string) (request, error) {
		return func(s *estimate.Sample) ([]survey.Estimate, error) { return f(s, value) }, nil
	}
}

// ofForm asks for a statistic whose value has a form of its own.
func ofForm[T any](parse func(string) (T, error), f func(*estimate.Sample, T) ([]survey.Estimate, error)) func(string) (request, error) {
	return func(value string) (request, error) {
		of, err := parse(value)
		return func(s *estimate.Sample) ([]survey.Estimate, error) { return f(s, of) }, err
	}
}

func ratioRequest(value string) (request, error) {
	num, den, err := parseRatio(value)
	return func(s *estimate.Sample) ([]survey.Estimate, error) { return s.Ratios(num, den) }, err
}

func parseRatio(value string) (numerator, denominator string, err error) {
	num, den, ok := strings.Cut(value, "/")
	if !ok || num == "" || den == "" {
		return "", "", fmt.Errorf("--ratio %q is not of the form NUM/DEN", value)
	}
	return num, den, nil
}

func correlationRequest(value string) (request, error) {
	a, b, err := estimate.ParsePair(value)
	return func(s *estimate.Sample) ([]survey.Estimate, error) { return s.Correlations(a, b) }, err
}
