package wording

import (
	"math"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

// Grid is a small table that tells of the survey itself, such as what weighting
// did: a column of words for each of the first heads, numbers under the others.
type Grid struct {
	// Title heads the grid, in 31 characters at most so that it can name a sheet;
	// Note says in a sentence how to read it.
	Title, Note string
	Head        []string
	Rows        [][]Item
}

// Item is a word or a number of a Grid.
type Item struct {
	// Text is what people read; "" where there is nothing to say.
	Text string
	// Value is the number in full precision; it does not exist for a word.
	Value survey.Figure
	// Format is the number's format in a workbook.
	Format string
}

// Numeric reports whether a column holds numbers.
func (g Grid) Numeric(column int) bool {
	return slices.ContainsFunc(g.Rows, func(row []Item) bool { return row[column].Value.Exists() })
}

func word(text string) Item { return Item{Text: text, Value: survey.NoFigure()} }

// words are several words.
func words(texts ...string) []Item {
	items := make([]Item, len(texts))
	for i, text := range texts {
		items[i] = word(text)
	}
	return items
}

func count(n int) Item { return quantity(float64(n), 0) }

// quantity is a number with the given decimals and thousands apart.
func quantity(x float64, decimals int) Item {
	return number(x, figure.Number(x, decimals), "#,##0"+places(decimals))
}

// portion is a proportion 0–1, as a percentage.
func portion(x float64) Item { return number(x, figure.Percent(x, 1), "0.0%") }

// shift is a number with its sign.
func shift(x float64) Item {
	return number(x, figure.SignedNumber(x, 2), `+0.00;"−"0.00;0.00`)
}

func places(decimals int) string {
	if decimals == 0 {
		return ""
	}
	return "." + strings.Repeat("0", decimals)
}

// number is a word where the number does not exist.
func number(x float64, text, format string) Item {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return word("")
	}
	return Item{Text: text, Value: survey.Figure(x), Format: format}
}
