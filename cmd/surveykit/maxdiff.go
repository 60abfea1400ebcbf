package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/maxdiff"
	"surveykit/survey/estimate"
)

type maxdiffOptions struct {
	sampleOptions
	maxdiff.Options
	files segmentFiles
	chart string
}

func newMaxDiff() *cobra.Command {
	o := maxdiffOptions{Options: maxdiff.Options{Starts: 20}}
	c := &cobra.Command{
		Use:   "maxdiff DATA",
		Short: "Best–worst choices (MaxDiff): counts, utilities, preferences and classes of people",
		Long: `maxdiff analyses tasks in which people name the best and the worst of some items. Where a row is a person,
write {task} in the names of columns for the number of the task; otherwise every row is a task, and --respondent
names the column of the person. Preferences are utilities as shares of 100: how many would choose the item among all.`,
		Example: `  surveykit maxdiff tasks.csv --respondent id --shown item1,item2,item3,item4 --best best --worst worst --weight w
  surveykit maxdiff wide.sav --shown 'q{task}_a,q{task}_b,q{task}_c' --best 'q{task}_best' --worst 'q{task}_worst' --classes 1-4`,
	}
	o.register(c)
	f := c.Flags()
	f.StringSliceVar(&o.Shown, "shown", nil, "columns `A,B,...` of the items shown in a task")
	f.StringVar(&o.Best, "best", "", "`COLUMN` of the best item")
	f.StringVar(&o.Worst, "worst", "", "`COLUMN` of the worst item")
	f.StringVar(&o.Respondent, "respondent", "", "`COLUMN` with the respondent of each row")
	span(f, &o.Classes, "classes", "1", 20, "number of classes of people `K`, or a range such as 1-4, from which the one with the lowest BIC is chosen")
	whole(f, &o.Starts, "starts", 1, mostStarts, "random starts for each number of classes")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of the random starts")
	f.StringVar(&o.files.assigned, "assigned", "", "write the data with everybody's class to `FILE`")
	f.StringVar(&o.files.name, "name", "class", "`NAME` of the new variable; NAME_1, NAME_2 … hold the probabilities of each class")
	f.StringVar(&o.chart, "chart", "", "draw the preferences to `FILE` (.svg, .png or .pdf)")
	answer(c, &o.sampleOptions, o.check, o.ask, printMaxDiff)
	return c
}

func (o *maxdiffOptions) check() error {
	wide := func(name string) bool { return strings.Contains(name, maxdiff.TaskPlace) }
	switch {
	case len(o.Shown) < 2 || o.Best == "" || o.Worst == "":
		return usageError{errors.New("give --shown, two or more columns of the items shown, and --best and --worst, the columns of the choices")}
	case wide(o.Best) != wide(o.Worst) || !wide(o.Best) && slices.ContainsFunc(o.Shown, wide):
		return usageError{fmt.Errorf("write %s in the names of all columns of a task, or of none", maxdiff.TaskPlace)}
	case wide(o.Best) && o.Respondent != "":
		return usageError{fmt.Errorf("--respondent is for data with a row a task; with %s every row is a person", maxdiff.TaskPlace)}
	}
	return nil
}

func (o *maxdiffOptions) ask(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]maxdiff.Analysis, error) {
	records, solution, err := maxdiff.MaxDiff(ctx, s, o.Options)
	if err != nil {
		return nil, err
	}
	if o.chart != "" {
		if err := in.DrawPreferences(o.chart, records[0]); err != nil {
			return nil, err
		}
	}
	return records, o.files.write(o.design.command, s.Table(), solution)
}

func printMaxDiff(w io.Writer, records []maxdiff.Analysis) {
	if len(records) > 1 {
		t := newTable(w, "CLASSES", "LOG-LIKELIHOOD", "PARAMETERS", "AIC", "BIC", "PSEUDO R2", "STARTS AT TOP", "")
		for _, r := range slices.SortedStableFunc(slices.Values(records), func(a, b maxdiff.Analysis) int { return cmp.Compare(a.Classes, b.Classes) }) {
			t.row(fmt.Sprint(r.Classes), figure.Number(r.LogLikelihood.Float(), 3), fmt.Sprint(r.Parameters), figure.Number(r.AIC.Float(), 1),
				figure.Number(r.BIC.Float(), 1), figure.Number(r.PseudoR2.Float(), 3), fmt.Sprintf("%d of %d", r.Reached, r.Climbed), fitWords(r))
		}
		t.flush()
		fmt.Fprintln(w)
	}
	printItems(w, records[0])
}

// fitWords says which model was chosen and which did not converge.
func fitWords(r maxdiff.Analysis) string {
	words := ""
	if r.Chosen {
		words = "lowest BIC"
	}
	if !r.Converged {
		words += " not converged"
	}
	return words
}

// printItems shows the items by preference, of everybody and of each class.
func printItems(w io.Writer, r maxdiff.Analysis) {
	header := []string{"ITEM", "SCORE", "INTERVAL", "PREFERENCE", "INTERVAL"}
	if r.Classes > 1 {
		t := newTable(w, "CLASS", "NAME", "SHARE", "INTERVAL")
		for k, g := range r.Segments {
			t.row(fmt.Sprint(k+1), g.Name, show(survey.RowShare, g.Size.Value),
				interval(survey.RowShare, g.Size))
			header = append(header, fmt.Sprint("CLASS ", k+1))
		}
		t.flush()
		fmt.Fprintln(w)
	} else {
		header = append(header, "UTILITY", "SE")
	}
	t := newTable(w, header...)
	for _, j := range r.ByPreference() {
		x := r.Items[j]
		cells := []string{x.Item, show(survey.RowMean, x.Score.Value), interval(survey.RowMean, x.Score),
			show(survey.RowShare, x.Preference.Value), interval(survey.RowShare, x.Preference)}
		for _, g := range r.Segments {
			if r.Classes > 1 {
				cells = append(cells, show(survey.RowShare, g.Preferences[j].Value))
			} else {
				cells = append(cells, show(survey.RowMean, g.Utilities[j].Value), show(survey.RowMean, g.Utilities[j].SE))
			}
		}
		t.row(cells...)
	}
	t.flush()
	if len(r.NotEstimable) > 0 {
		fmt.Fprintf(w, "\nNot estimable: %s. It was always or never chosen against the other items, so its utility is not finite; utilities and preferences are of the other items only.\n", strings.Join(r.NotEstimable, ", "))
	}
}
