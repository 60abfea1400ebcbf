package platform

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// A select-all question has at most mostOptions options, and at least a share
// leastKnown of its rows chose only options. The others wrote their own words.
const (
	mostOptions = 60
	leastKnown  = 0.75
)

// cells makes a set of a text column whose cells have several options, where this
// is certain for one of the export's separators.
func (s *sets) cells(v *survey.Variable, e *Export) {
	if !v.IsText() {
		return
	}
	for _, separator := range e.separators {
		if options := optionsOf(v.Texts, separator, e.unordered); options != nil {
			s.split(v, options, separator)
			return
		}
	}
}

// split replaces the column by dichotomies, followed by the words that are not an
// option.
func (s *sets) split(v *survey.Variable, options []string, separator string) {
	chosen := make([][]bool, len(v.Texts.Values))
	own := make([]string, len(chosen))
	written := false
	for k, cell := range v.Texts.Values {
		chosen[k], own[k] = known(pieces(cell, separator), options, separator)
		written = written || own[k] != ""
	}
	var in []*survey.Variable
	var names []string
	add := func(suffix, label string, holds func(k int32) bool) {
		d := &survey.Variable{Label: label, Kind: survey.Number, Measure: survey.Nominal, Numbers: survey.NewNumbers(make([]float64, v.Len()))}
		d.Name = s.taken.Free(v.Name+suffix, len(names)+1, &s.notices)
		for i, k := range v.Texts.Index.All() {
			switch {
			case k < 0:
				d.Numbers.Set(i, math.NaN())
			case holds(k):
				d.Numbers.Set(i, 1)
			}
		}
		in, names = append(in, d), append(names, d.Name)
	}
	for o, label := range options {
		suffix := "_" + strconv.Itoa(o+1)
		if isCode(label) {
			suffix = "_" + label
		}
		add(suffix, label, func(k int32) bool { return chosen[k][o] })
	}
	if written {
		add("_other", "Other", func(k int32) bool { return own[k] != "" })
		out := &survey.TextColumn{Index: survey.RepeatedPlaces(-1, v.Len())}
		places := map[string]int32{}
		for i, k := range v.Texts.Index.All() {
			if k < 0 || own[k] == "" {
				continue
			}
			at, known := places[own[k]]
			if !known {
				at = int32(len(out.Values))
				places[own[k]], out.Values = at, append(out.Values, own[k])
			}
			out.Index.Set(i, at)
		}
		text := &survey.Variable{Name: s.taken.Free(v.Name+"_other_text", len(names)+1, &s.notices), Kind: survey.Text, Label: joined(v.Label, "Other"), Texts: out}
		in = append(in, text)
	}
	s.replaced[v.Name] = in
	s.add(v.Name, v.Label, names)
}

// known finds the options in the pieces of a cell, each time the one of most pieces;
// the words after the last one are the respondent's own.
func known(cell, options []string, separator string) (chosen []bool, own string) {
	chosen = make([]bool, len(options))
	most := 1
	for _, o := range options {
		most = max(most, 1+strings.Count(o, separator))
	}
next:
	for len(cell) > 0 {
		for n := min(len(cell), most); n > 0; n-- {
			if o := slices.Index(options, strings.Join(cell[:n], separator)); o >= 0 {
				chosen[o] = true
				cell = cell[n:]
				continue next
			}
		}
		break
	}
	return chosen, strings.Join(cell, separator)
}

// pieces splits a cell. After a bare comma a blank is part of the words.
func pieces(cell, separator string) []string {
	var out []string
	for _, p := range strings.Split(strings.TrimSuffix(strings.TrimSpace(cell), ";"), separator) {
		if separator == "," && strings.HasPrefix(p, " ") && len(out) > 0 {
			out[len(out)-1] += separator + p
			continue
		}
		out = append(out, strings.TrimSpace(p))
	}
	return out
}

func isCode(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// parted is a distinct cell in pieces, with the number of rows that have it.
type parted struct {
	pieces []string
	rows   int
}

// optionsOf finds the options of a select-all question from its cells, in the
// order of the questionnaire; nil where the cells may be anything else. Platforms
// write the chosen options in that order, so a column in which two pieces
// occur in either order is prose. Pieces that always occur together are one option
// whose words contain the separator; names of choices that are in the order in which they
// were chosen are options by themselves. At least two options must occur alone in a
// cell, and some row must have chosen two.
func optionsOf(texts *survey.TextColumn, separator string, unordered bool) []string {
	if !slices.ContainsFunc(texts.Values, func(cell string) bool { return strings.Contains(cell, separator) }) {
		return nil
	}
	cells := make([]parted, len(texts.Values))
	for k, cell := range texts.Values {
		cells[k].pieces = pieces(cell, separator)
	}
	for _, k := range texts.Index.All() {
		if k >= 0 {
			cells[k].rows++
		}
	}
	rows := rowsOf(cells)
	own, all := 0, 0
	for _, c := range cells {
		all += c.rows
		if slices.ContainsFunc(c.pieces, func(p string) bool { return rows[p] < 2 }) {
			own++
		}
	}
	if float64(own-mostOptions) > (1-leastKnown)*float64(all) {
		return nil
	}
	for !unordered && join(cells, separator) {
	}
	options := repeated(cells)
	if len(options) < 2 || len(options) > mostOptions || !several(cells, options, separator) {
		return nil
	}
	if unordered {
		if slices.ContainsFunc(options, func(o string) bool { return !choiceName().MatchString(o) }) {
			return nil
		}
		return byNumber(options)
	}
	return inOrder(cells, options)
}

// choiceName is the name of a choice in a form, which no prose consists of.
var choiceName = pattern.Lazy(`^[a-z0-9_]+$`)

// byNumber sorts codes as numbers, and leaves other options as they are.
func byNumber(options []string) []string {
	if !slices.ContainsFunc(options, func(s string) bool { return !isCode(s) }) {
		slices.SortFunc(options, func(a, b string) int {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x - y
		})
	}
	return options
}

// rowsOf counts the rows that have each piece.
func rowsOf(cells []parted) map[string]int {
	rows := map[string]int{}
	for _, c := range cells {
		for _, p := range c.pieces {
			rows[p] += c.rows
		}
	}
	return rows
}

// repeated are the codes and the pieces of two rows or more, and the pieces before
// one of these: the others are the respondents' own words.
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

// several reports whether the cells are certainly choices among the options.
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

// neighbours are the pieces before and after a piece; "" is the end of the cell.
type neighbours struct{ before, after map[string]bool }

// join makes one piece of two that always occur together: the second always follows
// the first, and the first always precedes such a second one. It reports whether
// there were any.
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
			around[p].before[at(c, k-1)], around[p].after[at(c, k+1)] = true, true
		}
	}
	belongs := func(first, second string) bool {
		if second == "" || isCode(first) || rows[second] < 2 {
			return false
		}
		return len(around[second].before) == 1 && around[second].before[first]
	}
	opens := func(first string) bool {
		for second := range around[first].after {
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

// inOrder sorts options in their order in the cells, then by their first occurrence,
// and codes as numbers; nil where two occur in either order.
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
	options = byNumber(options)
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
