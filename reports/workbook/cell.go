package workbook

import (
	"surveykit/reports/figure"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The number formats. A base under the caution limit puts a dagger behind the
// figure; other figures leave its width free, so that the digits stay in line.
const (
	countFormat = "#,##0"
	pFormat     = `[<0.001]"<0.001";0.000`
	dagger      = `"†"`
	noDagger    = "_†"
)

// The texts that stand where there is no figure.
const (
	suppressedText = "*"
	absentText     = "–"
)

// format is the number format of a figure of a kind of row, with a sign for a
// difference: positive; negative; zero; text. A change of percentages has one
// decimal more than the percentages.
func format(kind survey.RowKind, change bool, r survey.Rounding, mark string) string {
	if change && figure.IsShare(kind) {
		more := r.Decimals(kind) + 1
		r.Percent = &more
	}
	f, plus := ooxml.NumberFormat(kind, r), ""
	if change || kind == survey.RowGap {
		plus = "+"
	}
	return plus + f + mark + ";-" + f + mark + ";" + f + mark + ";@" + mark
}

// cellValue is what a cell shows: a number, or a text that the legend explains.
func cellValue(c survey.Cell) any {
	switch {
	case wording.Has(c, survey.FlagSuppressed):
		return suppressedText
	case !c.Value.Exists():
		return absentText
	}
	return float64(c.Value)
}

// shown is a further number of a cell, nil where it does not exist or where
// the figure itself is not shown.
func shown(c survey.Cell, x survey.Figure) any {
	if wording.Has(c, survey.FlagSuppressed) || !x.Exists() {
		return nil
	}
	return float64(x)
}

// marks explains the marks that the table's cells carry, in a fixed order.
func marks(t *survey.Tabulation) []string {
	var suppressed, absent, small bool
	for _, row := range t.Cells {
		for _, c := range row {
			switch value := cellValue(c); {
			case value == suppressedText:
				suppressed = true
			case value == absentText:
				absent = true
			case wording.Has(c, survey.FlagLowBase):
				small = true
			}
		}
	}
	var out []string
	if small {
		out = append(out, "† and italics: small base, read with caution.")
	}
	if suppressed {
		out = append(out, suppressedText+" base under the minimum: no figure is shown.")
	}
	if absent {
		out = append(out, absentText+" there is no figure: nobody is in the base, or there is nothing to divide by.")
	}
	return out
}
