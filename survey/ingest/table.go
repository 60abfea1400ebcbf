package ingest

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/ingest/charset"
	"surveykit/survey/ingest/delimited"
	"surveykit/survey/ingest/multiple"
	"surveykit/survey/ingest/raw"
)

// split finds the multiple questions of formats without sets: columns whose cells
// have several codes, unless the codebook says that they are text.
func (o Options) split(t *survey.Table, err error) (*survey.Table, error) {
	if err != nil {
		return nil, err
	}
	return multiple.Split(t, o.isText()), nil
}

// encoding is the name of the text's encoding that is given, "" for none.
func (o Options) encoding() string {
	if o.Delimited == nil {
		return ""
	}
	return o.Delimited.Encoding
}

// checkOptions refuses options that are given for a format that does not take them, and an
// encoding that is not known: none is left out in silence.
func (o Options) checkOptions(f format, path string) error {
	if f.name == archiveName { // the options are of what is in it
		return nil
	}
	var problems survey.Problems
	files := f.program + " files"
	if f.name == databaseName {
		files = "tables of databases"
	}
	if o.Sheet != "" && f.sheets == nil {
		problems = append(problems, survey.Problem{File: path, Value: o.Sheet, Message: files + " have no sheets", Remedy: "leave the sheet out"})
	}
	if o.Catalog != "" && f.name != sasName {
		problems = append(problems, survey.Problem{File: path, Value: o.Catalog, Message: files + " have no catalog", Remedy: "leave the catalog out; codebook names a file with labels"})
	}
	if o.Delimited == nil || f.name == textName {
		return problems.Err()
	}
	given := reflect.ValueOf(*o.Delimited)
	for i := range given.NumField() {
		name, _, _ := strings.Cut(given.Type().Field(i).Tag.Get("yaml"), ",")
		if given.Field(i).IsZero() || slices.Contains(f.takes, name) {
			continue
		}
		p := survey.Problem{File: path, Message: fmt.Sprintf("%s do not take the option %s, which is for delimited text", files, name), Remedy: "leave it out"}
		if name == "encoding" {
			p.Value, p.Message = o.encoding(), fmt.Sprintf("the text of %s has one encoding, which cannot be given otherwise", files)
		}
		problems = append(problems, p)
	}
	if name := o.encoding(); name != "" && slices.Contains(f.takes, "encoding") {
		if _, known := charset.Named(name); !known {
			problems = append(problems, survey.Problem{File: path, Value: name, Message: "the encoding is not known", Remedy: "give utf-8, windows-1252 or another name of an encoding that contains ASCII"})
		}
	}
	return problems.Err()
}

// longestLabel is the most bytes of a label that are kept, and of a column's name that
// are allowed: reports repeat them in every table. Texts of a study have the same
// limit.
const longestLabel = 10_000

// bounded is the table with labels of at most longestLabel bytes; a notice names those
// that were cut. A longer name is a problem.
func bounded(t *survey.Table, path string) (*survey.Table, error) {
	var cut, long []string
	short := func(label, of string) string {
		if len(label) <= longestLabel {
			return label
		}
		if !slices.Contains(cut, of) {
			cut = append(cut, of)
		}
		most := longestLabel
		for most > 0 && !utf8.RuneStart(label[most]) {
			most--
		}
		return label[:most] + "…"
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

// inert is a table for CSV in which no spreadsheet runs a name or a text as a formula.
// The notice names the columns with changed ones.
func inert(t *survey.Table) (*survey.Table, survey.Notices) {
	out, touched := rewritten(t, survey.Guarded)
	if len(touched) == 0 {
		return t, nil
	}
	return out, survey.Notices{{Code: survey.NoticeNotKept, Variables: touched,
		Text: "texts that a spreadsheet would run as formulas have an apostrophe before them, which surveykit removes when it reads them: " + strings.Join(touched, ", ")}}
}

// text reads delimited text. Where a name or a text of the columns that are picked has
// an apostrophe like those of inert, all columns are read: whether inert made it is
// seen in all texts.
func (o Options) text(r io.ReaderAt, size int64, path string, each raw.Blocks) (*survey.Table, error) {
	read := func(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
		if each.Each != nil {
			each.Restart()
		}
		return delimited.Blocks(r, size, path, delimited.As{Options: o.Delimited, Text: o.isText(), Choose: choose}, each)
	}
	if o.Notices {
		return exact(read(r, size, path, nil))
	}
	t, err := chosen(read)(r, size, path, o)
	guarded := func(text string) bool { return survey.Unguarded(text) != text }
	if err == nil && t.Columns != nil && (slices.ContainsFunc(t.Columns, guarded) || slices.ContainsFunc(t.Variables, func(v *survey.Variable) bool {
		return v.Texts != nil && slices.ContainsFunc(v.Texts.Values, guarded)
	})) {
		t, err = read(r, size, path, nil)
	}
	return exact(t, err)
}

// exact is a table that was read from CSV, with the texts as they were before inert.
// Where any text could run as a formula, inert did not write the file, and it stays
// unchanged.
func exact(t *survey.Table, err error) (*survey.Table, error) {
	if err != nil {
		return nil, err
	}
	loose := slices.ContainsFunc(t.Names(), isLoose)
	for _, v := range t.Variables {
		loose = loose || v.Texts != nil && slices.ContainsFunc(v.Texts.Values, isLoose)
	}
	if loose {
		return t, nil
	}
	out, _ := rewritten(t, survey.Unguarded)
	return out, nil
}

func isLoose(text string) bool { return !strings.HasPrefix(text, "'") && survey.Guarded(text) != text }

// rewritten is a table with its names and texts changed, and the changed columns.
func rewritten(t *survey.Table, change func(string) string) (out *survey.Table, touched []string) {
	changed := *t
	changed.Variables = slices.Clone(t.Variables)
	for i, v := range t.Variables {
		w := *v
		w.Name = change(v.Name)
		differs := w.Name != v.Name
		if v.Texts != nil {
			w.Texts = &survey.TextColumn{Index: v.Texts.Index, Values: make([]string, len(v.Texts.Values))}
			for k, s := range v.Texts.Values {
				w.Texts.Values[k] = change(s)
				differs = differs || w.Texts.Values[k] != s
			}
		}
		if differs {
			changed.Variables[i], touched = &w, append(touched, v.Name)
		}
	}
	return &changed, touched
}
