package memory_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/memory"
)

func TestConformance(t *testing.T) {
	for name, of := range map[string]func(engine.Engine) engine.Engine{
		"with rows": func(e engine.Engine) engine.Engine { return e }, "without rows": enginetest.WithoutRows,
	} {
		t.Run(name, func(t *testing.T) {
			enginetest.Run(t, func(t *survey.Table) engine.Engine { return of(memory.New(t)) })
		})
	}
}

// TestDistributionByHand: of the rows with an answer in h = 1 two say 5, with the
// weights 2 and 1, and one without a weight says 3; in h = 2 one says 5.
func TestDistributionByHand(t *testing.T) {
	number := func(name string, x ...float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
	}
	table := &survey.Table{Rows: 5, Variables: []*survey.Variable{number("w", 2, 1, 0, 4, 3), number("h", 1, 1, 1, 2, 1), number("y", 5, 5, 3, 5, math.NaN())}}
	e := memory.New(table)
	f, err := e.Frame(context.Background(), survey.Design{Weight: "w"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.Distribution(context.Background(), f, engine.Answer{Column: "y"}, engine.Query{Cells: []engine.Axis{engine.Categories("h", survey.Classify(table.Lookup("h")))}})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]stats.Tie{{{Value: 3}, {Value: 5, N: 2, Weight: 3, Square: 5, First: 2, Last: 1}}, {{Value: 5, N: 1, Weight: 4, Square: 16, First: 4, Last: 4}}}
	if !slices.EqualFunc(got, want, slices.Equal[[]stats.Tie]) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestFramesWithoutRowsAreRefused: a frame of an engine without rows is an error.
func TestFramesWithoutRowsAreRefused(t *testing.T) {
	table := &survey.Table{Rows: 1, Variables: []*survey.Variable{{Name: "y", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1})}}}
	e, ctx, f, y := memory.New(table), context.Background(), &engine.Frame{Rows: 1}, engine.Answer{Column: "y"}
	_, totals := e.Totals(ctx, f, []engine.Query{{}})
	_, counts := e.Counts(ctx, f, []engine.Query{{}})
	_, centres := e.Centres(ctx, f, y, engine.Query{})
	_, distribution := e.Distribution(ctx, f, y, engine.Query{})
	_, patterns := e.Patterns(ctx, f, engine.Query{})
	for k, err := range []error{totals, counts, centres, distribution, patterns} {
		if err == nil {
			t.Errorf("question %d of a frame without rows is answered", k)
		}
	}
}
