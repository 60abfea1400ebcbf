package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

type chaidOptions struct {
	segmentOptions
	segment.CHAIDOptions
	split, merge survey.Level
	rules        string
}

func newCHAID() *cobra.Command {
	o := chaidOptions{split: 0.05, merge: 0.05}
	c := &cobra.Command{
		Use:   "chaid DATA",
		Short: "CHAID tree: segments whose answers to a target differ",
		Example: `  surveykit segment chaid wave.csv --weight w --psu psu --target opted_out --items trust:ordinal,age:scale,region
  surveykit segment chaid study.yaml --target share --items profile --depth 2 --rules segments.yaml`,
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.register(c, &o.Items, "predictors")
	f := c.Flags()
	f.StringVar(&o.Target, "target", "", "target item `A`, whose answers should differ between segments")
	registerLevel(f, &o.split, "split", "level at which a node is split, after Bonferroni")
	registerLevel(f, &o.merge, "merge", "level at which answers stay apart")
	f.IntVar(&o.Growth.Depth, "depth", 3, "most splits above a segment")
	f.IntVar(&o.Growth.Parent, "parent", 100, "fewest people of a node that is split")
	f.IntVar(&o.Growth.Child, "child", 50, "fewest people of a segment")
	f.IntVar(&o.Resamples, "resamples", 20, "resamples of PSUs that show how stable the segments are; 0 for none")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the resamples")
	f.StringVar(&o.rules, "rules", "", "write the segments as a recode by rules, to paste into a study, to `FILE`")
	return c
}

func (o *chaidOptions) run(c *cobra.Command, path string) error {
	if err := o.check(c); err != nil {
		return err
	}
	o.Growth.Split, o.Growth.Merge = o.split.Error(), o.merge.Error()
	s, err := o.sample(path, &o.Items)
	if err != nil {
		return err
	}
	tree, solution, err := segment.GrowTree(c.Context(), s, o.CHAIDOptions)
	if err != nil {
		return err
	}
	if err := o.files.write(c, s.Table(), solution); err != nil {
		return err
	}
	if o.rules != "" {
		if err := o.writeRules(tree); err != nil {
			return err
		}
	}
	return write(c, o.output, s, []segment.CHAID{*tree}, func(w io.Writer, r []segment.CHAID) { printTree(w, &r[0], solution.Note) })
}

func (o *chaidOptions) check(c *cobra.Command) error {
	g := o.Growth
	switch {
	case o.Target == "" || len(o.Items) == 0:
		return usageError{errors.New("--target names the item to tell apart and --items what may tell it, such as --target opted_out --items trust,age:scale")}
	case g.Depth < 1 || g.Depth > 20:
		return usageError{fmt.Errorf("--depth %d is not from 1 to 20", g.Depth)}
	case g.Child < 1 || g.Parent < 2:
		return usageError{fmt.Errorf("--child %d must be 1 or more and --parent %d 2 or more", g.Child, g.Parent)}
	}
	if err := errors.Join(checkLevel(c, "split", o.split), checkLevel(c, "merge", o.merge)); err != nil {
		return usageError{err}
	}
	return checkSegments(c, &o.design, o.Resamples)
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
			p = figure.P(float64(n.P))
		} else {
			number = fmt.Sprint(n.Segment)
		}
		t.row(append(cells, split, p, number)...)
	}
	t.flush()
	fmt.Fprintln(w)
	t = newTable(w, "SEGMENT", "SHARE", "INTERVAL", "WHERE")
	var names []string
	for _, n := range tree.Leaves() {
		names = append(names, n.Name)
		t.row(fmt.Sprint(n.Segment), show(survey.RowShare, n.Size.Value), interval(n.Size), n.Where)
	}
	t.flush()
	printStability(w, tree.Stability, names)
	fmt.Fprintf(w, "\n%s\n", note)
}
