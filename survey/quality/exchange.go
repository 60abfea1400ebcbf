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
	for i, one := range h.Kinds {
		if !h.has(one, at) || h.counts[at.sheet][at.line][one.Answer] != inside {
			continue
		}
		for a := range h.number[at.sheet] {
			if h.flips(at, one.Answer, a) {
				changed, ok := h.changed(buffer[:0], i, -1, a)
				try(changed, ok)
				buffer = changed
			}
		}
		for j, other := range h.Kinds {
			if cost == 0 {
				return best
			}
			if !h.has(other, at) && h.flips(at, one.Answer, other.Answer) {
				changed, ok := h.changed(buffer[:0], i, j, other.Answer)
				try(changed, ok)
				buffer = changed
			}
		}
	}
	return best
}

// has reports whether people are in the point and the base of a place.
func (h *hider) has(k Kind, at place) bool {
	return slices.Contains(k.Points[at.sheet], int32(at.point)) && h.bases[at.sheet][at.line][k.Answer]
}

// flips reports whether the line counts one of two answers of its base.
func (h *hider) flips(at place, a, b int) bool {
	counts, bases := h.counts[at.sheet][at.line], h.bases[at.sheet][at.line]
	return bases[a] && bases[b] && counts[a] != counts[b]
}

// changed lists the cells whose count changes where one of kind i answers b, and one
// of kind j, if that is not -1, answers what the first did. It is not ok where a base would change.
func (h *hider) changed(out []place, i, j, b int) (changed []place, ok bool) {
	a := h.Kinds[i].Answer
	for s, sheet := range h.Sheets {
		mine, theirs := h.Kinds[i].Points[s], []int32(nil)
		if j >= 0 {
			theirs = h.Kinds[j].Points[s]
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

// apart adds the points of one kind that are not points of the other.
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
		if sum += h.Rows + in; limit >= 0 && sum >= limit {
			return sum
		}
	}
	return sum
}
