package tabulate

import (
	"slices"

	"surveykit/survey/engine"
)

// Two questions, or two shares, are the same where they sort the same respondents
// alike, whatever their names and the text of their axes: what is hidden of one the
// other would give away.

// sortings numbers the ways in which tables sort respondents into cells.
type sortings struct {
	*making
	all []sorting
}

// sorting are the cells of crossed axes, by one text of these, with the respondents
// in each cell up to the last that has any.
type sorting struct {
	question int
	axes     []engine.Axis
	frame    *engine.Frame
	cells    []int
}

// question numbers a way of sorting; those that sort alike have the same number.
func (s *sortings) question(axes []engine.Axis, f *engine.Frame) int {
	q := sorting{axes: axes, frame: f}
	for _, o := range s.all {
		if o.frame == f && sameTexts(o.axes, axes) {
			return o.question
		}
		q.question = max(q.question, o.question+1)
	}
	all := 0
	for k, n := range s.counts(f, engine.Query{Cells: axes}) {
		if all += n; n > 0 {
			q.cells = append(q.cells, make([]int, k-len(q.cells))...)
			q.cells = append(q.cells, n)
		}
	}
	for _, o := range s.all {
		if slices.Equal(o.cells, q.cells) && f.SameRows(o.frame) && s.agree(f, all, engine.Place{Of: crossed(axes)}, engine.Place{Of: crossed(o.axes)}) {
			q.question = o.question
			break
		}
	}
	s.all = append(s.all, q)
	return q.question
}

// division is whom a share counts among the people of its base, by cells of axes.
type division struct {
	axes        []engine.Axis
	count, base []int
}

// divided is a division of those with a weight: so many on the side that counts, and
// on the other.
type divided struct {
	*making
	division
	frame   *engine.Frame
	in, out int
}

func (m *making) divide(d division, f *engine.Frame) divided {
	out := divided{making: m, division: d, frame: f}
	cells := m.counts(f, engine.Query{Cells: d.axes})
	for _, c := range d.count {
		out.in += cells[c]
	}
	for _, c := range d.base {
		if !slices.Contains(d.count, c) {
			out.out += cells[c]
		}
	}
	return out
}

// same reports whether two divisions are one. A share and its complement are.
func (d divided) same(o divided) bool {
	if !d.frame.SameRows(o.frame) {
		return false
	}
	const in, out = 1, 2
	alike := func(counted, others float64) bool {
		return d.agree(d.frame, d.in+d.out, d.sides(in, out), o.sides(counted, others))
	}
	switch {
	case d.in == o.in && d.out == o.out && sameTexts(d.axes, o.axes) && slices.Equal(d.count, o.count) && slices.Equal(d.base, o.base):
		return true
	case d.in == o.in && d.out == o.out && alike(in, out):
		return true
	}
	return d.in == o.out && d.out == o.in && alike(out, in)
}

// sides is one number for the people that the division counts, another for those of
// its base that it does not.
func (d division) sides(counted, others float64) engine.Number {
	axis, sum := crossed(d.axes), engine.Sum{Factors: [][]float64{nil}}
	add := func(cell int, x float64) {
		sum.Of, sum.Factors[0] = append(sum.Of, engine.Is{Axis: axis, Cell: cell}), append(sum.Factors[0], x)
	}
	for _, c := range d.count {
		add(c, counted)
	}
	for _, c := range d.base {
		if !slices.Contains(d.count, c) {
			add(c, others)
		}
	}
	return sum
}

// crossed is one axis with the cells of several.
func crossed(axes []engine.Axis) engine.Axis {
	if len(axes) == 1 {
		return axes[0]
	}
	cells, _ := engine.Query{Cells: axes}.Size()
	out := engine.Listed{Axes: axes, Of: make([][]int32, cells)}
	for k := range out.Of {
		for _, c := range cellOf(axes, k) {
			out.Of[k] = append(out.Of[k], int32(c.Cell))
		}
	}
	return out
}

// agree reports whether two numbers, each of which n rows with a weight have, are the
// same in all of these.
func (m *making) agree(f *engine.Frame, n int, x, y engine.Number) bool {
	both := engine.Product{A: engine.Given{x}, B: engine.Given{y}}
	less := engine.Product{A: both, B: engine.Sum{Of: []engine.Number{x, y}, Factors: [][]float64{{1, -1}}}}
	equal := engine.AtLeast{Of: engine.Within{Of: less}, Least: 1}
	return m.counts(f, engine.Query{Numbers: []engine.Number{equal}})[0] == n
}
