package chart

import (
	"slices"

	"surveykit/reports/figure"
)

// bases are the unweighted bases of the figures shown, in words, said where they differ: at the
// items, at the series, or once for the whole picture.
type bases struct {
	overall       string
	items, series []string
}

func (g *grid) bases() bases {
	items, series, whole := make([]span, len(g.items)), make([]span, len(g.series)), span{}
	for i, row := range g.cells {
		for k, c := range row {
			if !shown(c) {
				continue
			}
			items[i], series[k], whole = items[i].with(c.N), series[k].with(c.N), whole.with(c.N)
		}
	}
	switch {
	case whole.least == whole.most:
		return bases{overall: whole.String()}
	case !slices.ContainsFunc(items, span.varies):
		return bases{items: inWords(items)}
	case !slices.ContainsFunc(series, span.varies):
		return bases{series: inWords(series)}
	case g.crowded:
		return bases{overall: whole.String()}
	}
	return bases{items: inWords(items)}
}

// span is a range of bases; the zero value has seen none.
type span struct {
	least, most int
	seen        bool
}

func (s span) with(n int) span {
	if !s.seen {
		return span{n, n, true}
	}
	return span{min(s.least, n), max(s.most, n), true}
}

func (s span) varies() bool { return s.least != s.most }

// String has no place where a line could end; it is empty where nothing was seen.
func (s span) String() string {
	if !s.seen {
		return ""
	}
	const equals = "n\u00a0=\u00a0"
	if s.varies() {
		return equals + figure.Count(s.least) + "–" + figure.Count(s.most)
	}
	return equals + figure.Count(s.least)
}

func inWords(spans []span) []string {
	words := make([]string, len(spans))
	for i, s := range spans {
		words[i] = s.String()
	}
	return words
}

// at is the i-th base, "" where it is said elsewhere.
func at(words []string, i int) string {
	if len(words) == 0 {
		return ""
	}
	return words[i]
}
