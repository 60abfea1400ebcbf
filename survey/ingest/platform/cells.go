package platform

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Bounds of what is taken for the answers of a select-all question: so many
// options, and so large a share of rows that chose nothing but options. The
// others wrote words of their own.
const (
	mostOptions = 60
	leastKnown  = 0.75
)

// cells makes a set of a column of text whose cells hold several options, where
// that is sure for one of the separators.
func (s *sets) cells(v *survey.Variable, separators []string) {
	if !v.IsText() {
		return
	}
	for _, separator := range separators {
		options := optionsOf(v.Texts, separator)
		if options == nil {
			continue
		}
		s.part(v, options, separator)
		return
	}
}

// part puts dichotomies in the place of the column, and behind them the words
// that are no option.
func (s *sets) part(v *survey.Variable, options []string, separator string) {
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
		d := &survey.Variable{Label: label, Kind: survey.Number, Measure: survey.Nominal, Numbers: make([]float64, len(v.Texts.Index))}
		d.Name = s.taken.Free(v.Name+suffix, len(names)+1, &s.notices)
		for i, k := range v.Texts.Index {
			switch {
			case k < 0:
				d.Numbers[i] = math.NaN()
			case holds(k):
				d.Numbers[i] = 1
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
		text := &survey.Variable{Name: s.taken.Free(v.Name+"_other_text", len(names)+1, &s.notices), Kind: survey.Text, Label: joined(v.Label, "Other"), Texts: ownWords(v.Texts, own)}
		in = append(in, text)
	}
	s.replaced[v.Name] = in
	s.add(v.Name, v.Label, names)
}

// ownWords is the column of the words that are no option.
func ownWords(texts *survey.TextColumn, own []string) *survey.TextColumn {
	out := &survey.TextColumn{Index: make([]int32, len(texts.Index))}
	places := map[string]int32{}
	for i, k := range texts.Index {
		if k < 0 || own[k] == "" {
			out.Index[i] = -1
			continue
		}
		at, known := places[own[k]]
		if !known {
			at = int32(len(out.Values))
			places[own[k]], out.Values = at, append(out.Values, own[k])
		}
		out.Index[i] = at
	}
	return out
}

// known tells which options the pieces of a cell hold; the words behind the last
// one are the respondent's own.
func known(cell, options []string, separator string) (chosen []bool, own string) {
	chosen = make([]bool, len(options))
	most := 1
	for _, o := range options {
		most = max(most, 1+strings.Count(o, separator))
	}
	for len(cell) > 0 {
		o, n := longest(cell, options, separator, most)
		if o < 0 {
			return chosen, strings.Join(cell, separator)
		}
		chosen[o] = true
		cell = cell[n:]
	}
	return chosen, ""
}

// longest finds the option that most of the first pieces make up, of which no
// option has more than most.
func longest(cell, options []string, separator string, most int) (option, n int) {
	for n := min(len(cell), most); n > 0; n-- {
		if o := slices.Index(options, strings.Join(cell[:n], separator)); o >= 0 {
			return o, n
		}
	}
	return -1, 0
}

// pieces parts a cell. Behind a bare comma a blank is part of the words.
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
