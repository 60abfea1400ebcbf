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
	"surveykit/survey/analysis/turf"
	"surveykit/survey/estimate"
)

type turfOptions struct {
	sampleOptions
	turf.Options
	chart string
}

func newTurf() *cobra.Command {
	o := turfOptions{Options: turf.Options{Unanswered: turf.LeftOut, Depth: 1, Keep: 3}}
	c := &cobra.Command{
		Use:   "turf DATA",
		Short: "Reach and frequency: bundles of items that reach the most people (TURF)",
		Long: `turf finds the bundles of items that reach the most people: exactly for up to 20 items, greedily with swaps
for more, with a bound on the largest reach. Intervals, of bundles and of their differences from the best one, take the
sample design into account.`,
		Example: `  surveykit turf study.yaml --set rewards --size 1-5
  surveykit turf wave.csv --weight w --psu psu --items r1,r2,r3,r4 --chosen 'value >= 4' --size 2 --require r1`,
	}
	o.register(c)
	f := c.Flags()
	f.StringVar(&o.Set, "set", "", "multiple-response `SET` whose answers are the items")
	f.StringSliceVar(&o.Items, "items", nil, "items `A,B,...` in place of a set, with --chosen")
	f.StringVar(&o.Chosen, "chosen", "", "`CONDITION` on value under which an item is wanted, such as 'value >= 4'")
	choice(c, &o.Unanswered, "unanswered", []turf.Unanswered{turf.LeftOut, turf.NotReached}, "people who left some items out")
	span(f, &o.Sizes, "size", "", turf.MostItems, "number of items in a bundle `N`, or a range such as 1-5 (default: all that are possible, up to 5)")
	whole(f, &o.Depth, "depth", 1, turf.MostItems, "smallest number of wanted items that reaches a person")
	f.StringSliceVar(&o.Require, "require", nil, "items `A,B,...` in every bundle, by label or name")
	f.StringSliceVar(&o.Exclude, "exclude", nil, "items `A,B,...` left out of all bundles, by label or name")
	whole(f, &o.Keep, "top", 1, 1000, "number of bundles shown of each size")
	f.StringVar(&o.chart, "chart", "", "draw the reach of the best bundle of each size to `FILE` (.svg, .png or .pdf)")
	answer(c, &o.sampleOptions, o.check, o.ask, printBundles)
	return c
}

func (o *turfOptions) ask(_ context.Context, s *estimate.Sample, in *reports.Data) ([]turf.Bundles, error) {
	records, err := turf.Search(s, o.Options)
	if err == nil && o.chart != "" {
		err = in.DrawReach(o.chart, records)
	}
	return records, err
}

func (o *turfOptions) check() error {
	switch {
	case (o.Set == "") == (len(o.Items) == 0):
		return usageError{errors.New("give --set, or --items with --chosen")}
	case (len(o.Items) > 0) != (o.Chosen != ""):
		return usageError{errors.New("--items needs --chosen, the condition under which an item is wanted, such as --chosen 'value >= 4'; a set needs none")}
	}
	return nil
}

func printBundles(w io.Writer, sizes []turf.Bundles) {
	t := newTable(w, "SIZE", "ITEMS", "REACH", "INTERVAL", "FREQUENCY", "BEST LEADS BY", "P", "SEARCH")
	for _, s := range sizes {
		for k, b := range s.Best {
			lead, p, search := "", "", ""
			if b.Lead != nil {
				lead, p = figure.Value(survey.RowGap, b.Lead.Value.Float(), 1), figure.P(b.Lead.P.Float())
			}
			if k == 0 {
				search = searched(s)
			}
			t.row(fmt.Sprint(s.Size), strings.Join(b.Items, " + "), show(survey.RowShare, b.Reach.Value),
				interval(survey.RowShare, b.Reach),
				figure.Number(b.Frequency.Value.Float(), 2), lead, p, search)
		}
	}
	t.flush()
	fmt.Fprintln(w, "\n"+counted(sizes[0]))
}

// counted says who is in the base of a search.
func counted(s turf.Bundles) string {
	n, incomplete := figure.Count(s.Best[0].Reach.N), figure.Count(s.Incomplete)
	switch {
	case s.Incomplete == 0:
		return fmt.Sprintf("Base: %s people, who answered all items.", n)
	case s.Unanswered == turf.NotReached:
		return fmt.Sprintf("Base: %s people, who answered at least one item; what %s of them left out counts as not wanted.", n, incomplete)
	}
	return fmt.Sprintf("Base: %s people, who answered all items; %s who left some out do not count (--unanswered not-reached counts what they left out as not wanted).", n, incomplete)
}

// searched says how good the best bundle of a size is known to be.
func searched(s turf.Bundles) string {
	if s.Exact {
		return "the largest reach"
	}
	return "no bundle exceeds " + show(survey.RowShare, s.Bound)
}
