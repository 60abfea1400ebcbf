// Package maxdiff analyses best–worst choices (MaxDiff) under the sample design:
// counts, utilities, preferences and classes of people.
package maxdiff

import (
	"fmt"
	"strings"

	"surveykit/stats/choice"
	"surveykit/survey"
	"surveykit/survey/estimate"
)

// TaskPlace is the place in names of columns of the number of the task.
const TaskPlace = "{task}"

// Layout says where the choices are. Names that hold TaskPlace name the columns
// of tasks 1, 2, 3 … in one row a person; without it every row is a task, and
// Respondent says whose it is.
type Layout struct {
	// Shown are the columns of the items shown, by their codes. Required. A cell
	// without an answer shows nothing.
	Shown []string
	// Best and Worst hold the item chosen. Required. A task without one of the two
	// counts with the other.
	Best, Worst string
	// Respondent marks the rows of a person; without it every row is a person.
	Respondent string
}

// answers are the tasks that were read.
type answers struct {
	items  []survey.Value
	labels []string
	tasks  []choice.Task
	// row is each person's first row, and rows are each row's person, -1 for none.
	row  []int
	rows []int
}

// columns are those of one task.
type columns struct {
	shown       []*survey.Variable
	best, worst *survey.Variable
}

// reader collects tasks and problems.
type reader struct {
	answers
	sample  *estimate.Sample
	at      map[survey.Value]int
	persons map[survey.Value]int
	faults  map[string]*fault
	order   []string
}

// fault is a kind of problem at its first row, with how many rows have it.
type fault struct {
	survey.Problem
	rows int
}

// read reads the tasks of the sample's rows. All problems are told, each kind at
// the first row of its column with how many rows have it.
func read(s *estimate.Sample, l Layout) (*answers, error) {
	blocks, problems := l.columns(s.Table())
	var respondent *survey.Variable
	if l.Respondent != "" {
		if respondent = s.Table().Lookup(l.Respondent); respondent == nil {
			problems = append(problems, s.Table().Unknown(l.Respondent))
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r := &reader{sample: s, at: map[survey.Value]int{}, persons: map[survey.Value]int{}, faults: map[string]*fault{}}
	r.rows = make([]int, s.Table().Rows)
	for i, in := range s.Rows() {
		if r.rows[i] = -1; !in || s.Frame().ByRow.Weights[i] == 0 {
			continue
		}
		if r.rows[i] = r.person(i, respondent); r.rows[i] < 0 {
			continue
		}
		for _, b := range blocks {
			r.task(i, b)
		}
	}
	if problems = r.problems(); len(problems) == 0 {
		problems = r.unconnected()
	}
	return &r.answers, problems.Err()
}

// columns finds the columns of every task.
func (l Layout) columns(t *survey.Table) ([]columns, survey.Problems) {
	if !strings.Contains(l.Best, TaskPlace) {
		b, problems := l.task(t, "")
		return []columns{b}, problems
	}
	var out []columns
	for n := 1; n == 1 || t.Lookup(numbered(l.Best, n)) != nil; n++ {
		b, problems := l.task(t, fmt.Sprint(n))
		if len(problems) > 0 {
			return nil, problems
		}
		out = append(out, b)
	}
	return out, nil
}

func numbered(name string, n int) string { return strings.ReplaceAll(name, TaskPlace, fmt.Sprint(n)) }

func (l Layout) task(t *survey.Table, number string) (columns, survey.Problems) {
	var problems survey.Problems
	find := func(name string) *survey.Variable {
		name = strings.ReplaceAll(name, TaskPlace, number)
		v := t.Lookup(name)
		if v == nil {
			problems = append(problems, t.Unknown(name))
		}
		return v
	}
	var b columns
	for _, name := range l.Shown {
		b.shown = append(b.shown, find(name))
	}
	b.best, b.worst = find(l.Best), find(l.Worst)
	return b, problems
}

// person numbers the person of a row, -1 where it is not told.
func (r *reader) person(i int, respondent *survey.Variable) int {
	if respondent == nil {
		r.row = append(r.row, i)
		return len(r.row) - 1
	}
	id, ok := respondent.At(i)
	if !ok {
		r.fault(i, respondent.Name, "", "the task has no respondent", "give every task the number of its respondent")
		return -1
	}
	p, known := r.persons[id]
	if !known {
		p = len(r.row)
		r.persons[id], r.row = p, append(r.row, i)
	}
	f, first := r.sample.Frame(), r.row[p]
	if f.ByRow.Weights[i] != f.ByRow.Weights[first] {
		r.fault(i, respondent.Name, id.String(), "the tasks of this respondent have different weights", "give all rows of a person the same weight")
	}
	if f.ByRow.Unit != nil && f.ByRow.PSU[i] != f.ByRow.PSU[first] || f.ByRow.Stratum != nil && f.ByRow.Stratum[i] != f.ByRow.Stratum[first] {
		r.fault(i, respondent.Name, id.String(), "the tasks of this respondent are in different PSUs or strata", "give all rows of a person the same PSU and stratum")
	}
	return p
}

// task reads one task of a row.
func (r *reader) task(i int, b columns) {
	t := choice.Task{Person: r.rows[i]}
	seen := map[survey.Value]bool{}
	for _, v := range b.shown {
		x, ok := answer(v, i)
		if !ok {
			continue
		}
		if seen[x] {
			r.fault(i, v.Name, x.String(), "the item is shown twice in one task", "show each item once")
		}
		seen[x] = true
		t.Shown = append(t.Shown, r.item(v, x))
	}
	t.Best, t.Worst = r.chosen(i, b.best, seen), r.chosen(i, b.worst, seen)
	if t.Best == choice.None && t.Worst == choice.None {
		return
	}
	switch {
	case len(t.Shown) < 2:
		r.fault(i, b.best.Name, "", "fewer than two items are shown", "a choice needs at least two items; correct the row or leave it out")
	case t.Best == t.Worst:
		x, _ := b.worst.At(i)
		r.fault(i, b.worst.Name, x.String(), "the item is both the best and the worst", "leave the worst item empty if it is not known")
	}
	r.tasks = append(r.tasks, t)
}

func answer(v *survey.Variable, i int) (survey.Value, bool) {
	x, ok := v.At(i)
	return x, ok && !v.IsMissing(x)
}

// item numbers an item.
func (r *reader) item(v *survey.Variable, x survey.Value) int {
	j, known := r.at[x]
	if !known {
		j = len(r.items)
		r.at[x] = j
		r.items, r.labels = append(r.items, x), append(r.labels, v.LabelOf(x))
	}
	return j
}

// chosen is the item in a column, None where there is none.
func (r *reader) chosen(i int, v *survey.Variable, shown map[survey.Value]bool) int {
	x, ok := answer(v, i)
	if !ok {
		return choice.None
	}
	if !shown[x] {
		r.fault(i, v.Name, x.String(), "the chosen item is not among the items shown", "write its code from the shown columns")
		return choice.None
	}
	return r.at[x]
}

func (r *reader) fault(i int, variable, value, message, remedy string) {
	key := variable + "\x00" + message
	if f := r.faults[key]; f != nil {
		f.rows++
		return
	}
	r.order = append(r.order, key)
	r.faults[key] = &fault{survey.Problem{Row: i + 1, Variable: variable, Value: value, Message: message, Remedy: remedy}, 1}
}

func (r *reader) problems() survey.Problems {
	var out survey.Problems
	for _, key := range r.order {
		f := r.faults[key]
		switch {
		case f.rows == 2:
			f.Message += " (and in another row)"
		case f.rows > 2:
			f.Message += fmt.Sprintf(" (and in %d other rows)", f.rows-1)
		}
		out = append(out, f.Problem)
	}
	return out
}

// unconnected finds items that no chain of tasks compares with the first.
func (r *reader) unconnected() survey.Problems {
	root := make([]int, len(r.items))
	for j := range root {
		root[j] = j
	}
	find := func(j int) int {
		for root[j] != j {
			j = root[j]
		}
		return j
	}
	for _, t := range r.tasks {
		for _, j := range t.Shown[1:] {
			root[find(j)] = find(t.Shown[0])
		}
	}
	var apart []string
	for j := range root {
		if find(j) != find(0) {
			apart = append(apart, r.labels[j])
		}
	}
	if len(r.tasks) == 0 {
		return survey.Problems{{Message: "nobody with a weight made a choice", Remedy: "check the columns, the weight and --where"}}
	}
	if len(apart) > 0 {
		return survey.Problems{{Value: strings.Join(apart, ", "), Message: "no tasks compare these items with " + r.labels[0], Remedy: "analyse the groups of items separately"}}
	}
	return nil
}
