package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

type compareSegmentsOptions struct {
	sampleOptions
	solutions []string
	chart     string
}

func newCompareSegments() *cobra.Command {
	var o compareSegmentsOptions
	c := &cobra.Command{
		Use:     "compare DATA",
		Short:   "Compare solutions: how far they agree, and where the people of each segment are in the next",
		Example: "  surveykit segment compare with_segments.csv --weight w --psu psu --solutions three,four,five --chart flows.svg",
	}
	o.register(c)
	f := c.Flags()
	f.StringSliceVar(&o.solutions, "solutions", nil, "variables of segments `A,B,...`, in the order in which they are shown")
	f.StringVar(&o.chart, "chart", "", "draw where the people of each segment are in the next solution to `FILE` (.svg, .png or .pdf)")
	answer(c, &o.sampleOptions, o.check, o.ask, printSolutions)
	return c
}

func (o *compareSegmentsOptions) check() error {
	if len(o.solutions) < 2 {
		return usageError{errors.New("give --solutions, two or more variables of segments, such as --solutions three,four")}
	}
	return nil
}

func (o *compareSegmentsOptions) ask(_ context.Context, s *estimate.Sample, in *reports.Data) ([]segment.Agreement, error) {
	records, streams, err := segment.Compare(s, o.solutions)
	if err == nil && o.chart != "" {
		err = in.DrawFlows(o.chart, streams)
	}
	return records, err
}

func printSolutions(w io.Writer, records []segment.Agreement) {
	for n, r := range records {
		if n > 0 {
			fmt.Fprintln(w)
		}
		a := r.AdjustedRand
		fmt.Fprintf(w, "%s and %s: adjusted Rand index %s (%s to %s), of %s people\n", r.From, r.To,
			figure.Number(a.Value.Float(), 3), figure.Number(a.Low.Float(), 3), figure.Number(a.High.Float(), 3), figure.Count(a.N))
		t := newTable(w, "OF "+r.From, "ARE IN "+r.To, "SHARE OF THE FORMER", "INTERVAL", "OF ALL", "INTERVAL", "N")
		for _, m := range r.Moves {
			t.row(m.From, m.To, show(survey.RowShare, m.Given.Value), interval(survey.RowShare, m.Given), show(survey.RowShare, m.Share.Value), interval(survey.RowShare, m.Share), figure.Count(m.Given.N))
		}
		t.flush()
	}
}
