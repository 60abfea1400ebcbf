package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/figure"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/privacy"
	"surveykit/survey/screen"
	"surveykit/survey/study"
)

// fieldworkOptions say what inspect looks at beyond the dictionary.
type fieldworkOptions struct {
	survey.Design
	duration string
	rows     bool
}

func (o *fieldworkOptions) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Weight, "weight", "", "sampling weight `COL`; default: the study's, the file's own, or what is named like one")
	f.StringVar(&o.Strata, "strata", "", "stratum `COL`, to count strata with one PSU")
	f.StringSliceVar(&o.PSU, "psu", nil, "cluster id `COL[,COL…]` of each stage")
	f.StringVar(&o.duration, "duration", "", "duration of the interviews `COL`; default: what is named like one")
	f.BoolVar(&o.rows, "rows", false, "give the numbers of the rows that were counted, too")
}

// fieldwork is what inspect tells about the data as they came from the field.
type fieldwork struct {
	Weights       []screen.Weight       `json:"weights"`
	Design        *designEntry          `json:"design"`
	Routed        []routeEntry          `json:"routed"`
	StraightLines []screen.StraightLine `json:"straight_lines"`
	Duplicates    *screen.Duplicates    `json:"duplicates"`
	Speed         *screen.Speed         `json:"speed"`
	Identifiers   []privacy.Finding     `json:"identifiers"`
}

// designEntry counts strata and clusters; LonelyStrata are those with one cluster.
type designEntry struct {
	Strata       int      `json:"strata"`
	PSUs         int      `json:"psus"`
	LonelyStrata []string `json:"lonely_strata"`
}

type routeEntry struct {
	screen.Route
	If     []codeEntry `json:"if"`
	Unless []codeEntry `json:"unless"`
}

// look examines the data; an error is of a column that the flags name, or of
// the strata and clusters.
func (o *fieldworkOptions) look(in *reports.Data) (*fieldwork, error) {
	t := in.Table
	design, err := o.over(in)
	if err != nil {
		return nil, err
	}
	w := &fieldwork{Weights: []screen.Weight{}, Routed: []routeEntry{}, StraightLines: []screen.StraightLine{}, Identifiers: []privacy.Finding{}}
	for _, name := range weightsOf(t, design) {
		w.Weights = append(w.Weights, screen.DescribeWeight(t.Lookup(name)))
	}
	if w.Design, err = lonely(t, design); err != nil {
		return nil, err
	}
	for _, r := range screen.Routes(t) {
		w.Routed = append(w.Routed, routeEntry{r, codeEntries(r.If), codeEntries(r.Unless)})
	}
	w.StraightLines = append(w.StraightLines, screen.StraightLines(t, grids(in))...)
	d := screen.FindDuplicates(t, design.Columns())
	w.Duplicates = &d
	if v := o.durationOf(t); v != nil {
		w.Speed = screen.Hasty(v)
	}
	w.Identifiers = append(w.Identifiers, privacy.Scan(t)...)
	if !o.rows {
		w.forgetRows()
	}
	return w, nil
}

// over lays the flags over the study's design; columns that do not exist are problems.
func (o *fieldworkOptions) over(in *reports.Data) (survey.Design, error) {
	flags := designOptions{Design: o.Design}
	d := flags.over(in.Design)
	var problems survey.Problems
	for _, name := range append([]string{o.Weight, o.Strata, o.duration}, o.PSU...) {
		v := in.Table.Lookup(name)
		switch {
		case name == "":
		case v == nil:
			p := survey.UnknownName("variable", name, in.Table.Names())
			p.File = in.Path
			problems = append(problems, p)
		case v.IsText() && (name == o.Weight || name == o.duration):
			problems = append(problems, survey.Problem{File: in.Path, Variable: name, Message: "the variable holds text, and numbers are needed here", Remedy: "name a column of numbers"})
		}
	}
	return d, problems.Err()
}

// weightsOf are the weights to look at: the design's, else those that look like one.
func weightsOf(t *survey.Table, d survey.Design) []string {
	if v := t.Lookup(d.Weight); v != nil {
		return []string{d.Weight}
	}
	return study.Weights(t)
}

// lonely counts strata and clusters; nil without a design.
func lonely(t *survey.Table, d survey.Design) (*designEntry, error) {
	if d.Strata == "" && len(d.PSU) == 0 || t.Rows == 0 {
		return nil, nil
	}
	f, err := engine.NewFrame(t, survey.Design{Strata: d.Strata, PSU: d.PSU, WaveVariable: d.WaveVariable, Waves: d.Waves, LonelyPSU: "certainty"})
	if err != nil {
		return nil, err
	}
	return &designEntry{f.Strata, f.PSUs, append([]string{}, f.LonelyStrata...)}, nil
}

// grids are the study's groups of items, and those that are found besides.
func grids(in *reports.Data) []screen.Grid {
	var out []screen.Grid
	if in.Study != nil {
		for _, g := range in.Study.Groups {
			out = append(out, screen.Grid{Name: g.Name, Items: g.Items})
		}
	}
	for _, g := range screen.Grids(in.Table) {
		if !slices.ContainsFunc(out, func(known screen.Grid) bool {
			return slices.ContainsFunc(known.Items, func(item string) bool { return slices.Contains(g.Items, item) })
		}) {
			out = append(out, g)
		}
	}
	return out
}

func (o *fieldworkOptions) durationOf(t *survey.Table) *survey.Variable {
	if o.duration != "" {
		return t.Lookup(o.duration)
	}
	return screen.Duration(t)
}

// forgetRows leaves counts only.
func (w *fieldwork) forgetRows() {
	for i := range w.StraightLines {
		w.StraightLines[i].RowNumbers = nil
	}
	w.Duplicates.RowNumbers = nil
	if w.Speed != nil {
		w.Speed.RowNumbers = nil
	}
}

func (w *fieldwork) print(out io.Writer) {
	w.printWeights(out)
	w.printDesign(out)
	w.printRoutes(out)
	w.printStraightLines(out)
	w.printDuplicates(out)
	w.printSpeed(out)
	w.printIdentifiers(out)
}

func (w *fieldwork) printWeights(out io.Writer) {
	if len(w.Weights) == 0 {
		return
	}
	fmt.Fprintln(out, "\nWeights")
	t := newTable(out, "COLUMN", "ROWS", "MIN", "MEAN", "MAX", "CV", "KISH DEFF", "EFFECTIVE N", "ZERO", "NEGATIVE", "MISSING")
	number := func(f survey.Figure) string { return figure.Number(float64(f), 3) }
	for _, x := range w.Weights {
		t.row(x.Variable, figure.Count(x.N), number(x.Min), number(x.Mean), number(x.Max), number(x.CV), number(x.KishDeff), figure.Number(float64(x.NEffective), 0),
			figure.Count(x.Zero), figure.Count(x.Negative), figure.Count(x.Missing))
	}
	t.flush()
}

func (w *fieldwork) printDesign(out io.Writer) {
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

func (w *fieldwork) printRoutes(out io.Writer) {
	if len(w.Routed) == 0 {
		return
	}
	fmt.Fprintln(out, "\nRouted questions")
	t := newTable(out, "QUESTION", "ASKED", "NOT ASKED", "ASKED OF", "EXPLAINED")
	for from := 0; from < len(w.Routed); {
		r, to := w.Routed[from], from+1
		for to < len(w.Routed) && w.Routed[to].sameRoute(r) {
			to++
		}
		name := r.Question
		if to-from > 1 {
			name = fmt.Sprintf("%s … %s (%d)", r.Question, w.Routed[to-1].Question, to-from)
		}
		t.row(name, figure.Count(r.Asked), figure.Count(r.NotAsked), shorten(r.condition(), 60), figure.Percent(r.Explained, 0))
		from = to
	}
	t.flush()
}

func (r routeEntry) sameRoute(other routeEntry) bool {
	return r.By == other.By && r.Asked == other.Asked && slices.Equal(r.If, other.If)
}

// condition says who was asked, by the shorter list of answers.
func (r routeEntry) condition() string {
	if len(r.If) <= len(r.Unless) {
		return r.By + " = " + answersText(r.If)
	}
	return r.By + " not " + answersText(r.Unless)
}

func answersText(codes []codeEntry) string {
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = c.Value.String()
		if c.Label != parts[i] {
			parts[i] += " (" + c.Label + ")"
		}
	}
	return shortList(parts, " or ")
}

func (w *fieldwork) printStraightLines(out io.Writer) {
	// a grid that is split over half samples has nobody who answered all of it
	answered := slices.DeleteFunc(slices.Clone(w.StraightLines), func(s screen.StraightLine) bool { return s.Rows == 0 })
	if len(answered) == 0 {
		return
	}
	fmt.Fprintln(out, "\nThe same answer to every item of a grid")
	t := newTable(out, "GRID", "ITEMS", "ANSWERED ALL", "THE SAME", "SHARE")
	for _, s := range answered {
		t.row(s.Name, figure.Count(len(s.Items)), figure.Count(s.Rows), figure.Count(s.Straight), figure.Percent(float64(s.Share), 1))
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

func (w *fieldwork) printDuplicates(out io.Writer) {
	d := w.Duplicates
	if d.Rows == 0 {
		return
	}
	fmt.Fprintf(out, "\nIdentical answers: %s of %s rows (%s) in %s groups, over %s columns", figure.Count(d.Identical), figure.Count(d.Rows), figure.Percent(float64(d.Share), 1), figure.Count(d.Groups), figure.Count(d.Columns))
	if d.Largest > 2 {
		fmt.Fprintf(out, "; the largest has %s", figure.Count(d.Largest))
	}
	fmt.Fprintln(out)
	for _, g := range d.RowNumbers {
		printRows(out, "identical", g)
	}
}

func (w *fieldwork) printSpeed(out io.Writer) {
	s := w.Speed
	if s == nil {
		return
	}
	share := func(n int) string { return figure.Percent(float64(n)/float64(s.Rows), 1) }
	fmt.Fprintf(out, "\nFast interviews (%s, median %s): %s of %s rows (%s) under half of the median, %s (%s) under a third\n",
		s.Variable, figure.Number(s.Median, 0), figure.Count(s.Half), figure.Count(s.Rows), share(s.Half), figure.Count(s.Third), share(s.Third))
	printRows(out, "under a third", s.RowNumbers)
}

func (w *fieldwork) printIdentifiers(out io.Writer) {
	if len(w.Identifiers) == 0 {
		return
	}
	fmt.Fprintln(out, "\nColumns that look like direct identifiers (a study drops them by privacy: drop)")
	t := newTable(out, "COLUMN", "LOOKS LIKE", "ROWS", "SHARE", "WHY")
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
