package chart

import (
	"fmt"
	"strings"

	"surveykit/reports/figure"
	"surveykit/survey"
)

const (
	// longestLabel is how many letters of a label are drawn: seven lines.
	longestLabel = 300
	// longestText is how many letters of a title, a question or a note are.
	longestText = 1500
	// tallest is the greatest height of a picture in CSS pixels: its PNG has twice
	// as many, and many programs show no more than 32,767.
	tallest = 16_000
)

// Shortened is the text, or its beginning and an ellipsis where it has more than
// most letters. Files can bring labels of any length.
func Shortened(words string, most int) string {
	if len(words) <= most {
		return words
	}
	letters := 0
	for at := range words {
		if letters == most {
			return strings.TrimSpace(words[:at]) + "…"
		}
		letters++
	}
	return words
}

// shorten cuts the names that are longer than a picture can show, and reports
// whether there were any.
func (g *grid) shorten() (any bool) {
	for _, entries := range [][]entry{g.items, g.series, g.nets} {
		for i, e := range entries {
			cut := entry{Shortened(e.heading, longestLabel), Shortened(e.label, longestLabel), e.strong}
			any = any || cut != e
			entries[i] = cut
		}
	}
	return any
}

// fits holds a finished sheet to the greatest height.
func (s *sheet) fits() error {
	if s.height <= tallest {
		return nil
	}
	return survey.Problems{{
		Message: fmt.Sprintf("the chart of table %q: it would be %s pixels high, and %s are the most that can be shown", s.table.ID, figure.Count(int(s.height)), figure.Count(tallest)),
		Remedy:  "choose some of its rows or columns, or shorten their labels",
	}}
}
