package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/disclosure"
	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/survey"
	"surveykit/survey/draft"
)

func newInit() *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init DATA",
		Short: "Write a commented study file for a data file, ready to run",
		Args:  oneData,
		RunE:  func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.data.register(c)
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "", "write to `FILE` instead of standard output, and the schema for editors beside it")
	f.BoolVar(&o.all, "all", false, "ask for a table of every question, not only of the first ones")
	f.BoolVar(&o.force, "force", false, "replace the file where there is one")
	return c
}

type initOptions struct {
	data   dataOptions
	output string
	all    bool
	force  bool
}

func (o *initOptions) run(c *cobra.Command, path string) error {
	if _, err := os.Stat(o.output); err == nil && o.output != "" && !o.force {
		return usageError{fmt.Errorf("%s is there already: give --force to replace it, or another name", o.output)}
	}
	file := o.data.at(path)
	in, err := reports.Open(path, reports.OpenOptions{Data: file, Context: c.Context()})
	if err != nil {
		return err
	}
	defer in.Close()
	if o.output != "" && !in.Within(o.output) {
		fmt.Fprintf(c.ErrOrStderr(), "notice: the data are outside the study's folder; give --allow-outside %s with the study\n", filepath.Dir(file.File))
	}
	d, err := in.Draft(o.output, o.all)
	if err != nil {
		return err
	}
	if o.output == "" {
		_, err := c.OutOrStdout().Write(d.Text)
		return err
	}
	if err := writeText(o.output, d.Text); err != nil {
		return err
	}
	schema := filepath.Join(filepath.Dir(o.output), draft.SchemaFile)
	if _, err := os.Stat(schema); errors.Is(err, fs.ErrNotExist) {
		if err := writeText(schema, reports.Schema()); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s; read it, then: surveykit run %s\n", o.output, made(d), o.output)
	return nil
}

func writeText(path string, text []byte) error {
	return publish.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// made says what a draft asks for.
func made(d *draft.Draft) string {
	parts := []string{fmt.Sprintf("%s tables", figure.Count(d.Tables))}
	if d.Tables == 1 {
		parts[0] = "1 table"
	}
	if d.Waiting > 0 {
		parts[0] += fmt.Sprintf(" and %s more in comments (--all asks for them)", figure.Count(d.Waiting))
	}
	if len(d.Banner) > 0 {
		parts = append(parts, "by "+strings.Join(d.Banner, ", "))
	}
	switch {
	case d.Guessed:
		parts = append(parts, "weight "+d.Weight+" (guessed)")
	case d.Weight != "":
		parts = append(parts, "weight "+d.Weight)
	default:
		parts = append(parts, "no weight")
	}
	return strings.Join(parts, ", ")
}

func newSchema() *cobra.Command {
	var o outputOptions
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the study file, by which editors complete and check it",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return o.to(c, func(w io.Writer) error {
				_, err := w.Write(reports.Schema())
				return err
			})
		},
	}
	c.Flags().StringVarP(&o.file, "output", "o", "", "write to `FILE` instead of standard output")
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
			defer v.Close()
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
