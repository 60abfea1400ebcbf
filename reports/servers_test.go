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
	"strings"
	"testing"

	"surveykit/reports"
	"surveykit/survey"
	"surveykit/survey/ingest"
	"surveykit/survey/ingest/database"
	"surveykit/survey/ingest/database/servertest"
)

// serverStudies are designs over files of datasets/reference. Made weights are the same up to
// rounding where they are made by row, and to the last bit by group.
var serverStudies = []struct {
	name, file, design string
	grouped            bool
}{
	{"weighted", "twostage.csv", "{weight: weight}", false},
	{"stages", "twostage.csv", "{weight: weight, strata: stratum, psu: [psu, household], fpc: [n_psu, n_household]}", false},
	{"raked", "twostage.csv", "{weight: weight, strata: stratum, psu: [psu]}\nweighting: {spec: rake.yaml}", true},
	{"replicates", "replicates.csv", "{weight: weight, replicates: {columns: 'brr_*', type: brr}}", false},
	{"factors", "replicates.csv", "{weight: weight, replicates: {columns: 'brr_*', type: brr, combined: false}}", false},
}

// TestServers: a study over the shards of a database has the records of one over a file, to
// the last bit, and fails as a whole where a shard does not answer.
func TestServers(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		folder := t.TempDir()
		last := onServers(t, folder, func(t *testing.T, table *survey.Table) string {
			return dealt(t, table, []string{"sqlite:" + filepath.Join(folder, "1.db"), "sqlite:" + filepath.Join(folder, "2.db")})
		})
		if err := os.WriteFile(filepath.Join(folder, "2.db"), []byte("no database, but as many bytes as a header would have"), 0o600); err != nil {
			t.Fatal(err)
		}
		var damaged survey.Problems
		if err := failed(t, last); !errors.As(err, &damaged) {
			t.Errorf("a file is damaged: %v", err)
		}
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		nodes := servertest.Postgres(t, 3)
		last := onServers(t, t.TempDir(), func(t *testing.T, table *survey.Table) string {
			var dsns []string
			for _, n := range nodes {
				dsns = append(dsns, servertest.PostgresDSN(n))
			}
			return dealt(t, table, dsns)
		})
		withoutShard(t, nodes[2], last)
	})
	t.Run("ClickHouse", func(t *testing.T) {
		nodes := servertest.ClickHouse(t)
		first := servertest.ClickHouseDSN(nodes[0], servertest.User)
		last := onServers(t, t.TempDir(), func(t *testing.T, table *survey.Table) string {
			number := make([]float64, table.Rows)
			for i := range number {
				number[i] = float64(i)
			}
			store(t, first, table.With(&survey.Variable{Name: "number", Kind: survey.Number, Numbers: survey.NewNumbers(number)}))
			for k, n := range nodes {
				statements(t, n, "DROP TABLE IF EXISTS part", fmt.Sprintf("CREATE TABLE part ENGINE = Memory AS SELECT * FROM remote('%s', default, answers, '%s', '%s') WHERE number %% %d = %d",
					nodes[0].Address(), servertest.User, servertest.Password, len(nodes), k))
			}
			statements(t, nodes[0], "DROP TABLE IF EXISTS whole", "CREATE TABLE whole AS part ENGINE = Distributed("+servertest.Cluster+", default, part)",
				"DROP TABLE IF EXISTS whole_codebook", "CREATE TABLE whole_codebook ENGINE = Memory AS SELECT * FROM answers_codebook")
			return fmt.Sprintf("{sql: '%s', table: whole}", first)
		})
		withoutShard(t, nodes[2], last)
	})
}

// dealt writes the rows of a table to databases in turn, and returns how a study names them.
func dealt(t *testing.T, table *survey.Table, dsns []string) string {
	for k, dsn := range dsns {
		part := *table
		var rows []int32
		for i := k; i < table.Rows; i += len(dsns) {
			rows = append(rows, int32(i))
		}
		part.Rows, part.Variables = len(rows), nil
		for _, v := range table.Variables {
			part.Variables = append(part.Variables, v.Pick(rows))
		}
		store(t, dsn, &part)
	}
	return fmt.Sprintf("{sql: '%s', shards: ['%s'], table: answers}", dsns[0], strings.Join(dsns[1:], "', '"))
}

// onServers writes the data of each study to servers and compares its records; deal does
// so, and returns how the study names them. It returns the path of the last study.
func onServers(t *testing.T, dir string, deal func(t *testing.T, table *survey.Table) string) (last string) {
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	compare := func(name, file string, data []byte, grouped bool, study func(data string) string) {
		table, err := ingest.Open(write(file, data), ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var want []json.RawMessage
		t.Run(name+" in a file", func(t *testing.T) {
			if grouped {
				reports.GroupFiles(t, nil)
			}
			want = records(t, write(name+".yaml", []byte(study("{file: "+file+"}"))))
		})
		last = write(name+" on servers.yaml", []byte(study(deal(t, table))))
		got := records(t, last)
		for k := range min(len(got), len(want)) {
			if !bytes.Equal(got[k], want[k]) {
				t.Errorf("%s: record %d is\n%s\nnot\n%s", name, k, got[k], want[k])
				break
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d records, not %d", name, len(got), len(want))
		}
	}
	if file, study := pew(t); file != nil {
		compare("pew", "atp_w49.sav", file, false, func(data string) string { return strings.Replace(study, "file: atp_w49.sav", data, 1) })
	}
	write("rake.yaml", []byte("method: rake\nmargins:\n  gender: {female: 0.5, male: 0.5}\n  wave: {2008: 0.3, 2011: 0.7}\n"))
	for _, s := range serverStudies {
		file, err := os.ReadFile("../datasets/reference/" + s.file)
		if err != nil {
			t.Fatal(err)
		}
		compare(s.name, s.file, file, s.grouped, func(data string) string {
			return "surveykit: study/1\ntitle: t\ndata: [" + data + "]\ndesign: " + s.design + groupedTables
		})
	}
	return last
}

// withoutShard runs a study without one of its servers.
func withoutShard(t *testing.T, n *servertest.Node, study string) {
	n.Kill()
	var u *survey.Unreachable
	if err := failed(t, study); !errors.As(err, &u) {
		t.Errorf("a shard does not answer: %v", err)
	}
}

// failed runs a study in vain, which writes nothing then.
func failed(t *testing.T, study string) error {
	folder := filepath.Join(t.TempDir(), "out")
	_, err := reports.Run(context.Background(), study, reports.Options{Folder: folder})
	if found, _ := os.ReadDir(folder); len(found) > 0 {
		t.Errorf("%v was written all the same", found)
	}
	return err
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
