package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

type latentClassOptions struct {
	segmentOptions
	segment.LatentClassOptions
}

func newLatentClass(m *segment.Method) *cobra.Command {
	o := latentClassOptions{LatentClassOptions: segment.LatentClassOptions{Starts: 20}}
	c := o.command(m, &o.Items, "items")
	f := c.Flags()
	span(f, &o.Classes, "classes", "2-6", segment.MostSegments, "number of classes `K`, or a range such as 2-6, from which the one with the lowest BIC is chosen")
	whole(f, &o.Starts, "starts", 1, mostStarts, "random starts for each number of classes")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of the random starts")
	f.StringVar(&o.Covariates, "covariates", "", "explain who is in each segment by `'A + factor(B)'`, corrected for errors of classification")
	f.StringVar(&o.Replicate, "replicate", "", "find the segments again across random `halves` of the clusters, or across the values of a variable such as the wave")
	answer(c, &o.sampleOptions, func() error { return checkItems(o.Items) }, o.ask, printLatentClasses)
	return c
}

func (o *latentClassOptions) ask(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]segment.LatentClass, error) {
	o.Items = in.Items(o.Items)
	records, solution, err := segment.LatentClasses(ctx, s, o.LatentClassOptions)
	if err != nil {
		return nil, err
	}
	return records, o.files.write(o.design.command, s.Table(), solution)
}

func printLatentClasses(w io.Writer, records []segment.LatentClass) {
	t := newTable(w, "CLASSES", "LOG-LIKELIHOOD", "PARAMETERS", "AIC", "BIC", "CAIC", "ENTROPY R2", "STARTS AT TOP", "")
	for _, r := range byClasses(records) {
		chosen := ""
		if r.Chosen {
			chosen = "lowest BIC"
		}
		if !r.Converged {
			chosen += " not converged"
		}
		t.row(fmt.Sprint(r.Classes), figure.Number(r.LogLikelihood.Float(), 3), fmt.Sprint(r.Parameters), figure.Number(r.AIC.Float(), 1),
			figure.Number(r.BIC.Float(), 1), figure.Number(r.CAIC.Float(), 1), figure.Number(r.EntropyR2.Float(), 3),
			fmt.Sprintf("%d of %d", r.Reached, r.Starts), chosen)
	}
	t.flush()
	printReplications(w, byClasses(records))
	printSegments(w, records[0].Segments)
	printCovariates(w, records[0].Covariates)
	if pairs := records[0].Residuals; len(pairs) > 0 {
		t := newSection(w, "", "ITEMS THAT STILL GO TOGETHER", "", "BIVARIATE RESIDUAL")
		for _, p := range pairs[:min(3, len(pairs))] {
			t.row(p.A, p.B, figure.Number(p.Value.Float(), 2))
		}
		t.flush()
	}
}

// byClasses are the records in the order of their numbers of classes.
func byClasses(records []segment.LatentClass) []segment.LatentClass {
	out := slices.Clone(records)
	slices.SortStableFunc(out, func(a, b segment.LatentClass) int { return cmp.Compare(a.Classes, b.Classes) })
	return out
}

// printSegments shows sizes, then the answers of all segments side by side.
func printSegments(w io.Writer, segments []segment.Segment) {
	t := newSection(w, "", "SEGMENT", "NAME", "SHARE", "SE", "INTERVAL")
	for k, g := range segments {
		t.row(fmt.Sprint(k+1), g.Name, show(survey.RowShare, g.Size.Value), show(survey.RowShare, g.Size.SE),
			interval(survey.RowShare, g.Size))
	}
	t.flush()
	fmt.Fprintln(w)
	header := []string{"ITEM", "ANSWER"}
	for k := range segments {
		header = append(header, fmt.Sprint("SEGMENT ", k+1))
	}
	t = newTable(w, header...)
	for i, r := range segments[0].Answers {
		cells := []string{r.Variable, r.Category}
		for _, g := range segments {
			cells = append(cells, show(estimate.KindOf(r.Statistic), g.Answers[i].Value))
		}
		t.row(cells...)
	}
	t.flush()
}

// printReplications shows how well each number of segments is found again.
func printReplications(w io.Writer, records []segment.LatentClass) {
	t := newSection(w, "", "CLASSES", "FOUND AGAIN: ADJUSTED RAND", "AGREED", "LEAST AGREED", "COMPARISONS")
	for _, r := range records {
		rand, agreed, least := segment.MeanAgreement(r.Replications)
		t.row(fmt.Sprint(r.Classes), figure.Number(rand, 3), show(survey.RowShare, survey.FigureOf(agreed)), show(survey.RowShare, survey.FigureOf(least)), fmt.Sprint(len(r.Replications)))
	}
	t.flush()
}

// printCovariates shows the logit of each segment against the first.
func printCovariates(w io.Writer, logits []segment.ClassLogit) {
	for _, l := range logits {
		fmt.Fprintf(w, "\n%s, against %s\n", l.Segment, l.Against)
		printCoefficients(w, l.Coefficients)
	}
}
