package correspondence

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// column is one answer: people give it who are in a cell of an axis.
type column struct {
	variable, label string
	given           engine.Condition
}

// counted is the table of groups by answers.
type counted struct {
	sample      *estimate.Sample
	groupName   string
	groupLabels []string
	// groups sort the people with a group.
	groups  engine.Codes
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
		if s.Table().Lookup(name) == nil {
			problems = append(problems, s.Table().Unknown(name))
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if err := t.fill(); err != nil {
		return nil, err
	}
	t.dropEmpty()
	if g, c := len(t.groupLabels), len(t.columns); g < leastLines || c < leastLines {
		return nil, survey.Problems{{Message: fmt.Sprintf("only %d groups and %d answers have respondents", g, c),
			Remedy: fmt.Sprintf("a map needs %d of each; check the variables, the weight and --where", leastLines)}}
	}
	return t, nil
}

func (t *counted) readGroups(name string) survey.Problems {
	v := t.sample.Table().Lookup(name)
	if v == nil {
		return survey.Problems{t.sample.Table().Unknown(name)}
	}
	c := survey.Classify(v)
	t.groupLabels, t.groups = c.Labels, engine.Categories(name, c)
	return tooMany(name, len(c.Values))
}

// mostAnswers of a variable: more are a name or a number, not an answer.
const mostAnswers = 100

func tooMany(name string, answers int) survey.Problems {
	if answers <= mostAnswers {
		return nil
	}
	return survey.Problems{{Variable: name, Message: fmt.Sprintf("has %d different answers", answers), Remedy: fmt.Sprintf("a map takes at most %d answers of a variable: recode it", mostAnswers)}}
}

// readColumns enters the answers of a variable or of a set.
func (t *counted) readColumns(name string) survey.Problems {
	table := t.sample.Table()
	if set := table.Set(name); set != nil {
		for k, x := range table.Items(*set) {
			t.columns = append(t.columns, column{name, x.Label, engine.Condition{Axis: engine.Chosen{Set: set.Name, Items: []int{k}}, Cell: 1}})
		}
		return nil
	}
	v := table.Lookup(name)
	if v == nil {
		return survey.Problems{survey.UnknownName("variable or set", name, table.Known())}
	}
	c := survey.Classify(v)
	for k, label := range c.Labels {
		t.columns = append(t.columns, column{v.Name, label, engine.Condition{Axis: engine.Categories(name, c), Cell: k}})
	}
	return tooMany(name, len(c.Values))
}

// answers are the points of the columns.
func (t *counted) answers() []engine.Point {
	out := make([]engine.Point, len(t.columns))
	for j, c := range t.columns {
		out[j] = engine.Everyone.And(c.given)
	}
	return out
}

func (t *counted) fill() error {
	totals, err := t.sample.Sums(engine.Query{Cells: []engine.Axis{t.groups}, Points: t.answers()})
	if err != nil {
		return err
	}
	t.table = make([][]float64, len(t.groupLabels))
	for g := range t.table {
		for j := range t.columns {
			t.table[g] = append(t.table[g], totals.Sum[totals.Index(g, j)])
		}
	}
	return nil
}

// dropEmpty leaves out groups and answers that nobody has.
func (t *counted) dropEmpty() {
	used := func(j int) bool {
		return slices.ContainsFunc(t.table, func(row []float64) bool { return row[j] != 0 })
	}
	var columns []column
	var places []int
	for j, c := range t.columns {
		if used(j) {
			columns, places = append(columns, c), append(places, j)
		}
	}
	groups, labels, table := engine.Codes{Column: t.groupName}, []string(nil), [][]float64(nil)
	for g, row := range t.table {
		if !slices.ContainsFunc(row, func(x float64) bool { return x != 0 }) {
			continue
		}
		groups.Values, labels = append(groups.Values, t.groups.Values[g]), append(labels, t.groupLabels[g])
		kept := make([]float64, len(places))
		for k, j := range places {
			kept[k] = row[j]
		}
		table = append(table, kept)
	}
	t.columns, t.groups, t.groupLabels, t.table = columns, groups, labels, table
}
