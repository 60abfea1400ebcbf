package database

import (
	"database/sql"
	"flag"
	"fmt"
	"testing"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/enginetest"
	"surveykit/survey/engine/grouped"
	"surveykit/survey/ingest/database/servertest"
)

// parts deals the rows of a table out.
func parts(table *survey.Table, count int) []*survey.Table {
	out := make([]*survey.Table, count)
	for k := range out {
		var rows []int32
		for i := k; i < table.Rows; i += count {
			rows = append(rows, int32(i))
		}
		part := *table
		part.Rows, part.Variables = len(rows), make([]*survey.Variable, len(table.Variables))
		for j, v := range table.Variables {
			part.Variables[j] = v.Pick(rows)
		}
		out[k] = &part
	}
	return out
}

// few draws fewer tables, since each is written to servers.
func few(t *testing.T) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	usual := checks.String()
	if err := checks.Set("3"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = checks.Set(usual) })
}

// closing closes the sources that were opened for a table before.
func closing(t *testing.T, last *[]*Source) {
	t.Helper()
	for _, s := range *last {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	*last = nil
}

func TestPostgresShards(t *testing.T) {
	nodes := servertest.Postgres(t, 3)
	few(t)
	var open []*Source
	defer closing(t, &open)
	enginetest.Run(t, func(table *survey.Table) engine.Engine {
		closing(t, &open)
		var shards []grouped.Source
		for k, part := range parts(table, len(nodes)) {
			s, err := stored(Place{DSN: servertest.PostgresDSN(nodes[k]), Table: "drawn"}, part)
			if err != nil {
				t.Fatal(err)
			}
			open, shards = append(open, s), append(shards, s)
		}
		whole, err := grouped.Shards(shards)
		if err != nil {
			t.Fatal(err)
		}
		return grouped.New(whole, asking{table})
	})
}

func TestClickHouseShards(t *testing.T) {
	nodes := servertest.ClickHouse(t)
	few(t)
	first := servertest.ClickHouseDSN(nodes[0], servertest.User)
	shards := make([]*sql.DB, len(nodes))
	for k, n := range nodes {
		shards[k] = server(t, servertest.ClickHouseDSN(n, servertest.User))
	}
	var open []*Source
	defer closing(t, &open)
	enginetest.Run(t, func(table *survey.Table) engine.Engine {
		closing(t, &open)
		number := make([]float64, table.Rows)
		for i := range number {
			number[i] = float64(i)
		}
		dealt := table.With(&survey.Variable{Name: "number", Kind: survey.Number, Numbers: survey.NewNumbers(number)})
		s, err := stored(Place{DSN: first, Table: "drawn"}, dealt)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		for k, db := range shards {
			run(t, db, "DROP TABLE IF EXISTS part", fmt.Sprintf("CREATE TABLE part ENGINE = Memory AS SELECT * FROM remote('%s', default, drawn, '%s', '%s') WHERE number %% %d = %d",
				nodes[0].Address(), servertest.User, servertest.Password, len(shards), k))
		}
		run(t, shards[0], "DROP TABLE IF EXISTS whole", "CREATE TABLE whole AS part ENGINE = Distributed("+servertest.Cluster+", default, part)",
			"DROP TABLE IF EXISTS whole_codebook", "CREATE TABLE whole_codebook ENGINE = Memory AS SELECT * FROM drawn_codebook")
		s, err = Open(t.Context(), Place{DSN: first, Table: "whole"}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, s)
		return grouped.New(s, asking{table})
	})
}
