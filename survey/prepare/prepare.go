// Package prepare does everything between reading the data and estimating: it
// stacks the waves, corrects the dictionaries, makes the recodes and declares
// the sets and groups that a study asks for, and checks that whatever the
// study names exists. Variables of models are made later, with the weights: they
// have their names and codes here, and nobody in them.
package prepare

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/privacy"
)

// Apply turns the data files' tables, in the order of study.Data, into the one
// table that the study describes, leaving the files' tables as they are. File
// names the study in the problems. All faults are found at once: where one
// spoils a new variable, an empty one takes its place. What had to be decided
// on the way is told in the table's notices. Of data that are not in memory the tables
// are codebooks, and so is the one that is made; the error is their source's.
func Apply(tables []*survey.Table, study *survey.Study, file string) (*survey.Table, []survey.Fault, error) {
	p := &preparer{study: study, file: file}
	p.stack(tables)
	p.overrides()
	elsewhere := p.table.Groups
	if elsewhere != nil {
		p.groups = &Variables{data: tables[0], study: study}
	}
	for i, r := range study.Recodes {
		if err := p.recode(fmt.Sprintf("$.recodes[%d]", i), r); err != nil {
			return nil, nil, err
		}
	}
	for k := range study.Models {
		p.model(k)
	}
	p.sets()
	p.itemGroups()
	return p.table, p.faults, nil
}

// preparer holds the table as far as it is made, and the faults.
type preparer struct {
	study  *survey.Study
	file   string
	table  *survey.Table
	faults []survey.Fault
	// groups make the variables of data that are not in memory; nil of others.
	groups *Variables
	// again is set where all is sound, and told before.
	again bool
}

func (p *preparer) fault(path string, problem survey.Problem) {
	if p.again {
		return
	}
	problem.File = p.file
	p.faults = append(p.faults, survey.Fault{Path: path, Problem: problem})
}

func (p *preparer) notice(code survey.NoticeCode, variables []string, format string, args ...any) {
	if p.again {
		return
	}
	p.table.Notices = slices.Clip(p.table.Notices) // the files' tables stay as they are
	p.table.Notices.Note(code, variables, format, args...)
}

// variable finds a variable; an unknown one is a fault and nil.
func (p *preparer) variable(path, name string) *survey.Variable {
	if v := p.table.Lookup(name); v != nil {
		return v
	}
	p.fault(path, p.unknown("variable", name, p.table.Known()))
	return nil
}

// unknown words the problem of a name; one that a later recode will make is a
// special case.
func (p *preparer) unknown(what, name string, names []string) survey.Problem {
	for _, r := range p.study.Recodes {
		if r.Name == name {
			return survey.Problem{Message: fmt.Sprintf("there is no variable %q yet", name),
				Remedy: "recodes are made in order: move the recode that makes it up"}
		}
	}
	for _, m := range p.study.Models {
		if m.Makes() == name {
			return survey.Problem{Message: fmt.Sprintf("there is no variable %q yet", name),
				Remedy: fmt.Sprintf("%s are made after the recodes and the weights, in order: no recode, weight or earlier %[1]s can use them", m.Key())}
		}
	}
	if privacy.NewGuard(p.study.Privacy).Drops(name) {
		return survey.Problem{Message: fmt.Sprintf("the study drops %q", name), Remedy: "remove it from privacy.drop, or from here"}
	}
	return survey.UnknownName(what, name, names)
}

// counting finds a variable whose answers must count as numbers, and notes
// those that hardly should.
func (p *preparer) counting(path, name string) *survey.Variable {
	v := p.scored(path, name)
	if v != nil {
		p.doubt(v)
	}
	return v
}

// scored finds a variable whose answers must count as numbers.
func (p *preparer) scored(path, name string) *survey.Variable {
	v := p.variable(path, name)
	if v != nil && !v.IsNumeric() {
		p.fault(path, survey.Problem{Variable: name, Message: "the variable is text, and numbers are needed here",
			Remedy: fmt.Sprintf("give its answers values in variables.%s.values, or make a number from it by a recode with map", name)})
		return nil
	}
	return v
}

// doubt notes answers of a variable that count as numbers and hardly should,
// each once; without a list, of those that occur.
func (p *preparer) doubt(v *survey.Variable, among ...survey.Value) {
	p.table.Notices = slices.Clip(p.table.Notices)
	p.table.Notices.AddNew(v.Doubts(among...)...)
}

// numeric finds a variable that must hold numbers.
func (p *preparer) numeric(path, name string) *survey.Variable {
	v := p.variable(path, name)
	if v != nil && v.IsText() {
		p.fault(path, survey.Problem{Variable: name, Message: "the variable is text, and numbers are needed here",
			Remedy: "give a number, or make one from it by a recode with map"})
		return nil
	}
	return v
}

// match finds the values of v that are meant by x and carry an answer.
func (p *preparer) match(path string, v *survey.Variable, x survey.Value) []survey.Value {
	if isBlank(v) {
		return nil
	}
	found, problem := v.Match(x)
	if problem != nil {
		p.fault(path, *problem)
		return nil
	}
	return p.answers(path, v, x, found)
}

// answers leaves out the values that are declared missing; x is how they were
// called, and a fault where nothing is left.
func (p *preparer) answers(path string, v *survey.Variable, x survey.Value, found []survey.Value) []survey.Value {
	answers := slices.DeleteFunc(slices.Clone(found), v.IsMissing)
	if len(answers) == 0 {
		p.fault(path, survey.Problem{Variable: v.Name, Value: x.String(), Message: "the value is declared missing, so it is not an answer",
			Remedy: fmt.Sprintf("leave it out, or remove it from variables.%s.missing", v.Name)})
	}
	return answers
}

// isBlank recognises a variable without any codes or answers, which the place
// of a faulty recode is taken by: no value can be held against it.
func isBlank(v *survey.Variable) bool {
	return len(v.Codes) == 0 && isEmpty(v)
}

// isEmpty reports whether all rows are system-missing.
func isEmpty(v *survey.Variable) bool {
	for i := range v.Len() {
		if _, ok := v.At(i); ok {
			return false
		}
	}
	return true
}

// list names some of many, the beginnings of long ones: "a, b, c and 4 more".
func list(names []string) string {
	const shown, letters = 10, 60
	var out []string
	for _, name := range names[:min(len(names), shown)] {
		if utf8.RuneCountInString(name) > letters {
			name = string([]rune(name)[:letters]) + "…"
		}
		out = append(out, name)
	}
	told := strings.Join(out, ", ")
	if len(names) > shown {
		told += fmt.Sprintf(" and %d more", len(names)-shown)
	}
	return told
}
