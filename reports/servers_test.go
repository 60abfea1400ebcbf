package reports_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/ingest"
	"surveykit/survey/ingest/database"
	"surveykit/survey/ingest/database/servertest"
)

// serverStudies are designs over files of datasets/reference.
var serverStudies = []struct{ name, file, design string }{
	{"weighted", "twostage.csv", "{weight: weight}"},
	{"stages", "twostage.csv", "{weight: weight, strata: stratum, psu: [psu, household], fpc: [n_psu, n_household]}"},
	{"replicates", "replicates.csv", "{weight: weight, replicates: {columns: 'brr_*', type: brr}}"},
	{"factors", "replicates.csv", "{weight: weight, replicates: {columns: 'brr_*', type: brr, combined: false}}"},
}

// TestServers: a study over the shards of a database has the records of one over a file, to
// the last bit, and fails as a whole where a shard does not answer.
func TestServers(t *testing.T) {
	t.Run("PostgreSQL", func(t *testing.T) {
		nodes := servertest.Postgres(t, 3)
		onServers(t, nodes, func(t *testing.T, table *survey.Table) string {
			var dsns []string
			for k, n := range nodes {
				part := *table
				var rows []int32
				for i := k; i < table.Rows; i += len(nodes) {
					rows = append(rows, int32(i))
				}
				part.Rows, part.Variables = len(rows), nil
				for _, v := range table.Variables {
					part.Variables = append(part.Variables, v.Pick(rows))
				}
				dsns = append(dsns, "'"+servertest.PostgresDSN(n)+"'")
				store(t, servertest.PostgresDSN(n), &part)
			}
			return fmt.Sprintf("sql: %s, shards: [%s], table: answers", dsns[0], strings.Join(dsns[1:], ", "))
		})
	})
	t.Run("ClickHouse", func(t *testing.T) {
		nodes := servertest.ClickHouse(t)
		first := servertest.ClickHouseDSN(nodes[0], servertest.User)
		onServers(t, nodes, func(t *testing.T, table *survey.Table) string {
			number := make([]float64, table.Rows)
			for i := range number {
				number[i] = float64(i)
			}
			store(t, first, table.With(&survey.Variable{Name: "number", Kind: survey.Number, Numbers: survey.NewNumbers(number)}))
			for k, n := range nodes {
				statements(t, n, "DROP TABLE IF EXISTS part", fmt.Sprintf("CREATE TABLE part ENGINE = Memory AS SELECT * FROM remote('%s', default, answers, '%s', '%s') WHERE number %% %d = %d",
					nodes[0].Address(), servertest.User, servertest.Password, len(nodes), k))
			}
			statements(t, nodes[0], "DROP TABLE IF EXISTS whole", "CREATE TABLE whole AS part ENGINE = Distributed("+servertest.Cluster+", default, part)")
			return fmt.Sprintf("sql: '%s', table: whole", first)
		})
	})
}

// onServers writes the data of each study to servers and compares its records; deal does
// so, and returns how the study names them.
func onServers(t *testing.T, nodes []*servertest.Node, deal func(t *testing.T, table *survey.Table) string) {
	dir := t.TempDir()
	study := func(name, data, design string) string {
		path := filepath.Join(dir, name+".yaml")
		if err := os.WriteFile(path, []byte("surveykit: study/1\ntitle: t\ndata: [{"+data+"}]\ndesign: "+design+groupedTables), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var last string
	for _, s := range serverStudies {
		data, err := os.ReadFile("../datasets/reference/" + s.file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.file), data, 0o600); err != nil {
			t.Fatal(err)
		}
		table, err := ingest.Open(filepath.Join(dir, s.file), ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := records(t, study(s.name, "file: "+s.file, s.design))
		last = study(s.name+" on servers", deal(t, table), s.design)
		if got := records(t, last); !slices.EqualFunc(got, want, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
			for k := range min(len(got), len(want)) {
				if !bytes.Equal(got[k], want[k]) {
					t.Errorf("%s: record %d is\n%s\nnot\n%s", s.name, k, got[k], want[k])
					break
				}
			}
			t.Errorf("%s: %d records differ from %d", s.name, len(got), len(want))
		}
	}
	nodes[2].Kill()
	folder := filepath.Join(dir, "out")
	_, err := reports.Run(context.Background(), last, reports.Options{Folder: folder})
	var u *survey.Unreachable
	if !errors.As(err, &u) {
		t.Errorf("a shard does not answer: %v", err)
	}
	if found, _ := os.ReadDir(folder); len(found) > 0 {
		t.Errorf("%v was written without a shard", found)
	}
}

// records are the figures of a study.
func records(t *testing.T, path string) []json.RawMessage {
	t.Helper()
	var out struct{ Results []json.RawMessage }
	if err := json.Unmarshal(results(t, path), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Results) == 0 {
		t.Fatal("no records")
	}
	return out.Results
}

func store(t *testing.T, dsn string, table *survey.Table) {
	t.Helper()
	if err := database.Write(t.Context(), database.Place{DSN: dsn, Table: "answers"}, table, true); err != nil {
		t.Fatal(err)
	}
}

func statements(t *testing.T, n *servertest.Node, all ...string) {
	t.Helper()
	db, err := sql.Open("clickhouse", servertest.ClickHouseDSN(n, servertest.User))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range all {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(s, err)
		}
	}
}
