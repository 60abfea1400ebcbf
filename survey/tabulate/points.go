package tabulate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// condition holds in the rows whose index is the category.
type condition struct {
	index    []int32
	category int32
}

// point is a domain: the rows in which all conditions of any alternative hold.
// The alternative without conditions is everybody.
type point [][]condition

var everyone = point{nil}

func (p point) holds(row int) bool {
	for _, all := range p {
		if holdsAll(all, row) {
			return true
		}
	}
	return false
}

func holdsAll(conditions []condition, row int) bool {
	for _, c := range conditions {
		if c.index[row] != c.category {
			return false
		}
	}
	return true
}

// and narrows a point to one category.
func (p point) and(index []int32, category int) point {
	out := make(point, len(p))
	for k, all := range p {
		out[k] = append(all[:len(all):len(all)], condition{index, int32(category)})
	}
	return out
}

// or widens a point by another.
func (p point) or(q point) point { return append(p[:len(p):len(p)], q...) }

// memberships lists the points of each row that the filter keeps.
func memberships(points []point, keep []bool, rows int) *engine.Terms {
	t := &engine.Terms{Count: len(points), Start: make([]int32, rows+1)}
	for i := range rows {
		if keep == nil || keep[i] {
			for p := range points {
				if points[p].holds(i) {
					t.Index = append(t.Index, int32(p))
				}
			}
		}
		t.Start[i+1] = int32(len(t.Index))
	}
	return t
}

// domain marks the rows of a point by 0, all others by −1.
func (b banner) domain(point int) []int32 {
	out := make([]int32, len(b.terms.Start)-1)
	for i := range out {
		out[i] = -1
		for _, p := range b.terms.Index[b.terms.Start[i]:b.terms.Start[i+1]] {
			if int(p) == point {
				out[i] = 0
			}
		}
	}
	return out
}

// filter is the domain of a whole table; nil means everybody.
func (m *Maker) filter(source string) ([]bool, survey.Problems) {
	if source == "" {
		return nil, nil
	}
	e, problems := m.compile(source)
	if len(problems) > 0 {
		return nil, problems
	}
	holds, _ := e.Truth()
	return holds, nil
}
