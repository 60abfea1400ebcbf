package correspondence

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/estimate"
)

// column is one answer: where a row gives it, index is 1.
type column struct {
	variable, label string
	gives           func(row int) bool
}

// counted is the table of groups by answers with the rows behind it.
type counted struct {
	sample      *estimate.Sample
	groupName   string
	groupLabels []string
	// group is each row's group, -1 where it has none or lies outside the domain.
	group   []int32
	columns []column
	table   [][]float64
}

// leastLines: a table has one axis less than groups or answers.
const leastLines = 3

// count makes the weighted table.
func count(s *estimate.Sample, o Options) (*counted, error) {
	t := &counted{sample: s, groupName: o.Rows}
	problems := t.readGroups(o.Rows)
	seen := map[string]bool{o.Rows: true}
	for _, name := range o.Columns {
		if seen[name] {
			problems = append(problems, survey.Problem{Variable: name, Message: "is given twice", Remedy: "name each variable once"})
			continue
		}
		seen[name] = true
		problems = append(problems, t.readColumns(name)...)
	}
	for _, name := range o.Supplementary {
		if s.Table.Lookup(name) == nil {
			problems = append(problems, survey.UnknownName("variable", name, s.Table.Names()))
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	t.fill()
	t.dropEmpty()
	if g, c := len(t.groupLabels), len(t.columns); g < leastLines || c < leastLines {
		return nil, survey.Problems{{Message: fmt.Sprintf("%d groups and %d answers have anybody in them", g, c),
			Remedy: fmt.Sprintf("a map needs %d of each; check the variables, the weight and --where", leastLines)}}
	}
	return t, nil
}

func (t *counted) readGroups(name string) survey.Problems {
	v := t.sample.Table.Lookup(name)
	if v == nil {
		return survey.Problems{survey.UnknownName("variable", name, t.sample.Table.Names())}
	}
	c := survey.Classify(v)
	t.groupLabels, t.group = c.Labels, slices.Clone(c.Index)
	for i, in := range t.sample.Rows() {
		if !in || t.sample.Frame.Weights[i] == 0 {
			t.group[i] = -1
		}
	}
	return tooMany(name, len(c.Values))
}

// mostAnswers of a variable: more are a name or a number, not an answer.
const mostAnswers = 100

func tooMany(name string, answers int) survey.Problems {
	if answers <= mostAnswers {
		return nil
	}
	return survey.Problems{{Variable: name, Message: fmt.Sprintf("has %d different answers", answers), Remedy: fmt.Sprintf("a map takes up to %d of a variable: recode it", mostAnswers)}}
}

// readColumns enters the answers of a variable or of a set.
func (t *counted) readColumns(name string) survey.Problems {
	table := t.sample.Table
	if set := table.Set(name); set != nil {
		for _, x := range table.Items(*set) {
			t.columns = append(t.columns, column{name, x.Label, func(i int) bool { return x.Index[i] == 1 }})
		}
		return nil
	}
	v := table.Lookup(name)
	if v == nil {
		return survey.Problems{survey.UnknownName("variable or set", name, table.Names())}
	}
	c := survey.Classify(v)
	for k, label := range c.Labels {
		t.columns = append(t.columns, column{v.Name, label, func(i int) bool { return c.Index[i] == int32(k) }})
	}
	return tooMany(name, len(c.Values))
}

// answersOf lists the answers of a row.
func (t *counted) answersOf(i int) []int {
	var out []int
	for j, c := range t.columns {
		if c.gives(i) {
			out = append(out, j)
		}
	}
	return out
}

func (t *counted) fill() {
	t.table = make([][]float64, len(t.groupLabels))
	for g := range t.table {
		t.table[g] = make([]float64, len(t.columns))
	}
	for i, g := range t.group {
		if g >= 0 {
			for _, j := range t.answersOf(i) {
				t.table[g][j] += t.sample.Frame.Weights[i]
			}
		}
	}
}

// dropEmpty leaves out groups and answers that nobody has.
func (t *counted) dropEmpty() {
	used := func(j int) bool {
		return slices.ContainsFunc(t.table, func(row []float64) bool { return row[j] != 0 })
	}
	var columns []column
	for j, c := range t.columns {
		if used(j) {
			columns = append(columns, c)
		}
	}
	place, labels := make([]int32, len(t.groupLabels)), []string(nil)
	for g, row := range t.table {
		if place[g] = -1; slices.ContainsFunc(row, func(x float64) bool { return x != 0 }) {
			place[g] = int32(len(labels))
			labels = append(labels, t.groupLabels[g])
		}
	}
	for i, g := range t.group {
		if g >= 0 {
			t.group[i] = place[g]
		}
	}
	t.columns, t.groupLabels = columns, labels
	t.fill()
}
