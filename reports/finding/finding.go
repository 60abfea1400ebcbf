// Package finding chooses what a book's numbers show most clearly and states it in
// words. Every figure of a statement is read from a cell; the same book gives the same
// findings in the same order.
package finding

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/stats"
	"surveykit/survey"
)

// Finding is one statement about a row of a table.
type Finding struct {
	Table *survey.Tabulation
	// Row and Columns place the cells that the statement reads.
	Row     int
	Columns []int
	// Claim is the statement with its figures, Evidence its interval, test and base.
	Claim, Evidence string
	// Tested is true of a change or a contrast that passed its test.
	Tested bool
	// strength ranks findings of one kind: their size over their standard error.
	strength float64
	// size is the tested difference as it is written.
	size string
}

// Place says where a reader finds the figures and who was asked.
func (f Finding) Place() string {
	place := "Table: " + f.Table.Title
	if base := wording.Base(f.Table); base != "" {
		place += ". " + base
	}
	return place
}

// Rule says in a sentence or two how findings are chosen, for the reader of a report.
const Rule = "Findings are changes between waves, and differences between the first and the last category of a banner, that pass a test at the 95% level, " +
	"adjusted by Benjamini–Hochberg for all changes, or all differences, of the report. " +
	"Where a table does not test these two categories, a difference is a finding if their intervals do not overlap."

// None is the sentence of a report in which no finding meets the rule.
const None = "No change between waves and no difference between the first and the last category of a banner passes its test."

// most is the most findings at the beginning of a report.
const most = 8

// Choose returns at most eight findings of the book, the clearest first:
// changes that pass their test (see Rule), then contrasts between the first
// and the last category of a banner. A table gives one of each at most.
// Figures on small, suppressed or empty bases, or without an interval, give
// none, and neither do variables of the fieldwork, codes without labels and columns of
// the row's own grid or set; where a group of rows has nets, only the nets do.
func Choose(b *survey.Book) []Finding {
	found := append(ranked(b, changes(b)), ranked(b, contrasts(b))...)
	return found[:min(len(found), most)]
}

// ranked keeps the strongest finding of each table and sorts them by strength;
// equals keep the order of the book.
func ranked(b *survey.Book, all []Finding) []Finding {
	var best []Finding
	for _, t := range b.Tables {
		var top *Finding
		for i := range all {
			if all[i].Table == t && (top == nil || all[i].strength > top.strength) {
				top = &all[i]
			}
		}
		if top != nil {
			best = append(best, *top)
		}
	}
	slices.SortStableFunc(best, func(x, y Finding) int { return cmp.Compare(y.strength, x.strength) })
	return best
}

// headline reports whether findings may be about a row: not variables of the fieldwork
// or codes without labels; where a group of rows has nets, only the nets.
func headline(t *survey.Tabulation, row survey.Row) bool {
	return !row.Untold && (row.Kind == survey.RowNet || !slices.ContainsFunc(t.Rows, func(r survey.Row) bool {
		return r.Kind == survey.RowNet && r.Group == row.Group
	}))
}

// alike reports whether a column is not a group of people to compare in a row: one that
// findings leave out, or one of the row's own grid, scale or set.
func alike(row survey.Row, c survey.Column) bool {
	return c.Untold || c.Battery != "" && c.Battery == row.Battery
}

// sound reports whether a cell can carry a statement: figure and interval
// exist, and no flag forbids it.
func sound(c survey.Cell) bool {
	against := slices.ContainsFunc(c.Flags, func(flag string) bool { return flag != survey.FlagEdge && flag != survey.FlagEdgeTest })
	return !against && c.Value.Exists() && c.Low.Exists() && c.High.Exists() && c.High.Float() > c.Low.Float()
}

// subject is what a claim is about: the question of row r and its answer. Shares
// by an expression and means are not about a single question, and have the title of
// their table without its banner (", by age").
func subject(t *survey.Tabulation, r int) string {
	topic, answer := t.Rows[r].Group, t.Rows[r].Label
	if topic == "" || t.Cells[r][0].Statistic == "share" {
		topic, answer = t.Title, wording.Row(t, r)
		if by := strings.LastIndex(topic, ", by "); by > 0 {
			topic = topic[:by]
		}
	}
	if topic == "" || topic == answer {
		return "“" + answer + "”"
	}
	return topic + ", “" + answer + "”"
}

// point names a column within a sentence, in quotation marks where it contains commas.
func point(t *survey.Tabulation, c int) string {
	if label := t.Columns[c].Label; !strings.Contains(label, ",") {
		return label
	}
	return "“" + t.Columns[c].Label + "”"
}

// adjusted says over how many tests a p-value is adjusted.
func adjusted(family int, thing string) string {
	if family != 1 {
		thing += "s"
	}
	return "adjusted for " + figure.Count(family) + " " + thing
}

// strength is the distance from zero of a test in standard errors: |t|, or where
// the test has no t the quantile of the normal distribution for its p-value.
func strength(t, p survey.Figure) float64 {
	if t.Exists() {
		return math.Abs(t.Float())
	}
	return -stats.NormalQuantile(p.Float() / 2)
}

func base(c survey.Cell) string { return figure.Base(c.Estimate) }

// digits writes all figures of a sentence with the same decimals, so that a
// difference and its two sides differ by the rounding of the last digit at most.
type digits struct {
	kind     survey.RowKind
	decimals int
}

// digitsOf has the decimals of the table, and at least one for shares, because whole
// points hide too much of a difference.
func digitsOf(t *survey.Tabulation, r int) digits {
	d := digits{t.Rows[r].Kind, t.Rounding.Decimals(t.Rows[r].Kind)}
	if figure.IsShare(d.kind) {
		d.decimals = max(d.decimals, 1)
	}
	return d
}

// value writes a figure: "63.0%".
func (d digits) value(x float64) string { return figure.Value(d.kind, x, d.decimals) }

// size writes a difference without its unit and without a plus: "24.8".
func (d digits) size(x float64) string {
	if figure.IsShare(d.kind) {
		return strings.TrimSuffix(figure.Percent(x, d.decimals), "%")
	}
	return figure.Number(x, d.decimals)
}

// signed is size with a plus above zero.
func (d digits) signed(x float64) string {
	if figure.IsShare(d.kind) {
		x *= 100
	}
	return figure.SignedNumber(x, d.decimals)
}

// unit is the unit of a difference: " points" for shares.
func (d digits) unit() string {
	if figure.IsShare(d.kind) {
		return " points"
	}
	return ""
}
