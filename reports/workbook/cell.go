package workbook

import (
	"surveykit/reports/figure"
	"surveykit/reports/ooxml"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The number formats. A mark is behind its figure; other figures leave the width
// of one free, so that the digits stay in line.
const (
	countFormat = "#,##0"
	pFormat     = `[<0.001]"<0.001";0.000`
	noMark      = "_†"
)

// measured is what a figure of a kind of row is: a change of a share is a gap, in
// percentage points.
func measured(kind survey.RowKind, change bool) survey.RowKind {
	if change && figure.IsShare(kind) {
		return survey.RowGap
	}
	return kind
}

// format is the number format of a figure of a kind of row, with a sign for a
// difference: positive; negative; zero; text. Points have their unit where the
// heading of the changes does not name it. A change of percentages or of a gap
// has one decimal more than they have.
func format(kind survey.RowKind, change bool, heading string, r survey.Rounding, mark string) string {
	of := measured(kind, change)
	if change && of == survey.RowGap {
		more := r.Decimals(kind) + 1
		r.Percent = &more
	}
	f, plus := ooxml.Digits(of, r), ""
	if change || of == survey.RowGap {
		plus = "+"
	}
	if inPoints(kind, change, heading) {
		f += ooxml.Points
	}
	return plus + f + mark + ";-" + f + mark + ";" + f + mark + ";@" + mark
}

// cellValue is what a cell of a kind of figure shows: a number, or the mark in
// its place.
func cellValue(kind survey.RowKind, c survey.Cell) any {
	if m, ok := wording.InPlace(c); ok {
		return m.Sign
	}
	return ooxml.Held(kind, float64(c.Value))
}

// limit is a confidence limit: a number, the mark of one outside the data, or
// nil where the figure has none or is not shown itself.
func limit(kind survey.RowKind, c survey.Cell, x survey.Figure) any {
	_, hidden := wording.InPlace(c)
	switch {
	case hidden:
		return nil
	case x.Exists():
		return ooxml.Held(kind, float64(x))
	case wording.WithoutLimits(kind, c) == wording.Outside:
		return wording.Outside.Sign
	}
	return nil
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
	var out []string
	for _, m := range wording.Marks(t) {
		sign := m.Sign
		if m == wording.LowBase {
			sign += " and italics:"
		}
		out = append(out, sign+" "+m.Meaning+".")
	}
	return out
}
