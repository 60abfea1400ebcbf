// Package change compares a run with the last good one: what was asked, how many
// answered, and which numbers moved beyond chance. Gates say when a run is held back
// for a person to check.
package change

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

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
		if q := float64(r.Quantile); !math.IsNaN(q) {
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
	n, deff := 0, survey.NoFigure()
	for _, e := range r.Records {
		if e.N > n && e.NEffective > 0 {
			n, deff = e.N, survey.Figure(float64(e.N)/float64(e.NEffective))
		}
	}
	return deff
}

// misfit is the worst margin's |after − target| / |target|; no figure without
// margins.
func (r *Run) misfit() survey.Figure {
	worst := survey.NoFigure()
	if r.Weighting == nil {
		return worst
	}
	for _, m := range r.Weighting.Margins {
		if m.Kept || m.Target == 0 {
			continue
		}
		if off := survey.Figure(math.Abs(m.After-m.Target) / math.Abs(m.Target)); !worst.Exists() || off > worst {
			worst = off
		}
	}
	return worst
}

// Summary is the report in a line.
func (r *Report) Summary() string {
	if r.Before == "" {
		return "the first run, with nothing to compare it with"
	}
	return fmt.Sprintf("%d of %d figures moved beyond chance, %d things added, %d gone, %d bases changed", len(r.Moved), r.Compared, len(r.Added), len(r.Gone), len(r.Bases))
}
