package tabulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/estimate"
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
	// Indented rows belong to the head before them, or to the next where nets are
	// below their members.
	last := slices.ContainsFunc(rows, func(e entry) bool { return e.x.block.below })
	var families []family
	var waiting []entry
	for _, e := range rows {
		switch {
		case e.Indent == level:
			families = append(families, family{head: e, inside: waiting, headLast: last})
			waiting = nil
		case last:
			waiting = append(waiting, e)
		default:
			families[len(families)-1].inside = append(families[len(families)-1].inside, e)
		}
	}
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

// shown repeats the shares of a block for each figure that the table shows
// them by.
func (t *tabling) shown(b block) block {
	if len(t.spec.Show) == 0 {
		return b
	}
	var out []line
	for part, figure := range t.spec.Show {
		for _, l := range b.lines {
			switch {
			case l.shows != "":
				heading := ""
				switch l.shows, l.part = figure, part; figure {
				case survey.AsRowPercent:
					heading = "% of the row"
				case survey.AsTotalPercent:
					heading = "% of everybody"
				case survey.AsCount:
					heading, l.Kind, l.statistic = "respondents", survey.RowCount, "count"
				case survey.AsWeightedCount:
					heading, l.Kind, l.statistic = "weighted count", survey.RowTotal, estimate.Total.Name
				case survey.AsIndex:
					heading, l.Kind, l.statistic = "index, everybody = 100", survey.RowIndex, estimate.Index.Name
				}
				if part > 0 && heading != "" {
					l.Group = or(l.Group, "All rows") + ", " + heading
				}
				out = append(out, l)
			case part == 0:
				out = append(out, l)
			}
		}
	}
	b.lines = out
	return b
}

// addUp remarks whether the rounded percentages of a question's answers add to
// 100 in every column, where all of them have a row.
func (t *tabling) addUp(entries []entry, b banner) {
	places := t.Study.Rounding.Decimals(survey.RowShare)
	scale := math.Pow(10, float64(places+2))
	type added struct {
		x    *crossing
		rows int
		sums []float64
	}
	var questions []added
	for _, e := range entries {
		if e.Kind != survey.RowShare || e.shows != survey.AsPercent || len(e.count) != 1 || len(e.base) != e.x.block.cells() {
			continue
		}
		k := slices.IndexFunc(questions, func(q added) bool { return q.x == e.x })
		if k < 0 {
			k = len(questions)
			questions = append(questions, added{x: e.x, sums: make([]float64, len(e.cells))})
		}
		questions[k].rows++
		for c := range e.cells {
			questions[k].sums[c] += math.Round(e.cells[c].Value.Float() * scale)
		}
	}
	whole := false
	for _, q := range questions {
		if q.rows != q.x.block.cells() {
			continue
		}
		whole = true
		for c, col := range b.columns {
			if !col.Change && q.sums[c] != scale && !math.IsNaN(q.sums[c]) {
				t.remark("Percentages are rounded and may not add to 100; nets are computed before rounding.")
				return
			}
		}
	}
	if whole {
		t.remark("Percentages are rounded and add to 100 in every column.")
	}
}

// The ways with columns under the minimum base.
const (
	hideSmall  = "hide"
	mergeSmall = "merge"
)

// enlarged computes the stub, and hides or merges small columns where the
// table asks for it: merged ones are computed anew, for a union of points that
// overlap is not their sum. Columns are not hidden where none would be left.
func (t *tabling) enlarged(blocks []block, b banner) ([]entry, banner) {
	entries := t.stub(blocks, b)
	if t.spec.SmallColumns == mergeSmall {
		for parts, ok := b.join(entries); ok; parts, ok = b.join(entries) {
			b, _ = t.bannerOf(t.spec, parts)
			entries = t.stub(blocks, b)
			t.remark("Columns on too small a base are merged with a neighbour.")
		}
	}
	if t.spec.SmallColumns == "" {
		return entries, b
	}
	var kept []int
	for c := range b.columns {
		if !isSmall(entries, c) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 || len(kept) == len(b.columns) {
		return entries, b
	}
	for i := range entries {
		entries[i].cells = pick(entries[i].cells, kept)
	}
	t.remark(fmt.Sprintf("Columns on a base of fewer than %d are left out: %d of %d.", t.Study.Quality.Limits().Minimum, len(b.columns)-len(kept), len(b.columns)))
	b.columns = pick(b.columns, kept)
	return entries, b
}

// isSmall reports whether no figure of a column is shown for want of a base.
func isSmall(entries []entry, c int) bool {
	return !slices.ContainsFunc(entries, func(e entry) bool {
		return !slices.Contains(e.cells[c].Flags, survey.FlagSuppressed)
	})
}

// join chooses the next two columns to merge: the first small one and its
// smaller neighbour under the same heading. ok is false where there are none.
func (b banner) join(entries []entry) (parts [][]int, ok bool) {
	for c := range b.parts {
		if b.columns[c].Group == "" || !isSmall(entries, c) {
			continue
		}
		with := -1
		for _, k := range []int{c - 1, c + 1} {
			if k < 0 || k >= len(b.parts) || b.columns[k].Group != b.columns[c].Group {
				continue
			}
			if with < 0 || base(entries, k) < base(entries, with) {
				with = k
			}
		}
		if with >= 0 {
			first := min(c, with)
			parts = slices.Clone(b.parts)
			parts[first] = slices.Concat(parts[first], parts[first+1])
			return slices.Delete(parts, first+1, first+2), true
		}
	}
	return nil, false
}

// base is the largest base of a column's figures.
func base(entries []entry, c int) int {
	n := 0
	for _, e := range entries {
		n = max(n, e.cells[c].N)
	}
	return n
}

func pick[T any](from []T, places []int) []T {
	out := make([]T, len(places))
	for i, k := range places {
		out[i] = from[k]
	}
	return out
}
