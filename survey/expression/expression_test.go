package expression

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

var nan = math.NaN()

// people has a gap of each kind: age is system-missing in row 3, q1 declared
// missing in row 2, town system-missing in row 1.
func people() *survey.Table {
	return &survey.Table{Rows: 5, Variables: []*survey.Variable{
		{Name: "age", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{18, 24, 25, nan, 65})},
		{Name: "q1", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 9, 2, 3}),
			Codes: []survey.Code{
				{Value: survey.NumberValue(1), Label: "Yes"}, {Value: survey.NumberValue(2), Label: "No"},
				{Value: survey.NumberValue(3), Label: "It's complicated"}, {Value: survey.NumberValue(9), Label: "Refused"}},
			Missing: []survey.Missing{survey.MissingNumber(9, survey.Refused)}},
		{Name: "town", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, -1, 1, 0, 2}), Values: []string{"Oslo", "Bergen", "1"}}},
		{Name: "home", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{1, 0, 0, 1, 0}), Values: []string{"Bergen", "Oslo"}},
			Codes: []survey.Code{{Value: survey.TextValue("Bergen"), Label: "West"}}},
		{Name: "Q 1.a", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{0, 1, 0, 1, 0})},
		{Name: "x.y", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3, 4, 5})},
		{Name: "in", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 1, 1, 0, 0})},
	}}
}

// show writes a row as 1 (holds), 0 (does not) or . (not valid).
func show(holds, valid []bool) string {
	var b strings.Builder
	for i := range holds {
		switch {
		case holds[i] && valid[i]:
			b.WriteByte('1')
		case holds[i]:
			b.WriteByte('!')
		case valid[i]:
			b.WriteByte('0')
		default:
			b.WriteByte('.')
		}
	}
	return b.String()
}

func TestTruth(t *testing.T) {
	for source, want := range map[string]string{
		"age >= 25":                    "001.1",
		"25 <= age":                    "001.1",
		"18 < age < 65":                "011.0",
		"not 18 < age < 65":            "100.1",
		"not age == 18":                "011.1",
		"!(age == 18)":                 "011.1",
		"not not age == 18":            "100.0",
		"not age + 1 == 19":            "011.1",
		"age == 18 or not age == 24":   "101.1",
		"q1 == 'Yes'":                  "10.00",
		`q1 != "Yes"`:                  "01.11",
		`"It's complicated" == q1`:     "00.01",
		"q1 in ['Yes', 2]":             "11.10",
		"q1 not in [1, 2]":             "00.01",
		"not q1 in [1, 2]":             "00.01",
		"q1 == 1 and age == 18":        "10..0",
		"q1 == 1 && age == 18 || 1==2": "10..0",
		"town == 'Oslo'":               "1.010",
		"town == '1'":                  "0.001",
		"town == home":                 "1.110",
		"town != home":                 "0.001",
		"home == 'West'":               "01101",
		"missing(q1)":                  "00100",
		"valid(q1) and age > 0":        "110.1",
		"missing(town) or missing(q1)": "01100",
		"`Q 1.a` == 1":                 "01010",
		"$env['Q 1.a'] == 1":           "01010",
		"x.y > 3":                      "00011",
		"`in` == 1":                    "11100",
		"x.y / `in` > 2":               "001..",
		"`in` != 0 and x.y / `in` > 2": "00100",
		"not (x.y % `in` == 0)":        "000..",
		"-x.y in [-1, -5]":             "10001",
		"abs(1 - x.y) == 4":            "00001",
		"min(x.y, 3, age) == 3":        "001.1",
		"max(x.y, 3) == 3":             "11100",
		"round(x.y / 2) == 2":          "00110",
		"x.y == 1\nor x.y == 2":        "11000",
		"answer(q1, 0) == 1":           "10000",
		"answer(q1, 2) == 2":           "01110",
		"answer(age, 0) + x.y > 20":    "01101",
		"1 == 1":                       "11111",
	} {
		e, err := Compile(source, people())
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := show(e.Truth()); got != want {
			t.Errorf("%s: got %s, want %s", source, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for source, want := range map[string][]float64{
		"age * 2 - x.y":   {35, 46, 47, nan, 125},
		"-x.y":            {-1, -2, -3, -4, -5},
		"q1":              {1, 2, nan, 2, 3},
		"x.y / `Q 1.a`":   {nan, 2, nan, 4, nan},
		"age >= 25":       {0, 0, 1, nan, 1},
		"7.5 % 2 + `in`":  {2.5, 2.5, 2.5, 1.5, 1.5},
		"missing(age)":    {0, 0, 0, 1, 0},
		"1 - (2 - `in`)":  {0, 0, 0, -1, -1},
		"round(-x.y / 2)": {-1, -1, -2, -2, -3},
	} {
		e, err := CompileValue(source, people())
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if diff := cmp.Diff(want, e.Numbers(), equalNaN); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
	}
}

var equalNaN = cmp.Comparer(func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })

func TestArithmeticHoldsNowhere(t *testing.T) {
	e, err := CompileValue("age + 1", people())
	if err != nil || e.IsCondition() {
		t.Fatalf("age + 1: condition %v, %v", e.IsCondition(), err)
	}
	if got := show(e.Truth()); got != "....." {
		t.Errorf("got %s", got)
	}
}

func TestVariables(t *testing.T) {
	e, err := Compile("town == 'Oslo' and missing(q1) and 2 < age < 3 and $env['Q 1.a'] == 1", people())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"town", "q1", "age", "Q 1.a"}, e.Variables()); diff != "" {
		t.Error(diff)
	}
}

func TestProblems(t *testing.T) {
	for source, want := range map[string][]string{
		"agee > 3 and qq1 == 'Yes'": {`there is no variable "agee"; did you mean age?`, `there is no variable "qq1"; did you mean q1?`},
		"q1 == 'Yess'":              {"column q1, value \"Yess\": no category has this label or value; did you mean 'Yes'?"},
		"q1 == '2'":                 {"write the number without quotes"},
		"age == 'old'":              {"numbers without labels; compare it with a number"},
		"town == 1":                 {"write '1' in quotes"},
		"town == 'Olso'":            {"did you mean 'Oslo'?"},
		"town == age":               {"the variable holds text, not numbers"},
		"town > 'A'":                {"the variable holds text, not numbers", "this is a text, not a number"},
		"q1 == 9":                   {"declared missing", "use missing(q1)"},
		"q1 in [1, 'Refused']":      {"declared missing"},
		"q1 == 7":                   {"never occurs", "the nearest codes are"},
		"7 != q1":                   {"never occurs"},
		"q1 in [1, 7]":              {"never occurs"},
		"q1":                        {`compare it with a value, such as q1 == "Yes"`},
		"`Q 1.a`":                   {"such as `Q 1.a` == 1"},
		"age + 1":                   {"this is a number, not a condition"},
		"age + (q1 == 1) > 2":       {"this is a condition, not a number"},
		"(q1 == 1) == (q1 == 2)":    {"combine conditions with and, or and not"},
		"q1 in 3":                   {"in needs a list"},
		"q1 in 1..3":                {"for a range write 18 <= age <= 24"},
		"q1 in [age]":               {"a list may contain only numbers and quoted texts"},
		"age + 1 in ['a']":          {"the list for a number may contain only numbers"},
		"missing(q1) or q1 == 1":    {"always left out", "use the variable in one of the two ways"},
		"missing(age + 1)":          {"takes the name of a variable"},
		"missing(age, q1)":          {"takes one variable"},
		"absent(age) > 1":           {`there is no function "absent"`},
		"abs(age, 1) > 1":           {"abs() cannot take 2 numbers"},
		"age > 1 ? 1 : 2":           {"not part of an expression"},
		"age ** 2 > 3":              {"not part of an expression"},
		"{'a': 1} == 1":             {"not part of an expression"},
		"age = 3":                   {`"=" is not expected here; write == to compare`},
		"age <> 3":                  {"write != for not equal"},
		"age == 3 AND q1 == 1":      {"in lower case"},
		"age >":                     {"the expression ends too early"},
		"":                          {"the expression is empty"},
		"(age > 3":                  {"the expression ends too early"},
		strings.Repeat("(", 50_000): {"more than 20000"},
	} {
		_, err := Compile(source, people())
		if err == nil {
			t.Errorf("%s: no problem", source)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q is not in %v", source, part, err)
			}
		}
	}
}

func TestExcerpt(t *testing.T) {
	_, err := Compile("age > 1\nand ål == 2", people())
	want := "there is no variable \"ål\"\n  and ål == 2\n      ^"
	if err == nil || err.Error() != want {
		t.Errorf("got  %q\nwant %q", err, want)
	}
}

func TestEachProblemOnce(t *testing.T) {
	_, err := Compile("1 < agee < 3 and agee > 1", people())
	problems, _ := err.(survey.Problems)
	if len(problems) != 2 {
		t.Errorf("want one problem for each place, got %v", err)
	}
}

func TestQuote(t *testing.T) {
	for name, want := range map[string]string{
		"age": "age", "ålder_2": "ålder_2", "Q 1": "`Q 1`", "2x": "`2x`", "in": "`in`", "a`b": "`a``b`", "x.y": "`x.y`",
	} {
		if got := Quote(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"wave == 2011 and age >= 55", "q1 in [4,5]", "not (town == 'Oslo')", "missing(q1)", "1<(1<(1<age<2)<3)<4",
		"`Q 1.a` ?? 1", "let x = 1; x", "age | abs()", "count(age, # > 1)", "x?.y", "a[1:2]", "\"\\u{1}\"", "b'x' == q1", "if age > 1 {2} else {3}"} {
		f.Add(s)
	}
	table := people()
	f.Fuzz(func(t *testing.T, source string) {
		e, err := CompileValue(source, table)
		if err != nil {
			if _, ok := err.(survey.Problems); !ok {
				t.Fatalf("%q: %T is not survey.Problems", source, err)
			}
			return
		}
		holds, valid := e.Truth()
		for i := range holds {
			if holds[i] && !valid[i] {
				t.Fatalf("%q holds in row %d, which is not valid", source, i)
			}
		}
		e.Numbers()
	})
}
