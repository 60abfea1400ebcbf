package grouped_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/grouped"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, func(t *survey.Table) engine.Engine { return grouped.New(grouped.Local(t), nil) })
}

// pieces is a table that is read a few rows at a time.
type pieces struct {
	*survey.Table
	size int
}

func (p pieces) Dictionary() *survey.Table { return grouped.Local(p.Table).Dictionary() }

func (p pieces) Rows() int { return p.Table.Rows }

func (p pieces) Len() int { return (p.Table.Rows + p.size - 1) / p.size }

func (p pieces) Block(k int, columns []string) (*survey.Table, error) {
	block := &survey.Table{}
	var rows []int32
	for i := k * p.size; i < min((k+1)*p.size, p.Table.Rows); i++ {
		rows = append(rows, int32(i))
	}
	block.Rows = len(rows)
	for _, name := range columns {
		block.Variables = append(block.Variables, p.Table.Lookup(name).Pick(rows))
	}
	return block, nil
}

func TestStreamConforms(t *testing.T) {
	for _, size := range []int{1, 7} {
		enginetest.Run(t, func(t *survey.Table) engine.Engine { return grouped.New(grouped.Streamed(pieces{t, size}), nil) })
	}
}

// dealt are some of a table's rows, as one of three shards has them.
type dealt struct {
	*survey.Table
	shard int
}

func (d dealt) local() grouped.Source {
	t := *d.Table
	var rows []int32
	for i := d.shard; i < d.Rows; i += 3 {
		rows = append(rows, int32(i))
	}
	t.Rows, t.Variables = len(rows), nil
	for _, v := range d.Variables {
		t.Variables = append(t.Variables, v.Pick(rows))
	}
	return grouped.Local(&t)
}

func TestShardsConform(t *testing.T) {
	enginetest.Run(t, func(table *survey.Table) engine.Engine {
		var shards []grouped.Source
		for k := range 3 {
			shards = append(shards, dealt{table, k}.local())
		}
		whole, err := grouped.Shards(shards)
		if err != nil {
			t.Fatal(err)
		}
		return grouped.New(whole, nil)
	})
}

func numbers(name string, x ...float64) *survey.Variable {
	return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
}

// Shards with other columns or kinds of values are not parts of one table.
func TestShardsDiffer(t *testing.T) {
	first := &survey.Table{Rows: 1, Variables: []*survey.Variable{numbers("a", 1), numbers("b", 1)}, Sources: []survey.Source{{Path: "one"}}}
	texts := &survey.Variable{Name: "b", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{-1})}}
	for want, second := range map[string]*survey.Table{
		"two: column a: the column is in one only":                          {Rows: 1, Variables: []*survey.Variable{numbers("b", 1)}},
		"two: column b: the column has text values here, but number values": {Rows: 1, Variables: []*survey.Variable{numbers("a", 1), texts}},
		"two: column c: the column is not in one":                           {Rows: 1, Variables: []*survey.Variable{numbers("a", 1), numbers("b", 1), numbers("c", 1)}},
	} {
		second.Sources = []survey.Source{{Path: "two"}}
		_, err := grouped.Shards([]grouped.Source{grouped.Local(first), grouped.Local(second)})
		var problems survey.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// changing is a source that counted its rows before somebody wrote to it.
type changing struct {
	grouped.Source
	before int
}

func (c changing) Rows() int { return c.before }

// Data to which somebody writes between two questions are an error.
func TestDataThatChange(t *testing.T) {
	source := func(weights ...float64) grouped.Source {
		return grouped.Local(&survey.Table{Rows: len(weights), Variables: []*survey.Variable{numbers("w", weights...), numbers("v", weights...)}})
	}
	for want, then := range map[string]grouped.Source{"there were 2 rows and are 3 now": source(1, 2, 3), "the weights had another sum before": source(1, 3)} {
		data := &changing{source(1, 2), 2}
		e := grouped.New(data, nil)
		f, err := e.Frame(t.Context(), survey.Design{Weight: "w"})
		if err != nil {
			t.Fatal(err)
		}
		data.Source = then
		_, err = e.Totals(t.Context(), f, []engine.Query{{Numbers: []engine.Number{engine.Answer{Column: "v"}}}})
		var u *survey.Unreachable
		if !errors.As(err, &u) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// thrifty is a source that gives the squares of units to one of their groups.
type thrifty struct{ grouped.Source }

func (s thrifty) Group(ctx context.Context, r grouped.Request) (*grouped.Groups, error) {
	g, err := s.Source.Group(ctx, r)
	if err != nil || len(r.Units) == 0 {
		return g, err
	}
	first := map[string]int{}
	for i, square := range g.Lots.Square {
		var key strings.Builder
		for _, v := range g.Table.Variables {
			if x, ok := v.At(i); !slices.Contains(r.Units, v.Name) {
				fmt.Fprintf(&key, "%v %v;", x, ok)
			}
		}
		k, ok := first[key.String()]
		if !ok {
			first[key.String()] = i
			continue
		}
		g.Lots.Square[k], g.Lots.Square[i] = g.Lots.Square[k].Plus(square), engine.Wide{}
	}
	return g, nil
}

// Squares of units are in any one of their groups, but those of a query that names the units
// itself are in each.
func TestSquaresOfUnits(t *testing.T) {
	table := &survey.Table{Rows: 6, Variables: []*survey.Variable{numbers("w", 1, 2, 3, 4, 5, 6), numbers("v", 1, 1, 2, 1, 1, 2), numbers("u", 1, 1, 1, 2, 2, 2)}}
	squares := func(s grouped.Source, column string, before ...string) []float64 {
		e := grouped.New(s, nil)
		f, err := e.Frame(t.Context(), survey.Design{Weight: "w", PSU: []string{"u"}})
		if err != nil {
			t.Fatal(err)
		}
		var all []*engine.Totals
		for _, name := range append(before, column) {
			axis := engine.Codes{Column: name, Values: [][]survey.Value{{survey.NumberValue(1)}, {survey.NumberValue(2)}}}
			if all, err = e.Totals(t.Context(), f, []engine.Query{{Cells: []engine.Axis{axis}}}); err != nil {
				t.Fatal(err)
			}
		}
		return all[0].Square
	}
	for column, want := range map[string][]float64{"v": {46, 45}, "u": {14, 77}} {
		for _, s := range []grouped.Source{grouped.Local(table), thrifty{grouped.Local(table)}} {
			if got := squares(s, column, "v"); !slices.Equal(got, want) {
				t.Errorf("%T: the squares by %s are %v, not %v", s, column, got, want)
			}
		}
	}
}
