package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey/estimate"
)

type regressOptions struct {
	sampleOptions
	formula string
	family  string
	terms   bool
	margins string
}

func newRegress() *cobra.Command {
	o := regressOptions{family: "gaussian"}
	c := &cobra.Command{
		Use:     "regress DATA",
		Short:   "Linear, logistic and Poisson regression with design-based errors",
		Example: `  surveykit regress wave.csv --weight w --strata stratum --psu psu --formula 'opted_out ~ age + factor(wave)' --family binomial`,
		Args:    oneData,
		RunE:    func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.register(c)
	o.design.domains(c)
	o.design.data.named = true
	families := make([]string, len(stats.Families()))
	for i, f := range stats.Families() {
		families[i] = f.Name
	}
	choice(c, &o.family, "family", families, "family of the model")
	c.Flags().StringVar(&o.formula, "formula", "", "model, such as `'y ~ a + factor(b)'`")
	c.Flags().BoolVar(&o.terms, "terms", false, "test each term as a whole (Wald) in place of the coefficients")
	c.Flags().StringVar(&o.margins, "margins", "", "means that the model predicts at each level of the factor `V`, in place of the coefficients")
	return c
}

func (o *regressOptions) check() error {
	if o.terms && o.margins != "" {
		return usageError{errors.New("--terms and --margins ask for different records: give one of them")}
	}
	if o.formula == "" {
		return usageError{errors.New("give --formula, the model, such as 'y ~ a + factor(b)'")}
	}
	return o.design.check()
}

func (o *regressOptions) run(c *cobra.Command, path string) error {
	if err := o.check(); err != nil {
		return err
	}
	s, in, err := o.design.sample(path)
	if err != nil {
		return err
	}
	defer in.Close()
	switch {
	case o.terms:
		records, err := s.TermTests(o.formula, o.family)
		return writeRecords(c, o.output, s, records, err, printTerms)
	case o.margins != "":
		records, err := s.PredictedMargins(o.formula, o.family, o.margins)
		return writeRecords(c, o.output, s, records, err, printEstimates)
	}
	records, err := s.Regress(o.formula, o.family)
	return writeRecords(c, o.output, s, records, err, printCoefficients)
}

// writeRecords writes records unless making them failed.
func writeRecords[T any](c *cobra.Command, o outputOptions, s *estimate.Sample, records []T, err error, layOut func(io.Writer, []T)) error {
	if err != nil {
		return err
	}
	return write(c, o, s, records, layOut)
}

func printCoefficients(w io.Writer, records []estimate.Coefficient) {
	t := newTable(w, "DOMAIN", "TERM", "ESTIMATE", "SE", "T", "DF", "P", "FLAGS")
	for _, r := range records {
		t.row(groupText(r.Group), r.Term, figure.Number(r.Value.Float(), 4), figure.Number(r.SE.Float(), 4), figure.Number(r.T.Float(), 2),
			figure.Number(r.DF.Float(), 0), figure.P(r.P.Float()), strings.Join(r.Flags, " "))
	}
	t.flush()
}

func printTerms(w io.Writer, records []estimate.TermTest) {
	t := newTable(w, "DOMAIN", "TERM", "F", "NDF", "DDF", "P", "FLAGS")
	for _, r := range records {
		t.row(groupText(r.Group), r.Term, figure.Number(r.Statistic.Float(), 3), figure.Number(r.NDF.Float(), 0),
			figure.Number(r.DDF.Float(), 0), figure.P(r.P.Float()), strings.Join(r.Flags, " "))
	}
	t.flush()
}
