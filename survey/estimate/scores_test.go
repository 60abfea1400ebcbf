package estimate

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
)

// renamed gives every answer of a variable another code, or a text in place of
// it, and the code that it had as its score.
func renamed(t *rapid.T, table *survey.Table, name string) *survey.Table {
	old := table.Lookup(name)
	var answers []float64
	for i, valid := range old.Valid() {
		if x := old.Numbers.At(i); valid && !slices.Contains(answers, x) {
			answers = append(answers, x)
		}
	}
	answers = rapid.Permutation(answers).Draw(t, "codes of "+name)
	v := &survey.Variable{Name: name, Kind: survey.Number, Scores: map[survey.Value]float64{}, Numbers: &survey.NumberColumn{}}
	if rapid.Bool().Draw(t, name+" is text") {
		v.Kind, v.Texts = survey.Text, &survey.TextColumn{}
	}
	for k, x := range answers {
		code := survey.NumberValue(float64(k))
		if v.IsText() {
			code = survey.TextValue(fmt.Sprint("answer ", k))
			v.Texts.Values = append(v.Texts.Values, code.Text)
		}
		v.Scores[code] = x
	}
	for i, valid := range old.Valid() {
		k := slices.Index(answers, old.Numbers.At(i))
		switch {
		case v.IsText():
			v.Texts.Index.Append(int32(k))
		case valid:
			v.Numbers.Append(float64(k))
		default:
			v.Numbers.Append(math.NaN())
		}
	}
	return table.With(v)
}

// What answers count as decides every figure of numbers, their codes decide none.
func TestCodesAreNothingWhereAnswersHaveScores(t *testing.T) {
	onDesigns(t, func(t *rapid.T) {
		table := drawTable(t)
		var got, want []survey.Estimate
		for k, table := range []*survey.Table{table, renamed(t, renamed(t, table, "y"), "x")} {
			s := sampleOf(t, table, clusters, Options{By: []string{"g"}})
			records := slices.DeleteFunc(everything(t, s), func(r survey.Estimate) bool { return r.Statistic == "proportion" })
			add := func(r []survey.Estimate, err error) {
				if err != nil {
					t.Fatal(err)
				}
				records = append(records, r...)
			}
			add(s.StandardDeviations([]string{"y", "x"}))
			add(s.Correlations("x", "y"))
			add(s.GeometricMeans([]string{"x"}))
			add(s.Indexes("y"))
			add(s.Share("answer(y, 3) + x > 10"))
			if k == 0 {
				want = records
			} else {
				got = records
			}
		}
		same(t, got, want, 1, rounding)
	})
}

// A box takes in the answers that count most.
func TestBoxesOfScores(t *testing.T) {
	q := &survey.Variable{Name: "q", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 1, 1, 2, 3, 3}), Scores: map[survey.Value]float64{}}
	for k, score := range []float64{40, 10, 20} {
		code := survey.NumberValue(float64(k + 1))
		q.Scores[code] = score
		q.Codes = append(q.Codes, survey.Code{Value: code, Label: survey.FormatNumber(score)})
	}
	table := &survey.Table{Rows: 6, Variables: []*survey.Variable{q}}
	s := sampleOf(t, table, survey.Design{}, Options{})
	for _, c := range []struct {
		codes    int
		top      bool
		share    float64
		category string
	}{{1, true, 0.5, "40"}, {2, true, 5. / 6, "20, 40"}, {1, false, 1. / 6, "10"}} {
		r, err := s.boxes(Box{"q", c.codes}, "box", c.top)
		if err != nil || math.Abs(r[0].Value.Float()-c.share) > 1e-12 || r[0].Category != c.category {
			t.Errorf("%+v: %+v, %v", c, r, err)
		}
	}
	q.Scores[survey.NumberValue(3)] = 40
	if _, err := s.TopBoxes(Box{"q", 1}); err == nil {
		t.Error("a box parts two categories of one value")
	}
}
