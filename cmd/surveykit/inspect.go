package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/screen"
)

func newInspect() *cobra.Command {
	var o outputOptions
	var data dataOptions
	var field fieldworkOptions
	c := &cobra.Command{
		Use:   "inspect DATA",
		Short: "The dictionary of a data file, its weights, routing, fast and identical interviews, and possible identifiers",
		Long: "inspect prints the dictionary of a data file: variables, labels, codes, missing values and counts, and\n" +
			"what to check before the analysis: weights, strata with one cluster, questions that were asked of some\n" +
			"only, equal answers in grids, identical rows, fast interviews, and columns that look like direct identifiers.\n" +
			"It prints counts, and no respondent's answer; --rows adds row numbers.",
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error {
			d, err := field.look(&data, args[0])
			if err != nil {
				return err
			}
			return o.to(c, func(w io.Writer) error {
				if o.json {
					enc := json.NewEncoder(w)
					enc.SetEscapeHTML(false)
					return enc.Encode(d)
				}
				printDictionary(w, d)
				return nil
			})
		},
	}
	data.register(c)
	registerStudy(c, &data.allowed)
	field.register(c)
	o.register(c)
	return c
}

func printDictionary(w io.Writer, d *reports.Dictionary) {
	fmt.Fprintf(w, "%s rows, %s variables", figure.Count(d.Rows), figure.Count(len(d.Variables)))
	if d.Weight != "" {
		fmt.Fprintf(w, ", weight %s", d.Weight)
	}
	fmt.Fprintln(w)
	t := newSection(w, "", "VARIABLE", "KIND", "VALID", "MISSING", "SHARE", "LABEL", "CODES")
	for _, e := range d.Variables {
		t.row(e.Name, string(e.Kind), figure.Count(e.Valid-e.UserMissing), figure.Count(d.Rows-e.Valid+e.UserMissing), figure.Percent(e.MissingShare.Float(), 0), shorten(e.Label, 60), shorten(codesText(e.Codes), 60))
	}
	t.flush()
	for _, s := range d.Sets {
		fmt.Fprintf(w, "\nset %s %s: %s\n", s.Name, s.Label, strings.Join(s.Variables, ", "))
	}
	printFieldwork(w, d.Fieldwork)
	for _, n := range d.Notices {
		fmt.Fprintln(w, "\nnotice:", n)
	}
}

func codesText(codes []survey.Code) string {
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = c.Value.String() + " " + c.Label
	}
	return strings.Join(parts, ", ")
}

// shorten cuts a text for a terminal; --json has all of it.
func shorten(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

// fieldworkOptions say what inspect looks at beyond the dictionary.
type fieldworkOptions struct {
	survey.Design
	duration string
	rows     bool
}

func (o *fieldworkOptions) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Weight, "weight", "", "`COL` of the sampling weights; default: the study's, the file's own, or a column named like weights")
	f.StringVar(&o.Strata, "strata", "", "`COL` of the strata, to count those with one PSU")
	f.StringSliceVar(&o.PSU, "psu", nil, "`COL[,COL...]` of the clusters of each stage")
	f.StringVar(&o.duration, "duration", "", "`COL` of the durations of interviews; default: a column named like one")
	f.BoolVar(&o.rows, "rows", false, "also print the numbers of the rows that were counted")
}

// look examines the data; an error is of a column that the flags name, or of
// the strata and clusters.
func (o *fieldworkOptions) look(data *dataOptions, path string) (*reports.Dictionary, error) {
	in, err := data.open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	flags := designOptions{Design: o.Design}
	in.Design = flags.over(in.Design)
	var problems survey.Problems
	for _, name := range append([]string{o.Weight, o.Strata, o.duration}, o.PSU...) {
		v := in.Table.Lookup(name)
		switch {
		case name == "":
		case v == nil:
			p := in.Table.Unknown(name)
			p.File = in.Path
			problems = append(problems, p)
		case v.IsText() && (name == o.Weight || name == o.duration):
			problems = append(problems, survey.Problem{File: in.Path, Variable: name, Message: "the variable is text, and numbers are needed here", Remedy: "name a column of numbers"})
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return in.Inspect(data.context(), o.duration, o.rows)
}

func printFieldwork(out io.Writer, w *reports.Fieldwork) {
	printWeights(out, w)
	printDesign(out, w)
	printRoutes(out, w)
	printStraightLines(out, w)
	printDuplicates(out, w)
	printSpeed(out, w)
	printIdentifiers(out, w)
}

func printWeights(out io.Writer, w *reports.Fieldwork) {
	t := newSection(out, "Weights", "COLUMN", "ROWS", "MIN", "MEAN", "MAX", "CV", "KISH DEFF", "EFFECTIVE N", "ZERO", "NEGATIVE", "MISSING")
	number := func(f survey.Figure) string { return figure.Number(f.Float(), 3) }
	for _, x := range w.Weights {
		t.row(x.Variable, figure.Count(x.N), number(x.Min), number(x.Mean), number(x.Max), number(x.CV), number(x.KishDeff), figure.Number(x.NEffective.Float(), 0),
			figure.Count(x.Zero), figure.Count(x.Negative), figure.Count(x.Missing))
	}
	t.flush()
}

func printDesign(out io.Writer, w *reports.Fieldwork) {
	if w.Design == nil {
		return
	}
	fmt.Fprintf(out, "\nDesign: %s strata, %s clusters; ", figure.Count(w.Design.Strata), figure.Count(w.Design.PSUs))
	if n := len(w.Design.LonelyStrata); n > 0 {
		fmt.Fprintf(out, "%s of one cluster only: %s\n", figure.Count(n), shortList(w.Design.LonelyStrata, ", "))
		return
	}
	fmt.Fprintln(out, "every stratum has two or more")
}

func printRoutes(out io.Writer, w *reports.Fieldwork) {
	t := newSection(out, "Routed questions", "QUESTION", "ASKED", "NOT ASKED", "ASKED OF", "EXPLAINED")
	for from := 0; from < len(w.Routed); {
		r, to := w.Routed[from], from+1
		for to < len(w.Routed) && sameRoute(w.Routed[to], r) {
			to++
		}
		name := r.Question
		if to-from > 1 {
			name = fmt.Sprintf("%s … %s (%d)", r.Question, w.Routed[to-1].Question, to-from)
		}
		t.row(name, figure.Count(r.Asked), figure.Count(r.NotAsked), shorten(condition(r), 60), figure.Percent(r.Explained, 0))
		from = to
	}
	t.flush()
}

func sameRoute(r, other screen.Route) bool {
	return r.By == other.By && r.Asked == other.Asked && slices.Equal(r.If, other.If)
}

// condition says who was asked, by the shorter list of answers.
func condition(r screen.Route) string {
	if len(r.If) <= len(r.Unless) {
		return r.By + " = " + answersText(r.If)
	}
	return r.By + " not " + answersText(r.Unless)
}

func answersText(codes []survey.Code) string {
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = c.Value.String()
		if c.Label != parts[i] {
			parts[i] += " (" + c.Label + ")"
		}
	}
	return shortList(parts, " or ")
}

func printStraightLines(out io.Writer, w *reports.Fieldwork) {
	// a grid that is split over half samples has nobody who answered all of it
	answered := slices.DeleteFunc(slices.Clone(w.StraightLines), func(s screen.StraightLine) bool { return s.Rows == 0 })
	t := newSection(out, "The same answer to every item of a grid", "GRID", "ITEMS", "ANSWERED ALL", "THE SAME", "SHARE")
	for _, s := range answered {
		t.row(s.Name, figure.Count(len(s.Items)), figure.Count(s.Rows), figure.Count(s.Straight), figure.Percent(s.Share.Float(), 1))
	}
	t.flush()
	for _, s := range answered {
		printRows(out, s.Name, s.RowNumbers)
	}
}

// printRows lists the rows that were asked for.
func printRows(out io.Writer, what string, rows []int) {
	if len(rows) == 0 {
		return
	}
	parts := make([]string, len(rows))
	for i, n := range rows {
		parts[i] = strconv.Itoa(n)
	}
	fmt.Fprintf(out, "  rows, %s: %s\n", what, strings.Join(parts, ", "))
}

func printDuplicates(out io.Writer, w *reports.Fieldwork) {
	d := w.Duplicates
	if d.Rows == 0 {
		return
	}
	fmt.Fprintf(out, "\nIdentical answers: %s of %s rows (%s) in %s groups, over %s columns", figure.Count(d.Identical), figure.Count(d.Rows), figure.Percent(d.Share.Float(), 1), figure.Count(d.Groups), figure.Count(d.Columns))
	if d.Largest > 2 {
		fmt.Fprintf(out, "; the largest has %s", figure.Count(d.Largest))
	}
	fmt.Fprintln(out)
	for _, g := range d.RowNumbers {
		printRows(out, "identical", g)
	}
}

func printSpeed(out io.Writer, w *reports.Fieldwork) {
	s := w.Speed
	if s == nil {
		return
	}
	share := func(n int) string { return figure.Percent(float64(n)/float64(s.Rows), 1) }
	fmt.Fprintf(out, "\nFast interviews (%s, median %s): %s of %s rows (%s) under half of the median, %s (%s) under a third\n",
		s.Variable, figure.Number(s.Median, 0), figure.Count(s.Half), figure.Count(s.Rows), share(s.Half), figure.Count(s.Third), share(s.Third))
	printRows(out, "under a third", s.RowNumbers)
}

func printIdentifiers(out io.Writer, w *reports.Fieldwork) {
	t := newSection(out, "Columns that look like direct identifiers (a study drops them by privacy: drop)", "COLUMN", "LOOKS LIKE", "ROWS", "SHARE", "WHY")
	for _, f := range w.Identifiers {
		t.row(f.Variable, string(f.Kind), figure.Count(f.Rows), figure.Percent(f.Share, 0), f.Reason)
	}
	t.flush()
}

// shortList joins the first ten of many.
func shortList(parts []string, between string) string {
	const shown = 10
	if len(parts) <= shown {
		return strings.Join(parts, between)
	}
	return fmt.Sprintf("%s and %s more", strings.Join(parts[:shown], between), figure.Count(len(parts)-shown))
}
