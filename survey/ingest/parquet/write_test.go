package parquet

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// saved writes a table.
func saved(t rapid.TB, table *survey.Table) ([]byte, survey.Notices) {
	t.Helper()
	var b bytes.Buffer
	notices, err := Write(&b, table)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), notices
}

// A table comes back as it was, down to the last bit, in the columns' order; and
// the same table gives the same bytes.
func TestWriteAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		file, _ := saved(t, table)
		again, _ := saved(t, table)
		if !bytes.Equal(file, again) {
			t.Fatal("the bytes differ")
		}
		back, err := read(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(table, back, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawTable(t *rapid.T) *survey.Table {
	table := &survey.Table{Rows: rapid.IntRange(0, 30).Draw(t, "rows")}
	some := rapid.StringOf(rapid.RuneFrom([]rune("ab <é\"\\.")))
	for i := range rapid.IntRange(1, 6).Draw(t, "variables") {
		v := &survey.Variable{Name: fmt.Sprintf("%s%d", some.Draw(t, "name"), 9-i), Label: some.Draw(t, "label"),
			Kind:    rapid.SampledFrom([]survey.Kind{survey.Number, survey.Text, survey.Date, survey.DateTime, survey.TimeOfDay}).Draw(t, "kind"),
			Measure: rapid.SampledFrom([]survey.Measure{survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale}).Draw(t, "measure")}
		if v.IsText() {
			drawTexts(t, v, table.Rows, some)
		} else {
			v.Numbers = &survey.NumberColumn{}
			drawNumbers(t, v, table.Rows)
			v.Codes = []survey.Code{{Value: survey.NumberValue(1), Label: some.Draw(t, "code")}}
			v.Missing = []survey.Missing{survey.MissingNumber(99, survey.Refused), {Low: math.Inf(-1), High: -1}}
			table.Weight = v.Name
		}
		table.Variables = append(table.Variables, v)
	}
	chosen := survey.NumberValue(1)
	table.Sets = []survey.MultipleResponse{{Name: "$s", Label: some.Draw(t, "set"), Variables: table.Names()[:1], Counted: &chosen}, {Name: "$c", Variables: table.Names()}}
	return table
}

func drawTexts(t *rapid.T, v *survey.Variable, rows int, some *rapid.Generator[string]) {
	v.Texts = &survey.TextColumn{}
	places := map[string]int32{}
	for range rows {
		s := some.Draw(t, "text")
		if s == "a" {
			v.Texts.Index.Append(-1)
			continue
		}
		if _, known := places[s]; !known {
			places[s] = int32(len(v.Texts.Values))
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(places[s])
	}
}

// drawNumbers draws codes, large integers, moments or any numbers.
func drawNumbers(t *rapid.T, v *survey.Variable, rows int) {
	whole := func(low, high int64, per float64) *rapid.Generator[float64] {
		return rapid.Map(rapid.Int64Range(low, high), func(n int64) float64 { return float64(n) / per })
	}
	number := rapid.SampledFrom([]*rapid.Generator[float64]{whole(-9, 99, 1), whole(math.MinInt32, math.MaxInt32, 1), whole(-maxExact, maxExact, 1),
		whole(0, 86400e6-1, 1e6), whole(-4e15, 4e15, 1e6), rapid.Float64()}).Draw(t, "numbers")
	for range rows {
		x := number.Draw(t, "x")
		if rapid.IntRange(0, 4).Draw(t, "missing") == 0 {
			x = math.NaN()
		}
		v.Numbers.Append(x)
	}
}

// Each column has the type that other programs expect, and nulls where missing.
func TestTypes(t *testing.T) {
	for _, c := range []struct {
		kind    survey.Kind
		numbers []float64
		want    string
		told    bool
	}{
		{survey.Number, []float64{1, nan}, "INT(32,true)", false},
		{survey.Number, []float64{1 << 40}, "INT(64,true)", false},
		{survey.Number, []float64{0.5}, "DOUBLE", false},
		{survey.Number, []float64{math.Copysign(0, -1)}, "DOUBLE", false},
		{survey.Date, []float64{18050}, "DATE", false},
		{survey.Date, []float64{18050.5}, "DOUBLE", true},
		{survey.DateTime, []float64{1559556611.5}, "TIMESTAMP(isAdjustedToUTC=false,unit=MICROS)", false},
		{survey.DateTime, []float64{1e-9}, "DOUBLE", true},
		{survey.TimeOfDay, []float64{86399.5}, "TIME(isAdjustedToUTC=false,unit=MICROS)", false},
		{survey.TimeOfDay, []float64{86400}, "INT(32,true)", true},
	} {
		file, notices := saved(t, &survey.Table{Rows: len(c.numbers), Variables: []*survey.Variable{{Name: "v", Kind: c.kind, Numbers: survey.NewNumbers(c.numbers)}}})
		f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Root().Column("v").Type().String(); got != c.want || (len(notices) == 1) != c.told {
			t.Errorf("%s %v is %s, want %s; %q", c.kind, c.numbers, got, c.want, notices)
		}
	}
}

var nan = math.NaN()

// Tables of several row groups and pages come back whole.
func TestManyRows(t *testing.T) {
	n := rowsPerGroup + valuesAtOnce + 7
	v := &survey.Variable{Name: "x", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, n))}
	s := &survey.Variable{Name: "s", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces(make([]int32, n))}}
	for k := range 1000 {
		s.Texts.Values = append(s.Texts.Values, fmt.Sprint("text ", k))
	}
	for i := range n {
		v.Numbers.Set(i, float64(i)/2)
		s.Texts.Index.Set(i, int32(min(i, i*7%1000)))
		if i%1000 == 999 {
			v.Numbers.Set(i, nan)
			s.Texts.Index.Set(i, -1)
		}
	}
	file, _ := saved(t, &survey.Table{Rows: n, Variables: []*survey.Variable{v, s}})
	back, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(v.Numbers.Slice(), back.Lookup("x").Numbers.Slice(), cmpopts.EquateNaNs()) {
		t.Error("numbers differ")
	}
	for i := range n {
		a, _ := s.At(i)
		if b, _ := back.Lookup("s").At(i); a != b {
			t.Fatalf("row %d: %q, want %q", i+1, b.Text, a.Text)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	one := func(v ...*survey.Variable) *survey.Table { return &survey.Table{Rows: 1, Variables: v} }
	number := func(name string) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1})}
	}
	endless := number("v")
	endless.Codes = []survey.Code{{Value: survey.NumberValue(math.Inf(1)), Label: "x"}}
	for words, table := range map[string]*survey.Table{"no variables": one(), "have this name": one(number("a"), number("a")), "it is empty": one(number("")), "infinite": one(endless)} {
		var b bytes.Buffer
		_, err := Write(&b, table)
		if problems, ok := err.(survey.Problems); !ok || !strings.Contains(err.Error(), words) || problems[0].Remedy == "" || b.Len() > 0 {
			t.Errorf("%s: got %v", words, err)
		}
	}
}
