package platform

import (
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// parted is a distinct cell in pieces, with the rows that hold it.
type parted struct {
	pieces []string
	rows   int
}

// optionsOf finds the options of a select-all question from its cells, in the
// order of the questionnaire; nil where the cells may be anything else. Platforms
// write the chosen options in that order, so that a column in which two pieces
// stand in either order is prose. What always stands together is one option,
// whose words hold the separator. At least two options must be the whole of a
// cell each, and some row must have chosen two.
func optionsOf(texts *survey.TextColumn, separator string) []string {
	if !slices.ContainsFunc(texts.Values, func(cell string) bool { return strings.Contains(cell, separator) }) {
		return nil
	}
	cells := make([]parted, len(texts.Values))
	for k, cell := range texts.Values {
		cells[k].pieces = pieces(cell, separator)
	}
	for _, k := range texts.Index {
		if k >= 0 {
			cells[k].rows++
		}
	}
	if isProse(cells) {
		return nil
	}
	for join(cells, separator) {
	}
	options := repeated(cells)
	if len(options) < 2 || len(options) > mostOptions || !several(cells, options, separator) {
		return nil
	}
	return inOrder(cells, options)
}

// isProse tells early what would turn out later: too many rows hold a piece that
// no other row does.
func isProse(cells []parted) bool {
	rows := rowsOf(cells)
	own, all := 0, 0
	for _, c := range cells {
		all += c.rows
		if slices.ContainsFunc(c.pieces, func(p string) bool { return rows[p] < 2 }) {
			own++
		}
	}
	return float64(own-mostOptions) > (1-leastKnown)*float64(all)
}

// rowsOf counts the rows that hold each piece.
func rowsOf(cells []parted) map[string]int {
	rows := map[string]int{}
	for _, c := range cells {
		for _, p := range c.pieces {
			rows[p] += c.rows
		}
	}
	return rows
}

// repeated are the codes and the pieces that two rows hold, or that stand before such a one: the
// others are the respondents' own words.
func repeated(cells []parted) []string {
	rows := rowsOf(cells)
	var options []string
	for _, c := range cells {
		last := len(c.pieces) - 1
		for last >= 0 && rows[c.pieces[last]] < 2 && !isCode(c.pieces[last]) {
			last--
		}
		for _, p := range c.pieces[:last+1] {
			if p != "" && !slices.Contains(options, p) {
				options = append(options, p)
			}
		}
		if len(options) > mostOptions {
			return options
		}
	}
	return options
}

// several tells whether the cells are surely choices among the options.
func several(cells []parted, options []string, separator string) bool {
	alone := map[string]bool{}
	both, all, onlyOptions := false, 0, 0
	for _, c := range cells {
		all += c.rows
		n := 0
		for _, p := range c.pieces {
			if slices.Contains(options, p) {
				n++
			}
		}
		both = both || n > 1
		if n == len(c.pieces) {
			onlyOptions += c.rows
		}
		if n == 1 && len(c.pieces) == 1 {
			alone[c.pieces[0]] = true
		}
	}
	return both && len(alone) >= 2 && float64(onlyOptions) >= leastKnown*float64(all)
}

// neighbours are what stands before and behind a piece; "" is the cell's end.
type neighbours struct{ before, behind map[string]bool }

// join makes one piece of two that never stand apart: the second is always
// behind the first, and the first always before such a second one. It tells
// whether there were any.
func join(cells []parted, separator string) bool {
	around := map[string]*neighbours{}
	at := func(c parted, k int) string {
		if k < 0 || k >= len(c.pieces) {
			return ""
		}
		return c.pieces[k]
	}
	rows := rowsOf(cells)
	for _, c := range cells {
		for k, p := range c.pieces {
			if around[p] == nil {
				around[p] = &neighbours{map[string]bool{}, map[string]bool{}}
			}
			around[p].before[at(c, k-1)], around[p].behind[at(c, k+1)] = true, true
		}
	}
	belongs := func(first, second string) bool {
		if second == "" || isCode(first) || rows[second] < 2 {
			return false
		}
		return len(around[second].before) == 1 && around[second].before[first]
	}
	opens := func(first string) bool {
		for second := range around[first].behind {
			if !belongs(first, second) {
				return false
			}
		}
		return true
	}
	joined := false
	for i := range cells {
		p := cells[i].pieces
		for k := 0; k+1 < len(p); k++ {
			if belongs(p[k], p[k+1]) && opens(p[k]) {
				p = slices.Concat(p[:k], []string{p[k] + separator + p[k+1]}, p[k+2:])
				joined = true
			}
		}
		cells[i].pieces = p
	}
	return joined
}

// inOrder sorts options as they stand in the cells, those that nothing orders as
// they first came, and codes as numbers; nil where two stand in either order.
func inOrder(cells []parted, options []string) []string {
	before := map[string]map[string]bool{}
	for _, c := range cells {
		chosen := slices.DeleteFunc(slices.Clone(c.pieces), func(p string) bool { return !slices.Contains(options, p) })
		if len(chosen) > len(options) {
			return nil
		}
		for k, p := range chosen {
			for _, q := range chosen[k+1:] {
				if before[q] == nil {
					before[q] = map[string]bool{}
				}
				before[q][p] = true
			}
		}
	}
	if !slices.ContainsFunc(options, func(s string) bool { return !isCode(s) }) {
		slices.SortFunc(options, func(a, b string) int {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x - y
		})
	}
	var out []string
	for len(options) > 0 {
		k := slices.IndexFunc(options, func(o string) bool {
			return !slices.ContainsFunc(options, func(p string) bool { return before[o][p] })
		})
		if k < 0 {
			return nil
		}
		out = append(out, options[k])
		options = slices.Delete(options, k, k+1)
	}
	return out
}
