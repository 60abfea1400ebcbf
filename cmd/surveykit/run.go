package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func newRun() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run STUDY.yaml",
		Short: "Make every table of a study: workbook, charts and data",
		Args:  oneData,
		RunE: func(c *cobra.Command, args []string) error {
			return o.run(c, args[0])
		},
	}
	c.Flags().StringVarP(&o.output, "output", "o", "", "write into folder `DIR` (default: the study's output folder, or results in the study's own)")
	c.Flags().StringSliceVar(&o.only, "only", nil, "make only the tables `ID[,ID...]`")
	registerStudy(c, &o.allowed)
	c.Flags().BoolVar(&o.plan, "plan", false, "print which groups of rows each table asks of a database, and make none")
	registerMemory(c, &o.memory)
	c.Flags().BoolVar(&o.pdf, "pdf", false, "print the web page to report.pdf, too (needs Chromium)")
	return c
}

type runOptions struct {
	output  string
	only    []string
	allowed []string
	memory  survey.Size
	pdf     bool
	plan    bool
}

// run makes a study's report and delivers it into a folder.
func (o runOptions) run(c *cobra.Command, path string) error {
	if o.plan {
		return o.printPlan(c, path)
	}
	r, err := o.deliver(c, path)
	if err != nil {
		return err
	}
	folder, err := r.Folder()
	fmt.Fprintf(c.OutOrStdout(), "%d tables written to %s\n", len(r.Book.Tables), folder)
	return err
}

// printPlan prints how the tables are going to be made.
func (o runOptions) printPlan(c *cobra.Command, path string) error {
	v, err := reports.Validate(c.Context(), path, reports.Options{Allowed: o.allowed, Only: o.only, Folder: o.output, Memory: o.memory})
	if err != nil {
		return err
	}
	defer v.Close()
	plans, err := v.Plan(c.Context())
	if err != nil {
		return err
	}
	t := newTable(c.OutOrStdout(), "TABLE", "GROUPS AT MOST", "BY")
	for _, p := range plans {
		if len(p.Passes) == 0 {
			t.row(p.Table, "", figure.Count(p.Rows)+" rows of "+figure.Count(p.Columns)+" columns in memory")
		}
		for k, pass := range p.Passes {
			name := p.Table
			if k > 0 {
				name = ""
			}
			t.row(name, figure.Count(pass.Most), cmp.Or(strings.Join(pass.Columns, ", "), "all rows"))
		}
	}
	t.flush()
	return nil
}

// deliver is run up to what goes to standard output.
func (o runOptions) deliver(c *cobra.Command, path string) (*reports.Report, error) {
	r, err := reports.Run(c.Context(), path, reports.Options{
		Allowed: o.allowed, Only: o.only, Folder: o.output, Memory: o.memory, PDF: o.pdf, Progress: progress(c.ErrOrStderr()),
	})
	if err != nil {
		return nil, err
	}
	for _, w := range r.Warnings() {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	return r, nil
}

// progress shows a person at a terminal how many tables are done; nil where there is no terminal.
func progress(w io.Writer) func(done, total int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(f, "\r%d of %d tables", done, total)
		if done == total {
			fmt.Fprint(f, "\r\033[K")
		}
	}
}
