// Package change compares a run with the last good one: what was asked, how many
// answered, and which numbers moved beyond chance. Gates say when a run is held back
// for a person to check.
package change

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"surveykit/reports/figure"
	"surveykit/reports/publish"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

// Run is the output of a run for programs.
type Run struct {
	Folder   string
	Manifest publish.Manifest
	Records  []tidy.Record
	// Weighting is nil where the weights came with the data.
	Weighting *survey.WeightingReport
}

// Read reads a run's folder.
func Read(folder string) (*Run, error) {
	r := &Run{Folder: folder}
	if err := readJSON(filepath.Join(folder, publish.ManifestName), &r.Manifest); err != nil {
		return nil, err
	}
	var results struct {
		Results []tidy.Record `json:"results"`
	}
	if err := readJSON(filepath.Join(folder, "results.json"), &results); err != nil {
		return nil, err
	}
	r.Records = results.Results
	err := readJSON(filepath.Join(folder, "weighting.json"), &r.Weighting)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return r, err
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return survey.Problems{{File: path, Message: "this is not the output of a run: " + err.Error(), Remedy: "give the folder of a run"}}
	}
	return nil
}

// Place names a figure as its table does.
type Place struct {
	Table       string `json:"table"`
	RowGroup    string `json:"row_group,omitempty"`
	Row         string `json:"row"`
	ColumnGroup string `json:"column_group,omitempty"`
	Column      string `json:"column"`
	Statistic   string `json:"statistic"`
	// Quantile is a quantile's probability as text.
	Quantile string `json:"quantile,omitempty"`
	// Nth distinguishes figures to which a table gives the same name.
	Nth int `json:"nth,omitempty"`
}

// String is the place in words.
func (p Place) String() string {
	s := p.Table + ": " + p.Row
	if p.RowGroup != "" {
		s = p.Table + ": " + p.RowGroup + ", " + p.Row
	}
	return s + " | " + p.Column
}

// Report says how a run differs from the last good one.
type Report struct {
	// Before and After are the folders of the two runs.
	Before string `json:"before"`
	After  string `json:"after"`
	// Rows are the respondents read.
	RowsBefore int `json:"rows_before"`
	RowsAfter  int `json:"rows_after"`
	// Added and Gone are tables, and rows and columns of tables, by name.
	Added []string `json:"added"`
	Gone  []string `json:"gone"`
	// Bases are columns of tables whose unweighted base changed by more than a fifth.
	Bases []Base `json:"bases"`
	// Compared figures have a test of their difference; Moved are those whose
	// difference is beyond chance, the largest first.
	Compared int    `json:"compared"`
	Moved    []Move `json:"moved"`
	// Weights are Kish's design effects of the largest base.
	DeffBefore survey.Figure `json:"design_effect_before"`
	DeffAfter  survey.Figure `json:"design_effect_after"`
	// Misfit is the largest relative distance of a margin from its target.
	Misfit survey.Figure `json:"margin_misfit"`
	// Held are the gates that failed.
	Held []string `json:"held"`

	all []Move
	now []tidy.Record
}

// Base is a base that changed.
type Base struct {
	Place  Place `json:"place"`
	Before int   `json:"before"`
	After  int   `json:"after"`
}

// Move is a figure in both runs.
type Move struct {
	Place  Place         `json:"place"`
	Share  bool          `json:"share"`
	Before survey.Figure `json:"before"`
	After  survey.Figure `json:"after"`
	// Difference is after minus before, in the figure's unit, with its standard
	// error, interval and p-values.
	Difference survey.Figure `json:"difference"`
	SE         survey.Figure `json:"se"`
	Low        survey.Figure `json:"ci_low"`
	High       survey.Figure `json:"ci_high"`
	P          survey.Figure `json:"p"`
	PAdjusted  survey.Figure `json:"p_adjusted"`
	// Flags say that shares at or near 0% or 100% were compared by their counts.
	Flags []string `json:"flags,omitempty"`

	// points are figures that are differences of shares themselves.
	points bool
}

// places finds the place of each record of a run.
func places(records []tidy.Record) ([]Place, map[Place]int) {
	order, at := make([]Place, len(records)), make(map[Place]int, len(records))
	for i, r := range records {
		p := Place{Table: r.Table, RowGroup: r.RowGroup, Row: r.Row, ColumnGroup: r.ColumnGroup, Column: r.Column, Statistic: r.Statistic}
		if q := r.Quantile.Float(); !math.IsNaN(q) {
			p.Quantile = survey.FormatNumber(q)
		}
		for _, taken := at[p]; taken; _, taken = at[p] {
			p.Nth++
		}
		order[i], at[p] = p, i
	}
	return order, at
}

// rows are the respondents that a run read.
func (r *Run) rows() int {
	n := 0
	for _, in := range r.Manifest.Inputs {
		n += in.Rows
	}
	return n
}

// deff is Kish's design effect n/n_eff over the largest base of the book.
func (r *Run) deff() survey.Figure {
	n, deff := 0, survey.Figure{}
	for _, e := range r.Records {
		if e.N > n && e.NEffective.Float() > 0 {
			n, deff = e.N, survey.FigureOf(float64(e.N)/e.NEffective.Float())
		}
	}
	return deff
}

// misfit is the worst margin's |after − target| / |target|; missing without margins.
func (r *Run) misfit() survey.Figure {
	worst := survey.Figure{}
	if r.Weighting == nil {
		return worst
	}
	for _, m := range r.Weighting.Margins {
		if m.Kept || m.Target == 0 {
			continue
		}
		if off := survey.FigureOf(math.Abs(m.After-m.Target) / math.Abs(m.Target)); !worst.Exists() || off.Float() > worst.Float() {
			worst = off
		}
	}
	return worst
}

// Summary is the report in a line.
func (r *Report) Summary() string {
	if r.Before == "" {
		return "the first run: there is nothing to compare it with"
	}
	return fmt.Sprintf("%d of %d figures moved beyond chance, %d things added, %d gone, %d bases changed", len(r.Moved), r.Compared, len(r.Added), len(r.Gone), len(r.Bases))
}

// The files of a change report in a run's folder.
const (
	JSONName = "changes.json"
	HTMLName = "changes.html"
)

// shown is how many moves the page has; the JSON has all.
const shown = 50

//go:embed page.tmpl
var pageText string

var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// view is the report in words and rounded figures.
type view struct {
	*Report
	First bool
	Moves []Line
	More  int
	Rows  string
	Deff  string
}

// Line is a move in rounded figures.
type Line struct{ Place, Before, After, Change, Interval, P string }

// WriteHTML writes the report as a page.
func WriteHTML(w io.Writer, r *Report) error {
	v := view{Report: r, First: r.Before == "", More: max(0, len(r.Moved)-shown)}
	v.Rows = figure.Count(r.RowsBefore) + " → " + figure.Count(r.RowsAfter)
	v.Deff = figure.Number(r.DeffBefore.Float(), 2) + " → " + figure.Number(r.DeffAfter.Float(), 2)
	for _, m := range r.Moved[:min(shown, len(r.Moved))] {
		v.Moves = append(v.Moves, m.Line())
	}
	return page().Execute(w, v)
}

// Line is the move in rounded figures.
func (m Move) Line() Line {
	show, signed := figure.Number, figure.SignedNumber
	decimals := 2
	if m.Share {
		show, signed, decimals = figure.Percent, figure.Points, 1
	}
	if m.points {
		show, signed, decimals = figure.Points, figure.Points, 1
	}
	return Line{
		Place: m.Place.String(), Before: show(m.Before.Float(), decimals), After: show(m.After.Float(), decimals),
		Change:   signed(m.Difference.Float(), decimals),
		Interval: signed(m.Low.Float(), decimals) + " to " + signed(m.High.Float(), decimals),
		P:        figure.P(m.PAdjusted.Float()),
	}
}

// WriteJSON writes the report for programs, in full precision.
func WriteJSON(w io.Writer, r *Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(struct {
		Schema string `json:"schema"`
		*Report
	}{"surveykit-changes/1", r})
}

// Gate holds a run back when it fails. Exactly one of the limits is given.
type Gate struct {
	// DesignEffect fails when Kish's design effect of the weights is over it.
	DesignEffect *float64 `yaml:"design_effect,omitempty"`
	// Moves fails when a share moves by more percentage points than this.
	Moves *float64 `yaml:"moves,omitempty"`
	// Base fails when a column's unweighted base is under it.
	Base *int `yaml:"base,omitempty"`
	// Margins fails when a margin of the weighting is further from its target
	// than this share of it.
	Margins *float64 `yaml:"margins,omitempty"`
	// Rows fails when the number of respondents changes by more than this share.
	Rows *float64 `yaml:"rows,omitempty"`
	// Questions fails when tables, rows or columns are added or gone.
	Questions bool `yaml:"questions,omitempty"`
	// Tables that moves and base look at; all where absent.
	Tables []string `yaml:"tables,omitempty"`
}

// Check says what is wrong with a gate, "" where nothing is.
func (g Gate) Check() string {
	given := 0
	for _, is := range []bool{g.DesignEffect != nil, g.Moves != nil, g.Base != nil, g.Margins != nil, g.Rows != nil, g.Questions} {
		if is {
			given++
		}
	}
	if given != 1 {
		return fmt.Sprintf("a gate has one limit, not %d: give design_effect, moves, base, margins, rows or questions", given)
	}
	for _, limit := range []*float64{g.DesignEffect, g.Moves, g.Margins, g.Rows} {
		if limit != nil && !(*limit >= 0) {
			return fmt.Sprintf("the limit %g is negative", *limit)
		}
	}
	if len(g.Tables) > 0 && g.Moves == nil && g.Base == nil {
		return "tables can only be given with moves or base"
	}
	return ""
}

// Apply records which gates fail for a report, and why. A first run, which cannot be
// compared, passes the gates on change.
func (r *Report) Apply(gates []Gate) {
	for _, g := range gates {
		if why := g.fails(r); why != "" {
			r.Held = append(r.Held, why)
		}
	}
}

func (g Gate) fails(r *Report) string {
	switch {
	case g.DesignEffect != nil:
		if r.DeffAfter.Exists() && r.DeffAfter.Float() > *g.DesignEffect {
			return fmt.Sprintf("the design effect of the weights is %s, over %g", figure.Number(r.DeffAfter.Float(), 2), *g.DesignEffect)
		}
	case g.Moves != nil:
		return g.moved(r)
	case g.Base != nil:
		return g.thin(r)
	case g.Margins != nil:
		if r.Misfit.Exists() && r.Misfit.Float() > *g.Margins {
			return fmt.Sprintf("a margin misses its target by %s, more than %s", figure.Percent(r.Misfit.Float(), 1), figure.Percent(*g.Margins, 1))
		}
	case g.Rows != nil:
		if off := math.Abs(float64(r.RowsAfter-r.RowsBefore)) / float64(max(r.RowsBefore, 1)); r.Before != "" && off > *g.Rows {
			return fmt.Sprintf("the number of respondents went from %s to %s, a change of more than %s", figure.Count(r.RowsBefore), figure.Count(r.RowsAfter), figure.Percent(*g.Rows, 0))
		}
	case g.Questions:
		if n := len(r.Added) + len(r.Gone); r.Before != "" && n > 0 {
			return fmt.Sprintf("%d tables, rows or columns were added and %d are gone", len(r.Added), len(r.Gone))
		}
	}
	return ""
}

// moved names the share that moved furthest.
func (g Gate) moved(r *Report) string {
	var worst *Move
	for i, m := range r.all {
		if m.Share && g.covers(m.Place) && (worst == nil || math.Abs(m.Difference.Float()) > math.Abs(worst.Difference.Float())) {
			worst = &r.all[i]
		}
	}
	if worst == nil || math.Abs(worst.Difference.Float())*100 <= *g.Moves {
		return ""
	}
	return fmt.Sprintf("%s moved by %s, more than %g points", worst.Place, figure.Points(worst.Difference.Float(), 1), *g.Moves)
}

// thin names the smallest base.
func (g Gate) thin(r *Report) string {
	least, at := math.MaxInt, Place{}
	order, _ := places(r.now)
	for i, e := range r.now {
		if g.covers(order[i]) && e.N < least {
			least, at = e.N, order[i]
		}
	}
	if least == math.MaxInt || least >= *g.Base {
		return ""
	}
	return fmt.Sprintf("the base of %s is %s, under %s", at, figure.Count(least), figure.Count(*g.Base))
}

func (g Gate) covers(p Place) bool {
	return len(g.Tables) == 0 || slices.Contains(g.Tables, p.Table)
}
