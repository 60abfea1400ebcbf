package survey

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func matchTable() (children, town *Variable) {
	children = &Variable{Name: "children", Kind: Number, Numbers: NewNumbers([]float64{1, 2, 7}), Codes: []Code{
		{NumberValue(1), "none"}, {NumberValue(2), "1"}, {NumberValue(3), "more"}, {NumberValue(4), "more"}, {NumberValue(5), "2018"}}}
	town = &Variable{Name: "town", Kind: Text, Texts: &TextColumn{Index: NewPlaces([]int32{0, 1}), Values: []string{"O", "B"}}, Codes: []Code{
		{TextValue("O"), "Oslo"}, {TextValue("T"), "B"}}}
	return children, town
}

func TestMatch(t *testing.T) {
	children, town := matchTable()
	for _, c := range []struct {
		v    *Variable
		x    Value
		want []Value
	}{
		{children, NumberValue(2), []Value{NumberValue(2)}},
		{children, NumberValue(3), []Value{NumberValue(3)}}, // labelled, never chosen
		{children, NumberValue(7), []Value{NumberValue(7)}}, // chosen, not labelled
		{children, TextValue("none"), []Value{NumberValue(1)}},
		{children, TextValue("1"), []Value{NumberValue(2)}},
		{children, TextValue("more"), []Value{NumberValue(3), NumberValue(4)}},
		{town, TextValue("O"), []Value{TextValue("O")}},
		{town, TextValue("Oslo"), []Value{TextValue("O")}},
		{town, TextValue("T"), []Value{TextValue("T")}},
	} {
		got, problem := c.v.Match(c.x)
		if problem != nil {
			t.Errorf("%s: %v", c.x, problem)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.x, diff)
		}
	}
}

func TestMatchProblems(t *testing.T) {
	children, town := matchTable()
	plain := &Variable{Name: "age", Kind: Number, Numbers: NewNumbers([]float64{18})}
	for _, c := range []struct {
		v    *Variable
		x    Value
		want string
	}{
		{children, NumberValue(1), "also the label of 2"},
		{children, NumberValue(9), "never occurs; the nearest codes are 7, 5 (2018), 4 (more); label"},
		{children, NumberValue(2018), "write '2018' in quotes to mean the label"},
		{children, TextValue("mor"), "did you mean 'more'"},
		{children, TextValue("7"), "without quotes"},
		{town, TextValue("B"), "also the label of T"},
		{town, TextValue("Olso"), "did you mean 'Oslo'"},
		{town, TextValue("Trondheim"), "its categories are 'Oslo', 'B', 'O', 'B'"},
		{town, NumberValue(1), "holds text, not numbers; write '1' in quotes"},
		{plain, TextValue("old"), "numbers without labels"},
		{plain, NumberValue(99), "the nearest codes are 18; label"},
	} {
		_, problem := c.v.Match(c.x)
		if problem == nil || !strings.Contains(problem.Error(), c.want) {
			t.Errorf("%s: %q is not in %v", c.x, c.want, problem)
		}
	}
}

// A comparison with a number makes sense where the number is a code, or where the
// answers are no list of codes.
func TestCheckCode(t *testing.T) {
	column := func(x ...float64) *Variable {
		return &Variable{Name: "v", Kind: Number, Numbers: NewNumbers(slices.Repeat(x, fewTimes))}
	}
	labelled := column(1, 2)
	labelled.Codes = []Code{{NumberValue(1), "Yes"}, {NumberValue(2), "No"}, {NumberValue(3), "Maybe"}}
	var years []float64
	for y := range 60 {
		years = append(years, float64(18+y))
	}
	partly := column(append(years, 99)...)
	partly.Codes = []Code{{NumberValue(99), "Refused"}}
	declared := column(1, 2)
	declared.Missing = []Missing{{Low: 90, High: 99}}
	recoded := column(1, 2)
	recoded.Codes = []Code{{NumberValue(1), "2"}, {NumberValue(2), "7"}}
	recoded.Scores = LabelScores(recoded.Codes)
	for _, c := range []struct {
		what string
		v    *Variable
		x    float64
		want string
	}{
		{"a code", labelled, 2, ""},
		{"a labelled code that nobody has", labelled, 3, ""},
		{"no code", labelled, 9, "never occurs; the nearest codes are 3 (Maybe), 2 (No), 1 (Yes)"},
		{"no code without labels", column(1, 2, 3), 9, "the nearest codes are 3, 2, 1"},
		{"an age", column(years...), 90, ""},
		{"an age beside a label", partly, 90, ""},
		{"an amount", column(1, 2.5), 9, ""},
		{"a few numbers", &Variable{Name: "v", Kind: Number, Numbers: NewNumbers([]float64{18, 34, 35})}, 40, ""},
		{"an indicator that nobody has", column(0), 1, ""},
		{"declared missing", declared, 98, ""},
		{"nobody answered", column(math.NaN()), 1, ""},
		{"another one's label", recoded, 2, "also the label of 1; write '2' in quotes"},
		{"a label alone", recoded, 7, "write '7' in quotes"},
	} {
		problem := c.v.CheckCode(NumberValue(c.x))
		if (problem == nil) != (c.want == "") || problem != nil && !strings.Contains(problem.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, problem, c.want)
		}
	}
}
