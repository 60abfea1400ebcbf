package enginetest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// sample is a small table: a weight w, which may be 0, with three replicates, strata
// h, PSUs psu and units within these, codes a of which 9 is missing, the numbers y, texts t, probabilities
// p, and a set of three dichotomies.
type sample struct{ table *survey.Table }

func drawSample(t *rapid.T) sample {
	n := rapid.IntRange(6, 60).Draw(t, "rows")
	column := func(name string, of *rapid.Generator[float64]) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(rapid.SliceOfN(of, n, n).Draw(t, name))}
	}
	codes := func(of ...float64) *rapid.Generator[float64] { return rapid.SampledFrom(of) }
	nan := math.NaN()
	a := column("a", codes(1, 2, 3, 9, nan))
	a.Codes = []survey.Code{{Value: survey.NumberValue(1), Label: "one"}, {Value: survey.NumberValue(4), Label: "four"}}
	a.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused)}
	a.EmptyAsked = rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "asked")
	texts := &survey.Variable{Name: "t", Kind: survey.Text, Texts: &survey.TextColumn{Values: []string{"Yes", " yes ", "no", ""}}}
	texts.Texts.Index = survey.NewPlaces(rapid.SliceOfN(rapid.Int32Range(-1, 3), n, n).Draw(t, "t"))
	w := column("w", codes(0, 0.5, 1, 1, 2.25))
	w.Numbers.Set(0, 1)
	chosen := survey.NumberValue(1)
	return sample{&survey.Table{Rows: n,
		Variables: []*survey.Variable{w, column("w_1", codes(0, 1, 2)), column("w_2", codes(0, 1, 2)), column("w_3", codes(0.5, 1)),
			column("h", codes(1, 2)), column("psu", codes(1, 2, 3, 4, 5, 6, 7)), a, column("b", codes(0, 1, nan)), column("y", codes(-2, 0, 0.5, 18, 33, nan)),
			texts, column("p", codes(0, 0.25, 1, nan)), column("s1", codes(0, 1, nan)), column("s2", codes(0, 1, nan)), column("s3", codes(0, 1, nan)), column("unit", codes(1, 2, 3)), column("size", codes(1000))},
		Sets: []survey.MultipleResponse{{Name: "$s", Variables: []string{"s1", "s2", "s3"}, Counted: &chosen}},
	}}
}

func (s sample) drawDesign(t *rapid.T) survey.Design {
	d := survey.Design{Weight: "w", LonelyPSU: "adjust"}
	switch rapid.IntRange(0, 5).Draw(t, "design") {
	case 1:
		d.Strata = "h"
	case 2:
		d.PSU = []string{"psu"}
	case 3:
		d.Strata, d.PSU = "h", []string{"psu"}
	case 4:
		d.PSU, d.FPC, d.LonelyPSU = []string{"psu", "unit"}, []string{"size", "size"}, "certainty"
	case 5:
		d.Weight = ""
	}
	return d
}

func value(x float64) survey.Value { return survey.NumberValue(x) }

func (s sample) drawAxis(t *rapid.T) engine.Axis {
	codes := engine.Codes{Column: "a", Values: [][]survey.Value{{value(1)}, {value(3), value(2)}, {value(9)}}, Blank: rapid.Bool().Draw(t, "blank")}
	truth := engine.Truth{Source: "b == 1 or y > 0"}
	return rapid.SampledFrom([]engine.Axis{
		codes, truth, engine.Filled{Of: truth}, engine.Categories("t", survey.Classify(s.table.Lookup("t"))),
		engine.Chosen{Set: "$s", Items: []int{0, 2}}, engine.Chosen{Set: "$s", Items: []int{1}}, engine.Chosen{Set: "$s", Items: []int{3, 0}, Asked: true},
		engine.Texts{Column: "t", Folded: []string{"yes"}},
		engine.Bands{Column: "y", Bands: []survey.Bracket{{Low: 0, High: 18}, {Low: 18, High: math.Inf(1)}}},
		engine.Existing{engine.Answer{Column: "y"}, engine.Answer{Column: "b"}},
		engine.Inside{Point: engine.Everyone.And(engine.Condition{Axis: truth, Cell: 1}), Not: engine.Everyone.And(engine.Condition{Axis: codes, Cell: 0})},
		engine.Listed{Axes: []engine.Axis{codes, truth}, Of: [][]int32{{1, 1}, {0, 0}}, Where: []engine.Condition{{Axis: engine.Existing{engine.Answer{Column: "y"}}}}},
		engine.Listed{Of: [][]int32{{}}, Where: []engine.Condition{{Axis: truth, Cell: 1}}},
	}).Draw(t, "axis")
}

func (s sample) drawCondition(t *rapid.T) engine.Condition {
	a := s.drawAxis(t)
	return engine.Condition{Axis: a, Cell: rapid.IntRange(0, max(0, a.Cells()-1)).Draw(t, "cell")}
}

func (s sample) drawPoint(t *rapid.T) engine.Point {
	p := engine.Everyone
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		p = p.And(s.drawCondition(t))
	}
	switch rapid.IntRange(0, 5).Draw(t, "point") {
	case 0:
		p = p.Or(engine.Everyone.And(s.drawCondition(t)))
	case 1:
		p = p.And(engine.Condition{Part: engine.Answer{Column: "p"}})
	}
	return p
}

func (s sample) drawNumber(t *rapid.T, cells int) engine.Number {
	y, byCell := engine.Answer{Column: "y"}, make([]float64, cells)
	for c := range byCell {
		byCell[c] = float64(c)
	}
	less := engine.Less{Of: y, Centre: byCell}
	if cells == 1 {
		less.Centre = []float64{3.5}
	}
	a := s.drawAxis(t)
	distinct := []float64{-2, 0, 0.5, 18, 33}
	scored := engine.Scored{Of: y}
	for c := range cells {
		scored.Values, scored.Scores = append(scored.Values, distinct), append(scored.Scores, []float64{float64(c), 1, 2, 3, 4})
	}
	is := engine.Is{Axis: a, Cell: 0}
	sum := engine.Sum{Of: []engine.Number{is, y}, Factors: [][]float64{{2, -1}}}
	return rapid.SampledFrom([]engine.Number{
		engine.One{}, y, less, engine.Product{A: y, B: less}, engine.Value{Source: "y + b"}, engine.Value{Source: "a == 1"},
		engine.Given{y, engine.Answer{Column: "b"}}, engine.Place{Of: a}, engine.Log{Of: y}, engine.AtMost{Of: y, Limits: byCell},
		engine.Within{Of: y, Low: 0, High: 18}, scored, is, sum, engine.AtLeast{Of: sum, Least: 1},
	}).Draw(t, "number")
}

func (s sample) drawQuery(t *rapid.T) engine.Query {
	var q engine.Query
	for range rapid.IntRange(0, 2).Draw(t, "axes") {
		q.Cells = append(q.Cells, s.drawAxis(t))
	}
	for range rapid.IntRange(0, 3).Draw(t, "points") {
		q.Points = append(q.Points, s.drawPoint(t))
	}
	cells, _ := q.Size()
	for range rapid.IntRange(0, 2).Draw(t, "numbers") {
		q.Numbers = append(q.Numbers, s.drawNumber(t, cells))
	}
	if rapid.Bool().Draw(t, "where") {
		q.Where = append(q.Where, s.drawCondition(t))
	}
	return q
}

// entries visits what each row adds to the totals of a query: the part of the row
// that belongs to the point, and the number.
func (s sample) entries(q engine.Query, visit func(row, j int, part, x float64)) {
	points, numbers := q.Points, q.Numbers
	if len(points) == 0 {
		points = []engine.Point{engine.Everyone}
	}
	if len(numbers) == 0 {
		numbers = []engine.Number{engine.One{}}
	}
	_, terms := q.Size()
	for i := range s.table.Rows {
		c := s.crossed(q.Cells, i)
		if c < 0 || !s.all(q.Where, i) {
			continue
		}
		for k, x := range numbers {
			for p, of := range points {
				if part, y := s.part(of, i), s.number(x, i, c); part > 0 && !math.IsNaN(y) {
					visit(i, c*terms+q.Term(k, p), part, y)
				}
			}
		}
	}
}

func (s sample) all(where []engine.Condition, i int) bool {
	return !slices.ContainsFunc(where, func(c engine.Condition) bool { return s.cell(c.Axis, i) != c.Cell })
}

func (s sample) crossed(axes []engine.Axis, i int) int {
	at := 0
	for _, a := range axes {
		c := s.cell(a, i)
		if c < 0 {
			return -1
		}
		at = at*a.Cells() + c
	}
	return at
}

// part of a row that belongs to a point.
func (s sample) part(p engine.Point, i int) float64 {
	sum := 0.0
	for _, all := range p {
		part := 1.0
		for _, c := range all {
			switch {
			case c.Axis != nil && s.cell(c.Axis, i) != c.Cell:
				part = 0
			case c.Axis == nil:
				if x := s.number(c.Part, i, 0); x > 0 {
					part *= x
				} else {
					part = 0
				}
			}
		}
		sum += part
	}
	return math.Min(1, sum)
}

// cell is the cell of a row, −1 where it is in none.
func (s sample) cell(a engine.Axis, i int) int {
	switch a := a.(type) {
	case engine.Codes:
		v := s.table.Lookup(a.Column)
		x, ok := v.At(i)
		if !ok && a.Blank && v.Asked()[i] {
			return len(a.Values)
		}
		return slices.IndexFunc(a.Values, func(values []survey.Value) bool { return ok && slices.Contains(values, x) })
	case engine.Truth:
		compiled, err := expression.Compile(a.Source, s.table)
		if err != nil {
			panic(err)
		}
		switch holds, valid := compiled.Truth(); {
		case !valid[i]:
			return -1
		case holds[i]:
			return 1
		}
		return 0
	case engine.Chosen:
		items := s.table.Items(s.table.Sets[0])
		answered := items[0].Index.At(i) >= 0
		if !answered && !(a.Asked && s.table.Asked(s.table.Sets[0])[i]) {
			return -1
		}
		for _, k := range a.Items {
			if k == len(items) && !answered || k < len(items) && items[k].Index.At(i) == 1 {
				return 1
			}
		}
		return 0
	case engine.Texts:
		x, ok := s.table.Lookup(a.Column).At(i)
		folded := strings.ToLower(strings.TrimSpace(x.Text))
		if !ok || folded == "" {
			return -1
		}
		if k := slices.Index(a.Folded, folded); k >= 0 {
			return k
		}
		return len(a.Folded)
	case engine.Bands:
		last := -1
		for k, b := range a.Bands {
			if y := s.number(engine.Answer{Column: a.Column}, i, 0); b.Holds(math.Floor(y)) {
				last = k
			}
		}
		return last
	case engine.Existing:
		for _, x := range a {
			if math.IsNaN(s.number(x, i, 0)) {
				return -1
			}
		}
		return 0
	case engine.Inside:
		if s.part(a.Point, i) > 0 && s.part(a.Not, i) == 0 {
			return 0
		}
		return -1
	case engine.Filled:
		return s.cell(a.Of, i) + 1
	case engine.Listed:
		return slices.IndexFunc(a.Of, func(cells []int32) bool {
			for k, c := range cells {
				if s.cell(a.Axes[k], i) != int(c) {
					return false
				}
			}
			return s.all(a.Where, i)
		})
	}
	panic(fmt.Sprintf("enginetest: no rows for %T", a))
}

// number of a row in a cell of the query, NaN where it does not exist.
func (s sample) number(x engine.Number, i, cell int) float64 {
	nan := math.NaN()
	holds := func(is bool) float64 {
		if is {
			return 1
		}
		return 0
	}
	switch x := x.(type) {
	case engine.One:
		return 1
	case engine.Answer:
		v := s.table.Lookup(x.Column)
		if y, ok := v.At(i); ok && !v.IsMissing(y) {
			return y.Number
		}
		return nan
	case engine.Value:
		compiled, err := expression.CompileValue(x.Source, s.table)
		if err != nil {
			panic(err)
		}
		return compiled.Numbers()[i]
	case engine.Given:
		for _, of := range x {
			if !math.IsNaN(s.number(of, i, cell)) {
				return 1
			}
		}
		return nan
	case engine.Place:
		if c := s.cell(x.Of, i); c >= 0 {
			return float64(c)
		}
		return nan
	case engine.Less:
		if len(x.Centre) == 1 {
			cell = 0
		}
		return s.number(x.Of, i, cell) - x.Centre[cell]
	case engine.Product:
		return s.number(x.A, i, cell) * s.number(x.B, i, cell)
	case engine.Log:
		if y := s.number(x.Of, i, cell); y > 0 {
			return math.Log(y)
		}
		return nan
	case engine.AtMost:
		if y := s.number(x.Of, i, cell); !math.IsNaN(y) {
			return holds(y <= x.Limits[cell])
		}
		return nan
	case engine.AtLeast:
		if s.number(x.Of, i, cell) >= x.Least {
			return 1
		}
		return nan
	case engine.Within:
		if y := s.number(x.Of, i, cell); !math.IsNaN(y) {
			return holds(x.Low <= y && y <= x.High)
		}
		return nan
	case engine.Scored:
		if k := slices.Index(x.Values[cell], s.number(x.Of, i, cell)); k >= 0 {
			return x.Scores[cell][k]
		}
		return nan
	case engine.Is:
		if s.cell(x.Axis, i) == x.Cell {
			return 1
		}
		return nan
	case engine.Sum:
		factors, sum, any := x.Factors[0], 0.0, false
		if len(x.Factors) > 1 {
			factors = x.Factors[cell]
		}
		for k, of := range x.Of {
			if y := s.number(of, i, cell); !math.IsNaN(y) {
				sum, any = sum+factors[k]*y, true
			}
		}
		if any {
			return sum
		}
		return nan
	}
	panic(fmt.Sprintf("enginetest: no rows for %T", x))
}
