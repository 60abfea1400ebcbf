package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Cells is the number of cells of each axis.
func (a Codes) Cells() int {
	if a.Blank {
		return len(a.Values) + 1
	}
	return len(a.Values)
}

func (Truth) Cells() int    { return 2 }
func (Chosen) Cells() int   { return 2 }
func (a Texts) Cells() int  { return len(a.Folded) + 1 }
func (a Bands) Cells() int  { return len(a.Bands) }
func (Existing) Cells() int { return 1 }
func (Inside) Cells() int   { return 1 }
func (a Filled) Cells() int { return 1 + a.Of.Cells() }
func (a Listed) Cells() int { return len(a.Of) }

// text builds the text of axes and numbers: a name with its arguments in
// brackets, names of columns and sources in quotes, so that no two are confused.
type text struct{ strings.Builder }

func called(name string, arguments func(t *text)) string {
	var t text
	t.WriteString(name)
	t.WriteByte('(')
	arguments(&t)
	t.WriteByte(')')
	return t.String()
}

func (t *text) quote(s string)   { t.WriteString(strconv.Quote(s)) }
func (t *text) number(x float64) { t.WriteString(strconv.FormatFloat(x, 'g', -1, 64)) }
func (t *text) whole(n int)      { t.WriteString(strconv.Itoa(n)) }
func (t *text) next()            { t.WriteByte(',') }
func (t *text) numbers(x []float64) {
	t.WriteByte('[')
	for _, v := range x {
		t.number(v)
		t.WriteByte(' ')
	}
	t.WriteByte(']')
}

func (t *text) conditions(all []Condition) {
	for _, c := range all {
		t.WriteString(c.String())
		t.next()
	}
}

// String is the condition as text.
func (c Condition) String() string {
	if c.Axis == nil {
		return called("part", func(t *text) { t.WriteString(c.Part.String()) })
	}
	return c.Axis.String() + "=" + strconv.Itoa(c.Cell)
}

// String is the point as text.
func (p Point) String() string {
	return called("any", func(t *text) {
		for _, all := range p {
			t.WriteByte('{')
			t.conditions(all)
			t.WriteByte('}')
		}
	})
}

// String is the axis as text.
func (a Codes) String() string {
	return called("codes", func(t *text) {
		t.quote(a.Column)
		for _, cell := range a.Values {
			t.WriteByte('[')
			for _, v := range cell {
				if v.IsText {
					t.quote(v.Text)
				} else {
					t.number(v.Number)
				}
				t.WriteByte(' ')
			}
			t.WriteByte(']')
		}
		if a.Blank {
			t.WriteString("[]")
		}
	})
}

func (a Truth) String() string {
	return called("truth", func(t *text) {
		if t.quote(a.Source); a.Part {
			t.WriteString(",part")
		}
	})
}

func (a Chosen) String() string {
	return called("chosen", func(t *text) {
		t.quote(a.Set)
		for _, k := range a.Items {
			t.next()
			t.whole(k)
		}
		if a.Asked {
			t.WriteString(",asked")
		}
	})
}

func (a Texts) String() string {
	return called("texts", func(t *text) {
		t.quote(a.Column)
		for _, s := range a.Folded {
			t.quote(s)
		}
	})
}

func (a Bands) String() string {
	return called("bands", func(t *text) {
		t.quote(a.Column)
		for _, b := range a.Bands {
			t.numbers([]float64{b.Low, b.High})
			if b.Open {
				t.WriteString("open")
			}
		}
	})
}

func (a Existing) String() string { return called("existing", joined(a)) }

func joined(numbers []Number) func(t *text) {
	return func(t *text) {
		for _, x := range numbers {
			t.WriteString(x.String())
			t.next()
		}
	}
}

func (a Filled) String() string {
	return called("filled", func(t *text) { t.WriteString(a.Of.String()) })
}

func (a Listed) String() string {
	return called("listed", func(t *text) {
		for _, axis := range a.Axes {
			t.WriteString(axis.String())
			t.next()
		}
		for _, cells := range a.Of {
			t.WriteByte('[')
			for _, k := range cells {
				t.whole(int(k))
				t.WriteByte(' ')
			}
			t.WriteByte(']')
		}
		t.conditions(a.Where)
	})
}

// String is the number as text.
func (One) String() string { return "1" }

func (x Answer) String() string { return called("answer", func(t *text) { t.quote(x.Column) }) }
func (x Value) String() string  { return called("value", func(t *text) { t.quote(x.Source) }) }
func (x Given) String() string  { return called("given", joined(x)) }
func (x Log) String() string    { return called("log", func(t *text) { t.WriteString(x.Of.String()) }) }

func (x Place) String() string {
	return called("place", func(t *text) { t.WriteString(x.Of.String()) })
}

func (x Less) String() string {
	return called("less", func(t *text) {
		t.WriteString(x.Of.String())
		t.numbers(x.Centre)
	})
}

func (x Product) String() string {
	return called("product", func(t *text) {
		t.WriteString(x.A.String())
		t.next()
		t.WriteString(x.B.String())
	})
}

func (x AtMost) String() string {
	return called("atmost", func(t *text) {
		t.WriteString(x.Of.String())
		t.numbers(x.Limits)
	})
}

func (x Within) String() string {
	return called("within", func(t *text) {
		t.WriteString(x.Of.String())
		t.numbers([]float64{x.Low, x.High})
	})
}

func (x Scored) String() string {
	return called("scored", func(t *text) {
		t.WriteString(x.Of.String())
		for k := range x.Values {
			t.numbers(x.Values[k])
			t.numbers(x.Scores[k])
		}
	})
}

func (x Is) String() string {
	return called("is", func(t *text) { t.WriteString(Condition{Axis: x.Axis, Cell: x.Cell}.String()) })
}

func (x Sum) String() string {
	return called("sum", func(t *text) {
		joined(x.Of)(t)
		for _, f := range x.Factors {
			t.numbers(f)
		}
	})
}

func (x AtLeast) String() string {
	return called("atleast", func(t *text) {
		t.WriteString(x.Of.String())
		t.next()
		t.number(x.Least)
	})
}

func (a Inside) String() string {
	return called("inside", func(t *text) {
		t.WriteString(a.Point.String())
		t.next()
		t.WriteString(a.Not.String())
	})
}

// Same reports whether parts of two queries are the same: their texts are equal only
// where they are.
func Same[T fmt.Stringer](a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool { return x.String() == y.String() })
}
