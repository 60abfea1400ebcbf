package screen

import (
	"math"
	"slices"
	"strings"

	"surveykit/survey"
)

// Grid is a list of items with the same answers.
type Grid struct {
	Name  string   `json:"name"`
	Items []string `json:"items"`
}

// A grid has at least leastItems items next to each other, with at least
// leastOptions labelled answers.
const (
	leastItems   = 4
	leastOptions = 3
	// Without labels, equal answers are weaker evidence, so there must be more of them.
	leastValues = 4
	mostValues  = 11
)

// Grids finds runs of four or more neighbouring questions with the same three
// or more labelled answers, or without labels the same 4 to 11 whole numbers.
// Variables of a multiple-response set are not a grid.
func Grids(t *survey.Table) []Grid {
	inSet := map[string]bool{}
	for _, s := range t.Sets {
		for _, name := range s.Variables {
			inSet[name] = true
		}
	}
	var grids []Grid
	var run []string
	last := ""
	end := func() {
		if len(run) >= leastItems {
			grids = append(grids, Grid{run[0] + " to " + run[len(run)-1], slices.Clone(run)})
		}
		run = run[:0]
	}
	for _, v := range t.Variables {
		options := ""
		if !inSet[v.Name] {
			options = optionsOf(v)
		}
		if options == "" || options != last {
			end()
		}
		if last = options; options != "" {
			run = append(run, v.Name)
		}
	}
	end()
	return grids
}

// optionsOf spells the answers of a closed question, "" for any other variable.
func optionsOf(v *survey.Variable) string {
	var parts []string
	for _, c := range v.Codes {
		if !v.IsMissing(c.Value) {
			parts = append(parts, c.Value.String()+"="+c.Label)
		}
	}
	if len(v.Codes) > 0 {
		if len(parts) < leastOptions {
			return ""
		}
		return strings.Join(parts, "\n")
	}
	if v.Kind != survey.Number {
		return ""
	}
	var seen []float64
	for _, x := range v.Numbers.All() {
		if math.IsNaN(x) || slices.Contains(seen, x) {
			continue
		}
		if len(seen) == mostValues || x != math.Trunc(x) {
			return ""
		}
		seen = append(seen, x)
	}
	if len(seen) < leastValues {
		return ""
	}
	slices.Sort(seen)
	for _, x := range seen {
		parts = append(parts, survey.FormatNumber(x))
	}
	return strings.Join(parts, "\n")
}

// StraightLine counts the respondents who gave every item of a grid the same answer.
type StraightLine struct {
	Grid
	// Rows counts those who answered every item, Straight how many of them gave one
	// answer only; Share is Straight/Rows, which does not exist without rows.
	Rows     int           `json:"rows"`
	Straight int           `json:"straight"`
	Share    survey.Figure `json:"share"`
	// RowNumbers are the straight ones.
	RowNumbers []int `json:"row_numbers,omitempty"`
}

// StraightLines measures simple nondifferentiation in each grid: the same answer to
// all items, among those who answered them all. Items that the table
// does not have are left out.
// Source: Kim, Dykema, Stevenson, Black & Moberg 2019, Social Science Computer Review 37(2).
func StraightLines(t *survey.Table, grids []Grid) []StraightLine {
	var out []StraightLine
	for _, g := range grids {
		var items []*survey.Variable
		for _, name := range g.Items {
			if v := t.Lookup(name); v != nil {
				items = append(items, v)
			}
		}
		if len(items) >= 2 {
			out = append(out, straightLine(g, items, t.Rows))
		}
	}
	return out
}

func straightLine(g Grid, items []*survey.Variable, rows int) StraightLine {
	answered, straight := make([]bool, rows), make([]bool, rows)
	for k, v := range items {
		for i, ok := range v.Valid() {
			answered[i] = ok && (k == 0 || answered[i])
			straight[i] = answered[i] && (k == 0 || straight[i] && same(items[0], v, i))
		}
	}
	s := StraightLine{Grid: g}
	for i := range rows {
		if answered[i] {
			s.Rows++
		}
		if answered[i] && straight[i] {
			s.Straight++
			s.RowNumbers = append(s.RowNumbers, i+1)
		}
	}
	if s.Rows > 0 {
		s.Share = survey.FigureOf(float64(s.Straight) / float64(s.Rows))
	}
	return s
}

// same reports whether two variables have the same value in a row.
func same(a, b *survey.Variable, row int) bool {
	if a.IsText() || b.IsText() {
		x, _ := a.At(row)
		y, _ := b.At(row)
		return x == y
	}
	return a.Numbers.At(row) == b.Numbers.At(row)
}
