package platform

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// sets collects what becomes of a table's select-all questions.
type sets struct {
	table *survey.Table
	taken raw.Names
	// replaced are the variables that stand in the place of a column.
	replaced map[string][]*survey.Variable
	made     []survey.MultipleResponse
	notices  survey.Notices
	found    []string // the sets as the notice names them
	columns  []string // the sets' variables
}

// apply is the table with the sets.
func (s *sets) apply() *survey.Table {
	if len(s.made) == 0 {
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
	s.notices.Note(survey.NoticeSets, s.columns, "select-all questions were read as multiple-response sets: %s", raw.Listed(s.found))
	out.Notices = slices.Concat(s.table.Notices, s.notices)
	return &out
}

// add takes a set over.
func (s *sets) add(name, label string, variables []string) {
	chosen := survey.NumberValue(1)
	s.made = append(s.made, survey.MultipleResponse{Name: name, Label: label, Variables: variables, Counted: &chosen})
	s.columns = append(s.columns, variables...)
	s.found = append(s.found, fmt.Sprintf("%s (%d options)", name, len(variables)))
}

// spread makes a set of the columns of a question where each holds nothing but
// the mark of its option; the last one may hold the words of those who chose
// something else. Columns that hold anything else stay as they are.
func (s *sets) spread(q question, marks marker) {
	columns := make([]*optionColumn, 0, len(q.columns))
	for k, c := range q.columns {
		v := s.table.Lookup(c.Name)
		if v == nil {
			return
		}
		o := &optionColumn{Column: c, v: v}
		o.read(marks, k+1)
		columns = append(columns, o)
	}
	words := len(columns) - 1
	for k, o := range columns {
		if !o.isMark && (k != words || words < 2) {
			return
		}
	}
	if !sure(columns) {
		return
	}
	answered := answeredRows(columns, s.table.Rows)
	names := make([]string, len(columns))
	for k, o := range columns {
		names[k] = o.Name
		s.replaced[o.Name] = []*survey.Variable{o.dichotomy(answered, explicit(columns))}
		if !o.isMark {
			text := *o.v
			text.Name = s.taken.Free(o.Name+"_text", k+1, &s.notices)
			s.replaced[o.Name] = append(s.replaced[o.Name], &text)
		}
	}
	s.add(q.name, q.wording, names)
}

// optionColumn is the column of one option.
type optionColumn struct {
	Column
	v *survey.Variable
	// mark is the value that means chosen, refusal the one that means not chosen;
	// nil where it does not occur.
	mark, refusal *survey.Value
	isMark, sure  bool
}

// mostMarks bounds the distinct values that are looked at.
const mostMarks = 4

func (o *optionColumn) read(marks marker, place int) {
	var values []survey.Value
	var words []string
	for i := range o.v.Len() {
		x, ok := o.v.At(i)
		if ok && !slices.Contains(values, x) {
			values, words = append(values, x), append(words, x.String())
		}
		if len(values) > mostMarks {
			return
		}
	}
	find := func(word string) *survey.Value {
		if k := slices.Index(words, word); k >= 0 {
			return &values[k]
		}
		return nil
	}
	chosen, refused, sure, ok := marks(o.option, place, words)
	o.mark, o.refusal, o.sure, o.isMark = find(chosen), find(refused), sure, ok
}

// means tells whether a value is the one that is meant.
func means(meant *survey.Value, x survey.Value) bool { return meant != nil && *meant == x }

// sure tells whether the marks can be nothing else: they are the words of the
// option, or some but not all of a row's columns have one.
func sure(columns []*optionColumn) bool {
	for _, o := range columns {
		if o.sure {
			return true
		}
	}
	for i := range columns[0].v.Len() {
		marked, blank := false, false
		for _, o := range columns {
			_, ok := o.v.At(i)
			marked, blank = marked || ok && o.isMark, blank || !ok && o.isMark
		}
		if marked && blank {
			return true
		}
	}
	return false
}

// explicit tells whether the file says of options that they were not chosen.
func explicit(columns []*optionColumn) bool {
	return slices.ContainsFunc(columns, func(o *optionColumn) bool { return o.refusal != nil })
}

// answeredRows tells of each row whether it holds an answer in any of the columns.
func answeredRows(columns []*optionColumn, rows int) []bool {
	answered := make([]bool, rows)
	for _, o := range columns {
		for i := range answered {
			x, ok := o.v.At(i)
			answered[i] = answered[i] || ok && (!o.isMark || means(o.mark, x) || means(o.refusal, x))
		}
	}
	return answered
}

// dichotomy is 1 where the option was chosen, 0 where the row answered the
// question otherwise, missing elsewhere. Where the file says of options that they
// were not chosen, a blank cell is missing.
func (o *optionColumn) dichotomy(answered []bool, explicit bool) *survey.Variable {
	label := o.option
	if label == "" {
		label = o.Label
	}
	d := &survey.Variable{Name: o.Name, Label: label, Kind: survey.Number, Measure: survey.Nominal, Numbers: make([]float64, len(answered))}
	for i := range answered {
		x, ok := o.v.At(i)
		switch {
		case ok && (!o.isMark || means(o.mark, x)):
			d.Numbers[i] = 1
		case ok && means(o.refusal, x), !ok && answered[i] && (!explicit || !o.isMark):
			d.Numbers[i] = 0
		default:
			d.Numbers[i] = math.NaN()
		}
	}
	return d
}
