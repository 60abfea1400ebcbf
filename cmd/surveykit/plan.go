package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

type planOptions struct {
	sampleOptions
	differences []string
	between     string
	n, groups   int
	p, sd       float64
	deff, df    float64
	aim         estimate.Aim
}

func newPlan() *cobra.Command {
	o := planOptions{groups: 2, p: 0.5, deff: 1, aim: estimate.Aim{Power: 0.8}}
	c := &cobra.Command{
		Use:   "plan [DATA]",
		Short: "Power and minimum detectable difference of a planned or an existing design",
		Long: `plan gives the smallest true difference between two groups that a t test detects with a given power, and the
power for a given difference.

Without DATA, flags describe the design: --n rows in all, shared out evenly over --groups,
the design effect --deff, and --p (a proportion, in both groups) or --sd (a mean).
With DATA, the standard error and the degrees of freedom are those of the difference
--difference V --between VAR:FROM,TO under the design of the data.`,
		Example: `  surveykit plan --n 1200 --groups 4 --deff 1.4 --p 0.3 --detect 0.08
  surveykit plan wave.csv --weight w --strata stratum --psu psu --difference trust --between gender:male,female`,
		Args: atMostOneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args) },
	}
	o.register(c)
	o.design.domains(c)
	o.design.data.named = true
	f := c.Flags()
	whole(f, &o.n, "n", 1, math.MaxInt32, "planned rows in all")
	whole(f, &o.groups, "groups", 2, math.MaxInt32, "number of groups of equal size")
	number(f, &o.p, "p", between01, "expected proportion")
	number(f, &o.sd, "sd", aboveZero, "standard deviation of the answers, for a mean, in place of --p")
	number(f, &o.deff, "deff", aboveZero, "planned design effect")
	number(f, &o.df, "df", aboveZero, "planned degrees of freedom, PSUs minus strata (default the rows of two groups minus 2)")
	number(f, &o.aim.Power, "power", between01, "power of the detectable difference")
	f.Float64Var(&o.aim.Detect, "detect", 0, "true difference `NUMBER` for which the power is computed")
	f.StringSliceVar(&o.differences, "difference", nil, "with DATA: the means of `V,V...` to compare")
	f.StringVar(&o.between, "between", "", "with DATA: two groups, `VAR:FROM,TO`")
	return c
}

func atMostOneData(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError{fmt.Errorf("%s takes at most one DATA; see %s --help", c.CommandPath(), c.CommandPath())}
	}
	return nil
}

func (o *planOptions) check(c *cobra.Command, withData bool) error {
	if err := o.design.check(); err != nil {
		return err
	}
	if withData {
		return o.checkExisting(c)
	}
	return o.checkPlanned(c)
}

func (o *planOptions) checkExisting(c *cobra.Command) error {
	for _, flag := range []string{"n", "groups", "p", "sd", "deff", "df"} {
		if c.Flags().Changed(flag) {
			return usageError{fmt.Errorf("--%s describes a planned design, and DATA has its own: leave out one of them", flag)}
		}
	}
	if len(o.differences) == 0 || o.between == "" {
		return usageError{errors.New("with DATA give --difference V,V… and --between VAR:FROM,TO")}
	}
	return nil
}

func (o *planOptions) checkPlanned(c *cobra.Command) error {
	given := c.Flags().Changed
	switch {
	case len(o.differences) > 0 || o.between != "":
		return usageError{errors.New("--difference and --between need DATA")}
	case o.n/o.groups < 2:
		return usageError{errors.New("give --n, with two rows or more for each of two or more --groups")}
	case given("p") && given("sd"):
		return usageError{errors.New("give --p for a proportion or --sd for a mean, not both")}
	}
	return nil
}

func (o *planOptions) run(c *cobra.Command, args []string) error {
	if err := o.check(c, len(args) == 1); err != nil {
		return err
	}
	if len(args) == 1 {
		return o.existing(c, args[0])
	}
	o.aim.Level = o.design.over(survey.Design{}).Confidence()
	plans := []estimate.Plan{o.planned().Plan(o.aim)}
	return o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return tidy.WriteJSON(w, tidy.Results[estimate.Plan]{Results: plans, Provenance: tidy.Provenance{Program: "surveykit", Version: reports.Version()}})
		}
		printPlans(w, plans)
		return nil
	})
}

// planned describes two of the groups that n is shared out over.
func (o *planOptions) planned() estimate.Groups {
	g := estimate.Groups{Rows: o.n / o.groups, Variance: o.p * (1 - o.p), Deff: o.deff, DF: o.df}
	if o.sd > 0 {
		g.Variance = o.sd * o.sd
	}
	if g.DF == 0 {
		g.DF = float64(2*g.Rows - 2)
	}
	return g
}

func (o *planOptions) existing(c *cobra.Command, path string) error {
	between, err := estimate.ParseBetween(o.between)
	if err != nil {
		return usageError{err}
	}
	s, in, err := o.design.sample(path)
	if err != nil {
		return err
	}
	defer in.Close()
	differences, err := s.Differences(o.differences, between)
	if err != nil {
		return err
	}
	o.aim.Level = s.Level()
	return write(c, o.output, s, estimate.Plans(differences, o.aim), printPlans)
}

func printPlans(w io.Writer, plans []estimate.Plan) {
	t := newTable(w, "VARIABLE", "DOMAIN", "FROM", "TO", "SE", "DF", "DETECTABLE", "WITH POWER", "TRUE DIFFERENCE", "ITS POWER", "FLAGS")
	number := func(f survey.Figure) string { return figure.Number(f.Float(), 4) }
	share := func(f survey.Figure) string { return figure.Percent(f.Float(), 1) }
	for _, p := range plans {
		t.row(p.Variable, groupText(p.Group), side(p.From, p.NFrom), side(p.To, p.NTo), number(p.SE), figure.Number(p.DF.Float(), 0),
			number(p.Detectable), share(p.PowerWanted), number(p.Detect), share(p.Power), strings.Join(p.Flags, " "))
	}
	t.flush()
}

// side names a group with its rows.
func side(name string, rows int) string {
	return strings.TrimSpace(name + " n = " + figure.Count(rows))
}
