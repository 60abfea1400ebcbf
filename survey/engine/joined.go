package engine

import (
	"slices"
	"sync"

	"surveykit/survey"
)

// Part are the totals of a query that names some of the points of another.
type Part struct {
	*Totals
	// Points are the places of its points among those of the other query.
	Points []int
}

// Apart reports whether totals of a query under the frame can be joined of parts that
// were added up over different rows: where units or replicates carry the variance, for
// they are the same in all parts. Where each row is a unit, or weights are calibrated, points
// that overlap have to be added up together.
func (f *Frame) Apart() bool { return f.Replicates != nil || !f.EachRow && !f.Calibrated() }

// Parts divides the points of a query by the columns of a table that they name, where
// totals may be added up apart: with all columns of a banner at once nearly every row would
// be of a kind of its own. A point of all rows is in the first part.
func (f *Frame) Parts(t *survey.Table, q Query) (parts []Part, err error) {
	if !f.Apart() || len(q.Points) < 2 {
		return []Part{{}}, nil
	}
	var columns [][]string
	for k, p := range q.Points {
		n, err := NamedBy(t, false, Query{Points: []Point{p}})
		if err != nil {
			return nil, err
		}
		names := slices.Sorted(slices.Values(n.Columns))
		at := slices.IndexFunc(columns, func(of []string) bool { return len(of) == 0 || len(names) == 0 || slices.Equal(of, names) })
		if at < 0 {
			at = len(parts)
			parts, columns = append(parts, Part{}), append(columns, nil)
		}
		if len(names) > 0 {
			columns[at] = names
		}
		parts[at].Points = append(parts[at].Points, k)
	}
	return parts, nil
}

// Only is the part of a query with some of its points, or all where none is named.
func (q Query) Only(p Part) Query {
	if len(p.Points) == 0 {
		return q
	}
	points := make([]Point, len(p.Points))
	for k, point := range p.Points {
		points[k] = q.Points[point]
	}
	q.Points = points
	return q
}

// Joined are the totals of a query under a frame that is Apart, whose parts name each of
// its points once.
func (f *Frame) Joined(q Query, parts []Part) *Totals {
	cells, terms := q.Size()
	size := cells * terms
	t := &Totals{frame: f, query: Pass{Cells: cells, Terms: &Terms{Count: terms}}, Sum: make([]float64, size), Square: make([]float64, size), N: make([]int, size)}
	t.from = make([]place, size)
	for k, p := range parts {
		if p.Expected != nil && t.Expected == nil {
			t.Expected = make([]float64, size)
		}
		for c := range cells {
			for number := range max(1, len(q.Numbers)) {
				for i, point := range p.Points {
					t.from[t.Index(c, q.Term(number, point))] = place{k, p.Index(c, number*len(p.Points)+i)}
				}
			}
		}
	}
	for j, at := range t.from {
		p := parts[at.part].Totals
		t.Sum[j], t.Square[j], t.N[j] = p.Sum[at.total], p.Square[at.total], p.N[at.total]
		if p.Expected != nil {
			t.Expected[j] = p.Expected[at.total]
		} else if t.Expected != nil {
			t.Expected[j] = float64(p.N[at.total])
		}
	}
	t.parts = parts
	if f.Replicates != nil {
		t.replicate = make([][]float64, len(f.Replicates.Names))
		for r := range t.replicate {
			t.replicate[r] = make([]float64, size)
			for j, at := range t.from {
				t.replicate[r][j] = parts[at.part].replicate[r][at.total]
			}
		}
		return t
	}
	c := clustered{frame: f, total: make([][]float64, size), unit: make([]bitset, size)}
	for j, at := range t.from {
		of := parts[at.part].spread.(clustered)
		c.total[j], c.unit[j] = of.total[at.total], of.unit[at.total]
	}
	t.spread = ofParts{c, t}
	t.members = sync.OnceValue(t.spread.members)
	return t
}

// place is one of the totals of a part.
type place struct{ part, total int }

// ofParts is the spread of parts. Units of a part know their PSU only if it has rows of them.
type ofParts struct {
	clustered
	totals *Totals
}

func (s ofParts) members() membership {
	m := membership{in: make([]bitset, len(s.totals.from)), stratum: s.frame.Stages[0].Group}
	for j, at := range s.totals.from {
		m.in[j] = s.totals.parts[at.part].members().in[at.total]
	}
	return m
}
