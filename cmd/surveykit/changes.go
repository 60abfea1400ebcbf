package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"surveykit/reports/change"
	"surveykit/reports/figure"
)

func newChanges() *cobra.Command {
	var output outputOptions
	c := &cobra.Command{
		Use:   "changes OLD NEW",
		Short: "What changed from one run's folder to another's: questions, bases, and numbers that moved beyond chance",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("%s takes the folders of two runs, OLD and NEW; see %s --help", c.CommandPath(), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			before, err := change.Read(args[0])
			if err != nil {
				return err
			}
			after, err := change.Read(args[1])
			if err != nil {
				return err
			}
			r := change.Compare(before, after)
			return output.to(c, func(w io.Writer) error {
				if output.json {
					return change.WriteJSON(w, r)
				}
				printChanges(w, r)
				return nil
			})
		},
	}
	output.register(c)
	return c
}

func printChanges(w io.Writer, r *change.Report) {
	fmt.Fprintln(w, r.Summary())
	fmt.Fprintf(w, "Respondents %s to %s, design effect of the weights %s to %s\n", figure.Count(r.RowsBefore), figure.Count(r.RowsAfter),
		figure.Number(r.DeffBefore.Float(), 2), figure.Number(r.DeffAfter.Float(), 2))
	for _, list := range []struct {
		title string
		names []string
	}{{"added", r.Added}, {"gone", r.Gone}} {
		for _, n := range list.names {
			fmt.Fprintf(w, "%s: %s\n", list.title, n)
		}
	}
	t := newSection(w, "", "FIGURE", "BEFORE", "NOW", "CHANGE", "INTERVAL", "P ADJUSTED")
	for _, m := range r.Moved {
		l := m.Line()
		t.row(l.Place, l.Before, l.After, l.Change, l.Interval, l.P)
	}
	t.flush()
}
