package tabulate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// inCell narrows a point to one cell of an axis.
func inCell(p engine.Point, a engine.Axis, cell int) engine.Point {
	return p.And(engine.Condition{Axis: a, Cell: cell})
}

// domain is the axis of the rows of a point that the filter keeps and, where less is
// given, that are not in that point.
func (b banner) domain(point int, less engine.Point) engine.Axis {
	return engine.Listed{Axes: []engine.Axis{engine.Inside{Point: b.points[point], Not: less}}, Of: [][]int32{{0}}, Where: b.where}
}

// filter is the domain of a whole table; nil means everybody.
func (m *making) filter(source string) ([]engine.Condition, survey.Problems) {
	if source == "" {
		return nil, nil
	}
	if _, problems := m.compile(source); len(problems) > 0 {
		return nil, problems
	}
	return []engine.Condition{{Axis: engine.Truth{Source: source}, Cell: 1}}, nil
}
