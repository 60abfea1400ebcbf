package grouped_test

import (
	"errors"
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
