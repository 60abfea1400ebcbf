package main

import (
	"fmt"
	"io"
	"os"

	"surveykit/reports"

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
	c.Flags().BoolVar(&o.pdf, "pdf", false, "print the web page to report.pdf, too (needs Chromium)")
	return c
}

type runOptions struct {
	output  string
	only    []string
	allowed []string
	pdf     bool
}

// run makes a study's report and delivers it into a folder.
func (o runOptions) run(c *cobra.Command, path string) error {
	r, err := o.deliver(c, path)
	if err != nil {
		return err
	}
	folder, err := r.Folder()
	fmt.Fprintf(c.OutOrStdout(), "%d tables written to %s\n", len(r.Book.Tables), folder)
	return err
}

// deliver is run up to what goes to standard output.
func (o runOptions) deliver(c *cobra.Command, path string) (*reports.Report, error) {
	r, err := reports.Run(c.Context(), path, reports.Options{
		Allowed: o.allowed, Only: o.only, Folder: o.output, PDF: o.pdf, Progress: progress(c.ErrOrStderr()),
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
