package grouped

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// named collects the columns that a query names.
type named struct {
	table   *survey.Table
	columns []string
	// compared says that vectors of the query will be compared with those of others, whose
	// points are among the columns then.
	compared bool
	err      error
}

// namedBy finds the columns of a table that a query, and a number if any, name; where rows
// are units, with those that its figures are compared by.
func namedBy(t *survey.Table, units bool, q engine.Query, numbers ...engine.Number) (named, error) {
	n := named{table: t}
	for _, a := range q.Cells {
		n.axis(a)
	}
	for _, p := range q.Points {
		n.point(p)
	}
	for _, x := range slices.Concat(q.Numbers, numbers) {
		n.number(x)
	}
	n.conditions(q.Where)
	if !units {
		return n, n.err
	}
	for _, a := range q.Cells {
		n.among(a)
	}
	return n, n.err
}

// among adds the points that the figures of an axis are compared with.
func (n *named) among(a engine.Axis) {
	switch a := a.(type) {
	case engine.Listed:
		for _, of := range a.Axes {
			n.among(of)
		}
	case engine.Inside:
		n.compared = n.compared || len(a.Among) > 0
		for _, p := range a.Among {
			n.point(p)
		}
	}
}

func (n *named) fail(err error) {
	if n.err == nil {
		n.err = err
	}
}

func (n *named) add(names ...string) {
	for _, name := range names {
		if !slices.Contains(n.columns, name) {
			n.columns = append(n.columns, name)
		}
	}
}

func (n *named) column(name string) {
	if n.table.Lookup(name) == nil {
		n.fail(survey.Problems{n.table.Unknown(name)})
	}
	n.add(name)
}

func (n *named) set(name string) {
	set := n.table.Set(name)
	if set == nil {
		n.fail(survey.Problems{{Value: name, Message: "there is no such multiple-response set"}})
		return
	}
	n.add(slices.DeleteFunc(slices.Clone(set.Variables), func(name string) bool { return n.table.Lookup(name) == nil })...)
}

func (n *named) source(text string) {
	names, err := expression.Mentioned(text, n.table)
	if err != nil {
		n.fail(err)
	}
	n.add(names...)
}

func (n *named) axis(a engine.Axis) {
	switch a := a.(type) {
	case engine.Codes:
		n.column(a.Column)
	case engine.Truth:
		n.source(a.Source)
	case engine.Chosen:
		n.set(a.Set)
	case engine.Texts:
		n.column(a.Column)
	case engine.Bands:
		n.column(a.Column)
	case engine.Existing:
		n.numbers(a)
	case engine.Inside:
		n.point(a.Point)
		n.point(a.Not)
	case engine.Filled:
		n.axis(a.Of)
	case engine.Listed:
		for _, of := range a.Axes {
			n.axis(of)
		}
		n.conditions(a.Where)
	default:
		n.fail(fmt.Errorf("grouped: %T is not an axis of package engine", a))
	}
}

func (n *named) point(p engine.Point) {
	for _, all := range p {
		n.conditions(all)
	}
}

func (n *named) conditions(all []engine.Condition) {
	for _, c := range all {
		if c.Axis == nil {
			n.number(c.Part)
		} else {
			n.axis(c.Axis)
		}
	}
}

func (n *named) numbers(all []engine.Number) {
	for _, x := range all {
		n.number(x)
	}
}

func (n *named) number(x engine.Number) {
	switch x := x.(type) {
	case engine.One:
	case engine.Answer:
		n.column(x.Column)
	case engine.Value:
		n.source(x.Source)
	case engine.Given:
		n.numbers(x)
	case engine.Place:
		n.axis(x.Of)
	case engine.Less:
		n.number(x.Of)
	case engine.Product:
		n.number(x.A)
		n.number(x.B)
	case engine.Log:
		n.number(x.Of)
	case engine.AtMost:
		n.number(x.Of)
	case engine.Within:
		n.number(x.Of)
	case engine.Scored:
		n.number(x.Of)
	case engine.Is:
		n.axis(x.Axis)
	case engine.Sum:
		n.numbers(x.Of)
	case engine.AtLeast:
		n.number(x.Of)
	default:
		n.fail(fmt.Errorf("grouped: %T is not a number of package engine", x))
	}
}
