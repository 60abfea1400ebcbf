package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// outputOptions say where a command's results go and in which form.
type outputOptions struct {
	json bool
	file string
}

func (o *outputOptions) register(c *cobra.Command) {
	c.Flags().BoolVar(&o.json, "json", false, "print JSON in full precision")
	c.Flags().StringVarP(&o.file, "output", "o", "", "write to `FILE` instead of standard output")
}

// write sends records to where the options say, as JSON or laid out for people.
func write[T any](c *cobra.Command, o outputOptions, s *estimate.Sample, records []T, layOut func(io.Writer, []T)) error {
	warnings := slices.Concat(s.Frame().Warnings, s.Doubts(), s.Warnings())
	for _, w := range warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	return o.to(c, func(w io.Writer) error {
		if !o.json {
			layOut(w, records)
			return nil
		}
		return tidy.WriteJSON(w, tidy.Results[T]{Results: records, Warnings: warnings, Provenance: provenance(s.Table())})
	})
}

// to hands f standard output, or the file that appears once it is whole.
func (o outputOptions) to(c *cobra.Command, f func(io.Writer) error) error {
	buffered := func(w io.Writer) error {
		out := bufio.NewWriter(w) // it keeps the first error, which those who print do not look at
		if err := f(out); err != nil {
			return err
		}
		return out.Flush()
	}
	if o.file != "" {
		return publish.WriteFile(o.file, buffered)
	}
	return buffered(c.OutOrStdout())
}

func provenance(t *survey.Table) tidy.Provenance {
	return tidy.Provenance{Program: "surveykit", Version: reports.Version(), Sources: t.Sources}
}

// table lays out rows in columns under a header.
type table struct {
	to io.Writer
	// before is what a section has above its header, rows counts its rows.
	before string
	rows   int
	cells  bytes.Buffer
	w      *tabwriter.Writer
}

func newTable(to io.Writer, header ...string) *table {
	t := &table{to: to}
	t.w = tabwriter.NewWriter(&t.cells, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t.w, strings.Join(header, "\t"))
	return t
}

// newSection is a table after a blank line and, where there is one, a title. Without rows
// nothing of it is written.
func newSection(to io.Writer, title string, header ...string) *table {
	t := newTable(to, header...)
	if t.before = "\n"; title != "" {
		t.before = "\n" + title + "\n"
	}
	return t
}

func (t *table) row(cells ...string) {
	fmt.Fprintln(t.w, strings.Join(cells, "\t"))
	t.rows++
}

// flush writes the table without the blanks that end its lines.
func (t *table) flush() {
	if t.before != "" && t.rows == 0 {
		return
	}
	fmt.Fprint(t.to, t.before)
	t.w.Flush()
	for line := range strings.Lines(t.cells.String()) {
		fmt.Fprintln(t.to, strings.TrimRight(line, " \n"))
	}
}

func printEstimates(w io.Writer, records []survey.Estimate) {
	t := newTable(w, "STATISTIC", "VARIABLE", "CATEGORY", "DOMAIN", "ESTIMATE", "SE", "INTERVAL", "DF", "N", "FLAGS")
	for _, r := range records {
		kind := estimate.KindOf(r.Statistic)
		t.row(r.Statistic, named(r), category(r), groupText(r.Group),
			show(kind, r.Value), show(kind, r.SE), interval(kind, r),
			figure.Number(r.DF.Float(), 0), figure.Count(r.N), strings.Join(r.Flags, " "))
	}
	t.flush()
}

func named(r survey.Estimate) string {
	if r.Denominator != "" {
		return r.Variable + "/" + r.Denominator
	}
	return r.Variable
}

func category(r survey.Estimate) string {
	if r.Quantile.Exists() {
		return survey.FormatNumber(r.Quantile.Float())
	}
	return r.Category
}

func groupText(g survey.Group) string {
	parts := make([]string, len(g))
	for i, v := range g {
		parts[i] = v.Value.String()
	}
	return strings.Join(parts, " / ")
}

// decimals are one more than reports print, because these tables are working tools.
func decimals(kind survey.RowKind) int {
	switch kind {
	case survey.RowShare, survey.RowTotal:
		return 1
	}
	return 3
}

func show(kind survey.RowKind, f survey.Figure) string {
	return figure.Value(kind, f.Float(), decimals(kind))
}

// interval writes the limits of a figure.
func interval(kind survey.RowKind, r survey.Estimate) string {
	return figure.Interval(kind, r.Low.Float(), r.High.Float(), decimals(kind))
}
