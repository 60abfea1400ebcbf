package protect

import (
	"slices"

	"surveykit/survey/engine"
)

// Two questions, or two shares, are the same where they sort the same respondents
// alike, whatever their names and the text of their axes: what is hidden of one the
// other would give away.

// sortings numbers the ways in which tables sort respondents into cells.
type sortings struct {
	*protector
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
		if o.frame == f && engine.Same(o.axes, axes) {
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
		if slices.Equal(o.cells, q.cells) && f.SameRows(o.frame) && s.agree(f, all, engine.Place{Of: engine.Crossed(axes)}, engine.Place{Of: engine.Crossed(o.axes)}) {
			q.question = o.question
			break
		}
	}
	s.all = append(s.all, q)
	return q.question
}

// divided is a division of the people with a weight: so many on the side that counts,
// and on the other.
type divided struct {
	*protector
	Division
	frame   *engine.Frame
	in, out int
}

func (p *protector) divide(d Division, f *engine.Frame) divided {
	out := divided{protector: p, Division: d, frame: f}
	cells := p.counts(f, engine.Query{Cells: d.Axes})
	for _, c := range d.Count {
		out.in += cells[c]
	}
	for _, c := range d.Base {
		if !slices.Contains(d.Count, c) {
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
	case d.in == o.in && d.out == o.out && engine.Same(d.Axes, o.Axes) && slices.Equal(d.Count, o.Count) && slices.Equal(d.Base, o.Base):
		return true
	case d.in == o.in && d.out == o.out && alike(in, out):
		return true
	}
	return d.in == o.out && d.out == o.in && alike(out, in)
}

// sides is one number for the people that the division counts, another for the rest
// of its base.
func (d Division) sides(counted, others float64) engine.Number {
	axis, sum := engine.Crossed(d.Axes), engine.Sum{Factors: [][]float64{nil}}
	add := func(cell int, x float64) {
		sum.Of, sum.Factors[0] = append(sum.Of, engine.Is{Axis: axis, Cell: cell}), append(sum.Factors[0], x)
	}
	for _, c := range d.Count {
		add(c, counted)
	}
	for _, c := range d.Base {
		if !slices.Contains(d.Count, c) {
			add(c, others)
		}
	}
	return sum
}

// agree reports whether two numbers, which n rows with a weight have each, are the
// same in all of these rows.
func (p *protector) agree(f *engine.Frame, n int, x, y engine.Number) bool {
	both := engine.Product{A: engine.Given{x}, B: engine.Given{y}}
	less := engine.Product{A: both, B: engine.Sum{Of: []engine.Number{x, y}, Factors: [][]float64{{1, -1}}}}
	equal := engine.AtLeast{Of: engine.Within{Of: less}, Least: 1}
	return p.counts(f, engine.Query{Numbers: []engine.Number{equal}})[0] == n
}
