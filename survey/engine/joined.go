package engine

import "sync"

// Part are the totals of a query that names some of the points of another.
type Part struct {
	*Totals
	// Points are the places of its points among those of the other query.
	Points []int
}

// Apart reports whether totals of a query under the frame can be joined of parts that
// were added up over different rows: where units or replicates carry the variance, for
// they are the same in all parts. Where each row is a unit, points that overlap have to
// be added up together.
func (f *Frame) Apart() bool { return f.Replicates != nil || !f.EachRow }

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
