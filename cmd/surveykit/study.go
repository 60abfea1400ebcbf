package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/disclosure"
	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/survey"
)

func newInit() *cobra.Command {
	var output string
	var data dataOptions
	c := &cobra.Command{
		Use:   "init DATA",
		Short: "Write a commented study file for a data file, ready to run",
		Args:  oneData,
		RunE: func(c *cobra.Command, args []string) error {
			file := data.at(args[0])
			in, err := reports.Open(args[0], reports.OpenOptions{Data: file, Context: c.Context()})
			if err != nil {
				return err
			}
			if output != "" && !in.Within(output) {
				fmt.Fprintf(c.ErrOrStderr(), "notice: the data are outside the study's folder; give --allow-outside %s with the study\n", filepath.Dir(file.File))
			}
			text := in.Draft(output)
			if output == "" {
				_, err := c.OutOrStdout().Write(text)
				return err
			}
			return publish.WriteFile(output, func(w io.Writer) error {
				_, err := w.Write(text)
				return err
			})
		},
	}
	data.register(c)
	c.Flags().StringVarP(&output, "output", "o", "", "write to `FILE` instead of standard output")
	return c
}

func newValidate() *cobra.Command {
	var allowed []string
	var memory survey.Size
	c := &cobra.Command{
		Use:   "validate STUDY.yaml",
		Short: "Check a study file against its data and list every problem",
		Args:  oneData,
		RunE: func(c *cobra.Command, args []string) error {
			v, err := reports.Validate(c.Context(), args[0], reports.Options{Allowed: allowed, Memory: memory})
			if err != nil {
				return err
			}
			for _, w := range v.Warnings() {
				fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
			}
			identifiers, err := v.Identifiers()
			if err != nil {
				return err
			}
			for _, f := range identifiers {
				fmt.Fprintf(c.ErrOrStderr(), "warning: column %s looks like a direct identifier (%s: %s rows); the study can drop it: privacy: {drop: [%s]}\n", f.Variable, f.Kind, figure.Count(f.Rows), f.Variable)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s is valid: %s rows, %d tables\n", args[0], figure.Count(v.Table.Rows), len(v.Study.Tables))
			undisclosed(c.OutOrStdout(), v.Study.Disclosure)
			return nil
		},
	}
	registerStudy(c, &allowed)
	registerMemory(c, &memory)
	return c
}

// undisclosed lists what the codes of practice ask a published survey to say
// and the study does not, by the key to fill; nothing where all is said.
func undisclosed(w io.Writer, d survey.Disclosure) {
	missing := disclosure.Missing(d)
	if len(missing) == 0 {
		return
	}
	fmt.Fprintf(w, "not disclosed yet: %d of %d items (under disclosure: in the study)\n", len(missing), len(disclosure.Items()))
	t := newTable(w, "KEY", "WHAT IS ASKED FOR", "BY")
	for _, item := range missing {
		codes := make([]string, len(item.Codes))
		for i, code := range item.Codes {
			codes[i] = string(code)
		}
		t.row(item.Key, item.Asks, strings.Join(codes, ", "))
	}
	t.flush()
}
