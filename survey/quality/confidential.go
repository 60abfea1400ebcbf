package quality

import "slices"

// Question is everything that a book publishes about one question: who gave
// which answer, and the tables that count the answers.
type Question struct {
	// Kinds are the people with an answer, those who are alike in all sheets together.
	Kinds  []Kind
	Sheets []Sheet
	// Rows is the size of the sample, answers or not.
	Rows int
}

// Kind are people with one answer who belong to the same points of each sheet.
type Kind struct {
	Answer int
	Points [][]int32
	People int
}

// Sheet is one table of a question: lines that count answers, by points
// (columns) that may overlap.
type Sheet struct {
	Points int
	Lines  []Line
}

// Line counts the people who gave one of some answers among those who gave one
// of the answers of its base; a net is a line like any other.
type Line struct{ Count, Base []int }

// Hide finds the figures to hold back so that no count of 1 to threshold − 1
// people, and no count of so few who are left out of one, can be worked out
// from the rest: hidden[sheet][line][point].
//
// A cell with such a count is hidden. Then one respondent of its is looked for
// whose answer could be another, alone or by swapping answers with a respondent
// of another column, and every count that this would change is hidden as well:
// the cheapest such change is taken. So for each hidden small count there are
// other answers under which everything that is published, in any table of the
// question, is the same; margins, nets and overlapping columns included. Bases
// are always published and never change.
//
// The idea of exchanging records between cells of equal margins is that of data
// swapping: Dalenius & Reiss 1982; of complementary suppression: Cox 1980.
func (q Question) Hide(threshold int) [][][]bool {
	h := newHider(q)
	var small []place
	for s, sheet := range q.Sheets {
		for l := range sheet.Lines {
			for p := range sheet.Points {
				at := place{s, l, p}
				if in, out := h.count(at); few(in, threshold) || few(out, threshold) {
					small = append(small, at)
					h.hide(at)
				}
			}
		}
	}
	for _, at := range small {
		in, _ := h.count(at)
		for _, changed := range h.protection(at, few(in, threshold)) {
			h.hide(changed)
		}
	}
	return h.hidden
}

func few(n, threshold int) bool { return n > 0 && n < threshold }

// place is one cell of a sheet.
type place struct{ sheet, line, point int }

// hider is the work of Hide.
type hider struct {
	Question
	hidden [][][]bool
	// number[sheet][answer][point] counts the people.
	number [][][]int
	// counts[sheet][line][answer] and bases say which answers a line counts.
	counts, bases [][][]bool
}

func newHider(q Question) *hider {
	h := &hider{Question: q}
	answers := 0
	for _, kind := range q.Kinds {
		answers = max(answers, kind.Answer+1)
	}
	for _, s := range q.Sheets {
		for _, l := range s.Lines {
			for _, a := range append(l.Count[:len(l.Count):len(l.Count)], l.Base...) {
				answers = max(answers, a+1)
			}
		}
	}
	for _, s := range q.Sheets {
		h.hidden = append(h.hidden, table[bool](len(s.Lines), s.Points))
		h.number = append(h.number, table[int](answers, s.Points))
		counts, bases := table[bool](len(s.Lines), answers), table[bool](len(s.Lines), answers)
		for l, line := range s.Lines {
			mark(counts[l], line.Count)
			mark(bases[l], line.Base)
		}
		h.counts, h.bases = append(h.counts, counts), append(h.bases, bases)
	}
	for _, kind := range q.Kinds {
		for s, points := range kind.Points {
			for _, p := range points {
				h.number[s][kind.Answer][p] += kind.People
			}
		}
	}
	return h
}

func table[T any](rows, columns int) [][]T {
	t := make([][]T, rows)
	for r := range t {
		t[r] = make([]T, columns)
	}
	return t
}

func mark(set []bool, members []int) {
	for _, m := range members {
		set[m] = true
	}
}

func (h *hider) hide(at place) { h.hidden[at.sheet][at.line][at.point] = true }

// count is how many people of the point the line counts, and how many of its
// base it leaves out.
func (h *hider) count(at place) (in, out int) {
	line := h.Sheets[at.sheet].Lines[at.line]
	for _, a := range line.Count {
		in += h.number[at.sheet][a][at.point]
	}
	for _, a := range line.Base {
		out += h.number[at.sheet][a][at.point]
	}
	return in, out - in
}

// protection lists the cells that change under the cheapest change of answers
// that changes the count at a place; inside says whether the few are those
// counted, or those left out. It is empty where no other answers are possible:
// a line that counts its whole base says nothing that its base does not.
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
