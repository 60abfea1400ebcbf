package engine

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// Named are the columns of a table that a query names.
type Named struct {
	Columns []string
	// Compared says that vectors of the query will be compared with those of others, whose
	// points are among the columns then.
	Compared bool

	table *survey.Table
	err   error
}

// NamedBy finds the columns of a table that a query, and a number if any, name; where rows
// are units, with those that its figures are compared by. A column that the table does
// not have is an error.
func NamedBy(t *survey.Table, units bool, q Query, numbers ...Number) (Named, error) {
	n := Named{table: t}
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
func (n *Named) among(a Axis) {
	switch a := a.(type) {
	case Listed:
		for _, of := range a.Axes {
			n.among(of)
		}
	case Inside:
		n.Compared = n.Compared || len(a.Among) > 0
		for _, p := range a.Among {
			n.point(p)
		}
	}
}

func (n *Named) fail(err error) {
	if n.err == nil {
		n.err = err
	}
}

func (n *Named) add(names ...string) {
	for _, name := range names {
		if !slices.Contains(n.Columns, name) {
			n.Columns = append(n.Columns, name)
		}
	}
}

func (n *Named) column(name string) {
	if n.table.Lookup(name) == nil {
		n.fail(survey.Problems{n.table.Unknown(name)})
	}
	n.add(name)
}

func (n *Named) set(name string) {
	set := n.table.Set(name)
	if set == nil {
		n.fail(survey.Problems{{Value: name, Message: "there is no such multiple-response set"}})
		return
	}
	n.add(slices.DeleteFunc(slices.Clone(set.Variables), func(name string) bool { return n.table.Lookup(name) == nil })...)
}

func (n *Named) source(text string) {
	names, err := expression.Mentioned(text, n.table)
	if err != nil {
		n.fail(err)
	}
	n.add(names...)
}

func (n *Named) axis(a Axis) {
	switch a := a.(type) {
	case Codes:
		n.column(a.Column)
	case Truth:
		n.source(a.Source)
	case Chosen:
		n.set(a.Set)
	case Texts:
		n.column(a.Column)
	case Bands:
		n.column(a.Column)
	case Existing:
		n.numbers(a)
	case Inside:
		n.point(a.Point)
		n.point(a.Not)
	case Filled:
		n.axis(a.Of)
	case Listed:
		for _, of := range a.Axes {
			n.axis(of)
		}
		n.conditions(a.Where)
	default:
		n.fail(fmt.Errorf("engine: %T is not an axis of the package", a))
	}
}

func (n *Named) point(p Point) {
	for _, all := range p {
		n.conditions(all)
	}
}

func (n *Named) conditions(all []Condition) {
	for _, c := range all {
		if c.Axis == nil {
			n.number(c.Part)
		} else {
			n.axis(c.Axis)
		}
	}
}

func (n *Named) numbers(all []Number) {
	for _, x := range all {
		n.number(x)
	}
}

func (n *Named) number(x Number) {
	switch x := x.(type) {
	case One:
	case Answer:
		n.column(x.Column)
	case Value:
		n.source(x.Source)
	case Given:
		n.numbers(x)
	case Place:
		n.axis(x.Of)
	case Less:
		n.number(x.Of)
	case Product:
		n.number(x.A)
		n.number(x.B)
	case Log:
		n.number(x.Of)
	case AtMost:
		n.number(x.Of)
	case Within:
		n.number(x.Of)
	case Scored:
		n.number(x.Of)
	case Is:
		n.axis(x.Axis)
	case Sum:
		n.numbers(x.Of)
	case AtLeast:
		n.number(x.Of)
	default:
		n.fail(fmt.Errorf("engine: %T is not a number of the package", x))
	}
}
