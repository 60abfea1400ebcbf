package tabulate

import (
	"cmp"
	"math"
	"slices"
)

// sort orders the rows under each heading by their figures in one column, the
// members of a net within it. Pinned rows stay last, nets and statistics that
// follow the categories stay where they are. Where the column is hidden, rows
// keep their order but for the pinned ones.
func (t *tabling) sort(entries []entry, b banner, by int) {
	s := t.spec.Sort
	if s == nil {
		return
	}
	o := order{column: b.at(by), ascending: s.Order == "ascending", pin: s.Pin}
	for from := 0; from < len(entries); {
		to := from + 1
		for to < len(entries) && entries[from].sortsWith(entries[to]) {
			to++
		}
		copy(entries[from:to], o.sorted(entries[from:to], 0))
		from = to
	}
}

// sortsWith reports whether two rows are of one run: figures that can be
// compared, under one heading.
func (e entry) sortsWith(f entry) bool {
	same := e.Kind == f.Kind || e.shows != "" && e.shows == f.shows
	return same && !e.fixed && !f.fixed && e.Group == f.Group
}

type order struct {
	column    int
	ascending bool
	pin       []string
}

// sorted orders rows of one level of indent, each with the rows under it.
func (o order) sorted(rows []entry, level int) []entry {
	families := o.families(rows, level)
	slices.SortStableFunc(families, func(p, q family) int {
		return cmp.Or(cmp.Compare(slices.IndexFunc(o.pin, p.head.Named), slices.IndexFunc(o.pin, q.head.Named)), o.compare(p.head, q.head))
	})
	var out []entry
	for _, f := range families {
		inside := f.inside
		if len(inside) > 0 {
			inside = o.sorted(inside, level+1)
		}
		if f.headLast {
			out = append(append(out, inside...), f.head)
		} else {
			out = append(append(out, f.head), inside...)
		}
	}
	return out
}

// family is a row with the rows that are indented under it.
type family struct {
	head     entry
	inside   []entry
	headLast bool
}

// families splits rows at a level; indented rows belong to the head before
// them, or to the one behind where the first row is indented already.
func (o order) families(rows []entry, level int) []family {
	last := slices.ContainsFunc(rows, func(e entry) bool { return e.x.block.below })
	var out []family
	var waiting []entry
	for _, e := range rows {
		switch {
		case e.Indent == level:
			out = append(out, family{head: e, inside: waiting, headLast: last})
			waiting = nil
		case last:
			waiting = append(waiting, e)
		default:
			out[len(out)-1].inside = append(out[len(out)-1].inside, e)
		}
	}
	return out
}

// compare orders by the figure; one that is not shown goes last.
func (o order) compare(p, q entry) int {
	a, b := o.figure(p), o.figure(q)
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return cmp.Compare(b, a) // cmp puts NaN before every number
	case o.ascending:
		return cmp.Compare(a, b)
	}
	return cmp.Compare(b, a)
}

func (o order) figure(e entry) float64 {
	if o.column < 0 {
		return math.NaN()
	}
	return e.cells[o.column].Shown()
}
