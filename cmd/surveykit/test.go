package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

type testOptions struct {
	design      designOptions
	output      outputOptions
	differences []string
	between     string
	association []string
	method      []string
	methods     []stats.AssociationMethod
}

func newTest() *cobra.Command {
	var o testOptions
	c := &cobra.Command{
		Use:   "test DATA",
		Short: "Tests of association and differences between groups",
		Example: `  surveykit test waves.yaml --difference opted_out --between wave:2008,2011 --by age_bracket
  surveykit test wave.csv --weight w --association concern,age_bracket`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.output.register(c)
	c.Flags().StringSliceVar(&o.differences, "difference", nil, "means of `V,V…` to compare")
	c.Flags().StringVar(&o.between, "between", "", "the two groups, `VAR:FROM,TO`")
	c.Flags().StringSliceVar(&o.association, "association", nil, "test whether `A,B` are independent")
	c.Flags().StringSliceVar(&o.method, "method", []string{"F"}, "F,Chisq,Wald,adjWald,lincom,saddlepoint")
	return c
}

func (o *testOptions) check(c *cobra.Command) error {
	switch {
	case (len(o.association) > 0) == (len(o.differences) > 0):
		return usageError{errors.New("give either --association A,B or --difference V,V… with --between VAR:FROM,TO")}
	case len(o.differences) > 0 && o.between == "":
		return usageError{errors.New("--difference needs --between VAR:FROM,TO")}
	case len(o.association) > 0 && len(o.association) != 2:
		return usageError{errors.New("--association takes two variables, A,B")}
	}
	for _, name := range o.method {
		m, err := stats.ParseAssociationMethod(name)
		if err != nil {
			return usageError{err}
		}
		o.methods = append(o.methods, m)
	}
	return o.design.check(c)
}

func (o *testOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	var between estimate.Between
	if o.between != "" {
		var err error
		if between, err = estimate.ParseBetween(o.between); err != nil {
			return usageError{err}
		}
	}
	s, err := o.design.sample(path)
	if err != nil {
		return err
	}
	if len(o.association) > 0 {
		records, err := s.Association(o.association[0], o.association[1], o.methods)
		if err != nil {
			return err
		}
		return write(c, o.output, s, records, printTests)
	}
	records, err := s.Differences(o.differences, between)
	if err != nil {
		return err
	}
	return write(c, o.output, s, records, printComparisons)
}

func printComparisons(w io.Writer, records []estimate.Comparison) {
	t := newTable(w, "VARIABLE", "DOMAIN", "FROM", "TO", "DIFFERENCE", "SE", "INTERVAL", "T", "DF", "P", "FLAGS")
	kind := survey.RowMean
	for _, r := range records {
		t.row(r.Variable, groupText(r.Group), r.From+" "+show(kind, r.FromMean), r.To+" "+show(kind, r.ToMean),
			figure.SignedNumber(float64(r.Value), 3), show(kind, r.SE), figure.Interval(kind, float64(r.Low), float64(r.High), 3),
			figure.Number(float64(r.T), 2), figure.Number(float64(r.DF), 0), figure.P(float64(r.P)), strings.Join(r.Flags, " "))
	}
	t.flush()
}

func printTests(w io.Writer, records []estimate.TestRecord) {
	t := newTable(w, "TEST", "VARIABLES", "DOMAIN", "STATISTIC", "NDF", "DDF", "P", "N", "FLAGS")
	for _, r := range records {
		t.row(r.Test, r.Variables[0]+" × "+r.Variables[1], groupText(r.Group), figure.Number(float64(r.Statistic), 3),
			figure.Number(float64(r.NDF), 2), figure.Number(float64(r.DDF), 2), figure.P(float64(r.P)), figure.Count(r.N), strings.Join(r.Flags, " "))
	}
	t.flush()
}
