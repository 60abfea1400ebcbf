package tabulate

import (
	"cmp"
	"math"
	"slices"

	"surveykit/survey"
)

// sort orders the rows under each heading by their figures in one column, the
// members of a net within it. Pinned rows stay last, nets and statistics that
// follow the categories stay where they are.
func (t *tabling) sort(entries []entry, b banner) survey.Problems {
	s := t.spec.Sort
	if s == nil {
		return nil
	}
	column, problems := columnOf(s.By, b)
	for _, name := range s.Pin {
		if !slices.ContainsFunc(entries, func(e entry) bool { return e.Label == name }) {
			problems = append(problems, survey.UnknownName("pinned row", name, labels(entries)))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	o := order{column: column, ascending: s.Order == "ascending", pin: s.Pin}
	for from := 0; from < len(entries); {
		to := from + 1
		for to < len(entries) && entries[from].sortsWith(entries[to]) {
			to++
		}
		copy(entries[from:to], o.sorted(entries[from:to], 0))
		from = to
	}
	return nil
}

func columnOf(label string, b banner) (int, survey.Problems) {
	if label == "" {
		return 0, nil
	}
	var names []string
	for c, col := range b.columns {
		if names = append(names, col.Label); col.Label == label || col.Group+": "+col.Label == label {
			return c, nil
		}
	}
	return 0, survey.Problems{survey.UnknownName("column to sort by", label, names)}
}

func labels(entries []entry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Label
	}
	return names
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
		return cmp.Or(cmp.Compare(slices.Index(o.pin, p.head.Label), slices.Index(o.pin, q.head.Label)), o.compare(p.head, q.head))
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

func (o order) figure(e entry) float64 { return visible(e.cells[o.column]) }

// visible is the figure of a cell, NaN where it is not shown.
func visible(c survey.Cell) float64 {
	if slices.Contains(c.Flags, survey.FlagSuppressed) {
		return math.NaN()
	}
	return float64(c.Value)
}
