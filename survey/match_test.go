package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func matchTable() (children, town *Variable) {
	children = &Variable{Name: "children", Kind: Number, Numbers: []float64{1, 2, 7}, Codes: []Code{
		{NumberValue(1), "none"}, {NumberValue(2), "1"}, {NumberValue(3), "more"}, {NumberValue(4), "more"}, {NumberValue(5), "2018"}}}
	town = &Variable{Name: "town", Kind: Text, Texts: &TextColumn{Index: []int32{0, 1}, Values: []string{"O", "B"}}, Codes: []Code{
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
	plain := &Variable{Name: "age", Kind: Number, Numbers: []float64{18}}
	for _, c := range []struct {
		v    *Variable
		x    Value
		want string
	}{
		{children, NumberValue(1), "also the label of 2"},
		{children, NumberValue(9), "never occurs; its categories are '1', '2', '3', '4', '5'"},
		{children, NumberValue(2018), "write '2018' in quotes to mean the label"},
		{children, TextValue("mor"), "did you mean 'more'"},
		{children, TextValue("7"), "without quotes"},
		{town, TextValue("B"), "also the label of T"},
		{town, TextValue("Olso"), "did you mean 'Oslo'"},
		{town, TextValue("Trondheim"), "its categories are 'Oslo', 'B', 'O', 'B'"},
		{town, NumberValue(1), "holds text, not numbers; write '1' in quotes"},
		{plain, TextValue("old"), "numbers without labels"},
		{plain, NumberValue(99), "check the value"},
	} {
		_, problem := c.v.Match(c.x)
		if problem == nil || !strings.Contains(problem.Error(), c.want) {
			t.Errorf("%s: %q is not in %v", c.x, c.want, problem)
		}
	}
}
