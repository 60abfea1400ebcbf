package quality

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
