package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/drivers"
	"surveykit/survey/estimate"
)

type driversOptions struct {
	drivers.Options
	sampleOptions
	chart string
}

func newDrivers() *cobra.Command {
	o := driversOptions{Options: drivers.Options{Orders: 2000}}
	c := &cobra.Command{
		Use:   "drivers DATA",
		Short: "What moves an outcome: how much drivers explain, together, alone and each",
		Example: `  surveykit drivers wave.csv --weight w --psu psu --outcome satisfaction --drivers app,shop,phone --top 2
  surveykit drivers study.yaml --outcome 'shares == 1' --drivers trust,control,age:scale,gender`,
	}
	o.register(c)
	o.design.data.named = true
	f := c.Flags()
	f.StringVar(&o.Outcome, "outcome", "", "a variable of numbers or a `CONDITION` such as 'shares == 1'")
	f.StringSliceVar(&o.Drivers, "drivers", nil, "drivers `A,B,...`; A:nominal, A:ordinal or A:scale says how answers are taken")
	choice(c, &o.Family, "family", []string{"gaussian", "binomial"}, "family of the model, by default binomial for an outcome of 0 and 1 and gaussian for others")
	whole(f, &o.Top, "top", 0, math.MaxInt32, "performance is the share in the `K` highest codes (default: the mean)")
	f.StringVar(&o.chart, "chart", "", "draw importance against performance to `FILE` (.svg, .png or .pdf)")
	whole(f, &o.Orders, "orders", 10, 1_000_000, "number of orders drawn at random where there are more than 15 drivers")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of the orders drawn")
	answer(c, &o.sampleOptions, o.check, o.ask, printDrivers)
	return c
}

func (o *driversOptions) check() error {
	switch {
	case o.Outcome == "":
		return usageError{errors.New("give --outcome, the variable to explain, such as satisfaction or 'shares == 1'")}
	case len(o.Drivers) == 0:
		return usageError{errors.New("give --drivers, the variables that may explain it, such as --drivers app,shop,phone")}
	}
	return nil
}

func (o *driversOptions) ask(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]*drivers.Analysis, error) {
	a, err := drivers.Analyse(ctx, s, o.Options)
	if err == nil && o.chart != "" {
		err = in.DrawDrivers(o.chart, a)
	}
	return []*drivers.Analysis{a}, err
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
	return fmt.Sprintf("%s [%s]", show(survey.RowShare, r.Value), interval(survey.RowShare, r))
}

// printImportance lists the drivers.
func printImportance(w io.Writer, ranked []drivers.Driver) {
	t := newTable(w, "DRIVER", "SHAPLEY", "INTERVAL", "SHARE OF R2", "INTERVAL", "JOHNSON", "INTERVAL", "ALONE", "UNIQUE", "COMMON")
	for _, d := range ranked {
		t.row(d.Driver, show(survey.RowShare, d.Shapley.Value), interval(survey.RowShare, d.Shapley), show(survey.RowShare, d.ShapleyShare.Value), interval(survey.RowShare, d.ShapleyShare),
			show(survey.RowShare, d.Johnson.Value), interval(survey.RowShare, d.Johnson), show(survey.RowShare, d.Alone.Value), show(survey.RowShare, d.Unique.Value), show(survey.RowShare, d.Common.Value))
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
		t.row(d.Driver, show(survey.RowShare, d.ShapleyShare.Value), interval(survey.RowShare, d.ShapleyShare), show(kind, d.Performance.Value),
			interval(kind, *d.Performance), string(d.Quadrant))
	}
	if rows > 0 {
		fmt.Fprintln(w)
		t.flush()
	}
}
