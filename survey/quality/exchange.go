package quality

import "slices"

// protection lists the cells that change under the cheapest change of answers
// that changes the count at a place; inside says whether the few are those
// counted, or those left out. It is empty where no other answers are possible:
// a line that counts its whole base tells nothing that its base does not.
func (h *hider) protection(at place, inside bool) []place {
	var best []place
	cost := -1
	try := func(changed []place, ok bool) {
		if c := h.cost(changed, cost); ok && (cost < 0 || c < cost) {
			best, cost = slices.Clone(changed), c
		}
	}
	var buffer []place
	for _, i := range h.kinds {
		if !h.has(i, at) || h.counted(at, i) != inside {
			continue
		}
		for a := range h.number[at.sheet] {
			if h.flips(at, int(h.Answer[i]), a) {
				changed, ok := h.changed(buffer[:0], i, -1, a)
				try(changed, ok)
				buffer = changed
			}
		}
		for _, j := range h.kinds {
			if cost == 0 {
				return best
			}
			if !h.has(j, at) && h.flips(at, int(h.Answer[i]), int(h.Answer[j])) {
				changed, ok := h.changed(buffer[:0], i, j, int(h.Answer[j]))
				try(changed, ok)
				buffer = changed
			}
		}
	}
	return best
}

// has reports whether a row is in the point and the base of a place.
func (h *hider) has(row int, at place) bool {
	return slices.Contains(h.points(at.sheet, row), int32(at.point)) && h.bases[at.sheet][at.line][h.Answer[row]]
}

func (h *hider) counted(at place, row int) bool { return h.counts[at.sheet][at.line][h.Answer[row]] }

// flips reports whether the line counts one of two answers of its base.
func (h *hider) flips(at place, a, b int) bool {
	counts, bases := h.counts[at.sheet][at.line], h.bases[at.sheet][at.line]
	return bases[a] && bases[b] && counts[a] != counts[b]
}

// changed lists the cells whose count changes where row i answers b, and row j,
// if there is one, answers what i did. It is not ok where a base would change.
func (h *hider) changed(out []place, i, j, b int) (changed []place, ok bool) {
	a := h.Answer[i]
	for s, sheet := range h.Sheets {
		mine, theirs := h.points(s, i), []int32(nil)
		if j >= 0 {
			theirs = h.points(s, j)
		}
		for l := range sheet.Lines {
			base := h.bases[s][l][a] != h.bases[s][l][b]
			if !base && h.counts[s][l][a] == h.counts[s][l][b] {
				continue
			}
			before := len(out)
			out = apart(out, s, l, mine, theirs)
			out = apart(out, s, l, theirs, mine)
			if base && len(out) > before {
				return out, false
			}
		}
	}
	return out, true
}

// apart adds the points of one row that are not points of the other.
func apart(out []place, sheet, line int, mine, theirs []int32) []place {
	for _, p := range mine {
		if !slices.Contains(theirs, p) {
			out = append(out, place{sheet, line, int(p)})
		}
	}
	return out
}

// cost is what it takes to hide the cells that are not hidden yet: for each the
// size of the sample and its own count, so that few cells come first and small
// ones before the margins. It stops at a limit that is not negative.
func (h *hider) cost(changed []place, limit int) int {
	sum := 0
	for _, at := range changed {
		if h.hidden[at.sheet][at.line][at.point] {
			continue
		}
		in, _ := h.count(at)
		if sum += len(h.Answer) + in; limit >= 0 && sum >= limit {
			return sum
		}
	}
	return sum
}
