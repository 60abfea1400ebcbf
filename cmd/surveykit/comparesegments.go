package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

type compareSegmentsOptions struct {
	design    designOptions
	output    outputOptions
	solutions []string
	chart     string
}

func newCompareSegments() *cobra.Command {
	var o compareSegmentsOptions
	c := &cobra.Command{
		Use:     "compare DATA",
		Short:   "Compare solutions: how far they agree, and who is where in the next",
		Example: "  surveykit segment compare with_segments.csv --weight w --psu psu --solutions three,four,five --chart flows.svg",
		Args:    oneData,
		RunE:    func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.output.register(c)
	f := c.Flags()
	f.StringSliceVar(&o.solutions, "solutions", nil, "variables of segments `A,B,…`, in the order in which they are shown")
	f.StringVar(&o.chart, "chart", "", "draw who is where in the next solution as `FILE` .svg, .png or .pdf")
	return c
}

func (o *compareSegmentsOptions) run(c *cobra.Command, path string) error {
	if len(o.solutions) < 2 {
		return usageError{fmt.Errorf("--solutions names two or more variables of segments, such as --solutions three,four")}
	}
	if err := checkSegments(c, &o.design, 0); err != nil {
		return err
	}
	s, in, err := o.design.designed(path)
	if err != nil {
		return err
	}
	records, streams, err := segment.Compare(s, o.solutions)
	if err != nil {
		return err
	}
	if o.chart != "" {
		if err := in.DrawFlows(o.chart, streams); err != nil {
			return err
		}
	}
	return write(c, o.output, s, records, printSolutions)
}

func printSolutions(w io.Writer, records []segment.Agreement) {
	for n, r := range records {
		if n > 0 {
			fmt.Fprintln(w)
		}
		a := r.AdjustedRand
		fmt.Fprintf(w, "%s and %s: adjusted Rand index %s (%s to %s), of %s people\n", r.From, r.To,
			figure.Number(float64(a.Value), 3), figure.Number(float64(a.Low), 3), figure.Number(float64(a.High), 3), figure.Count(a.N))
		t := newTable(w, "OF "+r.From, "ARE IN "+r.To, "SHARE OF THE FORMER", "INTERVAL", "OF ALL", "INTERVAL", "N")
		for _, m := range r.Moves {
			t.row(m.From, m.To, show(survey.RowShare, m.Given.Value), interval(m.Given), show(survey.RowShare, m.Share.Value), interval(m.Share), figure.Count(m.Given.N))
		}
		t.flush()
	}
}
