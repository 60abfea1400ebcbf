package tabulate

import (
	"fmt"
	"slices"

	"surveykit/survey"
)

// The ways with columns under the minimum base.
const (
	hideSmall  = "hide"
	mergeSmall = "merge"
)

// enlarged computes the stub, and hides or merges small columns where the
// table asks for it: merged ones are computed anew, for a union of points that
// overlap is no sum of them.
func (t *tabling) enlarged(blocks []block, b banner) ([]entry, banner) {
	entries := t.stub(blocks, b)
	if t.spec.SmallColumns == mergeSmall {
		for parts, ok := b.join(entries); ok; parts, ok = b.join(entries) {
			b, _ = t.bannerOf(t.spec, parts)
			entries = t.stub(blocks, b)
			t.remark("Columns on too small a base are merged with a neighbour.")
		}
	}
	if t.spec.SmallColumns != "" {
		b = t.hidden(entries, b)
	}
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

// hidden takes small columns out of the table, unless none would be left.
func (t *tabling) hidden(entries []entry, b banner) banner {
	var kept []int
	for c := range b.columns {
		if !isSmall(entries, c) {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 || len(kept) == len(b.columns) {
		return b
	}
	for i := range entries {
		entries[i].cells = pick(entries[i].cells, kept)
	}
	t.remark(fmt.Sprintf("Columns on a base of fewer than %d are left out: %d of %d.", t.Study.Quality.Limits().Minimum, len(b.columns)-len(kept), len(b.columns)))
	b.columns = pick(b.columns, kept)
	return b
}

func pick[T any](from []T, places []int) []T {
	out := make([]T, len(places))
	for i, k := range places {
		out[i] = from[k]
	}
	return out
}
