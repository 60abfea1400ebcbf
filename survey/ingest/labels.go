package ingest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
)

// longestLabel is the longest label in bytes that is kept, and the longest name
// that a column may have: reports repeat them in every table, and a text of a
// study is no longer.
const longestLabel = 10_000

// bounded is the table with its labels no longer than reports can bear; a
// notice tells which were cut. A name that long is a problem.
func bounded(t *survey.Table, path string) (*survey.Table, error) {
	var cut, long []string
	short := func(label, of string) string {
		if len(label) <= longestLabel {
			return label
		}
		if !slices.Contains(cut, of) {
			cut = append(cut, of)
		}
		return beginningOf(label, longestLabel) + "…"
	}
	out := *t
	out.Variables, out.Sets = slices.Clone(t.Variables), slices.Clone(t.Sets)
	for i, v := range out.Variables {
		if len(v.Name) > longestLabel {
			long = append(long, fmt.Sprint(i+1))
			continue
		}
		w := *v
		w.Label, w.Codes = short(v.Label, v.Name), slices.Clone(v.Codes)
		for k, c := range w.Codes {
			w.Codes[k].Label = short(c.Label, v.Name)
		}
		out.Variables[i] = &w
	}
	for i, s := range out.Sets {
		out.Sets[i].Label = short(s.Label, s.Name)
	}
	switch {
	case len(long) > 0:
		return nil, problem(path, fmt.Sprintf("the names of columns have more than %d bytes: %s", longestLabel, strings.Join(long, ", ")), "give these columns short names")
	case len(cut) == 0:
		return t, nil
	}
	out.Notices = slices.Clone(t.Notices)
	out.Notices.Note(survey.NoticeLabels, cut, "labels of more than %d bytes are cut: %s", longestLabel, strings.Join(cut, ", "))
	return &out, nil
}

// beginningOf is as much of a text as fits in so many bytes, in whole letters.
func beginningOf(text string, most int) string {
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
