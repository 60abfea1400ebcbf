package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

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
	r, err := reports.Run(c.Context(), path, progressTo(c.ErrOrStderr()).over(reports.Options{
		Allowed: o.allowed, Only: o.only, Folder: o.output, Memory: o.memory, PDF: o.pdf,
	}))
	if err != nil {
		return nil, err
	}
	for _, w := range r.Warnings() {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	return r, nil
}

// progress shows a person at a terminal how much of a run is done: rows of a file that is
// larger than memory as they are read, then tables, and about how long the others take.
type progress struct {
	to      io.Writer
	started time.Time
}

// progressTo is the progress on a terminal, nil where w is none.
func progressTo(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &progress{to: f}
	}
	return nil
}

// over has the options call the progress, which may be nil.
func (p *progress) over(o reports.Options) reports.Options {
	if p != nil {
		o.Reading, o.Progress = p.rows, p.tables
	}
	return o
}

func (p *progress) rows(read int) {
	fmt.Fprintf(p.to, "\r%s rows read", figure.Count(read))
}

// tables counts the time from the first table on, since what comes before is not like it.
func (p *progress) tables(done, total int) {
	if p.started.IsZero() {
		p.started = time.Now()
	}
	left := ""
	if done > 1 {
		each := time.Since(p.started) / time.Duration(done-1)
		if all := each * time.Duration(total-done); all >= time.Second {
			left = fmt.Sprintf(", about %s left", all.Round(time.Second))
		}
	}
	fmt.Fprintf(p.to, "\r%d of %d tables%s\033[K", done, total, left)
	if done == total {
		fmt.Fprint(p.to, "\r\033[K")
	}
}
