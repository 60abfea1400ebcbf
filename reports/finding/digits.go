package finding

import (
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// digits writes all figures of a sentence with the same decimals, so that a
// difference and its two sides differ by the rounding of the last digit at most.
type digits struct {
	kind     survey.RowKind
	decimals int
}

// digitsOf has the decimals of the table, and one at least for shares: a
// difference in whole points hides too much of it.
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

// unit is that of a difference: " points" of shares.
func (d digits) unit() string {
	if figure.IsShare(d.kind) {
		return " points"
	}
	return ""
}
