package tabulate

import (
	"surveykit/survey"
	"surveykit/survey/engine"
)

// condition holds in the rows whose index is the category or, where index is
// nil, in part: by each row's share, 0–1.
type condition struct {
	index    []int32
	category int32
	share    []float64
}

// part of a row for which a condition holds, 0–1.
func (c condition) part(row int) float64 {
	switch {
	case c.index == nil:
		return c.share[row]
	case c.index[row] == c.category:
		return 1
	}
	return 0
}

// point is a domain: the rows in which all conditions of any alternative hold.
// The alternative without conditions is everybody.
type point [][]condition

var everyone = point{nil}

// part of a row that belongs to the point, 0–1. Alternatives that hold in part
// are segments of which a person is in one, so their parts add up.
func (p point) part(row int) float64 {
	sum := 0.0
	for _, all := range p {
		part := 1.0
		for _, c := range all {
			if part *= c.part(row); part == 0 {
				break
			}
		}
		if sum += part; sum >= 1 {
			return 1
		}
	}
	return sum
}

// and narrows a point to one category.
func (p point) and(index []int32, category int) point {
	out := make(point, len(p))
	for k, all := range p {
		out[k] = append(all[:len(all):len(all)], condition{index: index, category: int32(category)})
	}
	return out
}

// weighed counts each row of a point by a share of it.
func (p point) weighed(share []float64) point {
	out := make(point, len(p))
	for k, all := range p {
		out[k] = append(all[:len(all):len(all)], condition{share: share})
	}
	return out
}

// or widens a point by another.
func (p point) or(q point) point { return append(p[:len(p):len(p)], q...) }

// memberships lists the points of each row that the filter keeps, with the part
// of the row that belongs to each where any is not whole.
func memberships(points []point, keep []bool, rows int) *engine.Terms {
	t := &engine.Terms{Count: len(points), Start: make([]int32, rows+1)}
	var parts []float64
	whole := true
	for i := range rows {
		if keep == nil || keep[i] {
			for p := range points {
				if part := points[p].part(i); part > 0 {
					t.Index, parts = append(t.Index, int32(p)), append(parts, part)
					whole = whole && part == 1
				}
			}
		}
		t.Start[i+1] = int32(len(t.Index))
	}
	if !whole {
		t.Value = parts
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
