package codebook

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
)

// Book is a codebook that was read.
type Book struct {
	path    string
	entries []*entry
	members []member
}

// setKind is the kind of a row that stands for a multiple-response set.
const setKind survey.Kind = "set"

// member is a row that puts a variable into a set.
type member struct {
	line      int
	set, name string
}

// entry is what a codebook says of a variable or a set; empty fields say nothing.
type entry struct {
	line    int // the first row, from 1
	name    string
	label   string
	kind    survey.Kind
	measure survey.Measure
	format  string
	codes   []codeRow
}

// codeRow is a row with a code, a range of codes, or an empty text that has a
// meaning.
type codeRow struct {
	line                 int
	code, label, missing string
}

// headings are the words under which people keep the columns of a codebook.
var headings = map[string][]string{
	"name":       {"name", "variable", "variable_name", "var", "column"},
	"label":      {"label", "variable_label", "question", "question_text", "description"},
	"kind":       {"kind"},
	"measure":    {"measure", "level"},
	"code":       {"code", "value"},
	"code_label": {"code_label", "value_label"},
	"missing":    {"missing"},
	"format":     {"format"},
	"set":        {"set", "multiple_response_set"},
}

// Read takes the rows of a codebook, a table of texts read from path, in the
// order of the file. Its columns are those that Write writes, of which only name
// must be there, in any order; other columns are passed over. A variable's rows
// stand together or apart; its label may stand in each of them. The error is
// survey.Problems: no column of names, a row without a name, a label or kind
// that contradicts another row, a code given twice, a kind or level that there
// is not.
func Read(t *survey.Table, path string) (*Book, error) {
	b := &Book{path: path}
	columns := columnsOf(t)
	if columns["name"] == nil {
		return nil, survey.Problems{{File: path, Message: "the codebook has no column name", Remedy: "name its columns " + strings.Join(Columns, ", ") + "; only name must be there"}}
	}
	known := map[string]*entry{}
	var problems survey.Problems
	for row := range t.Rows {
		cell := func(column string) string {
			if v := columns[column]; v != nil {
				x, _ := v.At(row)
				return x.Text
			}
			return ""
		}
		name := cell("name")
		if name == "" {
			problems = append(problems, survey.Problem{File: path, Row: row + 1, Message: "the row names no variable", Remedy: "fill its name, or delete the row"})
			continue
		}
		e := known[name]
		if e == nil {
			e = &entry{line: row + 1, name: name}
			known[name], b.entries = e, append(b.entries, e)
		}
		problems = append(problems, e.add(path, row+1, cell)...)
		if set := cell("set"); set != "" {
			b.members = append(b.members, member{row + 1, set, name})
		}
	}
	return b, problems.Err()
}

// columnsOf finds the codebook's columns by their headings.
func columnsOf(t *survey.Table) map[string]*survey.Variable {
	columns := map[string]*survey.Variable{}
	for _, v := range t.Variables {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(v.Name)), " ", "_")
		for column, words := range headings {
			if slices.Contains(words, name) && columns[column] == nil {
				columns[column] = v
			}
		}
	}
	return columns
}

// add takes a row over.
func (e *entry) add(path string, line int, cell func(string) string) (problems survey.Problems) {
	fault := func(value, message, remedy string) {
		problems = append(problems, survey.Problem{File: path, Row: line, Variable: e.name, Value: value, Message: message, Remedy: remedy})
	}
	set := func(to *string, what string) {
		switch given := cell(what); {
		case given == "" || given == *to:
		case *to == "":
			*to = given
		default:
			fault(given, fmt.Sprintf("the %s of this variable is %q in another row", what, *to), "give it once")
		}
	}
	kind, measure := string(e.kind), string(e.measure)
	set(&e.label, "label")
	set(&kind, "kind")
	set(&measure, "measure")
	set(&e.format, "format")
	e.kind, e.measure = survey.Kind(kind), survey.Measure(measure)
	if e.kind != setKind && !slices.Contains(kinds, e.kind) {
		fault(kind, "there is no such kind of variable", "use number, text, date, datetime, time or set")
	}
	if !slices.Contains(measures, e.measure) {
		fault(measure, "there is no such level of measurement", "use nominal, ordinal or scale")
	}
	c := codeRow{line, cell("code"), cell("code_label"), cell("missing")}
	if c.code == "" && c.label == "" && c.missing == "" {
		return problems
	}
	if i := slices.IndexFunc(e.codes, func(other codeRow) bool { return other.code == c.code }); i >= 0 {
		fault(c.code, fmt.Sprintf("the code stands already in row %d", e.codes[i].line), "delete one of the two rows")
		return problems
	}
	e.codes = append(e.codes, c)
	return problems
}

// What a codebook may say; nothing is always right.
var (
	kinds    = []survey.Kind{"", survey.Number, survey.Text, survey.Date, survey.DateTime, survey.TimeOfDay}
	measures = []survey.Measure{survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale}
)
