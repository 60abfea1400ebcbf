// Package platform recognises exports of survey platforms by the rows that name their
// columns and the shape of the rows below, and makes multiple-response sets of their
// select-all questions.
//
// It recognises a file only where it can be nothing else, keeps every column, and
// says in a notice what it did. Names are short (q1, q2_3) where a platform
// gives the wording only, which becomes the label.
package platform

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Export is a file of a platform.
type Export struct {
	// Platform is the name of the platform.
	Platform string
	// Header counts the rows that name the columns.
	Header int
	// MonthFirst means that the platform writes dates as month, day, year.
	MonthFirst bool
	// Columns are the file's columns in order; Name is "" where the file has no name.
	Columns []Column
	// separators are what may separate the answers of a cell.
	separators []string
	// marks finds what in a question's columns means that an option was chosen; nil where
	// a question never has several columns.
	marks marker
	// unordered means that the answers of a cell are in the order in which they were chosen.
	unordered bool
	// words are labels of answers.
	words map[string]string
}

// Column is one column of the file.
type Column struct {
	Name, Label string
	// question is the name of the question that has a column for each option, wording
	// its text, option the option of this column; "" elsewhere.
	question, wording, option string
	// asked is true where the column has answers, not what the platform adds.
	asked bool
	// joined means that the column has all chosen options of the question, whose own columns
	// follow.
	joined bool
}

// platforms recognise a file by its first rows; each gives nil where the file is not its own
// for certain.
var platforms = []func(rows [][]string) *Export{qualtrics, surveyMonkey, limeSurvey, alchemer, googleForms, microsoftForms, typeform, redcap, odk, decipher, confirmit}

// Recognise finds the platform of a file by its first rows, the more the better; nil where
// that is not certain. Rows may differ in length.
func Recognise(rows [][]string) *Export {
	if len(rows) < 2 || len(rows[0]) == 0 || len(rows[1]) == 0 {
		return nil
	}
	for _, read := range platforms {
		if e := read(rows); e != nil {
			return e
		}
	}
	return nil
}

// Names are the names of the columns.
func (e *Export) Names() []string {
	names := make([]string, len(e.Columns))
	for j, c := range e.Columns {
		names[j] = c.Name
	}
	return names
}

// Labels are the wordings of the columns.
func (e *Export) Labels() []string {
	labels := make([]string, len(e.Columns))
	for j, c := range e.Columns {
		labels[j] = c.Label
	}
	return labels
}

// Notice says how the file was recognised.
func (e *Export) Notice() string {
	if e.Header == 1 {
		return fmt.Sprintf("the file is an export of %s: its headings were read as names and labels of questions", e.Platform)
	}
	return fmt.Sprintf("the file is an export of %s: its second row was read as the columns' labels", e.Platform)
}

// Apply makes multiple-response sets of the select-all questions in a table that
// was read with the export's names; columns that are known to be text stay.
// The receiver's table is unchanged.
func (e *Export) Apply(t *survey.Table, isText func(name string) bool) *survey.Table {
	s := &sets{table: t, taken: raw.Names{}, replaced: map[string][]*survey.Variable{}}
	for _, name := range t.Names() {
		s.taken[name] = true
	}
	var all []question
	at := map[string]int{}
	for _, c := range e.Columns {
		if c.question == "" || c.joined {
			continue
		}
		if _, known := at[c.question]; !known {
			at[c.question] = len(all)
			all = append(all, question{name: c.question, wording: c.wording})
		}
		q := &all[at[c.question]]
		q.columns = append(q.columns, c)
	}
	for _, q := range all {
		if e.marks != nil && !slices.ContainsFunc(q.columns, func(c Column) bool { return isText(c.Name) }) {
			s.spread(q, e.marks)
		}
	}
	for _, c := range e.Columns {
		v := t.Lookup(c.Name)
		switch {
		case v == nil || !c.asked || isText(c.Name) || s.replaced[c.Name] != nil:
		case c.joined && s.has(c.question):
			s.withdraw(v)
		default:
			s.cells(v, e)
		}
		if v != nil && c.asked {
			s.label(v, e.words)
		}
	}
	if len(s.made) == 0 && len(s.replaced) == 0 {
		return s.table
	}
	out := *s.table
	out.Variables, out.Sets = nil, slices.Concat(s.table.Sets, s.made)
	for _, v := range s.table.Variables {
		if in, ok := s.replaced[v.Name]; ok {
			out.Variables = append(out.Variables, in...)
			continue
		}
		out.Variables = append(out.Variables, v)
	}
	if len(s.made) > 0 {
		s.notices.Note(survey.NoticeSets, s.columns, "select-all questions were read as multiple-response sets: %s", raw.Listed(s.found))
	}
	out.Notices = slices.Concat(s.table.Notices, s.notices)
	return &out
}

// question is a question whose options have a column each.
type question struct {
	name, wording string
	columns       []Column
}

// slug is a heading as a name: lower-case words with _ between them.
func slug(heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "_")
}

// plain is a wording on one line.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// contains reports whether all words are among the cells.
func contains(cells []string, words ...string) bool {
	have := map[string]bool{}
	for _, s := range cells {
		have[strings.TrimSpace(s)] = true
	}
	for _, w := range words {
		if !have[w] {
			return false
		}
	}
	return true
}

// numbering makes unique names: q1, q2 … for questions, the slug for what the
// platform adds.
type numbering struct {
	questions int
	taken     map[string]bool
}

func (n *numbering) question() string {
	n.questions++
	return fmt.Sprintf("q%d", n.questions)
}

func (n *numbering) added(heading string) string {
	name := slug(heading)
	for k := 2; n.taken[name]; k++ {
		name = fmt.Sprintf("%s_%d", slug(heading), k)
	}
	if n.taken == nil {
		n.taken = map[string]bool{}
	}
	n.taken[name] = true
	return name
}

// spreadOut makes the columns of a question with several: q3_1, q3_2 … in the
// order of the file.
func (n *numbering) spreadOut(wording string, options []string) []Column {
	name := n.question()
	columns := make([]Column, len(options))
	for k, option := range options {
		columns[k] = Column{Name: fmt.Sprintf("%s_%d", name, k+1), Label: joined(wording, option),
			question: name, wording: wording, option: option, asked: true}
	}
	return columns
}

func (n *numbering) single(wording string) Column {
	return Column{Name: n.question(), Label: wording, asked: true}
}

// joined is the label of a column of a question with several.
func joined(wording, option string) string {
	if option == "" || wording == "" {
		return wording + option
	}
	return wording + " – " + option
}
