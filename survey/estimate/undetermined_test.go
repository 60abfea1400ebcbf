package estimate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// words is a variable of texts.
func words(name string, x []string) *survey.Variable {
	v := &survey.Variable{Name: name, Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces(make([]int32, len(x)))}}
	for i, word := range x {
		k := slices.Index(v.Texts.Values, word)
		if k < 0 {
			k = len(v.Texts.Values)
			v.Texts.Values = append(v.Texts.Values, word)
		}
		v.Texts.Index.Set(i, int32(k))
	}
	return v
}

// separating are 60 rows of which all 10 with g = c have y = 1, and none of them a count.
func separating() *survey.Table {
	r := rand.New(rand.NewPCG(13, 5))
	var g []string
	y, count, age, w := number("y"), number("count"), number("age"), number("w")
	for i := range 60 {
		level := []string{"a", "b", "a", "b", "c", "a"}[i%6]
		outcome, counted := float64(r.IntN(2)), float64(r.IntN(4))
		if level == "c" {
			outcome, counted = 1, 0
		}
		g = append(g, level)
		y.Numbers.Append(outcome)
		count.Numbers.Append(counted)
		age.Numbers.Append(float64(20 + r.IntN(50)))
		w.Numbers.Append(0.5 + r.Float64())
	}
	return tableOf(words("g", g), y, count, age, w)
}

// What a separated category leaves is the model of the other rows, in every form
// of the output.
func TestSeparationIsNoFigure(t *testing.T) {
	for _, c := range []struct{ formula, family, because string }{
		{"y ~ g + age", "binomial", "all 10 rows with g = c have y = 1"},
		{"count ~ g + age", "poisson", "all 10 rows with g = c have count = 0"},
	} {
		s := sampletest.Of(t, separating(), survey.Design{Weight: "w"})
		others := sampletest.In(t, separating(), survey.Design{Weight: "w"}, estimate.Options{Where: "g != 'c'"})
		got, err := s.Regress(c.formula, c.family)
		if err != nil {
			t.Fatal(err)
		}
		want, err := others.Regress(c.formula, c.family)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range got {
			if g.Term == "gc" {
				if g.Value.Exists() || g.SE.Exists() || !slices.Equal(g.Flags, []string{survey.FlagNotEstimable}) {
					t.Errorf("%s: %+v", c.family, g)
				}
				continue
			}
			k := slices.IndexFunc(want, func(w estimate.Coefficient) bool { return w.Term == g.Term })
			if w := want[k]; !near(g.Value, w.Value.Float(), 1e-8) || !near(g.SE, w.SE.Float(), 1e-5) || g.DF.Float() != w.DF.Float() || g.N != w.N || g.N != 50 {
				t.Errorf("%s: %+v, without the category %+v", c.family, g, w)
			}
		}
		terms, err := s.TermTests(c.formula, c.family)
		if err != nil || terms[1].Statistic.Exists() || !slices.Equal(terms[1].Flags, []string{survey.FlagNotEstimable}) || !terms[2].Statistic.Exists() {
			t.Errorf("%s: tests %+v, %v", c.family, terms, err)
		}
		margins, err := s.PredictedMargins(c.formula, c.family, "g")
		if err != nil || !margins[0].Value.Exists() || margins[2].Value.Exists() || !slices.Equal(margins[2].Flags, []string{survey.FlagNotEstimable}) {
			t.Errorf("%s: margins %+v, %v", c.family, margins, err)
		}
		if len(s.Warnings()) != 1 || !strings.Contains(s.Warnings()[0].Text, "gc is not estimable: "+c.because) {
			t.Errorf("%s: warnings %q", c.family, s.Warnings())
		}
	}
}

// A prediction for the separated category itself keeps its share in the margins of the others:
// everybody is given the other level, those of the category too.
func TestMarginsBesideASeparatedCategory(t *testing.T) {
	s := sampletest.Of(t, separating(), survey.Design{Weight: "w"})
	margins, err := s.PredictedMargins("y ~ g", "binomial", "g")
	if err != nil {
		t.Fatal(err)
	}
	shares, err := sampletest.In(t, separating(), survey.Design{Weight: "w"}, estimate.Options{By: []string{"g"}}).Share("y == 1")
	if err != nil {
		t.Fatal(err)
	}
	for k := range 2 {
		if !near(margins[k].Value, shares[k].Value.Float(), 1e-9) || !near(margins[k].SE, shares[k].SE.Float(), 1e-5) {
			t.Errorf("margin %+v, share %+v", margins[k], shares[k])
		}
	}
}

func TestReasonsForWhatIsNotEstimable(t *testing.T) {
	x, ones := number("x", 1, 2, 3, 4, 5, 6, 7, 8), number("ones", 1, 1, 1, 1, 1, 1, 1, 1)
	table := tableOf(x, ones, number("zeros", 0, 0, 0, 0, 0, 0, 0, 0), number("step", 0, 0, 0, 0, 1, 1, 1, 1), number("mixed", 0, 1, 0, 1, 0, 1, 1, 0),
		number("twice", 2, 4, 6, 8, 10, 12, 14, 16), number("z", 3, 1, 4, 1, 5, 9, 2, 6), number("y", 1, 4, 2, 3, 6, 2, 4, 1), number("tilted", 0, 1, 0, 1, 1, 0, 1, 1),
		words("country", strings.Split("USUSCACA", "")), words("h", strings.Split("aabbcabc", "")), words("k", strings.Split("ppqqppqq", "")))
	for _, c := range []struct{ formula, family, because string }{
		{"ones ~ x", "binomial", "(Intercept), x are not estimable: all 8 rows have ones = 1; "},
		{"zeros ~ x", "binomial", "(Intercept), x are not estimable: all 8 rows have zeros = 0; "},
		{"zeros ~ x", "poisson", "all 8 rows have zeros = 0; "},
		{"step ~ x", "binomial", "(Intercept), x are not estimable: x parts the outcomes, with at most one value in common; "},
		{"tilted ~ x * z + mixed", "binomial", "x:z give the outcomes of 8 rows away; "},
		{"y ~ x + twice", "gaussian", "x, twice are not estimable: x, twice depend on each other; "},
		{"y ~ x + ones", "gaussian", "(Intercept), ones are not estimable: ones does not vary; "},
		{"y ~ h * k", "gaussian", "no row has h = b and k = p; no row has h = a and k = q; "},
	} {
		s := sampletest.Of(t, table, survey.Design{})
		if _, err := s.Regress(c.formula, c.family); err != nil {
			t.Fatal(err)
		}
		if len(s.Warnings()) == 0 || !strings.Contains(s.Warnings()[0].Text, c.because) {
			t.Errorf("%s: warnings %q, want %q", c.formula, s.Warnings(), c.because)
		}
	}
}

// An outcome that does not vary has coefficients, but no error and no t.
func TestConstantOutcomeHasNoT(t *testing.T) {
	y := number("y", 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
	table := tableOf(y, number("x", 3, 4, 1, 6, 2, 3), number("w", 1, 2, 1, 1.7, 1, 1), words("g", strings.Split("aabbcc", "")))
	s := sampletest.Of(t, table, survey.Design{Weight: "w"})
	got, err := s.Regress("y ~ x + g", "gaussian")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range got {
		if !c.Value.Exists() || c.SE.Exists() || c.T.Exists() || c.P.Exists() || !slices.Equal(c.Flags, []string{survey.FlagNoVariance}) {
			t.Errorf("%+v", c)
		}
	}
	margins, err := s.PredictedMargins("y ~ x + g", "gaussian", "g")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range margins {
		if !near(m.Value, 0.1, 1e-9) || m.SE.Exists() || m.Low.Exists() || !slices.Contains(m.Flags, survey.FlagNoVariance) {
			t.Errorf("%+v", m)
		}
	}
}

// recoded are rows of two factors, which may be nested or have empty cells, and
// what the levels are called.
type recoded struct {
	a, b    []int
	x, y, w []float64
}

func drawRecoded(t *rapid.T, family string) recoded {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
	n, nested := rapid.IntRange(12, 40).Draw(t, "n"), rapid.Bool().Draw(t, "nested")
	var d recoded
	for range n {
		a, b := r.IntN(2), r.IntN(4)
		if nested {
			a = b / 2
		} else if a == 1 && b == 0 {
			b = 1
		}
		y := float64(r.IntN(2))
		if family == "gaussian" {
			y = r.NormFloat64()
		}
		if family == "binomial" && b == 3 {
			y = 1
		}
		d.a, d.b = append(d.a, a), append(d.b, b)
		d.x, d.y, d.w = append(d.x, float64(r.IntN(5))), append(d.y, y), append(d.w, 0.5+r.Float64())
	}
	return d
}

// margins are those of both factors by level, with levels called by names.
func (d recoded) margins(t *rapid.T, formula, family string, a, b []string) map[string]survey.Estimate {
	table := tableOf(words("a", called(d.a, a)), words("b", called(d.b, b)), number("x", d.x...), number("y", d.y...), number("w", d.w...))
	s := sampletest.Of(t, table, survey.Design{Weight: "w"})
	out := map[string]survey.Estimate{}
	for factor, names := range map[string][]string{"a": a, "b": b} {
		records, err := s.PredictedMargins(formula, family, factor)
		if err != nil {
			if strings.Contains(err.Error(), "in one category") {
				t.Skip("one category")
			}
			t.Fatal(err)
		}
		for _, r := range records {
			out[fmt.Sprint(factor, slices.Index(names, r.Category))] = r
		}
	}
	return out
}

// Other names of levels, and with them another order and another reference,
// change no margin and no flag.
func TestRenamedLevelsHaveTheSameMargins(t *testing.T) {
	estimable, not := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.SampledFrom([]string{"gaussian", "binomial", "poisson"}).Draw(t, "family")
		formula := "y ~ " + rapid.SampledFrom([]string{"a + b", "a * b", "b + a + x", "a:b", "a * b - 1"}).Draw(t, "terms")
		d := drawRecoded(t, family)
		before := d.margins(t, formula, family, []string{"k", "l"}, []string{"k", "l", "m", "n"})
		after := d.margins(t, formula, family, rapid.Permutation([]string{"p", "q"}).Draw(t, "a"), rapid.Permutation([]string{"p", "q", "r", "s"}).Draw(t, "b"))
		for level, m := range before {
			again := after[level]
			if !slices.Equal(m.Flags, again.Flags) || m.Value.Exists() == slices.Contains(m.Flags, survey.FlagNotEstimable) {
				t.Fatalf("%s %s, margin %s: %+v, renamed %+v", family, formula, level, m, again)
			}
			if m.Value.Exists() {
				estimable++
				if !near(again.Value, m.Value.Float(), 1e-7) || !near(again.SE, m.SE.Float(), 1e-4) {
					t.Fatalf("%s %s, margin %s: %+v, renamed %+v", family, formula, level, m, again)
				}
			} else {
				not++
			}
		}
	})
	if estimable == 0 || not == 0 {
		t.Errorf("%d margins were estimable, %d not", estimable, not)
	}
}

// Every figure that is missing has a flag.
func TestRegressionsFlagWhatIsMissing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		family := rapid.SampledFrom(stats.Families()).Draw(t, "family").Name
		d := drawRecoded(t, family)
		n := rapid.IntRange(2, len(d.y)).Draw(t, "rows")
		table := tableOf(words("a", called(d.a[:n], []string{"k", "l"})), words("b", called(d.b[:n], []string{"k", "l", "m", "n"})), number("x", d.x[:n]...), number("y", d.y[:n]...), number("w", d.w[:n]...))
		s := sampletest.Of(t, table, survey.Design{Weight: "w"})
		formula := "y ~ " + rapid.SampledFrom([]string{"a + b", "a * b", "b + a + x", "x", "1"}).Draw(t, "terms")
		coefficients, err := s.Regress(formula, family)
		if err != nil {
			t.Skip("no model")
		}
		for _, c := range coefficients {
			if whole := c.Value.Exists() && c.SE.Exists() && c.T.Exists() && c.P.Exists() && c.DF.Exists(); whole == (len(c.Flags) > 0) || math.IsInf(c.T.Float(), 0) {
				t.Fatalf("%s %s: %+v", family, formula, c)
			}
		}
		tests, err := s.TermTests(formula, family)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range tests {
			if whole := c.Statistic.Exists() && c.P.Exists(); whole == (len(c.Flags) > 0) {
				t.Fatalf("%s %s: %+v", family, formula, c)
			}
		}
	})
}

// called are the names of levels.
func called(level []int, names []string) []string {
	out := make([]string, len(level))
	for i, k := range level {
		out[i] = names[k]
	}
	return out
}
