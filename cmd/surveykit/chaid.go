package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

type chaidOptions struct {
	segmentOptions
	segment.CHAIDOptions
	split, merge survey.Level
	rules        string
}

func newCHAID(m *segment.Method) *cobra.Command {
	o := chaidOptions{split: 0.05, merge: 0.05, CHAIDOptions: segment.CHAIDOptions{Resamples: 20}}
	o.Growth.Depth, o.Growth.Parent, o.Growth.Child = 3, 100, 50
	c := o.command(m, &o.Items, "predictors")
	f := c.Flags()
	f.StringVar(&o.Target, "target", "", "target item `A`, whose answers should differ between segments")
	level(f, &o.split, "split", "level at which a node is split, after Bonferroni")
	level(f, &o.merge, "merge", "level at which answers are kept apart")
	whole(f, &o.Growth.Depth, "depth", 1, 20, "largest number of splits above a segment")
	whole(f, &o.Growth.Parent, "parent", 2, math.MaxInt32, "smallest number of people in a node that is split")
	whole(f, &o.Growth.Child, "child", 1, math.MaxInt32, "smallest number of people in a segment")
	whole(f, &o.Resamples, "resamples", 0, mostResamples, "resamples of PSUs that show how stable the segments are; 0 for none")
	f.Uint64Var(&o.Seed, "seed", 1, "seed `N` of the resamples")
	f.StringVar(&o.rules, "rules", "", "write the segments as a recode by rules, to paste into a study, to `FILE`")
	var note string
	answer(c, &o.sampleOptions, o.check, func(ctx context.Context, s *estimate.Sample, in *reports.Data) ([]segment.CHAID, error) {
		o.Items = in.Items(o.Items)
		tree, solution, err := segment.GrowTree(ctx, s, o.CHAIDOptions)
		if err != nil {
			return nil, err
		}
		note = solution.Note
		err = o.files.write(c, s.Table(), solution)
		if err == nil && o.rules != "" {
			err = o.writeRules(tree)
		}
		return []segment.CHAID{*tree}, err
	}, func(w io.Writer, r []segment.CHAID) { printTree(w, &r[0], note) })
	return c
}

func (o *chaidOptions) check() error {
	if o.Target == "" || len(o.Items) == 0 {
		return usageError{errors.New("give --target, the item whose answers should differ between segments, and --items, the predictors, such as --target opted_out --items trust,age:scale")}
	}
	o.Growth.Split, o.Growth.Merge = o.split.Error(), o.merge.Error()
	return nil
}

// writeRules writes the leaves as a recode of a study.
func (o *chaidOptions) writeRules(tree *segment.CHAID) error {
	type recode struct {
		Name  string        `yaml:"name"`
		Rules []survey.Rule `yaml:"rules"`
	}
	text, err := yaml.Marshal(map[string][]recode{"recodes": {{o.files.name, tree.Rules()}}})
	if err != nil {
		return err
	}
	return publish.WriteFile(o.rules, func(w io.Writer) error { _, err := w.Write(text); return err })
}

// printTree shows the tree, then the segments as rules.
func printTree(w io.Writer, tree *segment.CHAID, note string) {
	header := []string{"NODE", "ANSWERS", "N", "SHARE"}
	for _, a := range tree.Nodes[0].Answers {
		header = append(header, strings.ToUpper(a.Category))
	}
	t := newTable(w, append(header, "SPLIT BY", "P", "SEGMENT")...)
	for _, n := range tree.Nodes {
		cells := []string{fmt.Sprint(n.Node), strings.Repeat("· ", n.Depth) + n.Condition, figure.Count(n.Answers[0].N), show(survey.RowShare, n.Size.Value)}
		for _, a := range n.Answers {
			cells = append(cells, show(survey.RowShare, a.Value))
		}
		split, p, number := n.SplitBy, "", ""
		if n.SplitBy != "" {
			p = figure.P(n.P.Float())
		} else {
			number = fmt.Sprint(n.Segment)
		}
		t.row(append(cells, split, p, number)...)
	}
	t.flush()
	t = newSection(w, "", "SEGMENT", "SHARE", "INTERVAL", "WHERE")
	var names []string
	for _, n := range tree.Leaves() {
		names = append(names, n.Name)
		t.row(fmt.Sprint(n.Segment), show(survey.RowShare, n.Size.Value), interval(survey.RowShare, n.Size), n.Where)
	}
	t.flush()
	printStability(w, tree.Stability, names)
	fmt.Fprintf(w, "\n%s\n", note)
}
