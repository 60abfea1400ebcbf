package database

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/grouped"
)

// The tables of SQLite answer as tables in memory do.
func TestSQLiteConforms(t *testing.T) {
	dir, made := t.TempDir(), 0
	enginetest.Run(t, func(table *survey.Table) engine.Engine {
		made++
		s, err := stored(Place{DSN: "sqlite:" + filepath.Join(dir, fmt.Sprint(made, ".db")), Table: "t"}, table)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return grouped.New(s, asking{table})
	})
}

// stored opens a table that is written to a database, in which columns say who was asked.
func stored(p Place, t *survey.Table) (*Source, error) {
	all := t
	for _, v := range t.Variables {
		if v.EmptyAsked == nil {
			continue
		}
		asked := make([]float64, t.Rows)
		for i, yes := range v.EmptyAsked {
			if yes {
				asked[i] = 1
			}
		}
		all = all.With(&survey.Variable{Name: "asked " + v.Name, Kind: survey.Number, Numbers: survey.NewNumbers(asked)})
	}
	if err := Write(context.Background(), p, all, true); err != nil {
		return nil, err
	}
	return Open(context.Background(), p, Options{})
}

// asking are the variables of a table, of which the database says who was asked.
type asking struct{ table *survey.Table }

func (a asking) Codebook() *survey.Table { return a.table }

func (a asking) Columns(names []string) []string {
	out := slices.Clone(names)
	for _, name := range names {
		if v := a.table.Lookup(name); v != nil && v.EmptyAsked != nil {
			out = append(out, "asked "+name)
		}
	}
	return out
}

func (a asking) Of(t *survey.Table, names []string) *survey.Table {
	out := *t
	out.Variables = nil
	for _, name := range names {
		v := *t.Lookup(name)
		if by := t.Lookup("asked " + name); by != nil {
			v.EmptyAsked = make([]bool, t.Rows)
			for i, x := range by.Numbers.All() {
				v.EmptyAsked[i] = x == 1
			}
		}
		out.Variables = append(out.Variables, &v)
	}
	return &out
}
