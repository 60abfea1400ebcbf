package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/estimate"
)

type driversOptions struct {
	drivers.Options
	design designOptions
	output outputOptions
	chart  string
}

func newDrivers() *cobra.Command {
	var o driversOptions
	c := &cobra.Command{
		Use:   "drivers DATA",
		Short: "What moves an outcome: how much drivers explain, together, alone and each of them",
		Example: `  surveykit drivers wave.csv --weight w --psu psu --outcome satisfaction --drivers app,shop,phone --top 2
  surveykit drivers study.yaml --outcome 'shares == 1' --drivers trust,control,age:scale,gender`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.design.data.named = true
	o.output.register(c)
	f := c.Flags()
	f.StringVar(&o.Outcome, "outcome", "", "a variable of numbers or a `CONDITION` such as 'shares == 1'")
	f.StringSliceVar(&o.Drivers, "drivers", nil, "drivers `A,B,…`; A:nominal, A:ordinal or A:scale says how answers are taken")
	f.StringVar(&o.Family, "family", "", "gaussian|binomial (default: binomial for an outcome of 0 and 1, gaussian for others)")
	f.IntVar(&o.Top, "top", 0, "performance is the share in the `K` highest codes (default: the mean)")
	f.StringVar(&o.chart, "chart", "", "draw importance against performance to `FILE` (.svg, .png or .pdf)")
	f.IntVar(&o.Orders, "orders", 2000, "orders that are drawn where there are more than 15 drivers")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the orders drawn")
	return c
}

func (o *driversOptions) check(c *cobra.Command) error {
	switch {
	case o.Outcome == "":
		return usageError{errors.New("--outcome names what is to be explained, such as satisfaction or 'shares == 1'")}
	case len(o.Drivers) == 0:
		return usageError{errors.New("--drivers names what may explain it, such as --drivers app,shop,phone")}
	case o.Top < 0:
		return usageError{fmt.Errorf("--top %d is no number of codes", o.Top)}
	case o.Orders < 10 || o.Orders > 1_000_000:
		return usageError{fmt.Errorf("--orders %d is not from 10 to 1,000,000", o.Orders)}
	case len(o.design.domain.By) > 0:
		return usageError{errors.New("--by cannot be used here: one model is shared out; use --where for a part of the sample")}
	}
	if err := oneOf("--family", o.Family, "", "gaussian", "binomial"); err != nil {
		return err
	}
	return o.design.check(c)
}

func (o *driversOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, in, err := o.design.designed(path)
	if err != nil {
		return err
	}
	a, err := drivers.Analyse(c.Context(), s, o.Options)
	if err != nil {
		return err
	}
	if o.chart != "" {
		if err := in.DrawDrivers(o.chart, a); err != nil {
			return err
		}
	}
	return write(c, o.output, s, []*drivers.Analysis{a}, printDrivers)
}

func printDrivers(w io.Writer, all []*drivers.Analysis) {
	a := all[0]
	printExplained(w, a)
	printImportance(w, a.Ranked())
	printPerformance(w, a.Ranked())
	fmt.Fprintln(w)
	printCoefficients(w, a.Coefficients)
	fmt.Fprintln(w)
	for _, n := range a.Notes {
		fmt.Fprintln(w, n)
	}
}

// printExplained says what the drivers explain together and beyond single ones.
func printExplained(w io.Writer, a *drivers.Analysis) {
	what := "of the variance of " + a.Label
	if a.Family == "binomial" {
		what = "of the tendency behind " + a.Label
	}
	if a.Best == "" {
		fmt.Fprintf(w, "What the %d drivers explain %s is not estimable (%s rows).\n\n", len(a.Drivers), what, figure.Count(a.R2.N))
		return
	}
	fmt.Fprintf(w, "Together the %d drivers explain %s %s (%s rows).\n", len(a.Drivers), part(a.R2), what, figure.Count(a.R2.N))
	fmt.Fprintf(w, "The best single one, %s, explains %s alone; all of them explain %s beyond it.\n", a.Best, alone(a), part(a.BeyondBest))
	fmt.Fprintf(w, "%s is unique to single drivers (the sum of the unique parts); %s is shared by two or more.\n\n", part(a.Unique), part(a.Common))
}

func alone(a *drivers.Analysis) string {
	for _, d := range a.Drivers {
		if d.Driver == a.Best {
			return part(d.Alone)
		}
	}
	return figure.Missing
}

// part is a share with its interval.
func part(r survey.Estimate) string {
	return fmt.Sprintf("%s [%s]", show(survey.RowShare, r.Value), interval(r))
}

func interval(r survey.Estimate) string {
	return figure.Interval(survey.RowShare, float64(r.Low), float64(r.High), decimals(survey.RowShare))
}

// printImportance lists the drivers.
func printImportance(w io.Writer, ranked []drivers.Driver) {
	t := newTable(w, "DRIVER", "SHAPLEY", "INTERVAL", "SHARE OF R2", "INTERVAL", "JOHNSON", "INTERVAL", "ALONE", "UNIQUE", "COMMON")
	for _, d := range ranked {
		t.row(d.Driver, show(survey.RowShare, d.Shapley.Value), interval(d.Shapley), show(survey.RowShare, d.ShapleyShare.Value), interval(d.ShapleyShare),
			show(survey.RowShare, d.Johnson.Value), interval(d.Johnson), show(survey.RowShare, d.Alone.Value), show(survey.RowShare, d.Unique.Value), show(survey.RowShare, d.Common.Value))
	}
	t.flush()
}

// printPerformance holds importance against performance.
func printPerformance(w io.Writer, ranked []drivers.Driver) {
	t := newTable(w, "DRIVER", "IMPORTANCE", "INTERVAL", "PERFORMANCE", "INTERVAL", "")
	rows := 0
	for _, d := range ranked {
		if d.Performance == nil {
			continue
		}
		rows++
		kind := estimate.KindOf(d.Performance.Statistic)
		t.row(d.Driver, show(survey.RowShare, d.ShapleyShare.Value), interval(d.ShapleyShare), show(kind, d.Performance.Value),
			figure.Interval(kind, float64(d.Performance.Low), float64(d.Performance.High), decimals(kind)), string(d.Quadrant))
	}
	if rows > 0 {
		fmt.Fprintln(w)
		t.flush()
	}
}
