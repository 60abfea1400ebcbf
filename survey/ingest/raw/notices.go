package raw

import (
	"fmt"
	"strings"

	"surveykit/survey"
)

// NoteText says what the decoder had to guess or could not read.
func NoteText(n *survey.Notices, d *Decoder) {
	if d.Guessed > 0 {
		n.Note(survey.NoticeEncoding, nil, "%d texts can only be UTF-8 and were read as such", d.Guessed)
	}
	if d.Spoiled > 0 {
		n.Note(survey.NoticeEncoding, nil, "%d texts hold bytes that are not in the file's encoding: they are shown as \uFFFD", d.Spoiled)
	}
	if d.foreign > 0 && d.own == 0 {
		n.Note(survey.NoticeEncoding, nil, "%d texts look like UTF-8, but the file names another encoding: give the encoding utf-8 if they are shown wrongly", d.foreign)
	}
}

// Tags collects the special missing values of Stata (.a to .z) and SAS (.A to
// .Z and ._), which a survey.Table holds as system-missing.
type Tags struct {
	order []tag
	rows  map[tag]int
	names map[tag][]string
}

// tag is a special missing value with its label.
type tag struct{ name, label string }

// Add records that a variable has the missing value name in a number of rows, under
// the label, "" if none. Rows may be 0 where there is a label only.
func (t *Tags) Add(variable, name, label string, rows int) {
	if t.rows == nil {
		t.rows, t.names = map[tag]int{}, map[tag][]string{}
	}
	k := tag{name, label}
	if t.names[k] == nil {
		t.order = append(t.order, k)
	}
	t.rows[k] += rows
	t.names[k] = append(t.names[k], variable)
}

// NoteTags says which special missing values there were, under which labels.
func NoteTags(n *survey.Notices, t Tags) {
	for _, k := range t.order {
		label := ""
		if k.label != "" {
			label = fmt.Sprintf(" (%q)", k.label)
		}
		*n = append(*n, survey.Notice{Code: survey.NoticeMissing, Variables: t.names[k], Value: k.name,
			Text: fmt.Sprintf("%s%s is read as missing: %s in %s", k.name, label, cells(t.rows[k]), Listed(t.names[k]))})
	}
}

func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

// Listed is the first five names and the number of the others.
func Listed(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// Names makes variable names unique.
type Names map[string]bool

// Free is the name itself where it is free and not empty, else one made from it and
// the variable's 1-based position, with a notice.
func (taken Names) Free(name string, place int, n *survey.Notices) string {
	free := name
	if name == "" || taken[name] {
		base := name
		if base == "" {
			base = "VAR"
		}
		for free = fmt.Sprintf("%s_%d", base, place); taken[free]; {
			free += "_"
		}
		problem := "has no name"
		if name != "" {
			problem = fmt.Sprintf("has the name of another variable, %q", name)
		}
		n.Note(survey.NoticeRenamed, []string{free}, "variable %d %s: it is read as %s", place, problem, free)
	}
	taken[free] = true
	return free
}
