package formula

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
)

var nan = math.NaN()

func texts(name string, values ...string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{}}
	for _, s := range values {
		k := slices.Index(v.Texts.Values, s)
		if k < 0 && s != "" {
			k = len(v.Texts.Values)
			v.Texts.Values = append(v.Texts.Values, s)
		}
		v.Texts.Index.Append(int32(k))
	}
	return v
}

func numbers(name string, values ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(values)}
}

func table(vars ...*survey.Variable) *survey.Table {
	return &survey.Table{Rows: vars[0].Len(), Variables: vars}
}

func model(t *testing.T, text string, data *survey.Table, in []bool) *Model {
	t.Helper()
	f, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	m, err := f.Model(data, in, nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

// TestModelMatrix holds names and columns against R's model.matrix; see
// testdata/model_matrix.R. The columns are summed with the squares of the row
// numbers, which tells rows apart.
func TestModelMatrix(t *testing.T) {
	d := table(texts("a", "beta", "alpha", "Gamma", "alpha", "beta", "Gamma", "alpha", "beta"),
		texts("g", "m", "f", "f", "m", "m", "f", "f", "m"), texts("b", "m", "f", "f", "m", "m", "f", "f", "m"), texts("odd name", "m", "f", "f", "m", "m", "f", "f", "m"),
		numbers("x", 1, 2, 3, 4, 5, 6, 7, 8.5), numbers("k", 10, 2, 2, 10, 3, 3, 2, 10))
	var answers struct {
		Cases []struct {
			Formula string
			Names   []string
			Sums    []float64
		}
	}
	b, err := os.ReadFile("testdata/model_matrix.json")
	if err == nil {
		err = json.Unmarshal(b, &answers)
	}
	if err != nil || len(answers.Cases) == 0 {
		t.Fatalf("no answers: %v", err)
	}
	for _, c := range answers.Cases {
		m := model(t, c.Formula, d, nil)
		if !slices.Equal(m.Names, c.Names) {
			t.Errorf("%s: columns %q, want %q", c.Formula, m.Names, c.Names)
			continue
		}
		if got := m.X.Totals([]float64{1, 4, 9, 16, 25, 36, 49, 64}); !slices.Equal(got, c.Sums) {
			t.Errorf("%s: sums %v, want %v", c.Formula, got, c.Sums)
		}
	}
}

// Labelled codes are ordered by code and named by label; two codes of one
// label by their values; declared missing values leave the model.
func TestLabelledFactor(t *testing.T) {
	v := numbers("q", 3, 1, 2, 9, nan, 1)
	v.Codes = []survey.Code{{Value: survey.NumberValue(3), Label: "high"}, {Value: survey.NumberValue(1), Label: "low"}, {Value: survey.NumberValue(2), Label: "low"}, {Value: survey.NumberValue(4), Label: "never chosen"}}
	v.Missing = []survey.Missing{survey.MissingNumber(9, survey.DontKnow)}
	m := model(t, "y ~ factor(q) - 1", table(v, numbers("y", 1, 2, 3, 4, 5, nan)), nil)
	if want := []string{"factor(q)1", "factor(q)2", "factor(q)high"}; !slices.Equal(m.Names, want) {
		t.Errorf("columns %q, want %q", m.Names, want)
	}
	if want := []bool{true, true, true, false, false, false}; !slices.Equal(m.Complete, want) {
		t.Errorf("complete %v, want %v", m.Complete, want)
	}
	if want := []float64{1, 2, 3, 0, 0, 0}; !slices.Equal(m.Y, want) {
		t.Errorf("outcomes %v, want %v", m.Y, want)
	}
	if m.X.Rows() != 6 || len(m.X.Index) != 3 || m.X.Value != nil {
		t.Errorf("matrix %+v", m.X)
	}
}

// The levels are those of the rows asked for, so the reference is one of them.
func TestLevelsOfADomain(t *testing.T) {
	d := table(texts("a", "A", "B", "C", "C", ""), numbers("x", 1, 2, 3, 4, 5))
	m := model(t, "~ a + x", d, []bool{false, true, true, true, true})
	if want := []string{"(Intercept)", "aC", "x"}; !slices.Equal(m.Names, want) {
		t.Errorf("columns %q, want %q", m.Names, want)
	}
	if want := (&stats.Sparse{Columns: 3, Start: []int{0, 0, 2, 5, 8, 8}, Index: []int32{0, 2, 0, 1, 2, 0, 1, 2}, Value: []float64{1, 2, 1, 1, 3, 1, 1, 4}}); !slices.Equal(m.X.Start, want.Start) || !slices.Equal(m.X.Index, want.Index) || !slices.Equal(m.X.Value, want.Value) {
		t.Errorf("matrix %+v, want %+v", m.X, want)
	}
	none := model(t, "~ a + x", d, make([]bool, 5))
	if want := []string{"(Intercept)", "x"}; !slices.Equal(none.Names, want) {
		t.Errorf("columns without rows %q, want %q", none.Names, want)
	}
}

func TestModelProblems(t *testing.T) {
	d := table(texts("gender", "f", "m"), texts("one", "f", "f"), numbers("age", 1, 2))
	for text, want := range map[string]string{
		"agee ~ gendr":  "there is no variable \"agee\"; did you mean age?\nthere is no variable \"gendr\"; did you mean gender?",
		"gender ~ age":  "column gender: the response is text; recode it to numbers: 0 and 1 for a share",
		"age ~ one":     "column one: all 2 rows of the model are in one category, f; leave the variable out of the formula",
		"age ~ age":     `value "age ~ age": age is on both sides of the formula; remove it from the right side`,
		"age ~ one - 1": "column one: all 2 rows of the model are in one category, f; leave the variable out of the formula",
	} {
		f, err := Parse(text)
		if err == nil {
			_, err = f.Model(d, nil, nil)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestTooManyColumns(t *testing.T) {
	v := numbers("id")
	for i := range 2500 {
		v.Numbers.Append(float64(i))
	}
	for _, text := range []string{"~ factor(id)", "~ id:factor(id):factor(id) - 1"} {
		f, err := Parse(text)
		if err == nil {
			_, err = f.Model(table(v), nil, nil)
		}
		if err == nil || !strings.Contains(err.Error(), "more than 2000 columns") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestParseProblems(t *testing.T) {
	for text, want := range map[string]string{
		"":               "there is no ~ after the response",
		"age":            "there is no ~ after the response",
		"y ~":            "the formula ends too early",
		"y ~ a +":        "the formula ends too early",
		"y ~ (a + b":     "the formula ends too early",
		"y ~ a b":        `"b" is not expected here`,
		"y ~ a ^ 2":      `"^" is not expected here`,
		"y ~ log(a)":     "there is no function log",
		"y ~ factor(1)":  `"1" is not expected here`,
		"y ~ factor(a b": `"b" is not expected here`,
		"y ~ 2":          `"2" is not a variable`,
		"y ~ `a":         "\"`\" is not expected here",
		"y ~ - 1":        "the formula has no terms and no constant",
		"y ~ a - a + 0":  "the formula has no terms and no constant",
		"~ " + strings.Repeat("(a+b+c)*", 3) + "d*e*f*g*h*i*j*k*l": "this makes more than 1000 terms",
		"~ a" + strings.Repeat(" ", longest):                       "the formula has 10003 characters, more than 10000",
	} {
		_, err := Parse(text)
		if problems, ok := err.(survey.Problems); !ok || problems[0].Message != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	_, err := Parse("ä ~ a ^ 2")
	if problems, ok := err.(survey.Problems); !ok || problems[0].Excerpt != "ä ~ a ^ 2\n      ^" {
		t.Errorf("the caret stands wrong:\n%v", err)
	}
}

func TestNotation(t *testing.T) {
	for text, same := range map[string]string{
		"y~a+b":               " y ~ b + a + a ",
		"y ~ (a + b):c":       "y ~ a:c + b:c",
		"y ~ a*b":             "y ~ a + b + b:a",
		"y ~ a + 0":           "y ~ a - 1",
		"y ~ a - 0":           "y ~ a + 1",
		"y ~ a*b - a:b":       "y ~ a + b",
		"y ~ `a`":             "y ~ a",
		"y ~ factor(`a`) + b": "y ~ factor(a) + b",
	} {
		a, err := Parse(text)
		b, other := Parse(same)
		if err != nil || other != nil {
			t.Errorf("%s: %v, %s: %v", text, err, same, other)
			continue
		}
		if !slices.Equal(labels(a), labels(b)) || a.Response != b.Response || a.Intercept != b.Intercept {
			t.Errorf("%s is %v, %s is %v", text, a, same, b)
		}
	}
}

// labels are the terms of a formula in an order of their own.
func labels(f *Formula) (out []string) {
	for _, t := range f.terms {
		var parts []string
		for k, v := range f.variables {
			if t.has(k) {
				parts = append(parts, v.label())
			}
		}
		slices.Sort(parts)
		out = append(out, strings.Join(parts, ":"))
	}
	slices.Sort(out)
	return out
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"y ~ a + factor(b)", "~ a*b:c - 1", "y ~ (a", "`", "~ 0 + x1", "~((("} {
		f.Add(s)
	}
	data := table(texts("a", "x", "y", "x"), texts("b", "x", "x", "y"), numbers("y", 1, 2, 3))
	f.Fuzz(func(t *testing.T, s string) {
		parsed, err := Parse(s)
		if err != nil {
			return
		}
		if m, err := parsed.Model(data, nil, nil); err == nil && (len(m.Names) != m.X.Columns || m.X.Rows() != 3) {
			t.Fatalf("%d names, %d columns, %d rows", len(m.Names), m.X.Columns, m.X.Rows())
		}
	})
}
