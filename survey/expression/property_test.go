package expression

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// row is one respondent of the naive evaluator; absent values are missing.
type row map[string]survey.Value

// figure and claim evaluate a node for one respondent; ok is false where the
// result is unknown.
type (
	figure func(row) (x float64, ok bool)
	claim  func(row) (holds, ok bool)
)

// sample is a random expression: its text, its meaning, the variables that it needs.
type sample[T any] struct {
	text  string
	means T
	needs []string
}

// respondents draws a table of two numbers and two texts with gaps of both
// kinds, and the same rows for the naive evaluator.
func respondents(t *rapid.T) (*survey.Table, []row) {
	rows := make([]row, rapid.IntRange(0, 2*blockRows+1).Draw(t, "rows"))
	for i := range rows {
		rows[i] = row{}
	}
	table := &survey.Table{Rows: len(rows)}
	seed := rapid.SliceOfN(rapid.IntRange(0, 5), 7, 97).Draw(t, "values")
	for k, name := range []string{"a", "b", "s", "u v"} {
		v := &survey.Variable{Name: name, Kind: survey.Number, Missing: []survey.Missing{survey.MissingNumber(4, "")}, Numbers: &survey.NumberColumn{}}
		if k > 1 {
			v.Kind, v.Missing = survey.Text, []survey.Missing{survey.MissingText("t4", "")}
			v.Texts = &survey.TextColumn{Values: []string{"t0", "t1", "t2", "t3", "t4"}}
		}
		for i := range rows {
			x := seed[(i*(k+3)+i/7)%len(seed)]
			appendValue(v, x)
			if x < 4 {
				rows[i][name], _ = v.At(i)
			}
		}
		table.Variables = append(table.Variables, v)
	}
	return table, rows
}

// appendValue adds x, where 5 is system-missing.
func appendValue(v *survey.Variable, x int) {
	switch {
	case v.IsText() && x == 5:
		v.Texts.Index.Append(-1)
	case v.IsText():
		v.Texts.Index.Append(int32(x))
	case x == 5:
		v.Numbers.Append(math.NaN())
	default:
		v.Numbers.Append(float64(x))
	}
}

func drawFigure(t *rapid.T, depth int) sample[figure] {
	kind := rapid.IntRange(0, 6).Draw(t, "figure")
	switch {
	case kind < 2 || depth == 0:
		name := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")
		return sample[figure]{name, func(r row) (float64, bool) { x, ok := r[name]; return x.Number, ok }, []string{name}}
	case kind == 2:
		x := rapid.IntRange(0, 5).Draw(t, "number")
		return sample[figure]{fmt.Sprint(x), func(row) (float64, bool) { return float64(x), true }, nil}
	}
	l, r := drawFigure(t, depth-1), drawFigure(t, depth-1)
	f := rapid.SampledFrom([]string{"+", "-", "*", "/", "%", "max", "min"}).Draw(t, "operator")
	text := fmt.Sprintf("(%s) %s (%s)", l.text, f, r.text)
	if len(f) == 3 {
		text = fmt.Sprintf("%s(%s, %s)", f, l.text, r.text)
	}
	return sample[figure]{text, func(w row) (float64, bool) {
		x, ok := l.means(w)
		y, also := r.means(w)
		z := calculate(f, x, y)
		return z, ok && also && !math.IsNaN(z) && !math.IsInf(z, 0)
	}, append(l.needs, r.needs...)}
}

func calculate(f string, x, y float64) float64 {
	switch f {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "/":
		return x / y
	case "max":
		return math.Max(x, y)
	case "min":
		return math.Min(x, y)
	}
	return math.Mod(x, y)
}

func drawClaim(t *rapid.T, depth int) sample[claim] {
	if depth == 0 {
		return drawLeaf(t)
	}
	switch kind := rapid.IntRange(0, 4).Draw(t, "claim"); kind {
	case 0:
		return drawLeaf(t)
	case 1:
		x := drawClaim(t, depth-1)
		return sample[claim]{"not (" + x.text + ")", func(r row) (bool, bool) { h, ok := x.means(r); return !h, ok }, x.needs}
	default:
		l, r := drawClaim(t, depth-1), drawClaim(t, depth-1)
		word, decides := "and", false
		if kind == 2 {
			word, decides = "or", true
		}
		return sample[claim]{fmt.Sprintf("(%s) %s (%s)", l.text, word, r.text), func(w row) (bool, bool) {
			x, xok := l.means(w)
			y, yok := r.means(w)
			if xok && x == decides || yok && y == decides {
				return decides, true
			}
			return !decides, xok && yok
		}, append(l.needs, r.needs...)}
	}
}

func drawLeaf(t *rapid.T) sample[claim] {
	switch rapid.IntRange(0, 4).Draw(t, "leaf") {
	case 0:
		want := rapid.IntRange(0, 3).Draw(t, "text")
		return sample[claim]{fmt.Sprintf("s == 't%d'", want), func(r row) (bool, bool) {
			x, ok := r["s"]
			return x.Text == fmt.Sprintf("t%d", want), ok
		}, []string{"s"}}
	case 1:
		return sample[claim]{"`u v` != s", func(r row) (bool, bool) {
			x, ok := r["u v"]
			y, also := r["s"]
			return x != y, ok && also
		}, []string{"s", "u v"}}
	case 2:
		x := drawFigure(t, 1)
		return sample[claim]{"(" + x.text + ") * 1 in [1, -1, 3]", func(r row) (bool, bool) {
			y, ok := x.means(r)
			return y == 1 || y == -1 || y == 3, ok
		}, x.needs}
	}
	l, r := drawFigure(t, 2), drawFigure(t, 2)
	operator := rapid.SampledFrom([]string{"<", "<=", ">", ">="}).Draw(t, "comparison")
	return sample[claim]{fmt.Sprintf("%s %s %s", l.text, operator, r.text), func(w row) (bool, bool) {
		x, ok := l.means(w)
		y, also := r.means(w)
		return x < y && operator[0] == '<' || x > y && operator[0] == '>' || x == y && len(operator) == 2, ok && also
	}, append(l.needs, r.needs...)}
}

// TestTruthAgainstRows holds the columnar evaluation to one row at a time.
func TestTruthAgainstRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, rows := respondents(t)
		want := drawClaim(t, 3)
		e, err := Compile(want.text, table)
		if err != nil {
			t.Fatalf("%s: %v", want.text, err)
		}
		holds, valid := e.Truth()
		for i, r := range rows {
			h, ok := want.means(r)
			for _, name := range want.needs {
				_, has := r[name]
				ok = ok && has
			}
			if holds[i] != (h && ok) || valid[i] != ok {
				t.Fatalf("%s, row %d %v: holds %v valid %v, want %v %v", want.text, i, r, holds[i], valid[i], h && ok, ok)
			}
		}
	})
}

// TestNumbersAgainstRows does the same for arithmetic.
func TestNumbersAgainstRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, rows := respondents(t)
		want := drawFigure(t, 4)
		e, err := CompileValue(want.text, table)
		if err != nil {
			t.Fatalf("%s: %v", want.text, err)
		}
		for i, got := range e.Numbers() {
			if x, ok := want.means(rows[i]); ok != !math.IsNaN(got) || ok && x != got {
				t.Fatalf("%s, row %d %v: %v, want %v %v", want.text, i, rows[i], got, x, ok)
			}
		}
	})
}

// TestMissingIsTheRest checks that a condition, its opposite and the missing
// rows share out all rows.
func TestMissingIsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, _ := respondents(t)
		count := func(source string) (n int) {
			e, err := Compile(source, table)
			if err != nil {
				t.Fatal(err)
			}
			holds, _ := e.Truth()
			for _, h := range holds {
				if h {
					n++
				}
			}
			return n
		}
		parts := count("a > 1") + count("not a > 1") + count("missing(a)")
		if parts != table.Rows || count("valid(a)") != count("not missing(a)") {
			t.Fatalf("the parts have %d of %d rows", parts, table.Rows)
		}
	})
}

func BenchmarkTruthMillionRows(b *testing.B) {
	const rows = 1_000_000
	table := &survey.Table{Rows: rows}
	for k, name := range []string{"wave", "age", "q1"} {
		v := &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, float64(i*(k+7)%97))
		}
		table.Variables = append(table.Variables, v)
	}
	for b.Loop() {
		e, err := Compile("wave == 11 and age >= 55 or q1 in [4, 5]", table)
		if err != nil {
			b.Fatal(err)
		}
		e.Truth()
	}
}
