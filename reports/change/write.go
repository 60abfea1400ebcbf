package change

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"io"

	"surveykit/reports/figure"
)

// The files of a change report in a run's folder.
const (
	JSONName = "changes.json"
	HTMLName = "changes.html"
)

// shown is how many moves the page has; the JSON has all.
const shown = 50

//go:embed page.tmpl
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

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
	v.Deff = figure.Number(float64(r.DeffBefore), 2) + " → " + figure.Number(float64(r.DeffAfter), 2)
	for _, m := range r.Moved[:min(shown, len(r.Moved))] {
		v.Moves = append(v.Moves, m.Line())
	}
	return page.Execute(w, v)
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
		Place: m.Place.String(), Before: show(float64(m.Before), decimals), After: show(float64(m.After), decimals),
		Change:   signed(float64(m.Difference), decimals),
		Interval: signed(float64(m.Low), decimals) + " to " + signed(float64(m.High), decimals),
		P:        figure.P(float64(m.PAdjusted)),
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
