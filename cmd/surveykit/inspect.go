package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"surveykit/reports/figure"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

func newInspect() *cobra.Command {
	var o outputOptions
	var data dataOptions
	var field fieldworkOptions
	c := &cobra.Command{
		Use:   "inspect DATA",
		Short: "The dictionary of a data file, its weights, routes, hasty and doubled interviews, and what could identify people",
		Long: "inspect prints the dictionary of a data file: variables, labels, codes, missing values and counts. Below it stands\n" +
			"what a person should look at before analysing: weights, strata with one cluster, questions that were asked of some\n" +
			"only, equal answers in grids, identical rows, fast interviews, and columns that look like direct identifiers.\n" +
			"It prints counts, and no respondent's answer; --rows adds row numbers.",
		Args: oneData,
		RunE: func(c *cobra.Command, args []string) error {
			in, err := data.open(args[0])
			if err != nil {
				return err
			}
			d := describe(in.Table)
			if d.fieldwork, err = field.look(in); err != nil {
				return err
			}
			return o.to(c, func(w io.Writer) error {
				if o.json {
					enc := json.NewEncoder(w)
					enc.SetEscapeHTML(false)
					return enc.Encode(d)
				}
				d.print(w)
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

// dictionary is what inspect prints.
type dictionary struct {
	Schema    string         `json:"schema"`
	Rows      int            `json:"rows"`
	Variables []entry        `json:"variables"`
	Sets      []setEntry     `json:"multiple_response"`
	Weight    string         `json:"weight"`
	Notices   survey.Notices `json:"notices"`
	*fieldwork
}

type entry struct {
	Name        string         `json:"name"`
	Label       string         `json:"label"`
	Kind        survey.Kind    `json:"kind"`
	Measure     survey.Measure `json:"measure"`
	Format      string         `json:"format"`
	Codes       []codeEntry    `json:"codes"`
	Missing     []any          `json:"missing"`
	Valid       int            `json:"valid"`
	UserMissing int            `json:"user_missing"`
	Sum         survey.Figure  `json:"sum"`
	// MissingShare is the share (0–1) of rows without an answer.
	MissingShare survey.Figure `json:"missing_share"`
}

type codeEntry struct {
	Value survey.Value `json:"value"`
	Label string       `json:"label"`
}

type setEntry struct {
	Name      string        `json:"name"`
	Label     string        `json:"label"`
	Variables []string      `json:"variables"`
	Counted   *survey.Value `json:"counted"`
}

// span is a range of missing values; an open end is null.
type span struct {
	From survey.Figure `json:"from"`
	To   survey.Figure `json:"to"`
}

func describe(t *survey.Table) dictionary {
	d := dictionary{Schema: tidy.Schema, Rows: t.Rows, Weight: t.Weight, Notices: t.Notices, Variables: []entry{}, Sets: []setEntry{}}
	if d.Notices == nil {
		d.Notices = survey.Notices{}
	}
	for _, v := range t.Variables {
		s := survey.Summarize(v)
		e := entry{Name: v.Name, Label: v.Label, Kind: v.Kind, Measure: v.Measure, Format: v.Format,
			Codes: codeEntries(v.Codes), Missing: []any{}, Valid: s.Valid, UserMissing: s.UserMissing, Sum: survey.Figure(s.Sum), MissingShare: survey.NoFigure()}
		if t.Rows > 0 {
			e.MissingShare = survey.Figure(float64(t.Rows-s.Valid+s.UserMissing) / float64(t.Rows))
		}
		for _, m := range v.Missing {
			e.Missing = append(e.Missing, missingEntry(m))
		}
		d.Variables = append(d.Variables, e)
	}
	for _, s := range t.Sets {
		d.Sets = append(d.Sets, setEntry{s.Name, s.Label, s.Variables, s.Counted})
	}
	return d
}

func codeEntries(codes []survey.Code) []codeEntry {
	out := make([]codeEntry, len(codes))
	for i, c := range codes {
		out[i] = codeEntry{c.Value, c.Label}
	}
	return out
}

func missingEntry(m survey.Missing) any {
	switch {
	case m.IsText:
		return m.Text
	case m.Low == m.High:
		return m.Low
	}
	return span{bound(m.Low), bound(m.High)}
}

func bound(x float64) survey.Figure {
	if math.IsInf(x, 0) {
		return survey.NoFigure()
	}
	return survey.Figure(x)
}

func (d dictionary) print(w io.Writer) {
	fmt.Fprintf(w, "%s rows, %s variables", figure.Count(d.Rows), figure.Count(len(d.Variables)))
	if d.Weight != "" {
		fmt.Fprintf(w, ", weight %s", d.Weight)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w)
	t := newTable(w, "VARIABLE", "KIND", "VALID", "MISSING", "SHARE", "LABEL", "CODES")
	for _, e := range d.Variables {
		t.row(e.Name, string(e.Kind), figure.Count(e.Valid-e.UserMissing), figure.Count(d.Rows-e.Valid+e.UserMissing), figure.Percent(float64(e.MissingShare), 0), shorten(e.Label, 60), shorten(codesText(e.Codes), 60))
	}
	t.flush()
	for _, s := range d.Sets {
		fmt.Fprintf(w, "\nset %s %s: %s\n", s.Name, s.Label, strings.Join(s.Variables, ", "))
	}
	d.fieldwork.print(w)
	for _, n := range d.Notices {
		fmt.Fprintln(w, "\nnotice:", n)
	}
}

func codesText(codes []codeEntry) string {
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
