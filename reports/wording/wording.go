// Package wording holds the words around the figures of a book that every
// report for people says in the same way: how a cell is written, which marks
// it carries and what they mean, who was asked, where the data came from.
package wording

import (
	"math"
	"path/filepath"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// Synthetic is what a report of simulated data says at its head.
const Synthetic = "Synthetic data: the answers are simulated, no real person gave them."

// Cell is one figure of a table in words; what does not exist is "".
type Cell struct {
	// Figure is the value ("48%", "+5.7 pts", "3.42") or the mark in its place.
	Figure string
	// Limits are the confidence limits without their unit ("46 to 50"), Outside
	// in place of one that does not exist.
	Limits string
	// Mark is behind the figure: LowBase, a reason for missing limits, or "".
	Mark string
	// Letters name the columns that the cell differs from.
	Letters string
	// P is the p-value of a change ("p = 0.034").
	P string
}

// Of writes the cell in row r and column c of the table. A cell without a
// figure has nothing but the mark in its place.
func Of(t *survey.Tabulation, r, c int) Cell {
	cell, column, kind := t.Cells[r][c], t.Columns[c], t.Rows[r].Kind
	if m, ok := InPlace(cell); ok {
		return Cell{Figure: m.Sign}
	}
	show := format(t, kind, column.Change)
	out := Cell{Figure: show(cell.Value), Letters: cell.Letters}
	if Has(cell, survey.FlagLowBase) {
		out.Mark = LowBase.Sign
	}
	limit := func(x survey.Figure) string {
		if !x.Exists() {
			return Outside.Sign
		}
		return bare(show(x))
	}
	switch m := WithoutLimits(kind, cell); {
	case m == Outside, cell.Low.Exists() && cell.High.Exists():
		out.Limits = limit(cell.Low) + " to " + limit(cell.High)
	default:
		out.Mark += m.Sign
	}
	if column.Change && cell.P.Exists() {
		out.P = figure.P(cell.P.Float())
	}
	return out
}

// format is how reports write the figures of a kind of row: with the decimals
// that the study wants, changes of shares with one more.
func format(t *survey.Tabulation, kind survey.RowKind, change bool) func(survey.Figure) string {
	decimals := t.Rounding.Decimals(kind)
	if change && (figure.IsShare(kind) || kind == survey.RowGap) {
		decimals++
	}
	write := figure.Value
	if change {
		write = figure.Change
	}
	return func(x survey.Figure) string { return write(kind, x.Float(), decimals) }
}

// bare takes the unit off a figure.
func bare(s string) string {
	return strings.TrimSuffix(strings.TrimSuffix(s, "%"), " pts")
}

// Level writes a confidence level: "95%"; "" where it does not exist.
func Level(x survey.Figure) string {
	if !x.Exists() {
		return ""
	}
	return survey.FormatNumber(math.Round(x.Float()*1e6)/1e4) + "%"
}

// Limits says in words what the limits of the table's figures are: "95%
// confidence limits"; without the level where there are several.
func Limits(t *survey.Tabulation) string {
	level := ""
	for _, row := range t.Cells {
		for _, c := range row {
			switch l := Level(c.Level); {
			case level == "":
				level = l
			case l != "" && l != level:
				return "confidence limits"
			}
		}
	}
	return strings.TrimSpace(level + " confidence limits")
}

// Has reports whether the cell carries the flag.
func Has(c survey.Cell, flag string) bool { return slices.Contains(c.Flags, flag) }

// Row names the table's row r, with its group where the
// table has several: "Age: 18–24".
func Row(t *survey.Tabulation, r int) string {
	row := t.Rows[r]
	several := slices.ContainsFunc(t.Rows, func(other survey.Row) bool { return other.Group != row.Group })
	if row.Group == "" || !several {
		return row.Label
	}
	return row.Group + ": " + row.Label
}

// Explanations are the remarks under a table: what its marks mean, its
// legend, its notes.
func Explanations(t *survey.Tabulation) []string {
	var out []string
	for _, m := range Marks(t) {
		out = append(out, m.Sign+" "+m.Meaning+".")
	}
	return append(append(out, t.Legend...), t.Notes...)
}

// Source is the line under a table, "" where the book has none.
func Source(b *survey.Book) string {
	if b.Source == "" {
		return ""
	}
	return "Source: " + strings.TrimPrefix(b.Source, "Source: ")
}

// Sources are the study file and the data files, each by its name without the
// folder, so that a report is the same wherever it is made, and its SHA-256.
func Sources(b *survey.Book) []survey.Fact {
	var facts []survey.Fact
	if b.StudyFile.Path != "" {
		facts = append(facts, survey.Fact{Label: filepath.Base(b.StudyFile.Path), Text: sourceText(b.StudyFile)})
	}
	for _, s := range b.Sources {
		facts = append(facts, survey.Fact{Label: filepath.Base(s.Path), Text: sourceText(s)})
	}
	return facts
}

func sourceText(s survey.Source) string {
	var parts []string
	if s.Format != "" {
		parts = append(parts, s.Format)
	}
	if s.Rows > 0 {
		parts = append(parts, figure.Count(s.Rows)+" rows")
	}
	if s.SHA256 != "" { // else a database
		parts = append(parts, "SHA-256 "+s.SHA256)
	}
	return strings.Join(parts, ", ")
}
