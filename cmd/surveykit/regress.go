package main

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey/estimate"
)

type regressOptions struct {
	design  designOptions
	output  outputOptions
	formula string
	family  string
}

func newRegress() *cobra.Command {
	var o regressOptions
	c := &cobra.Command{
		Use:     "regress DATA",
		Short:   "Linear, logistic and Poisson regression with design-based errors",
		Example: `  surveykit regress wave.csv --weight w --strata stratum --psu psu --formula 'opted_out ~ age + factor(wave)' --family binomial`,
		Args:    oneData,
		RunE:    func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.output.register(c)
	c.Flags().StringVar(&o.formula, "formula", "", "the model, `'y ~ a + factor(b)'`")
	c.Flags().StringVar(&o.family, "family", "gaussian", "gaussian|binomial|poisson")
	return c
}

func (o *regressOptions) check(c *cobra.Command) error {
	if o.formula == "" {
		return usageError{errors.New("--formula gives the model, such as 'y ~ a + factor(b)'")}
	}
	names := []string{}
	for _, f := range stats.Families() {
		names = append(names, f.Name)
	}
	if !slices.Contains(names, o.family) {
		return oneOf("--family", o.family, names...)
	}
	return o.design.check(c)
}

func (o *regressOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, err := o.design.sample(path)
	if err != nil {
		return err
	}
	records, err := s.Regress(o.formula, o.family)
	if err != nil {
		return err
	}
	return write(c, o.output, s, records, printCoefficients)
}

func printCoefficients(w io.Writer, records []estimate.Coefficient) {
	t := newTable(w, "DOMAIN", "TERM", "ESTIMATE", "SE", "T", "DF", "P", "FLAGS")
	for _, r := range records {
		t.row(groupText(r.Group), r.Term, figure.Number(float64(r.Value), 4), figure.Number(float64(r.SE), 4), figure.Number(float64(r.T), 2),
			figure.Number(float64(r.DF), 0), figure.P(float64(r.P)), strings.Join(r.Flags, " "))
	}
	t.flush()
}
