package database

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/grouped"
)

// leastPlace is what whole numbers of weights leave out at most: 2^-1000 of 60 rows.
const leastPlace = 1e-299

// The sums of groups are exact, whatever the sizes of the weights.
func TestGroupsAreExact(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "rows")
		texts := survey.NewPlaces(rapid.SliceOfN(rapid.Int32Range(-1, 2), n, n).Draw(t, "v"))
		v := &survey.Variable{Name: "v", Kind: survey.Text, Texts: &survey.TextColumn{Index: texts, Values: []string{"", "a", "A"}}}
		weight := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1e-9), rapid.Float64Range(0, 1e12))
		w := &survey.Variable{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers(rapid.SliceOfN(weight, n, n).Draw(t, "w"))}
		r := &survey.Variable{Name: "r", Kind: survey.Number, Numbers: survey.NewNumbers(rapid.SliceOfN(rapid.Float64Range(0, 3), n, n).Draw(t, "r"))}
		table := &survey.Table{Rows: n, Variables: []*survey.Variable{v, w, r}}
		p := Place{DSN: "sqlite:" + filepath.Join(dir, "x.db"), Table: "t"}
		if err := Write(context.Background(), p, table, true); err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		local := grouped.Local(table)
		weights := []grouped.Weight{{Column: "w"}, {Column: "r", Times: "w"}}
		facts, err := s.Weights(context.Background(), weights)
		if err != nil {
			t.Fatal(err)
		}
		want, err := local.Weights(context.Background(), weights)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, facts, cmpopts.IgnoreFields(engine.WeightFacts{}, "Name"), cmpopts.EquateApprox(1e-15, leastPlace)); diff != "" {
			t.Fatal(diff)
		}
		request := grouped.Request{Columns: []string{"v"},
			Weights: []grouped.Scaled{{Weight: weights[0], Exponent: engine.Exponent(facts[0].Largest)}, {Weight: weights[1], Exponent: engine.Exponent(facts[1].Largest)}}}
		request.Weights = append(request.Weights, request.Weights[1])
		got, err := s.Group(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		expected, err := local.Group(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(lots(t, expected), lots(t, got), cmpopts.EquateApprox(1e-12, 0)); diff != "" {
			t.Fatal(diff)
		}
	})
}

type lot struct {
	Rows, N                int
	Sum, Square, Replicate engine.Wide
	Products               []float64
}

// lots are the groups of a text by it.
func lots(t *rapid.T, g *grouped.Groups) map[string]lot {
	out := map[string]lot{}
	products, err := g.Lots.Products()
	if err != nil {
		t.Fatal(err)
	}
	for k := range g.Table.Rows {
		x, ok := g.Table.Variables[0].At(k)
		key := "none"
		if ok {
			key = "=" + x.Text
		}
		l := g.Lots
		out[key] = lot{l.Rows[k], l.N[k], l.Sum[k], l.Square[k], l.Replicates[0][k], products[k]}
	}
	return out
}

// Texts that an engine takes for the same are groups of their own.
func TestGroupsOfTexts(t *testing.T) {
	dsn := made(t, "CREATE TABLE t (v VARCHAR(9) COLLATE NOCASE)", "INSERT INTO t VALUES ('a'), ('A'), ('a '), ('a'), (NULL), ('')")
	g, err := opened(t, Place{DSN: dsn, Table: "t"}, Options{}).Group(t.Context(), grouped.Request{Columns: []string{"v"}})
	if err != nil || g.Table.Rows != 5 {
		t.Errorf("%+v, %v", g, err)
	}
}
