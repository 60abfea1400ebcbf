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
	first, err := e.axis(axes[0])
	if err != nil {
		return nil, 0, err
	}
	cell, cells = first.Slice(), axes[0].Cells()
	for _, a := range axes[1:] {
		within, err := e.axis(a)
		if err != nil {
			return nil, 0, err
		}
		if n := float64(cells) * float64(a.Cells()); n > math.MaxInt32 {
			return nil, 0, fmt.Errorf("memory: the crossed axes have %.0f cells", n)
		}
		k := int32(a.Cells())
		for i, w := range within.All() {
			if c := cell[i]; c >= 0 && w >= 0 {
				cell[i] = c*k + w
			} else {
				cell[i] = -1
			}
		}
		cells *= a.Cells()
	}
	return cell, cells, nil
}

// axis is the cell of each row, -1 where it is in none.
func (e *Engine) axis(a engine.Axis) (survey.Places, error) {
	if in, ok := a.(engine.Inside); ok {
		return e.inside(in) // most are asked for once
	}
	return e.axes.get(a.String(), func() (survey.Places, error) {
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
		return survey.Places{}, fmt.Errorf("memory: %T is not an axis of package engine", a)
	})
}

func (e *Engine) codes(a engine.Codes) (survey.Places, error) {
	v, err := e.variable(a.Column)
	if err != nil {
		return survey.Places{}, err
	}
	cell := map[survey.Value]int32{}
	for k, values := range a.Values {
		for _, x := range values {
			cell[x] = int32(k)
		}
	}
	out := v.Places(func(x survey.Value) int32 {
		if k, in := cell[x]; in {
			return k
		}
		return -1
	})
	if a.Blank {
		for i, asked := range v.EmptyAsked {
			if _, ok := v.At(i); !ok && asked {
				out.Set(i, int32(len(a.Values)))
			}
		}
	}
	return out, nil
}

func (e *Engine) truth(a engine.Truth) (survey.Places, error) {
	compile := expression.Compile
	if a.Part {
		compile = expression.CompilePart
	}
	compiled, err := compile(a.Source, e.table)
	if err != nil {
		return survey.Places{}, err
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
	return survey.NewPlaces(out), nil
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

func (e *Engine) chosen(a engine.Chosen) (survey.Places, error) {
	items, err := e.itemsOf(a.Set, a.Asked)
	if err != nil {
		return survey.Places{}, err
	}
	for _, k := range a.Items {
		if k >= len(items) {
			return survey.Places{}, fmt.Errorf("memory: the set %s has %d items, and a query names item %d", a.Set, len(items), k)
		}
	}
	if len(a.Items) == 1 {
		return items[a.Items[0]].Index, nil
	}
	out := make([]int32, e.table.Rows)
	for i := range out {
		out[i] = -1
		for _, k := range a.Items {
			out[i] = max(out[i], items[k].Index.At(i))
		}
	}
	return survey.NewPlaces(out), nil
}

func (e *Engine) texts(a engine.Texts) (survey.Places, error) {
	v, err := e.variable(a.Column)
	if err != nil {
		return survey.Places{}, err
	}
	place := make(map[string]int32, len(a.Folded))
	for k, s := range a.Folded {
		place[s] = int32(k)
	}
	return v.Places(func(x survey.Value) int32 {
		folded := engine.Folded(x.Text)
		if folded == "" || v.IsMissing(x) {
			return -1
		}
		if k, known := place[folded]; known {
			return k
		}
		return int32(len(a.Folded))
	}), nil
}

func (e *Engine) bands(a engine.Bands) (survey.Places, error) {
	x, err := e.answers(a.Column)
	if err != nil {
		return survey.Places{}, err
	}
	in := survey.Variable{Numbers: x}
	return in.Places(func(y survey.Value) int32 {
		place := int32(-1)
		for k, b := range a.Bands {
			if b.Holds(math.Floor(y.Number)) {
				place = int32(k)
			}
		}
		return place
	}), nil
}

func (e *Engine) existing(a engine.Existing) (survey.Places, error) {
	out := make([]int32, e.table.Rows)
	for _, x := range a {
		values, err := e.of(nil).values(x)
		if err != nil {
			return survey.Places{}, err
		}
		for i, y := range values {
			if math.IsNaN(y) {
				out[i] = -1
			}
		}
	}
	return survey.NewPlaces(out), nil
}

func (e *Engine) inside(a engine.Inside) (survey.Places, error) {
	point, err := e.point(a.Point)
	if err != nil {
		return survey.Places{}, err
	}
	not, err := e.point(a.Not)
	if err != nil {
		return survey.Places{}, err
	}
	out := make([]int32, e.table.Rows)
	for i := range out {
		if out[i] = -1; point.part(i) > 0 && not.part(i) == 0 {
			out[i] = 0
		}
	}
	return survey.NewPlaces(out), nil
}

func (e *Engine) filled(a engine.Filled) (survey.Places, error) {
	of, err := e.axis(a.Of)
	if err != nil {
		return survey.Places{}, err
	}
	var out survey.Places
	out.Grow(of.Len())
	for _, k := range of.All() {
		out.Append(k + 1)
	}
	return out, nil
}

func (e *Engine) listed(a engine.Listed) (survey.Places, error) {
	cell, cells, err := e.cross(a.Axes)
	if err != nil {
		return survey.Places{}, err
	}
	keep, err := e.keep(a.Where)
	if err != nil {
		return survey.Places{}, err
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
	return survey.NewPlaces(out), nil
}
