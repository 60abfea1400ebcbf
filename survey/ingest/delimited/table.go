package delimited

import (
	"fmt"
	"sort"
	"strings"

	"surveykit/survey"
)

// table reads the columns and hands them over as variables with their names.
func (rd *reader) table() (*survey.Table, error) {
	columns := rd.columns()
	variables := make([]*survey.Variable, len(columns))
	for j, c := range columns {
		variables[j] = c.variable(&rd.dialect)
		variables[j].Name = rd.names[j]
		if j < len(rd.labels) {
			variables[j].Label = rd.labels[j]
		}
	}
	t := &survey.Table{Rows: len(rd.rows), Variables: rd.named(variables)}
	if err := rd.faults.err(); err != nil {
		return nil, err
	}
	if t.Rows == 0 {
		rd.Note(survey.NoticeUnread, nil, "the file names columns but has no rows")
	}
	rd.tellMissing(columns)
	rd.tellNearlyNumbers(t)
	t.Notices = rd.Notices
	if rd.export != nil {
		t = rd.export.Apply(t, rd.knownText)
	}
	return t, nil
}

// tellMissing says what was taken for missing besides empty cells.
func (rd *reader) tellMissing(columns []*column) {
	cells := map[string]int{}
	var names []string
	for j, c := range columns {
		if len(c.missing) == 0 {
			continue
		}
		names = append(names, rd.nameAt(j))
		for token, n := range c.missing {
			cells[token] += n
		}
	}
	var told []string
	for token, n := range cells {
		told = append(told, fmt.Sprintf("%q (%s)", token, count(n, "cell", "cells")))
	}
	sort.Strings(told)
	if len(told) > 0 {
		rd.Note(survey.NoticeMissing, names, "read as missing in columns of numbers or dates: %s, in %s", strings.Join(told, ", "), listed(names))
	}
}

// tellNearlyNumbers names the text columns most of whose values are numbers:
// they were hardly meant to be text.
func (rd *reader) tellNearlyNumbers(t *survey.Table) {
	for _, v := range t.Variables {
		if !v.IsText() || rd.knownText(v.Name) {
			continue
		}
		others, all, first := notNumbers(v.Texts, rd.dialect.decimal)
		if others > 0 && 2*others < all {
			rd.Note(survey.NoticeMixed, []string{v.Name}, "%s is text: %s of its %s values are not plain numbers, first in row %s", v.Name, survey.FormatCount(others), survey.FormatCount(all), survey.FormatCount(first+1))
		}
	}
}

// notNumbers counts the texts, and those that are no numbers, with the first's row.
func notNumbers(texts *survey.TextColumn, decimal byte) (others, all, first int) {
	number := make([]bool, len(texts.Values))
	for k, s := range texts.Values {
		_, v := parseNumber(s, decimal)
		number[k] = v == plainNumber
	}
	for i, k := range texts.Index {
		if k < 0 {
			continue
		}
		all++
		if number[k] {
			continue
		}
		if others == 0 {
			first = i
		}
		others++
	}
	return others, all, first
}

// listed names the first few and counts the rest.
func listed(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
