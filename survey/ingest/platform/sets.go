package platform

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// sets collects what becomes of a table's select-all questions.
type sets struct {
	table *survey.Table
	taken raw.Names
	// replaced are the variables that take the place of a column.
	replaced map[string][]*survey.Variable
	made     []survey.MultipleResponse
	notices  survey.Notices
	found    []string // the sets as the notice names them
	columns  []string // the sets' variables
}

// add adds a set.
func (s *sets) add(name, label string, variables []string) {
	chosen := survey.NumberValue(1)
	s.made = append(s.made, survey.MultipleResponse{Name: name, Label: label, Variables: variables, Counted: &chosen})
	s.columns = append(s.columns, variables...)
	s.found = append(s.found, fmt.Sprintf("%s (%d options)", name, len(variables)))
}

// has reports whether a set was made.
func (s *sets) has(name string) bool {
	return slices.ContainsFunc(s.made, func(m survey.MultipleResponse) bool { return m.Name == name })
}

// withdraw leaves out a column with all chosen options of a set, separated by blanks, where
// it says what the set's variables say; else it is kept as text under another name.
func (s *sets) withdraw(v *survey.Variable) {
	set := s.made[slices.IndexFunc(s.made, func(m survey.MultipleResponse) bool { return m.Name == v.Name })]
	s.replaced[v.Name] = []*survey.Variable{}
	for i := range v.Len() {
		x, ok := v.At(i)
		chosen := 0
		for _, name := range set.Variables {
			for _, d := range s.replaced[name] {
				if y, ok := d.At(i); ok && y.Number == 1 {
					chosen++
				}
			}
		}
		if ok && len(strings.Fields(x.String())) != chosen || !ok && chosen > 0 {
			text := *v
			text.Name = s.taken.Free(v.Name+"_text", 0, &s.notices)
			s.replaced[v.Name] = []*survey.Variable{&text}
			return
		}
	}
}

// label gives the answers of a column that have one their labels.
func (s *sets) label(v *survey.Variable, words map[string]string) {
	if !v.IsText() || s.replaced[v.Name] != nil {
		return
	}
	labelled := *v
	for _, text := range v.Texts.Values {
		if label, ok := words[text]; ok {
			labelled.Codes = append(slices.Clip(labelled.Codes), survey.Code{Value: survey.TextValue(text), Label: label})
		}
	}
	if len(labelled.Codes) > len(v.Codes) {
		s.replaced[v.Name] = []*survey.Variable{&labelled}
	}
}

// spread makes a set of the columns of a question where each has nothing but
// the mark of its option; the last one may have the words of those who chose
// something else. Other columns stay as they are.
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
	answered := make([]bool, s.table.Rows)
	for _, o := range columns {
		for i := range answered {
			x, ok := o.v.At(i)
			answered[i] = answered[i] || ok && (!o.isMark || means(o.mark, x) || means(o.refusal, x))
		}
	}
	refused := slices.ContainsFunc(columns, func(o *optionColumn) bool { return o.refusal != nil })
	names := make([]string, len(columns))
	for k, o := range columns {
		names[k] = o.Name
		label := o.option
		if label == "" {
			label = o.Label
		}
		d := &survey.Variable{Name: o.Name, Label: label, Kind: survey.Number, Measure: survey.Nominal, Numbers: survey.MissingNumbers(len(answered))}
		for i := range answered {
			x, ok := o.v.At(i)
			switch {
			case ok && (!o.isMark || means(o.mark, x)):
				d.Numbers.Set(i, 1)
			case ok && means(o.refusal, x), !ok && answered[i] && (!refused || !o.isMark):
				d.Numbers.Set(i, 0)
			default:
				d.Numbers.Set(i, math.NaN())
			}
		}
		s.replaced[o.Name] = []*survey.Variable{d}
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

// mostMarks is the most distinct values that a column of marks can have.
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

// means reports whether a value is the meant one.
func means(meant *survey.Value, x survey.Value) bool { return meant != nil && *meant == x }

// sure reports whether the marks can be nothing else: they are the words of the
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

// marker finds which of the distinct values of an option's column means that the
// option, place counted from 1, was chosen and which that it was not; ok is false
// where the values mean something else, certain is true where they cannot.
type marker func(option string, place int, values []string) (chosen, refused string, certain, ok bool)

// optionOrOne is for columns that have the option's words, its number or 1 in each
// row that chose it.
func optionOrOne(option string, place int, values []string) (chosen, refused string, certain, ok bool) {
	switch {
	case len(values) == 0:
		return "", "", false, true
	case len(values) > 1:
		return "", "", false, false
	}
	words := plain(values[0]) == plain(option)
	return values[0], "", words, words || values[0] == "1" || values[0] == strconv.Itoa(place)
}

// answers are the words for chosen and not chosen, as codes and in languages.
var answers = [][2]string{{"Y", "N"}, {"Yes", "No"}, {"Ja", "Nein"}, {"Ja", "Nee"}, {"Ja", "Nej"}, {"Ja", "Nei"}, {"Oui", "Non"}, {"Sí", "No"}, {"Sì", "No"}, {"Sim", "Não"}, {"Tak", "Nie"}, {"Да", "Нет"}}

// notSeen is the value of questions that were not shown in full answers.
const notSeen = "N/A"

// zeroOrOne is for columns that have 1 in each row that chose the option, and 0 in others.
func zeroOrOne(_ string, _ int, values []string) (chosen, refused string, certain, ok bool) {
	return "1", "0", len(values) > 0, !slices.ContainsFunc(values, func(s string) bool { return s != "0" && s != "1" })
}

// checkedOrNot is for columns that have Checked or Unchecked.
func checkedOrNot(_ string, _ int, values []string) (chosen, refused string, certain, ok bool) {
	return "Checked", "Unchecked", len(values) > 0, !slices.ContainsFunc(values, func(s string) bool { return s != "Checked" && s != "Unchecked" })
}

// yesOrNo is for columns that have Y or Yes in each row that chose the option,
// and nothing or No in others.
func yesOrNo(_ string, _ int, values []string) (chosen, refused string, certain, ok bool) {
	given := slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == notSeen })
	for _, pair := range answers {
		if slices.ContainsFunc(given, func(s string) bool { return s != pair[0] && s != pair[1] }) {
			continue
		}
		if slices.Contains(given, pair[0]) {
			chosen = pair[0]
		}
		if slices.Contains(given, pair[1]) {
			refused = pair[1]
		}
		return chosen, refused, chosen != "" || refused != "", true
	}
	return "", "", false, false
}
