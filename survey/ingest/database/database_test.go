package database

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

// made is a database of SQLite in which the statements have been run.
func made(t *testing.T, statements ...string) (dsn string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a b%20.db")
	db, err := openSQLite(path, writing)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(s, err)
		}
	}
	return "sqlite:" + path
}

func opened(t *testing.T, p Place, o Options) *Source {
	t.Helper()
	s, err := Open(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func read(t *testing.T, p Place) *survey.Table {
	t.Helper()
	s := opened(t, p, Options{})
	defer s.Close()
	table, err := s.Table(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// column is a variable as kind and values in a line.
func column(v *survey.Variable) string {
	cells := []string{string(v.Kind)}
	for i := range v.Len() {
		cell := "-"
		if x, ok := v.At(i); ok {
			cell = x.String()
		}
		cells = append(cells, cell)
	}
	for _, c := range v.Codes {
		cells = append(cells, c.Value.String()+"="+c.Label)
	}
	return strings.Join(cells, " ")
}

// What a column of SQLite becomes follows from its values.
func TestSQLiteTypes(t *testing.T) {
	for _, c := range []struct{ declared, values, want string }{
		{"INTEGER", "1, 2.5, NULL", "number 1 2.5 -"},
		{"INTEGER", "1, 'x', 2.5", "text 1 x 2.5"},
		{"TEXT", "1, 'x', ''", "text 1 x "},
		{"TEXT", "NULL, NULL, NULL", "text - - -"},
		{"", "NULL, 9e999, -9e999", "number - +Inf -Inf"},
		{"BIGINT", "9007199254740992, -1, 0", "number 9.007199254740992e+15 -1 0"},
		{"BIGINT", "9007199254740993, -1, 0", "text 9007199254740993 -1 0"},
		{"BOOLEAN", "1, 0, NULL", "number 1 0 - 0=false 1=true"},
		{"BOOLEAN", "1, 2, NULL", "number 1 2 -"},
		{"BLOB", "x'61', x'ff', 1", "text a \uFFFD 1"},
		{"DATE", "'1970-01-02', NULL, '2000-02-29'", "date 1 - 11016"},
		{"DATE", "'1970-01-02', NULL, '2001-02-29'", "text 1970-01-02 - 2001-02-29"},
		{"DATE", "1, NULL, '2000-02-29'", "text 1 - 2000-02-29"},
		{"DATE", "1, 2, 3", "number 1 2 3"},
		{"TIMESTAMP", "'1970-01-01 00:00:01', '1970-01-01T00:00:01.5', NULL", "datetime 1 1.5 -"},
		{"DATETIME", "'1970-01-01 00:00:01+02:00', NULL, NULL", "text 1970-01-01 00:00:01+02:00 - -"},
		{"TIME", "'00:00:01', '10:00:00.5', NULL", "time 1 36000.5 -"},
		{"VARCHAR(9) COLLATE NOCASE", "'a', 'A', 'b'", "text a A b"},
	} {
		values := strings.Split(c.values, ", ")
		dsn := made(t, "CREATE TABLE t (v "+c.declared+")", "INSERT INTO t VALUES ("+strings.Join(values, "), (")+")")
		for _, p := range []Place{{DSN: dsn, Table: "t"}, {DSN: dsn, Query: "SELECT v FROM t ; "}} {
			if got := column(read(t, p).Variables[0]); got != c.want {
				t.Errorf("%s of %s: %q, want %q", c.declared, c.values, got, c.want)
			}
		}
	}
}

// A table that is written comes back whole, dictionary and values.
func TestRoundTrip(t *testing.T) {
	roundTrip(t, Place{DSN: "sqlite:" + filepath.Join(t.TempDir(), "new.db"), Table: "answers"}, "Q", "duplicate column name")
}

// roundTrip writes tables to a place that has none, the last one in vain: its column again
// is there twice.
func roundTrip(t *testing.T, p Place, again, twice string) {
	t.Helper()
	chosen := survey.NumberValue(1)
	table := &survey.Table{Rows: 3, Weight: "w", Sets: []survey.MultipleResponse{{Name: "$s", Label: "Both", Variables: []string{"q", "w"}, Counted: &chosen}}, Variables: []*survey.Variable{
		{Name: `q "?" é`, Label: "Agree?", Kind: survey.Number, Measure: survey.Ordinal, Polarity: survey.Falling, Format: "F2.0", Numbers: survey.NewNumbers([]float64{1, 9, 2}),
			Codes:   []survey.Code{{Value: survey.NumberValue(2), Label: "No"}, {Value: survey.NumberValue(1), Label: "Yes"}},
			Missing: []survey.Missing{survey.MissingNumber(9, survey.Refused)}},
		{Name: "q", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{0, 1, math.NaN()})},
		{Name: "w", Kind: survey.Number, Numbers: survey.NewNumbers([]float64{0.1, math.Inf(1), 1e300})},
		{Name: "zip", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1, -1}), Values: []string{"01234", ""}}},
		{Name: "none", Kind: survey.Text, Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{-1, -1, -1})}},
		{Name: "day", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{0, math.NaN(), 19000})},
		{Name: "odd day", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{0.5, math.NaN(), 19000})},
		{Name: "never", Kind: survey.Date, Numbers: survey.NewNumbers([]float64{math.NaN(), math.NaN(), math.NaN()})},
		{Name: "at", Kind: survey.DateTime, Numbers: survey.NewNumbers([]float64{-0.25, 0, 1e9})},
		{Name: "clock", Kind: survey.TimeOfDay, Numbers: survey.NewNumbers([]float64{0.5, 86399, math.NaN()})},
		{Name: "span", Kind: survey.TimeOfDay, Numbers: survey.NewNumbers([]float64{0.5, 90000, math.NaN()})},
	}}
	if err := Write(t.Context(), p, table, false); err != nil {
		t.Fatal(err)
	}
	got := read(t, p)
	if diff := cmp.Diff(table, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(survey.Table{}, "Sources", "Notices")); diff != "" {
		t.Error(diff)
	}
	var refused survey.Problems
	if err := Write(t.Context(), p, table, false); !errors.As(err, &refused) || !strings.Contains(err.Error(), "there is a table "+p.Table+"; give another name, or --force to replace it") {
		t.Errorf("got %v", err)
	}
	table.Variables = table.Variables[1:3]
	if err := Write(t.Context(), p, table, true); err != nil {
		t.Fatal(err)
	}
	if got := read(t, p); len(got.Variables) != 2 {
		t.Errorf("%d columns", len(got.Variables))
	}
	table.Variables = append(table.Variables, &survey.Variable{Name: again, Kind: survey.Number, Numbers: survey.NewNumbers([]float64{1, 2, 3})})
	if err := Write(t.Context(), p, table, true); !errors.As(err, &refused) || !strings.Contains(err.Error(), twice) {
		t.Errorf("got %v", err)
	}
	if got := read(t, p); len(got.Variables) != 2 || got.Rows != 3 {
		t.Error("a failure changed the table")
	}
}

// What cannot be opened says why, and what to do.
func TestFaults(t *testing.T) {
	t.Setenv("SURVEYKIT_PASSWORD", "s3cret")
	dsn := made(t, "CREATE TABLE answers (a INTEGER, b)", "INSERT INTO answers VALUES (1, 2)", "CREATE TABLE answers_codebook (row, name, label, kind, measure, code, code_label, missing, format, [set], polarity, weight)",
		"INSERT INTO answers_codebook (row, name, kind) VALUES (1, 'a', 'text')", "CREATE TABLE empty (a)", "CREATE VIEW v AS SELECT 'x' AS a, 'y' AS a2 FROM answers")
	path, _ := File(dsn)
	for _, c := range []struct {
		p    Place
		want string
	}{
		{Place{DSN: dsn}, "the data are one table, or what one query gives; name a table, or give a query; there are answers, answers_codebook, empty, v"},
		{Place{DSN: dsn, Table: "answer"}, `there is no table "answer"; did you mean answers`},
		{Place{DSN: dsn, Table: "zzz"}, `there is no table "zzz"; there are answers,`},
		{Place{DSN: dsn, Query: "SELECT nope FROM answers"}, "SQLite refuses the statement: SQL logic error: no such column: nope"},
		{Place{DSN: dsn, Query: "DROP TABLE answers"}, "a query is one SELECT without a semicolon"},
		{Place{DSN: dsn, Query: "SELECT 1) AS q; DROP TABLE answers; SELECT * FROM (SELECT 1"}, "a query is one SELECT without a semicolon"},
		{Place{DSN: "sqlite:" + filepath.Join(filepath.Dir(path), "none.db"), Table: "t"}, "there is no such file"},
		{Place{DSN: "sqlite:" + filepath.Dir(path), Table: "t"}, "this is not a regular file"},
		{Place{DSN: "sqlite:sqlite.go", Table: "t"}, "sqlite:sqlite.go: this is not a database of SQLite"},
		{Place{DSN: "oracle:x", Table: "t"}, "this is not the address of a database"},
	} {
		_, err := Open(t.Context(), c.p, Options{})
		var problems survey.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.p, err, c.want)
		}
	}
	if s, err := Open(t.Context(), Place{DSN: dsn, Table: "empty"}, Options{}); err != nil || s.Rows() != 0 {
		t.Errorf("a table without rows: %v", err)
	}
	for text, want := range map[string]string{
		"postgres://me:p%40ss@host:5432/db?sslmode=disable&password=x": "postgres://me@host:5432/db",
		"postgres://me:${SURVEYKIT_PASSWORD}@host/db":                  "postgres://me@host/db",
		"postgres://${SURVEYKIT_USER}@host/db":                         "postgres://$SURVEYKIT_USER@host/db",
		"postgres://me:p:ss/@host/db":                                  "postgres://…",
		"sqlite:a b.db":                                                "sqlite:a b.db",
	} {
		if got := Shown(text); got != want {
			t.Errorf("%s is shown as %s", text, got)
		}
	}
}

// A source cannot write, whatever it is asked.
func TestReadingCannotWrite(t *testing.T) {
	dsn := made(t, "CREATE TABLE t (a)")
	path, _ := File(dsn)
	db, err := openSQLite(path, reading)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("DROP TABLE t"); err == nil || sqliteFailure(err).Fault {
		t.Errorf("got %v", err)
	}
}

// Secrets come from the environment or from a file that it names, and only those that are
// meant for a database.
func TestSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("in a/file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SURVEYKIT_USER", "me")
	t.Setenv("SURVEYKIT_KEY_FILE", file)
	t.Setenv("OTHER", "secret")
	a, err := parse("postgres://${SURVEYKIT_USER}:${SURVEYKIT_KEY}@host/db")
	if err != nil || a.dsn != "postgres://me:in%20a%2Ffile@host/db" {
		t.Errorf("%q, %v", a.dsn, err)
	}
	if got := a.explained(errors.New("password in a/file of me is wrong")).Error(); strings.Contains(got, "in a/file") {
		t.Errorf("%s has a secret", got)
	}
	for _, name := range []string{"OTHER", "SURVEYKIT_NONE"} {
		_, err := parse("postgres://me:${" + name + "}@host/db")
		if err == nil || !strings.Contains(err.Error(), "postgres://me@host/db: the environment has no variable "+name+" for a database; set it, or "+name+"_FILE to the path of a file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for dsn, want := range map[string]string{
		"postgres://me:s@host/db?sslmode=disable&password=x": "postgres://me:${SURVEYKIT_PASSWORD}@host/db?sslmode=disable",
		"postgres://me@host/db":                              "postgres://me@host/db",
		"postgres://me:${SURVEYKIT_KEY}@host/db":             "postgres://me:${SURVEYKIT_KEY}@host/db",
	} {
		if got := WithoutSecrets(dsn); got != want {
			t.Errorf("%s is kept as %s", dsn, got)
		}
	}
}
