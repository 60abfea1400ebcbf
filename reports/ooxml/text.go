package ooxml

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"surveykit/reports/chart/draw"
	"surveykit/reports/figure"
	"surveykit/survey"
)

// longestAltText is how many letters a screen reader says: some minutes. A
// workbook takes 65,535 bytes of UTF-16.
const longestAltText = 4000

// AltText is what a screen reader says of the chart: its kind, its title, what
// is measured, and for each series its lowest and its highest figure.
func (c *Chart) AltText() string {
	kinds := map[survey.ChartKind]string{
		survey.ChartDots: "Dot and whisker chart", survey.ChartBars: "Bar chart with intervals",
		survey.ChartStacked: "Stacked bar chart", survey.ChartSlope: "Line chart with intervals",
		survey.ChartQuadrant: "Scatter chart of two measures",
	}
	said := []string{kinds[c.Kind]}
	for _, text := range []string{c.Title, c.Subtitle} {
		if text != "" {
			said = append(said, strings.TrimSuffix(text, "."))
		}
	}
	for k, s := range c.series {
		if text := c.extremes(s, c.measureOf(k)); text != "" {
			said = append(said, text)
		}
	}
	return draw.Shortened(strings.Join(said, ". ")+".", longestAltText)
}

// extremes says where a series is lowest and highest, "" for one without marks.
func (c *Chart) extremes(s series, kind survey.RowKind) string {
	low, high := -1, -1
	for i, m := range s.marks {
		if !m.drawn {
			continue
		}
		if low < 0 || m.value < s.marks[low].value {
			low = i
		}
		if high < 0 || m.value > s.marks[high].value {
			high = i
		}
	}
	if low < 0 {
		return ""
	}
	return fmt.Sprintf("%s: from %s (%s) to %s (%s)", s.name,
		write(s.marks[low].value, kind), c.points[low], write(s.marks[high].value, kind), c.points[high])
}

// write writes the number that a cell holds for a figure of a kind of row.
func write(x float64, kind survey.RowKind) string {
	switch {
	case figure.IsShare(kind):
		return figure.Percent(x, 0)
	case kind == survey.RowGap:
		return figure.Points(x/100, 1)
	}
	return figure.Number(x, 2)
}

// WrapLines breaks text between words into lines of at most room characters;
// a longer word keeps a line to itself.
func WrapLines(text string, room int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > room {
			out = append(out, line)
			line = word
		} else if line != "" {
			line += " " + word
		} else {
			line = word
		}
	}
	return append(out, line)
}
