package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/analysis/turf"
)

type turfOptions struct {
	design designOptions
	output outputOptions
	ask    turf.Options
	sizes  string
	chart  string
}

func newTurf() *cobra.Command {
	var o turfOptions
	c := &cobra.Command{
		Use:   "turf DATA",
		Short: "Reach and frequency: bundles of items that reach the most people (TURF)",
		Long: `turf finds the bundles of items that reach the most people: exactly for up to 20 items, greedily with swaps
for more, and says how far the best may be from the largest reach there is. The interval of a bundle and its distance
from the best know the sample design.`,
		Example: `  surveykit turf study.yaml --set rewards --size 1-5
  surveykit turf wave.csv --weight w --psu psu --items r1,r2,r3,r4 --chosen 'value >= 4' --size 2 --require r1`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.design.register(c)
	o.output.register(c)
	f := c.Flags()
	f.StringVar(&o.ask.Set, "set", "", "multiple-response `SET` whose answers are the items")
	f.StringSliceVar(&o.ask.Items, "items", nil, "items `A,B,…` in place of a set, with --chosen")
	f.StringVar(&o.ask.Chosen, "chosen", "", "`CONDITION` on value under which an item is wanted, such as 'value >= 4'")
	f.StringVar((*string)(&o.ask.Unanswered), "unanswered", string(turf.LeftOut), "people who left some items out are `left-out`, or not-reached by those")
	f.StringVar(&o.sizes, "size", "", "number of items in a bundle `N`, or a range such as 1-5 (default: all that are possible, up to 5)")
	f.IntVar(&o.ask.Depth, "depth", 1, "least number of wanted items that reaches a person")
	f.StringSliceVar(&o.ask.Require, "require", nil, "items in every bundle, by label or name")
	f.StringSliceVar(&o.ask.Exclude, "exclude", nil, "items in no bundle")
	f.IntVar(&o.ask.Keep, "top", 3, "bundles of each size that are shown")
	f.StringVar(&o.chart, "chart", "", "draw the reach of the best bundle of each size into `FILE` (.svg, .png or .pdf)")
	return c
}

func (o *turfOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	s, in, err := o.design.designed(path)
	if err != nil {
		return err
	}
	records, err := turf.Search(s, o.ask)
	if err != nil {
		return err
	}
	if o.chart != "" {
		if err := in.DrawReach(o.chart, records); err != nil {
			return err
		}
	}
	return write(c, o.output, s, records, printBundles)
}

func (o *turfOptions) check(c *cobra.Command) (err error) {
	switch {
	case (o.ask.Set == "") == (len(o.ask.Items) == 0):
		return usageError{errors.New("give --set, or --items with --chosen")}
	case (len(o.ask.Items) > 0) != (o.ask.Chosen != ""):
		return usageError{errors.New("--items needs --chosen, the condition under which an item is wanted, such as --chosen 'value >= 4'; a set needs none")}
	case o.ask.Unanswered != turf.LeftOut && o.ask.Unanswered != turf.NotReached:
		return usageError{fmt.Errorf("--unanswered %s is neither %s nor %s", o.ask.Unanswered, turf.LeftOut, turf.NotReached)}
	case o.ask.Depth < 1:
		return usageError{fmt.Errorf("--depth %d is not at least 1", o.ask.Depth)}
	case o.ask.Keep < 1 || o.ask.Keep > 1000:
		return usageError{fmt.Errorf("--top %d is not from 1 to 1,000", o.ask.Keep)}
	case len(o.design.domain.By) > 0:
		return usageError{errors.New("--by cannot be used here: use --where for a part of the sample")}
	}
	if o.sizes != "" {
		if o.ask.Sizes, err = parseRange("--size", "number", o.sizes, turf.MostItems); err != nil {
			return err
		}
	}
	return o.design.check(c)
}

func printBundles(w io.Writer, sizes []turf.Bundles) {
	t := newTable(w, "SIZE", "ITEMS", "REACH", "INTERVAL", "FREQUENCY", "BEST LEADS BY", "P", "SEARCH")
	for _, s := range sizes {
		for k, b := range s.Best {
			lead, p, search := "", "", ""
			if b.Lead != nil {
				lead, p = figure.Value(survey.RowGap, float64(b.Lead.Value), 1), figure.P(float64(b.Lead.P))
			}
			if k == 0 {
				search = searched(s)
			}
			t.row(fmt.Sprint(s.Size), strings.Join(b.Items, " + "), show(survey.RowShare, b.Reach.Value),
				figure.Interval(survey.RowShare, float64(b.Reach.Low), float64(b.Reach.High), decimals(survey.RowShare)),
				figure.Number(float64(b.Frequency.Value), 2), lead, p, search)
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
