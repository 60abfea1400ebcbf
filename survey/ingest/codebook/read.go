package codebook

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Book is a codebook that was read.
type Book struct {
	path    string
	entries []*entry
	members []member
}

// setKind is the kind of a row of a multiple-response set.
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

	polarity survey.Polarity
	weight   string
	codes    []codeRow
	optional bool // the data need not have it
}

// codeRow is a row with a code, a range of codes, or an empty text that has a
// meaning.
type codeRow struct {
	line                 int
	code, label, missing string
}

// headings are usual names of the columns of a codebook.
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
	"polarity":   {"polarity"},
	"weight":     {"weight"},
}

// Read takes the rows of a codebook, a table of texts read from path, in the
// order of the file. Its columns are those that Write writes, in any order, of which only
// name is required; other columns are ignored. The rows of a variable need not be
// together; its label may be in each of them. The error is
// survey.Problems: no column of names, a row without a name, a label or kind
// that contradicts another row, a code given twice, an unknown kind or level. A data
// dictionary of REDCap is a codebook, too.
func Read(t *survey.Table, path string) (*Book, error) {
	b := &Book{path: path}
	if t.Lookup(redcapName) != nil && t.Lookup(redcapType) != nil {
		b.readDictionary(t)
		return b, nil
	}
	columns := columnsOf(t)
	if columns["name"] == nil {
		return nil, survey.Problems{{File: path, Message: "the codebook has no column name", Remedy: "name its columns " + strings.Join(Columns, ", ") + "; only name is required"}}
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
			problems = append(problems, survey.Problem{File: path, Row: row + 1, Message: "the row does not name a variable", Remedy: "fill its name, or delete the row"})
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

// add adds a row.
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
	kind, measure, polarity := string(e.kind), string(e.measure), string(e.polarity)
	set(&e.label, "label")
	set(&kind, "kind")
	set(&measure, "measure")
	set(&e.format, "format")
	set(&polarity, "polarity")
	set(&e.weight, "weight")
	e.kind, e.measure, e.polarity = survey.Kind(kind), survey.Measure(measure), survey.Polarity(polarity)
	if e.kind != setKind && !slices.Contains(kinds, e.kind) {
		fault(kind, "there is no such kind of variable", "use number, text, date, datetime, time or set")
	}
	if !slices.Contains(measures, e.measure) {
		fault(measure, "there is no such level of measurement", "use nominal, ordinal or scale")
	}
	if !slices.Contains(polarities, e.polarity) {
		fault(polarity, "there is no such polarity", "use one-sided, rising or falling")
	}
	if !slices.Contains([]string{"", yes, "no"}, strings.ToLower(e.weight)) {
		fault(e.weight, "this does not say whether the variable is the weight", "use yes, or leave it empty")
	}
	c := codeRow{line, cell("code"), cell("code_label"), cell("missing")}
	if c.code == "" && c.label == "" && c.missing == "" {
		return problems
	}
	if i := slices.IndexFunc(e.codes, func(other codeRow) bool { return other.code == c.code }); i >= 0 {
		fault(c.code, fmt.Sprintf("the code is already in row %d", e.codes[i].line), "delete one of the two rows")
		return problems
	}
	e.codes = append(e.codes, c)
	return problems
}

// What a codebook may say; it may always say nothing.
var (
	kinds    = []survey.Kind{"", survey.Number, survey.Text, survey.Date, survey.DateTime, survey.TimeOfDay}
	measures = []survey.Measure{survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale}

	polarities = []survey.Polarity{survey.Unordered, survey.OneSided, survey.Rising, survey.Falling}
)

// Path is where the codebook was read from.
func (b *Book) Path() string { return b.path }

// IsText reports whether the codebook says that a variable is text.
func (b *Book) IsText(name string) bool {
	i := slices.IndexFunc(b.entries, func(e *entry) bool { return e.name == name })
	return i >= 0 && b.entries[i].kind == survey.Text
}

// Merge adds the codebook to a table: what it says of a variable replaces label,
// kind, level, format and polarity, and a list of codes replaces all codes and missing
// values. Variables that it does not name stay as they are. The error is
// survey.Problems: a variable that the data do not have, with the nearest
// names, values that are not of the kind, a code that is not a number in a
// variable of numbers, an unknown reason, an impossible set, two weights. Sets replace
// those of the same name, the weight that of the table. The receiver's table is unchanged.
func (b *Book) Merge(t *survey.Table) (*survey.Table, error) {
	var problems survey.Problems
	var described []*survey.Variable
	names := t.Names()
	for _, e := range b.entries {
		if e.kind == setKind {
			continue
		}
		v := t.Lookup(e.name)
		if v == nil && e.optional {
			continue
		}
		if v == nil {
			p := survey.UnknownName("variable", e.name, names)
			p.File, p.Row, p.Message = b.path, e.line, p.Message+" in the data"
			problems = append(problems, p)
			continue
		}
		d, faults := e.describe(v)
		for _, p := range faults {
			p.File, p.Variable = b.path, e.name
			problems = append(problems, p)
		}
		described = append(described, d)
	}
	merged := t.With(described...)
	weight, faults := b.weight(merged)
	problems = append(problems, faults...)
	merged.Weight = cmp.Or(weight, t.Weight)
	sets, faults := b.sets(merged)
	if problems = append(problems, faults...); len(problems) > 0 {
		return nil, problems
	}
	merged.Sets = slices.DeleteFunc(slices.Clone(t.Sets), func(s survey.MultipleResponse) bool {
		return slices.ContainsFunc(sets, func(other survey.MultipleResponse) bool { return other.Name == s.Name })
	})
	merged.Sets = append(merged.Sets, sets...)
	return merged, nil
}

// weight is the variable that the codebook says is the weight, "" if none.
func (b *Book) weight(t *survey.Table) (name string, problems survey.Problems) {
	for _, e := range b.entries {
		v := t.Lookup(e.name)
		switch {
		case !strings.EqualFold(e.weight, yes) || v == nil:
		case name != "":
			problems = append(problems, survey.Problem{File: b.path, Row: e.line, Variable: e.name, Message: name + " is the weight, too", Remedy: "say it of one variable"})
		case v.IsText():
			problems = append(problems, survey.Problem{File: b.path, Row: e.line, Variable: e.name, Message: "the weight is text", Remedy: "name a column of numbers"})
		default:
			name = e.name
		}
	}
	return name, problems
}

// describe is the variable with what the entry says of it.
func (e *entry) describe(v *survey.Variable) (*survey.Variable, survey.Problems) {
	d := *v
	if e.kind != "" && e.kind != v.Kind {
		if row := firstRow(v); row >= 0 {
			x, _ := v.At(row)
			return v, survey.Problems{{Row: e.line, Value: x.String(), Message: fmt.Sprintf("the codebook says %s, but the data are %s, first in row %d", e.kind, v.Kind, row+1),
				Remedy: "correct the kind, or leave it empty"}}
		}
		d.Kind, d.Numbers, d.Texts = e.kind, nil, nil
		if d.IsText() {
			d.Texts = &survey.TextColumn{Index: survey.NewPlaces(slices.Repeat([]int32{-1}, v.Len()))}
		} else {
			d.Numbers = survey.MissingNumbers(v.Len())
		}
	}
	d.Label, d.Format, d.Measure = cmp.Or(e.label, d.Label), cmp.Or(e.format, d.Format), cmp.Or(e.measure, d.Measure)
	d.Polarity = cmp.Or(e.polarity, d.Polarity)
	if len(e.codes) == 0 {
		return &d, nil
	}
	d.Codes, d.Missing = nil, nil
	var problems survey.Problems
	for _, c := range e.codes {
		if p := c.describe(&d); p != nil {
			p.Row = c.line
			problems = append(problems, *p)
		}
	}
	d.Missing = withoutCovered(d.Missing)
	return &d, problems
}

// firstRow is the first row with a value, -1 where there is none.
func firstRow(v *survey.Variable) int {
	for i := range v.Len() {
		if _, ok := v.At(i); ok {
			return i
		}
	}
	return -1
}

// describe adds the code to the variable's codes or missing values or both.
func (c codeRow) describe(v *survey.Variable) *survey.Problem {
	m, ok := c.values(v.IsText())
	if !ok {
		return &survey.Problem{Value: c.code, Message: "the variable has numbers, and this code is not a number",
			Remedy: "give a number, or LOW..HIGH for a range of missing values"}
	}
	declared, ok := c.reason(&m)
	switch {
	case !ok:
		return &survey.Problem{Value: c.missing, Message: "this is not a reason for a missing value", Remedy: "use yes, don't know, refused or not asked, or leave it empty"}
	case c.label != "" && m.Low != m.High:
		return &survey.Problem{Value: c.code, Message: "a range of codes cannot have a label", Remedy: "give each code a row"}
	case !declared && m.Low != m.High:
		return &survey.Problem{Value: c.code, Message: "a range of codes without a reason says nothing", Remedy: "fill the column missing"}
	}
	if c.label != "" || !declared {
		v.Codes = append(v.Codes, survey.Code{Value: survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText}, Label: c.label})
	}
	if declared {
		v.Missing = append(v.Missing, m)
	}
	return nil
}

// values are the code, or the closed range of codes, of the row.
func (c codeRow) values(text bool) (m survey.Missing, ok bool) {
	if text {
		return survey.MissingText(c.code, survey.ReasonUnknown), true
	}
	low, high, isRange := strings.Cut(c.code, "..")
	if !isRange {
		high = low
	}
	from, err1 := strconv.ParseFloat(strings.TrimSpace(low), 64)
	to, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
	return survey.Missing{Low: from, High: to}, err1 == nil && err2 == nil && from <= to
}

// reason reads the row's last column; declared is false where the code is an
// answer, ok is false where the column has something else.
func (c codeRow) reason(m *survey.Missing) (declared, ok bool) {
	switch given := strings.ToLower(c.missing); given {
	case "", "no":
		return false, true
	case "yes":
		return true, true
	case string(survey.DontKnow), string(survey.Refused), string(survey.NotAsked):
		m.Reason = survey.Reason(given)
		return true, true
	}
	return false, false
}

// withoutCovered drops single numbers that are in a range with the same reason: the
// codebook shows for each labelled code whether it is missing.
func withoutCovered(all []survey.Missing) []survey.Missing {
	return slices.DeleteFunc(slices.Clone(all), func(m survey.Missing) bool {
		return !m.IsText && m.Low == m.High && slices.ContainsFunc(all, func(r survey.Missing) bool {
			return !r.IsText && r.Low < r.High && r.Low <= m.Low && m.Low <= r.High && r.Reason == m.Reason
		})
	})
}

// sets are the multiple-response sets of the codebook, in the order of their rows,
// with the variables whose rows name them.
func (b *Book) sets(t *survey.Table) (sets []survey.MultipleResponse, problems survey.Problems) {
	fault := func(line int, name, value, message, remedy string) {
		problems = append(problems, survey.Problem{File: b.path, Row: line, Variable: name, Value: value, Message: message, Remedy: remedy})
	}
	known, variables := map[string]bool{}, map[string][]string{}
	for _, m := range b.members {
		variables[m.set] = append(variables[m.set], m.name)
	}
	for _, e := range b.entries {
		if e.kind != setKind {
			continue
		}
		known[e.name] = true
		if e.optional {
			variables[e.name] = slices.DeleteFunc(variables[e.name], func(name string) bool { return t.Lookup(name) == nil })
			if len(variables[e.name]) == 0 {
				continue
			}
		}
		set := survey.MultipleResponse{Name: e.name, Label: e.label, Variables: variables[e.name]}
		if t.Lookup(e.name) != nil {
			fault(e.line, e.name, "", "the data have a variable with the set's name", "give the set another name, such as $"+e.name)
		}
		if len(set.Variables) == 0 {
			fault(e.line, e.name, "", "no variable is in the set", "name the set in the column set, in a row of each of its variables")
			continue
		}
		if v := t.Lookup(set.Variables[0]); v != nil && len(e.codes) > 0 {
			if set.Counted = chosen(e.codes, v); set.Counted == nil {
				fault(e.codes[0].line, e.name, e.codes[0].code, "a set needs one code that means chosen", "give one value of "+v.Name+", or none where the variables have the chosen answers")
			}
		}
		sets = append(sets, set)
	}
	for _, m := range b.members {
		if !known[m.set] {
			fault(m.line, m.name, m.set, "the codebook has no such set", "add a row of this name and of the kind set")
		}
	}
	return sets, problems
}

// chosen is the value that a set counts, nil where the rows have none that the
// variable can have.
func chosen(rows []codeRow, v *survey.Variable) *survey.Value {
	if len(rows) != 1 || rows[0].label+rows[0].missing != "" {
		return nil
	}
	if v.IsText() {
		x := survey.TextValue(rows[0].code)
		return &x
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(rows[0].code), 64)
	if err != nil || math.IsNaN(number) {
		return nil
	}
	x := survey.NumberValue(number)
	return &x
}
