package screen

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

var none = math.NaN()

func numbers(name string, values ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(values)}
}

// repeated is a column of n rows that repeats a pattern.
func repeated(name string, n int, pattern ...float64) *survey.Variable {
	v := numbers(name)
	for i := range n {
		v.Numbers.Append(pattern[i%len(pattern)])
	}
	return v
}

func table(vars ...*survey.Variable) *survey.Table {
	return &survey.Table{Rows: vars[0].Len(), Variables: vars}
}

// Weights 1, 2, 3 have n Σw²/(Σw)² = 3·14/36.
func TestDescribeWeight(t *testing.T) {
	v := numbers("w", 1, 2, 3, 0, -1, none, math.Inf(1), 9)
	v.Missing = []survey.Missing{survey.MissingNumber(9, "")}
	w := DescribeWeight(v)
	if w.N != 3 || w.Zero != 1 || w.Negative != 1 || w.Missing != 3 || w.Min.Float() != 1 || w.Mean.Float() != 2 || w.Max.Float() != 3 {
		t.Errorf("got %+v", w)
	}
	const rounding = 1e-12 // a handful of operations
	if math.Abs(w.KishDeff.Float()-42./36) > rounding || math.Abs(w.CV.Float()*w.CV.Float()-6./36) > rounding || math.Abs(w.NEffective.Float()-36./14) > rounding {
		t.Errorf("got %+v", w)
	}
	if w := DescribeWeight(numbers("w", 0, none)); w.Min.Exists() || w.KishDeff.Exists() || w.Zero != 1 || w.Missing != 1 {
		t.Errorf("no weight above zero: %+v", w)
	}
}

func TestRoutes(t *testing.T) {
	drives := repeated("drives", 40, 1, 2, 1, 3)
	drives.Codes = []survey.Code{{Value: survey.NumberValue(1), Label: "Yes"}}
	car := repeated("car", 40, 7, none, 8, none)
	fuel := repeated("fuel", 40, 7, 99, 8, 99) // 99 is not asked
	fuel.Missing = []survey.Missing{survey.MissingNumber(99, survey.NotAsked)}
	seven := repeated("seven", 40, 5, none, none, none) // asked of car == 7
	all := repeated("all", 40, 1, 2, 3)
	sometimes := repeated("sometimes", 40, 1, none, 3, 3, none, 1, 1) // nonresponse, by no rule
	routes := Routes(table(drives, all, car, fuel, seven, sometimes))
	var got []string
	for _, r := range routes {
		got = append(got, fmt.Sprintf("%s %d/%d %s=%v not %v %.2f", r.Question, r.Asked, r.NotAsked, r.By, r.If, r.Unless, r.Explained))
	}
	want := []string{
		"car 20/20 drives=[{1 Yes}] not [{2 2} {3 3}] 1.00",
		"fuel 20/20 drives=[{1 Yes}] not [{2 2} {3 3}] 1.00",
		"seven 10/30 fuel=[{7 7}] not [{8 8}] 1.00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// A route is told only where an answer of the earlier question, given by
// somebody, closes the later one; random gaps make none.
func TestRoutesOfRandomGaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(60, 200).Draw(t, "rows")
		a, b := numbers("a"), numbers("b")
		for range n {
			a.Numbers.Append(float64(rapid.IntRange(1, 3).Draw(t, "a")))
			x := 1.
			if rapid.Bool().Draw(t, "gap") {
				x = none
			}
			b.Numbers.Append(x)
		}
		for _, r := range Routes(table(a, b)) {
			for i, x := range b.Numbers.All() {
				closed := slices.ContainsFunc(r.Unless, func(c survey.Code) bool { return c.Value.Number == a.Numbers.At(i) })
				if closed && !math.IsNaN(x) {
					t.Fatalf("%+v, and row %d was asked", r, i)
				}
			}
			if r.Explained < leastExplained {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func TestGrids(t *testing.T) {
	var items []*survey.Variable
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		v := numbers(name, 1, 2, 3)
		v.Codes = []survey.Code{{Value: survey.NumberValue(1), Label: "no"}, {Value: survey.NumberValue(2), Label: "mid"}, {Value: survey.NumberValue(3), Label: "yes"}}
		items = append(items, v)
	}
	for _, name := range []string{"u1", "u2", "u3", "u4", "u5"} {
		items = append(items, repeated(name, 3, 1, 2, 3)) // three values say too little
	}
	items = append(items, numbers("x", 0.5, 1, 2))
	grids := Grids(table(items...))
	if len(grids) != 1 || grids[0].Name != "g1 to g4" || len(grids[0].Items) != 4 {
		t.Errorf("got %+v", grids)
	}
	in := table(items...)
	in.Sets = []survey.MultipleResponse{{Name: "s", Variables: []string{"g2"}}}
	if grids := Grids(in); len(grids) != 0 {
		t.Errorf("a multiple-response set is no grid: %+v", grids)
	}
	var wide []*survey.Variable
	for k := range 5 {
		wide = append(wide, repeated(fmt.Sprintf("w%d", k), 20, 5, 1, 4, 2))
	}
	if grids := Grids(table(wide...)); len(grids) != 1 || grids[0].Name != "w0 to w4" {
		t.Errorf("without labels: %+v", grids)
	}
}

func TestStraightLines(t *testing.T) {
	a, b, c := numbers("a", 1, 2, none, 5, 9), numbers("b", 1, 2, 1, 5, 9), numbers("c", 1, 3, 1, 5, 9)
	for _, v := range []*survey.Variable{a, b, c} {
		v.Missing = []survey.Missing{survey.MissingNumber(9, survey.Refused)}
	}
	got := StraightLines(table(a, b, c), []Grid{{Name: "g", Items: []string{"a", "b", "c"}}, {Name: "gone", Items: []string{"a", "zz"}}})
	if len(got) != 1 || got[0].Rows != 3 || got[0].Straight != 2 || got[0].Share.Float() != 2./3 || !slices.Equal(got[0].RowNumbers, []int{1, 4}) {
		t.Errorf("got %+v", got)
	}
	if got := StraightLines(table(numbers("a", none), numbers("b", 1)), []Grid{{Items: []string{"a", "b"}}}); got[0].Share.Exists() {
		t.Errorf("nobody answered all: %+v", got)
	}
}

// answersIn makes rows of ten answers, numbered by an id and with a weight.
func answersIn(rows ...[]float64) *survey.Table {
	id, weight := numbers("respid"), numbers("weight")
	vars := []*survey.Variable{id, weight}
	for j := range 10 {
		v := numbers(fmt.Sprintf("q%d", j))
		for i, row := range rows {
			if j == 0 {
				id.Numbers.Append(float64(i % 2))
				weight.Numbers.Append(float64(i))
			}
			v.Numbers.Append(row[j])
		}
		vars = append(vars, v)
	}
	return table(vars...)
}

func TestFindDuplicates(t *testing.T) {
	a := []float64{1, 2, 3, 4, 5, 1, 2, 3, 4, 0}
	b := []float64{1, 2, 3, 4, 5, 1, 2, 3, 4, 1}
	zero := []float64{1, 2, 3, 4, 5, 1, 2, 3, 4, math.Copysign(0, -1)}
	few := []float64{1, none, 3, 4, 5, 1, 2, 3, 4, 0}
	d := FindDuplicates(answersIn(a, b, zero, few, a, few, b), nil)
	if d.Columns != 10 || d.Rows != 5 || d.Identical != 5 || d.Groups != 2 || d.Largest != 3 || d.Share.Float() != 1 ||
		fmt.Sprint(d.RowNumbers) != "[[1 3 5] [2 7]]" {
		t.Errorf("got %+v", d)
	}
	if d := FindDuplicates(answersIn(a, b, few), []string{"q9"}); d.Columns != 9 || d.Rows != 0 || d.Share.Exists() {
		t.Errorf("nine answers say too little: %+v", d)
	}
}

// Each group is of equal rows, and every pair of equal rows is in a group.
func TestFindDuplicatesAgainstAllPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.Custom(func(t *rapid.T) []float64 {
			out := []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
			out[rapid.IntRange(0, 9).Draw(t, "place")] = float64(rapid.IntRange(1, 2).Draw(t, "answer"))
			return out
		})
		rows := rapid.SliceOfN(row, 2, 12).Draw(t, "rows")
		d := FindDuplicates(answersIn(rows...), nil)
		if d.Columns < 10 {
			return // a column without two equal values is no answer
		}
		want := 0
		for i := range rows {
			for j := range rows {
				if i != j && slices.Equal(rows[i], rows[j]) {
					want++
					break
				}
			}
		}
		if d.Identical != want || d.Rows != len(rows) {
			t.Fatalf("%d of %d identical, want %d", d.Identical, d.Rows, want)
		}
	})
}

func TestSpeed(t *testing.T) {
	v := numbers("Duration (in seconds)", 600, 600, 600, 299, 199, 200, 0, none)
	s := Hasty(Duration(table(numbers("q1", 1, 2), v)))
	if s == nil || s.Median != 449.5 || s.Rows != 6 || s.Half != 2 || s.Third != 0 {
		t.Errorf("got %+v", s)
	}
	v.Numbers = survey.NewNumbers(append(v.Numbers.Slice(), 600, 600, 100, 300, 600))
	if s := Hasty(v); s.Median != 600 || s.Half != 4 || s.Third != 2 || !slices.Equal(s.RowNumbers, []int{5, 11}) {
		t.Errorf("got %+v", s)
	}
	if Hasty(numbers("d", none, 0)) != nil {
		t.Error("no duration, and yet a speed")
	}
	labelled := numbers("x9")
	labelled.Label = "Interviewdauer"
	text := &survey.Variable{Name: "duration", Kind: survey.Text, Texts: &survey.TextColumn{}}
	if got := Duration(table(text, numbers("q1"), labelled)); got != labelled {
		t.Errorf("got %v", got)
	}
	if got := Duration(table(numbers("q1"))); got != nil {
		t.Errorf("got %v", got)
	}
}

func BenchmarkScreenWide(b *testing.B) {
	const rows, columns = 37_350, 100
	in := &survey.Table{Rows: rows}
	for j := range columns {
		v := numbers(fmt.Sprintf("q%d", j))
		for i := range rows {
			x := float64((i*7+j*i)%5 + 1)
			if j%10 == 9 && i%3 == 0 {
				x = none
			}
			v.Numbers.Append(x)
		}
		in.Variables = append(in.Variables, v)
	}
	for b.Loop() {
		Routes(in)
		StraightLines(in, Grids(in))
		FindDuplicates(in, nil)
	}
}
