//go:build duckdb

package database

import (
	"path/filepath"
	"testing"
)

func TestDuckDB(t *testing.T) {
	dsn := "duckdb:" + filepath.Join(t.TempDir(), "new.duckdb")
	t.Run("types", func(t *testing.T) {
		types(t, dsn, "", []typed{
			{"UTINYINT", "1, 2, NULL", "number 1 2 -"},
			{"BIGINT", "9007199254740992, -1", "number -1 9.007199254740992e+15"},
			{"BIGINT", "9007199254740993, -1", "text -1 9007199254740993"},
			{"HUGEINT", "-9007199254740993, 1", "text -9007199254740993 1"},
			{"DECIMAL(9, 2)", "0.1, -3", "number -3 0.1"},
			{"REAL", "0.5, 'NaN'", "number 0.5 -"},
			{"DOUBLE", "0.1, 1e300, NULL", "number 0.1 1e+300 -"},
			{"BOOLEAN", "true, false, NULL", "number 0 1 - 0=false 1=true"},
			{"VARCHAR", "'b', '', NULL", "text  b -"},
			{"ENUM ('sad', 'happy')", "'happy', 'sad'", "text sad happy"},
			{"INTEGER[]", "[1]", "text [1]"},
			{"DATE", "'1970-01-02', '1969-12-31'", "date -1 1"},
			{"TIMESTAMP", "'1970-01-01 00:00:01.5'", "datetime 1.5"},
			{"TIMESTAMPTZ", "'1970-01-01 00:00:01+02:00'", "datetime -7199"},
			{"TIME", "'10:00:00.5', '00:00:01'", "time 1 36000.5"},
		})
	})
	t.Run("round trip", func(t *testing.T) {
		roundTrip(t, Place{DSN: dsn, Table: "answers"}, "Q", "already exists")
	})
	t.Run("faults", func(t *testing.T) {
		fault(t, Place{DSN: dsn, Query: "SELECT c FROM answers"}, false, "DuckDB refuses the statement")
		fault(t, Place{DSN: dsn + "x", Table: "answers"}, false, "there is no such file")
		fault(t, Place{DSN: "duckdb:duckdb.go", Table: "answers"}, true, "check the path")
	})
}
