// Package multiple turns columns whose cells have several codes, such as 1;2;3, into
// multiple-response sets.
package multiple

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// A question has at most mostCodes codes, and a code at most mostDigits digits.
const (
	mostCodes  = 200
	mostDigits = 6
)

// Split replaces by a set of dichotomies each text column all of whose values are
// whole numbers with semicolons between or after them. The set has
// the column's name and label, its variables are NAME_CODE in the codes' order:
// 1 where the cell has the code, 0 where it does not, missing where it is
// missing. A notice names the columns. A column with more than 200 codes stays
// text, and so does one for whose name isText, which may be nil, is true. The
// receiver's table is unchanged.
func Split(t *survey.Table, isText func(name string) bool) *survey.Table {
	out := *t
	out.Variables, out.Sets = nil, slices.Clone(t.Sets)
	notices := slices.Clone(t.Notices)
	taken := raw.Names{}
	for _, name := range t.Known() {
		taken[name] = true
	}
	var found, columns []string
	for _, v := range t.Variables {
		var codes []string
		if isText == nil || !isText(v.Name) {
			codes = codesOf(v)
		}
		if codes == nil || t.Set(v.Name) != nil {
			out.Variables = append(out.Variables, v)
			continue
		}
		chosen := survey.NumberValue(1)
		set := survey.MultipleResponse{Name: v.Name, Label: v.Label, Counted: &chosen}
		for _, code := range codes {
			d := dichotomy(v, code)
			d.Name = taken.Free(v.Name+"_"+code, len(out.Variables)+1, &notices)
			set.Variables = append(set.Variables, d.Name)
			columns = append(columns, d.Name)
			out.Variables = append(out.Variables, d)
		}
		out.Sets = append(out.Sets, set)
		found = append(found, fmt.Sprintf("%s (%d codes)", v.Name, len(codes)))
	}
	if found == nil {
		return t
	}
	notices.Note(survey.NoticeSets, columns, "cells with several codes, such as 1;2;3, were read as multiple-response sets: %s", raw.Listed(found))
	out.Notices = notices
	return &out
}

// codesOf are the codes in the cells of a column, in order; nil where the cells
// are anything else.
func codesOf(v *survey.Variable) []string {
	if !v.IsText() {
		return nil
	}
	var codes []string
	parted := false
	known := map[string]bool{}
	for _, cell := range v.Texts.Values {
		all := parts(cell)
		if all == nil {
			return nil
		}
		parted = parted || strings.Contains(cell, ";")
		for _, code := range all {
			if !known[code] {
				known[code] = true
				codes = append(codes, code)
			}
		}
		if len(codes) > mostCodes {
			return nil
		}
	}
	if !parted {
		return nil
	}
	slices.SortFunc(codes, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		if x != y {
			return x - y
		}
		return strings.Compare(a, b)
	})
	return codes
}

// parts are the codes of a cell, nil where it has anything else.
func parts(cell string) []string {
	all := strings.Split(strings.TrimSuffix(strings.TrimSpace(cell), ";"), ";")
	for k, code := range all {
		code = strings.TrimSpace(code)
		if code == "" || len(code) > mostDigits || strings.Trim(code, "0123456789") != "" {
			return nil
		}
		all[k] = code
	}
	return all
}

// dichotomy is 1 in each row whose cell has the code.
func dichotomy(v *survey.Variable, code string) *survey.Variable {
	holds := make([]float64, len(v.Texts.Values))
	for k, cell := range v.Texts.Values {
		if slices.Contains(parts(cell), code) {
			holds[k] = 1
		}
	}
	d := &survey.Variable{Label: code, Kind: survey.Number, Measure: survey.Nominal, Numbers: survey.MissingNumbers(v.Len())}
	for i, k := range v.Texts.Index.All() {
		if k >= 0 {
			d.Numbers.Set(i, holds[k])
		}
	}
	return d
}
