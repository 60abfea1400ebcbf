package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/propensity"
	"surveykit/survey/estimate"
)

type propensityOptions struct {
	propensity.Options
	sampleOptions
	model, scored, card, name string
}

func newPropensity() *cobra.Command {
	o := propensityOptions{Options: propensity.Options{Folds: 5, Mix: 0.5}}
	c := &cobra.Command{
		Use:   "propensity DATA",
		Short: "Each person's probability of an outcome, and the accuracy of these predictions",
		Long: `A penalised logistic model of each outcome gives every respondent a propensity. Its accuracy is measured
on people whose PSU the model has not seen. A propensity is a share among people with the same
answers, not a fact about one person: it is not for decisions about individuals.`,
		Example: `  surveykit propensity wave.csv --weight w --psu psu --outcome 'shares == 1' --predictors trust,age:scale,gender --card card.md
  surveykit propensity study.yaml --outcome shares --outcome opted_out --predictors trust,control --groups gender,age_bracket --model model.json`,
	}
	o.register(c)
	f := c.Flags()
	f.StringArrayVar(&o.Outcomes, "outcome", nil, "a `CONDITION` such as 'shares == 1', or a variable of 0 and 1; once for each outcome")
	f.StringSliceVar(&o.Predictors, "predictors", nil, "predictors `A,B,...`; A:nominal, A:ordinal or A:scale says how answers are taken")
	f.StringSliceVar(&o.Groups, "groups", nil, "try the model in each category of `A,B,...`")
	whole(f, &o.Folds, "folds", 3, 50, "number of folds of PSUs")
	number(f, &o.Mix, "mix", from0to1, "mix of the elastic net, from 0 (ridge) to 1 (lasso)")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of the folds")
	f.StringVar(&o.model, "model", "", "write the model to `FILE`, for score")
	f.StringVar(&o.card, "card", "", "write the model card (Markdown) to `FILE`")
	f.StringVar(&o.scored, "scored", "", "write the data with everybody's propensities to `FILE`, out of fold: each is by a model that has not seen the person's PSU")
	f.StringVar(&o.name, "name", "propensity", "`NAME` of the new variable; NAME_1, NAME_2 … with several outcomes")
	answer(c, &o.sampleOptions, o.check, o.ask, printPropensities)
	return c
}

func (o *propensityOptions) check() error {
	switch {
	case len(o.Outcomes) == 0:
		return usageError{errors.New("give --outcome, what to predict, such as 'shares == 1'")}
	case len(o.Predictors) == 0:
		return usageError{errors.New("give --predictors, the variables to predict from, such as --predictors trust,age:scale")}
	}
	return nil
}

// ask fits the models and writes the files that were asked for.
func (o *propensityOptions) ask(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]*propensity.Report, error) {
	r, err := propensity.Fit(ctx, s, o.Options)
	if err != nil {
		return nil, err
	}
	messages := o.design.command.ErrOrStderr()
	for _, n := range r.Notices {
		fmt.Fprintln(messages, "notice:", n)
	}
	if o.model != "" {
		err = reports.SaveModel(o.model, r.Model)
	}
	if err == nil && o.card != "" {
		err = in.SaveCard(o.card, s, r)
	}
	if err == nil && o.scored != "" {
		fmt.Fprintln(messages, "notice:", propensity.OutOfFold)
		err = save(o.design.command, o.scored, s.Table().With(r.Scored(o.name)...))
	}
	return r.Reports, err
}

func printPropensities(w io.Writer, reports []*propensity.Report) {
	t := newTable(w, "OUTCOME", "N", "BASE RATE", "AUC", "INTERVAL", "BRIER", "SKILL", "LOG LOSS", "ACCURACY", "BASE RATE'S", "GAIN", "INTERVAL", "SLOPE")
	for _, r := range reports {
		t.row(r.Outcome, figure.Count(r.N), show(survey.RowShare, r.BaseRate.Value), show(survey.RowMean, r.AUC.Value),
			interval(survey.RowMean, r.AUC), show(survey.RowMean, r.Brier.Value), show(survey.RowMean, r.Skill.Value),
			show(survey.RowMean, r.LogLoss.Value), show(survey.RowShare, r.Accuracy.Value), show(survey.RowShare, r.BaseAccuracy.Value), show(survey.RowShare, r.Gain.Value), interval(survey.RowShare, r.Gain),
			show(survey.RowMean, r.Slope.Value))
	}
	t.flush()
	for _, r := range reports {
		printCalibration(w, r)
		printWorse(w, r)
	}
	fmt.Fprintln(w, "\nAll figures are of people whose PSU the model has not seen. Propensities are not for decisions about individuals; --card writes what they are for.")
}

func printCalibration(w io.Writer, r *propensity.Report) {
	fmt.Fprintf(w, "\n%s\n", r.Outcome)
	t := newTable(w, "PROPENSITY", "MEAN", "OBSERVED", "INTERVAL", "N")
	for _, b := range r.Calibration {
		t.row(show(survey.RowShare, b.Low)+" to "+show(survey.RowShare, b.High), show(survey.RowShare, b.Predicted.Value),
			show(survey.RowShare, b.Observed.Value), interval(survey.RowShare, b.Observed), figure.Count(b.Observed.N))
	}
	t.flush()
}

// printWorse lists the groups in which the model does worse.
func printWorse(w io.Writer, r *propensity.Report) {
	worse := 0
	for _, g := range r.Groups {
		if len(g.Worse) > 0 {
			fmt.Fprintf(w, "%s: %s: %s (observed minus predicted %s [%s])\n", g.Variable, g.Category, strings.Join(g.Worse, ", "), show(survey.RowShare, g.Gap.Value), interval(survey.RowShare, g.Gap))
			worse++
		}
	}
	if len(r.Groups) > 0 && worse == 0 {
		fmt.Fprintf(w, "No interval shows that the model is worse in any of the %d groups.\n", len(r.Groups))
	}
}
