package multiple

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// texts is a column of the cells, missing where they are empty.
func texts(name string, cells ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Label: "About " + name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	for _, cell := range cells {
		if cell == "" {
			v.Texts.Index.Append(-1)
			continue
		}
		v.Texts.Index.Append(int32(len(v.Texts.Values)))
		v.Texts.Values = append(v.Texts.Values, cell)
	}
	return v
}

func TestSplit(t *testing.T) {
	id := &survey.Variable{Name: "id", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3, 4})}
	before := &survey.Table{Rows: 4, Notices: survey.Notices{{Text: "old"}}, Variables: []*survey.Variable{id, texts("q", "10; 2;", "2", "", "98;")}}
	after := Split(before, nil)
	nan, chosen := math.NaN(), survey.NumberValue(1)
	want := []*survey.Variable{id,
		{Name: "q_2", Label: "2", Kind: survey.Number, Measure: survey.Nominal, Numbers: survey.NewNumbers([]float64{1, 1, nan, 0})},
		{Name: "q_10", Label: "10", Kind: survey.Number, Measure: survey.Nominal, Numbers: survey.NewNumbers([]float64{1, 0, nan, 0})},
		{Name: "q_98", Label: "98", Kind: survey.Number, Measure: survey.Nominal, Numbers: survey.NewNumbers([]float64{0, 0, nan, 1})}}
	if diff := cmp.Diff(want, after.Variables, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	sets := []survey.MultipleResponse{{Name: "q", Label: "About q", Variables: []string{"q_2", "q_10", "q_98"}, Counted: &chosen}}
	if diff := cmp.Diff(sets, after.Sets); diff != "" {
		t.Error(diff)
	}
	if len(after.Notices) != 2 || !strings.Contains(after.Notices[1].Text, "sets: q (3 codes)") || len(before.Variables) != 2 || len(before.Notices) != 1 {
		t.Errorf("notices %q, before %v", after.Notices, before.Names())
	}
}

// What is not codes in every cell stays text.
func TestStaysText(t *testing.T) {
	many := make([]string, mostCodes+1)
	for k := range many {
		many[k] = strconv.Itoa(k) + ";"
	}
	for what, v := range map[string]*survey.Variable{
		"plain": texts("q", "1", "2"), "words": texts("q", "1;2", "1;x"), "gap": texts("q", "1;;2"), "sign": texts("q", "1;-2"),
		"long": texts("q", "1;1234567"), "none": texts("q", ";"), "nothing": texts("q", ""), "many": texts("q", many...),
		"fraction": texts("q", "1.5;2"),
	} {
		table := &survey.Table{Rows: v.Len(), Variables: []*survey.Variable{v}}
		if got := Split(table, nil); got != table {
			t.Errorf("%s: got %v", what, got.Names())
		}
	}
}

// A name that is taken is not given twice.
func TestTakenName(t *testing.T) {
	got := Split(&survey.Table{Rows: 1, Variables: []*survey.Variable{texts("q", "1;2"), texts("q_2", "x")}}, nil)
	if want := "q_1 q_2_2 q_2"; strings.Join(got.Names(), " ") != want {
		t.Errorf("got %v, want %s", got.Names(), want)
	}
}

// Every row has exactly the codes of its cell.
func TestCodesAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfNDistinct(rapid.IntRange(0, 99), 1, 6, rapid.ID[int]), 1, 30).Draw(t, "rows")
		cells := make([]string, len(rows))
		for i, codes := range rows {
			for _, c := range codes {
				cells[i] += strconv.Itoa(c) + ";"
			}
		}
		table := Split(&survey.Table{Rows: len(rows), Variables: []*survey.Variable{texts("q", cells...)}}, nil)
		for i, codes := range rows {
			sum := 0.0
			for _, v := range table.Variables {
				sum += v.Numbers.At(i)
			}
			for _, c := range codes {
				if table.Lookup("q_"+strconv.Itoa(c)).Numbers.At(i) != 1 {
					t.Fatalf("row %d lacks %d", i, c)
				}
			}
			if sum != float64(len(codes)) {
				t.Fatalf("row %d has %v codes of %d", i, sum, len(codes))
			}
		}
	})
}
