package memory

import (
	"fmt"
	"math"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// cross sorts the rows by several axes, the last varying fastest; none is one cell
// of all rows. The result may be shared and must not be changed.
func (e *Engine) cross(axes []engine.Axis) (cell []int32, cells int, err error) {
	if len(axes) == 0 {
		return e.whole(), 1, nil
	}
	if cell, err = e.axis(axes[0]); err != nil {
		return nil, 0, err
	}
	cells = axes[0].Cells()
	for _, a := range axes[1:] {
		within, err := e.axis(a)
		if err != nil {
			return nil, 0, err
		}
		if n := float64(cells) * float64(a.Cells()); n > math.MaxInt32 {
			return nil, 0, fmt.Errorf("memory: the crossed axes have %.0f cells", n)
		}
		k := int32(a.Cells())
		crossed := make([]int32, len(cell))
		for i, c := range cell {
			crossed[i] = -1
			if c >= 0 && within[i] >= 0 {
				crossed[i] = c*k + within[i]
			}
		}
		cell, cells = crossed, cells*a.Cells()
	}
	return cell, cells, nil
}

// axis is the cell of each row, -1 where it is in none.
func (e *Engine) axis(a engine.Axis) ([]int32, error) {
	if in, ok := a.(engine.Inside); ok {
		return e.inside(in) // most are asked for once
	}
	return e.axes.get(a.String(), func() ([]int32, error) {
		switch a := a.(type) {
		case engine.Codes:
			return e.codes(a)
		case engine.Truth:
			return e.truth(a)
		case engine.Chosen:
			return e.chosen(a)
		case engine.Texts:
			return e.texts(a)
		case engine.Bands:
			return e.bands(a)
		case engine.Existing:
			return e.existing(a)
		case engine.Filled:
			return e.filled(a)
		case engine.Listed:
			return e.listed(a)
		}
		return nil, fmt.Errorf("memory: %T is not an axis of package engine", a)
	})
}

func (e *Engine) codes(a engine.Codes) ([]int32, error) {
	v, err := e.variable(a.Column)
	if err != nil {
		return nil, err
	}
	c, err := e.categories(a.Column)
	if err != nil {
		return nil, err
	}
	cell, asWritten := map[survey.Value]int32{}, len(a.Values) == len(c.Values) && !a.Blank
	for k, values := range a.Values {
		for _, x := range values {
			cell[x] = int32(k)
		}
		asWritten = asWritten && len(values) == 1 && values[0] == c.Values[k]
	}
	if asWritten {
		return c.Index.Slice(), nil
	}
	to, answers := make([]int32, len(c.Values)), 0
	for k, x := range c.Values {
		var in bool
		if to[k], in = cell[x]; in {
			answers++
		} else {
			to[k] = -1
		}
	}
	out := make([]int32, e.table.Rows)
	for i, k := range c.Index.All() {
		if out[i] = -1; k >= 0 {
			out[i] = to[k]
		}
	}
	if answers < len(cell) { // values that are declared missing
		for i, k := range c.Index.All() {
			if x, ok := v.At(i); ok && k < 0 {
				if missing, in := cell[x]; in {
					out[i] = missing
				}
			}
		}
	}
	if a.Blank {
		for i, asked := range v.Asked() {
			if _, ok := v.At(i); !ok && asked {
				out[i] = int32(len(a.Values))
			}
		}
	}
	return out, nil
}

func (e *Engine) truth(a engine.Truth) ([]int32, error) {
	compile := expression.Compile
	if a.Part {
		compile = expression.CompilePart
	}
	compiled, err := compile(a.Source, e.table)
	if err != nil {
		return nil, err
	}
	holds, valid := compiled.Truth()
	out := make([]int32, len(holds))
	for i := range out {
		switch {
		case !valid[i]:
			out[i] = -1
		case holds[i]:
			out[i] = 1
		}
	}
	return out, nil
}

// itemsOf finds the answers of a set once, with one more for those who were asked and
// gave none where they count.
func (e *Engine) itemsOf(name string, asked bool) ([]survey.Item, error) {
	set := e.table.Set(name)
	if set == nil {
		return nil, survey.Problems{{Value: name, Message: "there is no such multiple-response set"}}
	}
	if !asked {
		return e.items.get(name, func() ([]survey.Item, error) { return e.table.Items(*set), nil })
	}
	return e.items.get(name+" of all who were asked", func() ([]survey.Item, error) {
		items, err := e.itemsOf(name, false)
		return survey.WithUnanswered(items, e.table.Asked(*set)), err
	})
}

func (e *Engine) chosen(a engine.Chosen) ([]int32, error) {
	items, err := e.itemsOf(a.Set, a.Asked)
	if err != nil {
		return nil, err
	}
	for _, k := range a.Items {
		if k >= len(items) {
			return nil, fmt.Errorf("memory: the set %s has %d items, and a query names item %d", a.Set, len(items), k)
		}
	}
	if len(a.Items) == 1 {
		return items[a.Items[0]].Index.Slice(), nil
	}
	out := make([]int32, e.table.Rows)
	for i := range out {
		out[i] = -1
		for _, k := range a.Items {
			out[i] = max(out[i], items[k].Index.At(i))
		}
	}
	return out, nil
}

func (e *Engine) texts(a engine.Texts) ([]int32, error) {
	v, err := e.variable(a.Column)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int32, len(a.Folded))
	for k, s := range a.Folded {
		place[s] = int32(k)
	}
	out := make([]int32, e.table.Rows)
	for i, ok := range v.Valid() {
		out[i] = -1
		if x, _ := v.At(i); ok {
			if folded := engine.Folded(x.Text); folded != "" {
				k, known := place[folded]
				if out[i] = int32(len(a.Folded)); known {
					out[i] = k
				}
			}
		}
	}
	return out, nil
}

func (e *Engine) bands(a engine.Bands) ([]int32, error) {
	x, err := e.of(nil).values(engine.Answer{Column: a.Column})
	if err != nil {
		return nil, err
	}
	out := make([]int32, len(x))
	for i, y := range x {
		out[i] = -1
		for k, b := range a.Bands {
			if b.Holds(math.Floor(y)) {
				out[i] = int32(k)
			}
		}
	}
	return out, nil
}

func (e *Engine) existing(a engine.Existing) ([]int32, error) {
	out := make([]int32, e.table.Rows)
	for _, x := range a {
		values, err := e.of(nil).values(x)
		if err != nil {
			return nil, err
		}
		for i, y := range values {
			if math.IsNaN(y) {
				out[i] = -1
			}
		}
	}
	return out, nil
}

func (e *Engine) inside(a engine.Inside) ([]int32, error) {
	point, err := e.point(a.Point)
	if err != nil {
		return nil, err
	}
	not, err := e.point(a.Not)
	if err != nil {
		return nil, err
	}
	out := make([]int32, e.table.Rows)
	for i := range out {
		if out[i] = -1; point.part(i) > 0 && not.part(i) == 0 {
			out[i] = 0
		}
	}
	return out, nil
}

func (e *Engine) filled(a engine.Filled) ([]int32, error) {
	of, err := e.axis(a.Of)
	if err != nil {
		return nil, err
	}
	out := make([]int32, len(of))
	for i, k := range of {
		out[i] = k + 1
	}
	return out, nil
}

func (e *Engine) listed(a engine.Listed) ([]int32, error) {
	cell, cells, err := e.cross(a.Axes)
	if err != nil {
		return nil, err
	}
	keep, err := e.keep(a.Where)
	if err != nil {
		return nil, err
	}
	place := make([]int32, cells)
	for k := range place {
		place[k] = -1
	}
	for k, of := range a.Of {
		at := 0
		for j, c := range of {
			at = at*a.Axes[j].Cells() + int(c)
		}
		place[at] = int32(k)
	}
	out := make([]int32, len(cell))
	for i, c := range cell {
		if out[i] = -1; c >= 0 && (keep == nil || keep[i]) {
			out[i] = place[c]
		}
	}
	return out, nil
}
