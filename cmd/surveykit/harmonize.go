package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey/harmonize"
)

type harmonizeOptions struct {
	output  outputOptions
	stack   string
	allowed []string
}

func newHarmonize() *cobra.Command {
	var o harmonizeOptions
	c := &cobra.Command{
		Use:   "harmonize A B … [-o MAPPING.yaml] | MAPPING.yaml --stack OUT",
		Short: "Match the questions of several files, and stack the files by the reviewed mapping",
		Long: `harmonize compares the codebooks of two or more files, usually waves: the same question under another name,
changed wording, changed or added codes, reversed scales, changed missing values and types. It writes a mapping with
the confidence of every decision. Nothing is merged on a guess: pairs in doubt are kept apart, and the mapping says why.

--stack puts the files of the reviewed mapping under each other, with a column of the wave, strata and clusters that
are separate in each wave, and the weights as declared. A study file brings its labels, its design and its privacy.`,
		Example: `  surveykit harmonize wave2008.sav wave2011.sav -o mapping.yaml
  surveykit harmonize mapping.yaml --stack both.sav`,
		RunE: func(c *cobra.Command, args []string) error {
			if o.stack != "" {
				return o.stackFiles(c, args)
			}
			return o.compare(c, args)
		},
	}
	c.Flags().StringVarP(&o.output.file, "output", "o", "", "write the mapping to `FILE` instead of standard output")
	c.Flags().BoolVar(&o.output.json, "json", false, "the comparison as JSON, in place of the mapping")
	registerStudy(c, &o.allowed)
	c.Flags().StringVar(&o.stack, "stack", "", "stack the files of MAPPING into `OUT`, in any format that convert writes")
	return c
}

// compare writes the mapping and prints what is in it.
func (o *harmonizeOptions) compare(c *cobra.Command, args []string) error {
	if len(args) < 2 {
		return usageError{fmt.Errorf("%s takes two data or study files or more, or MAPPING.yaml --stack OUT; see %s --help", c.CommandPath(), c.CommandPath())}
	}
	m, tables, err := reports.CompareFiles(args, o.output.file, o.allowed)
	if err != nil {
		return err
	}
	err = o.output.to(c, func(w io.Writer) error {
		if o.output.json {
			return tidy.WriteMapping(w, m)
		}
		_, err := w.Write(m.Write(tables))
		return err
	})
	if err != nil {
		return err
	}
	to := c.ErrOrStderr()
	if o.output.file != "" {
		to = c.OutOrStdout()
	}
	printMapping(to, m)
	return nil
}

// stackFiles puts the files of a mapping under each other.
func (o *harmonizeOptions) stackFiles(c *cobra.Command, args []string) error {
	if len(args) != 1 || o.output.file != "" || o.output.json {
		return usageError{errors.New("--stack OUT takes one MAPPING.yaml, and does not go with --output or --json")}
	}
	w, err := reports.Stack(args[0], o.stack, o.allowed)
	return tellWritten(c, w, err)
}

// printMapping lists what changed and what is in doubt.
func printMapping(out io.Writer, m *harmonize.Mapping) {
	n := m.Counts()
	fmt.Fprintf(out, "%s variables: %s the same in all %d files, %s changed, %s not in every file; pairs in doubt: %s\n",
		figure.Count(len(m.Variables)), figure.Count(n.Same), len(m.Files), figure.Count(n.Changed), figure.Count(n.Partial), figure.Count(len(m.Doubts)))
	t := newTable(out, "VARIABLE", "FILES", "CONFIDENCE", "CHANGE")
	rows := 0
	for _, v := range m.Variables {
		for _, change := range v.Changes {
			t.row(v.Name, strings.Join(columnNames(v.From), ", "), figure.Number(v.Confidence, 2), fmt.Sprintf("file %d: %s: %s", change.File, change.Kind, shorten(change.Text, 100)))
			rows++
		}
	}
	if rows > 0 {
		fmt.Fprintln(out)
		t.flush()
	}
	if len(m.Doubts) == 0 {
		return
	}
	fmt.Fprintln(out, "\nIn doubt, not merged")
	t = newTable(out, "VARIABLE", "OTHER", "CONFIDENCE", "WHY")
	for _, d := range m.Doubts {
		t.row(d.Variable, fmt.Sprintf("%s of file %d", d.Other, d.File), figure.Number(d.Confidence, 2), d.Why)
	}
	t.flush()
}

// columnNames shows the files' names for a variable, – where a file has none.
func columnNames(from []string) []string {
	out := make([]string, len(from))
	for i, name := range from {
		out[i] = cmp.Or(name, "–")
	}
	return out
}
