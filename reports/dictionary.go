package reports

import (
	"context"
	"math"
	"slices"

	"surveykit/reports/tidy"
	"surveykit/survey"
	"surveykit/survey/draft"
	"surveykit/survey/privacy"
	"surveykit/survey/screen"
)

// Dictionary is what a data file holds, and what a person should look at before
// analysing it: counts, and no respondent's answer.
type Dictionary struct {
	Schema    string         `json:"schema"`
	Rows      int            `json:"rows"`
	Variables []Entry        `json:"variables"`
	Sets      []SetEntry     `json:"multiple_response"`
	Weight    string         `json:"weight"`
	Notices   survey.Notices `json:"notices"`
	*Fieldwork
}

// Entry is a variable of a Dictionary.
type Entry struct {
	Name    string         `json:"name"`
	Label   string         `json:"label"`
	Kind    survey.Kind    `json:"kind"`
	Measure survey.Measure `json:"measure"`
	Format  string         `json:"format"`
	Codes   []survey.Code  `json:"codes"`
	// Missing are texts, numbers, and objects of the bounds of ranges, from and to.
	Missing     []any         `json:"missing"`
	Valid       int           `json:"valid"`
	UserMissing int           `json:"user_missing"`
	Sum         survey.Figure `json:"sum"`
	// MissingShare is the share (0–1) of rows without an answer.
	MissingShare survey.Figure `json:"missing_share"`
}

// SetEntry is a multiple-response set of a Dictionary.
type SetEntry struct {
	Name      string        `json:"name"`
	Label     string        `json:"label"`
	Variables []string      `json:"variables"`
	Counted   *survey.Value `json:"counted"`
}

// Fieldwork is what there is to see of the data as they came from the field.
type Fieldwork struct {
	Weights       []screen.Weight       `json:"weights"`
	Design        *DesignEntry          `json:"design"`
	Routed        []screen.Route        `json:"routed"`
	StraightLines []screen.StraightLine `json:"straight_lines"`
	Duplicates    screen.Duplicates     `json:"duplicates"`
	Speed         *screen.Speed         `json:"speed"`
	Identifiers   []privacy.Finding     `json:"identifiers"`
}

// DesignEntry counts strata and clusters; LonelyStrata are those with one cluster.
type DesignEntry struct {
	Strata       int      `json:"strata"`
	PSUs         int      `json:"psus"`
	LonelyStrata []string `json:"lonely_strata"`
}

// Inspect describes the data. Duration names the variable of how long interviews
// took; "" takes what is named like one. Without rowNumbers rows are counted only.
// Of data that stay in a database it shows what groups of rows show: no routed questions,
// equal answers, fast interviews and identifiers, which a notice says. The error is
// survey.Problems of the strata and clusters.
func (d *Data) Inspect(ctx context.Context, duration string, rowNumbers bool) (*Dictionary, error) {
	t, err := d.Table, error(nil)
	if d.engine != nil {
		if t, err = d.counted(ctx); err != nil {
			return nil, err
		}
	}
	out := &Dictionary{Schema: tidy.Schema, Rows: t.Rows, Weight: t.Weight, Notices: append(survey.Notices{}, t.Notices...), Variables: []Entry{}, Sets: []SetEntry{}}
	for _, v := range t.Variables {
		s := survey.Summarize(v)
		e := Entry{Name: v.Name, Label: v.Label, Kind: v.Kind, Measure: v.Measure, Format: v.Format,
			Codes: append([]survey.Code{}, v.Codes...), Missing: []any{}, Valid: s.Valid, UserMissing: s.UserMissing, Sum: survey.FigureOf(s.Sum)}
		if t.Rows > 0 {
			e.MissingShare = survey.FigureOf(float64(t.Rows-s.Valid+s.UserMissing) / float64(t.Rows))
		}
		for _, m := range v.Missing {
			e.Missing = append(e.Missing, missingEntry(m))
		}
		out.Variables = append(out.Variables, e)
	}
	for _, s := range t.Sets {
		out.Sets = append(out.Sets, SetEntry{s.Name, s.Label, s.Variables, s.Counted})
	}
	if d.engine == nil {
		out.Fieldwork, err = d.fieldwork(ctx, duration, rowNumbers)
	} else {
		out.Notices.Note(survey.NoticeUnread, nil, "routed questions, equal answers, fast interviews and identifiers are not looked for, because the rows stay in the database (--allow-rows reads them)")
		out.Fieldwork, err = d.counts(ctx, t)
	}
	return out, err
}

// counted is the codebook with the number of rows, and with all values of the columns of
// which it lists none because they have so many.
func (d *Data) counted(ctx context.Context) (*survey.Table, error) {
	f, err := d.engine.Frame(ctx, survey.Design{})
	if err != nil {
		return nil, err
	}
	t := *d.Table
	t.Rows, t.Variables = f.Rows, slices.Clone(t.Variables)
	for k, v := range t.Variables {
		rows := 0
		for i := range v.Len() {
			rows += v.Count(i)
		}
		if rows == f.Rows {
			continue
		}
		groups, err := t.Groups([]string{v.Name})
		if err != nil {
			return nil, err
		}
		t.Variables[k] = groups.Variables[0]
	}
	return &t, nil
}

// Identifiers are columns that look like direct identifiers, among those read.
// There are none of data that stay in a database.
func (d *Data) Identifiers() []privacy.Finding {
	if d.engine != nil {
		return nil
	}
	return privacy.Scan(d.Table)
}

func missingEntry(m survey.Missing) any {
	switch {
	case m.IsText:
		return m.Text
	case m.Low == m.High:
		return m.Low
	}
	bound := func(x float64) survey.Figure {
		if math.IsInf(x, 0) {
			return survey.Figure{}
		}
		return survey.FigureOf(x)
	}
	return struct {
		From survey.Figure `json:"from"`
		To   survey.Figure `json:"to"`
	}{bound(m.Low), bound(m.High)}
}

func (d *Data) fieldwork(ctx context.Context, duration string, rowNumbers bool) (*Fieldwork, error) {
	t := d.Table
	var grids []screen.Grid // the study's, and those that are found besides
	if d.Study != nil {
		for _, g := range d.Study.Groups {
			grids = append(grids, screen.Grid{Name: g.Name, Items: g.Items})
		}
	}
	for _, g := range screen.Grids(t) {
		if !slices.ContainsFunc(grids, func(known screen.Grid) bool {
			return slices.ContainsFunc(known.Items, func(item string) bool { return slices.Contains(g.Items, item) })
		}) {
			grids = append(grids, g)
		}
	}
	w, err := d.counts(ctx, t)
	if err != nil {
		return nil, err
	}
	w.Routed, w.StraightLines = append(w.Routed, screen.Routes(t)...), append(w.StraightLines, screen.StraightLines(t, grids)...)
	w.Duplicates, w.Identifiers = screen.FindDuplicates(t, d.Design.Columns()), append(w.Identifiers, d.Identifiers()...)
	for i, r := range w.Routed {
		w.Routed[i].If, w.Routed[i].Unless = append([]survey.Code{}, r.If...), append([]survey.Code{}, r.Unless...)
	}
	timed := screen.Duration(t)
	if duration != "" {
		timed = t.Lookup(duration)
	}
	if timed != nil {
		w.Speed = screen.Hasty(timed)
	}
	if !rowNumbers {
		for i := range w.StraightLines {
			w.StraightLines[i].RowNumbers = nil
		}
		w.Duplicates.RowNumbers = nil
		if w.Speed != nil {
			w.Speed.RowNumbers = nil
		}
	}
	return w, nil
}

// counts are the weights and the design of a table, whose variables may know how many rows
// each of theirs is.
func (d *Data) counts(ctx context.Context, t *survey.Table) (*Fieldwork, error) {
	w := &Fieldwork{Weights: []screen.Weight{}, Routed: []screen.Route{}, StraightLines: []screen.StraightLine{}, Identifiers: []privacy.Finding{}}
	weights := draft.Weights(t)
	if t.Lookup(d.Design.Weight) != nil {
		weights = []string{d.Design.Weight}
	}
	for _, name := range weights {
		w.Weights = append(w.Weights, screen.DescribeWeight(t.Lookup(name)))
	}
	design := d.Design
	if design.Strata == "" && len(design.PSU) == 0 || t.Rows == 0 {
		return w, nil
	}
	f, err := d.answering().Frame(ctx, survey.Design{Strata: design.Strata, PSU: design.PSU, WaveVariable: design.WaveVariable, Waves: design.Waves, LonelyPSU: "certainty"})
	if err != nil {
		return nil, err
	}
	w.Design = &DesignEntry{f.Strata, f.PSUs, append([]string{}, f.LonelyStrata...)}
	return w, nil
}
