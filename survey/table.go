// Package survey holds the domain: what a survey is once it is in memory
// (tables, variables, designs), what is asked of it (studies, queries) and
// what comes back (estimates, tabulations). It reads and writes no files.
package survey

import (
	"fmt"
	"math"
	"slices"
)

// Table is a survey in columns. Readers build it, nothing changes it
// afterwards: a recode makes a new Table that shares the unchanged columns.
type Table struct {
	// Rows is the number of records.
	Rows int
	// Variables are in file order; names are unique.
	Variables []*Variable
	// Columns are the names of all columns of the data where only some were read, in
	// file order, and of the sets that were left out for that; nil where all were
	// read. Messages know these names.
	Columns []string
	// Sets are the multiple-response sets that the file declares.
	Sets []MultipleResponse
	// Weight names the file's own weight variable, "" if it has none.
	Weight string
	// Sources say where the rows came from, one entry a file.
	Sources []Source
	// Notices are what a reader had to decide or could not keep, for people.
	Notices Notices
	// Groups, of data that are not in memory, lists the distinct combinations of some
	// columns, a row each. The table is then a codebook: its variables have the values
	// that occur, and its rows have no meaning.
	Groups func(columns []string) (*Table, error)
}

// Source identifies one input file.
type Source struct {
	Path   string `json:"path"`
	Format string `json:"format"`
	// SHA256 and Bytes are those of a file; empty for a database.
	SHA256 string `json:"sha256,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	Rows   int    `json:"rows"`
	// WithoutConsent counts those rows, Dropped those columns of the file that the
	// study's privacy section left out.
	WithoutConsent int `json:"rows_without_consent,omitempty"`
	Dropped        int `json:"columns_dropped,omitempty"`
}

// Kind says how a variable's values are stored.
type Kind string

// The kinds of variable. Dates are numbers: days since 1970-01-01 for Date,
// seconds since 1970-01-01 00:00 for DateTime, seconds for TimeOfDay.
const (
	Number    Kind = "number"
	Text      Kind = "text"
	Date      Kind = "date"
	DateTime  Kind = "datetime"
	TimeOfDay Kind = "time"
)

// Measure is the level of measurement that a file or a study declares.
type Measure string

// The levels of measurement; the zero value means that nothing was declared.
const (
	MeasureUnknown Measure = ""
	Nominal        Measure = "nominal"
	Ordinal        Measure = "ordinal"
	Scale          Measure = "scale"
)

// Polarity says how the answers of an ordered scale face each other.
type Polarity string

// The polarities; the zero value means that the answers have no order.
const (
	Unordered Polarity = ""
	OneSided  Polarity = "one-sided" // from none to much of one thing: never … always
	Rising    Polarity = "rising"    // from a negative pole to a positive one
	Falling   Polarity = "falling"   // from a positive pole to a negative one
)

// Turned is the polarity of the answers in the opposite order.
func (p Polarity) Turned() Polarity {
	switch p {
	case Rising:
		return Falling
	case Falling:
		return Rising
	}
	return p
}

// Variable is one column with its dictionary.
type Variable struct {
	Name    string
	Label   string
	Kind    Kind
	Measure Measure
	// Polarity says which end of an ordered scale is the positive one.
	Polarity Polarity
	// Codes are the labelled values in questionnaire order.
	Codes []Code
	// Scores are the numbers that answers count as in means, boxes and indices
	// where these are not their codes; see Score.
	Scores map[Value]float64
	// Missing are the values that the respondent gave but that carry no answer.
	Missing []Missing
	// EmptyAsked marks the rows without a value whose respondents were asked all
	// the same; nil where an empty row was not asked, as in most files.
	EmptyAsked []bool
	// Note is what a reader of the variable's figures has to know, a sentence or
	// more; tables that show the variable carry it.
	Note string
	// MadeOf are the variables that a recode or a segmentation made this one of;
	// nil for a variable of the data.
	MadeOf []string
	// RangesOf is the number whose ranges the categories are, "" for any other variable.
	RangesOf string
	// Unmade is true where the values are still to be found, as those of a study's
	// segments are before the weights are known. Figures of it are refused.
	Unmade bool
	// Rows are the rows of the data that each row is, in groups of alike rows and in
	// codebooks; nil where each is one.
	Rows []int
	// Format is the display format as the file names it (F8.2, DATE11, %9.0g).
	Format string
	// Numbers holds the values of all other variables; nil for Text.
	Numbers *NumberColumn
	// Texts holds the values of a Text variable; nil otherwise.
	Texts *TextColumn
}

// Value is a number or a text.
type Value struct {
	Number float64
	Text   string
	IsText bool
}

// NumberValue makes a numeric Value.
func NumberValue(x float64) Value { return Value{Number: x} }

// TextValue makes a text Value.
func TextValue(s string) Value { return Value{Text: s, IsText: true} }

// String is the value as people type it: shortest exact decimal for a number.
func (v Value) String() string {
	if v.IsText {
		return v.Text
	}
	return FormatNumber(v.Number)
}

// Code is a labelled value.
type Code struct {
	Value Value  `json:"value"`
	Label string `json:"label"`
}

// Reason says why a declared missing value carries no answer.
type Reason string

// The reasons for missing answers that reports tell apart.
const (
	ReasonUnknown Reason = ""
	DontKnow      Reason = "don't know"
	Refused       Reason = "refused"
	NotAsked      Reason = "not asked"
)

// Missing declares values as missing: one number (Low equal to High), a
// closed range of numbers (an end may be infinite), or one text.
type Missing struct {
	Low, High float64
	Text      string
	IsText    bool
	Reason    Reason
}

// MissingNumber declares one number as missing.
func MissingNumber(x float64, why Reason) Missing { return Missing{Low: x, High: x, Reason: why} }

// MissingText declares one text as missing.
func MissingText(s string, why Reason) Missing { return Missing{Text: s, IsText: true, Reason: why} }

// MissingValue declares one value as missing.
func MissingValue(x Value, why Reason) Missing {
	if x.IsText {
		return MissingText(x.Text, why)
	}
	return MissingNumber(x.Number, why)
}

// MultipleResponse is a question with several answers, spread over variables.
type MultipleResponse struct {
	Name  string
	Label string
	// Variables are the set's columns in order.
	Variables []string
	// Counted is the value that means "chosen" in a set of dichotomies; nil in
	// a set of categories, where each variable holds a chosen code.
	Counted *Value
}

// Lookup finds a variable by its exact name, nil where there is none.
func (t *Table) Lookup(name string) *Variable {
	for _, v := range t.Variables {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Set finds a multiple-response set by name, with or without its leading $.
func (t *Table) Set(name string) *MultipleResponse {
	for i := range t.Sets {
		if t.Sets[i].Name == name || t.Sets[i].Name == "$"+name {
			return &t.Sets[i]
		}
	}
	return nil
}

// Names lists the variables in file order.
func (t *Table) Names() []string {
	names := make([]string, len(t.Variables))
	for i, v := range t.Variables {
		names[i] = v.Name
	}
	return names
}

// Known lists the names that people may use of the data: the variables, and the
// columns that were not read.
func (t *Table) Known() []string {
	names := slices.Clone(t.Columns)
	for _, v := range t.Variables {
		if t.Columns == nil || !slices.Contains(t.Columns, v.Name) {
			names = append(names, v.Name)
		}
	}
	return names
}

// Unknown is the problem of a name that no variable has, with the nearest ones. A
// column of that name was not asked for when the data were read.
func (t *Table) Unknown(name string) Problem {
	if slices.Contains(t.Columns, name) {
		return Problem{Message: fmt.Sprintf("the column %q was not read", name), Remedy: "name it among the columns to read, or read all"}
	}
	return UnknownName("variable", name, t.Known())
}

// Only returns a table with the named variables, in file order; nil names all. Sets
// of which a variable is left out are left out, and the weight with its variable.
// The receiver is unchanged.
func (t *Table) Only(names []string) *Table {
	if names == nil {
		return t
	}
	wanted := make(map[string]bool, len(names))
	for _, name := range names {
		wanted[name] = true
	}
	out := *t
	out.Variables, out.Sets, out.Columns = nil, nil, t.Known()
	for _, v := range t.Variables {
		if wanted[v.Name] {
			out.Variables = append(out.Variables, v)
		}
	}
	for _, s := range t.Sets {
		if !slices.ContainsFunc(s.Variables, func(name string) bool { return !wanted[name] }) {
			out.Sets = append(out.Sets, s)
		} else {
			out.Columns = append(out.Columns, s.Name)
		}
	}
	if !wanted[t.Weight] {
		out.Weight = ""
	}
	return &out
}

// With returns a table with the variables added; one with a name that exists
// takes that one's place. The receiver is unchanged.
func (t *Table) With(vars ...*Variable) *Table {
	out := *t
	out.Variables = append([]*Variable(nil), t.Variables...)
	at := make(map[string]int, len(out.Variables))
	for i, v := range out.Variables {
		at[v.Name] = i
	}
	for _, v := range vars {
		if i, ok := at[v.Name]; ok {
			out.Variables[i] = v
			continue
		}
		at[v.Name] = len(out.Variables)
		out.Variables = append(out.Variables, v)
	}
	return &out
}

// Scale is the polarity of the variable's answers: the declared one, and
// one-sided for any other ordinal variable, since that judges no answer.
func (v *Variable) Scale() Polarity {
	if v.Polarity == Unordered && v.Measure == Ordinal {
		return OneSided
	}
	return v.Polarity
}

// IsText reports whether the variable holds text.
func (v *Variable) IsText() bool { return v.Kind == Text }

// Len is the number of rows.
func (v *Variable) Len() int {
	if v.IsText() {
		return v.Texts.Index.Len()
	}
	return v.Numbers.Len()
}

// At returns row i's value; ok is false where it is system-missing.
func (v *Variable) At(i int) (value Value, ok bool) {
	if v.IsText() {
		k := v.Texts.Index.At(i)
		if k < 0 {
			return Value{}, false
		}
		return TextValue(v.Texts.Values[k]), true
	}
	x := v.Numbers.At(i)
	return NumberValue(x), !math.IsNaN(x)
}

// IsMissing reports whether a value that is present is declared missing.
func (v *Variable) IsMissing(x Value) bool {
	_, declared := v.MissingReason(x)
	return declared
}

// MissingReason returns the reason of a declared missing value; declared is
// false where the value is an answer.
func (v *Variable) MissingReason(x Value) (why Reason, declared bool) {
	for _, m := range v.Missing {
		if m.IsText != x.IsText {
			continue
		}
		if m.IsText && m.Text == x.Text || !m.IsText && m.Low <= x.Number && x.Number <= m.High {
			return m.Reason, true
		}
	}
	return ReasonUnknown, false
}

// Valid returns one flag a row: true where the row holds an answer, that is
// neither system-missing nor declared missing.
func (v *Variable) Valid() []bool {
	return v.marked(func(x Value) bool { return !v.IsMissing(x) })
}

// marked marks the rows whose value is such that holds.
func (v *Variable) marked(holds func(Value) bool) []bool {
	in := v.Places(func(x Value) int32 {
		if holds(x) {
			return 0
		}
		return -1
	})
	out := make([]bool, in.Len())
	for i, k := range in.All() {
		out[i] = k == 0
	}
	return out
}

// Asked returns one flag a row: true where the respondent was asked, that is
// where the row holds a value, also one declared missing for another reason than
// that the question was not asked, and where EmptyAsked says so.
func (v *Variable) Asked() []bool {
	asked := v.marked(func(x Value) bool {
		why, declared := v.MissingReason(x)
		return !declared || why != NotAsked
	})
	for i, empty := range v.EmptyAsked {
		asked[i] = asked[i] || empty
	}
	return asked
}

// LabelOf is the label of a value, or the value as text where it has none.
func (v *Variable) LabelOf(x Value) string {
	for _, c := range v.Codes {
		if c.Value == x {
			return c.Label
		}
	}
	return x.String()
}

// Title is the variable's label, or its name where it has none.
func (v *Variable) Title() string {
	if v.Label != "" {
		return v.Label
	}
	return v.Name
}

// NotMade is the problem of weights or segments that a study asks for and that
// have not been made: its figures would be others without them.
func NotMade(name, what string) Problem {
	return Problem{Variable: name, Message: what + " have not been made", Remedy: "open the study with surveykit/reports (Open, Validate or Run), which makes them"}
}
