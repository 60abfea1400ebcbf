package finding

import (
	"math"
	"strconv"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// digits writes all figures of a sentence with the same decimals: those at which
// the difference of the two written figures is the written difference.
type digits struct {
	kind     survey.RowKind
	decimals int
}

// digitsOf chooses the decimals for a row of a table and a difference between
// two of its figures: shares have one more than in the table, as changes have,
// or as many as there, or two more.
func digitsOf(t *survey.Tabulation, r int, high, low, difference float64) digits {
	kind := t.Rows[r].Kind
	first := t.Rounding.Decimals(kind)
	if figure.IsShare(kind) {
		first++
	}
	for _, n := range []int{first, first - 1, first + 1} {
		d := digits{kind, n}
		if n >= 0 && d.units(high)-d.units(low) == d.units(difference) {
			return d
		}
	}
	return digits{kind, first + 1}
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

// units counts the last written digits of a figure.
func (d digits) units(x float64) int64 {
	text := strings.NewReplacer(",", "", "−", "-").Replace(d.size(x))
	written, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.MinInt64
	}
	return int64(math.Round(written * math.Pow(10, float64(d.decimals))))
}
