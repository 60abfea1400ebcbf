package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite" // the driver, without cgo
	sqlite3 "modernc.org/sqlite/lib"

	"surveykit/survey"
)

var sqliteHalves halves = func(x string) (low, high string) { return "(" + x + " & 2147483647)", "(" + x + " >> 31)" }

var sqliteEngine = &Dialect{
	Scheme: "sqlite", File: true, RowByRow: true,
	Open:   openSQLite,
	Tables: `SELECT '', name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
	Quote:  doubleQuoted,
	Column: sqliteColumn,
	Whole:  func(x string) string { return "CAST(" + x + " AS INTEGER)" },
	Sum:    sqliteHalves.sum,
	Square: sqliteHalves.square,
	Type:   func(s Storage) string { return []string{"INTEGER", "REAL", "TEXT", "DATE", "DATETIME", "TIME"}[s] },
	Begin:  "BEGIN IMMEDIATE",
	Insert: func(ctx context.Context, conn *sql.Conn, n newTable, into string) error {
		return n.insert(ctx, conn, into, 0, n.rows)
	},
	Failure: sqliteFailure,
}

// openSQLite opens a file. One that is read must be there, and cannot be written to.
func openSQLite(path string, for_ use) (*sql.DB, error) {
	mode := "rwc"
	if for_ == reading {
		mode = "ro"
		if err := regular(path); err != nil {
			return nil, err
		}
	}
	name := (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	return sql.Open("sqlite", "file:"+name+"?mode="+mode+"&_pragma=busy_timeout(5000)")
}

// regular refuses what is not the file of a database.
func regular(path string) error {
	switch info, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
		return survey.Problems{{Message: "there is no such file", Remedy: "check the path"}}
	case err != nil:
		return survey.Problems{{Message: "the file cannot be opened: " + err.Error()}}
	case !info.Mode().IsRegular():
		return survey.Problems{{Message: "this is not a regular file", Remedy: "name the file of a database"}}
	}
	return nil
}

// sqliteColumn is a column whose values say what they are: MIN and MAX find texts after
// all numbers, and bytes after all texts.
func sqliteColumn(quoted, of string) Column {
	c := Column{Kind: survey.Number, Value: "+" + quoted + " COLLATE BINARY",
		Number: "(CASE WHEN typeof(" + quoted + ") IN ('integer', 'real') THEN CAST(" + quoted + " AS REAL) END)",
		Facts:  []string{"MIN(+" + quoted + ")", "MAX(+" + quoted + ")"}}
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(of, w) {
				return true
			}
		}
		return false
	}
	if !has("INT") && has("CHAR", "CLOB", "TEXT") {
		c.Kind = survey.Text
	}
	dated := has("DATE", "TIME")
	if dated {
		first := func(n int) string { return fmt.Sprintf("substr(%s, 1, %d)", quoted, n) }
		fraction := func(n int) string {
			return fmt.Sprintf("(length(%[1]s) = %[2]d OR substr(%[1]s, %[2]d + 1) GLOB '.[0-9]*')", quoted, n)
		}
		c.Facts = append(c.Facts, "COUNT("+quoted+")", counted("date("+quoted+") = "+quoted),
			counted("datetime("+first(19)+") = replace("+first(19)+", 'T', ' ') AND "+fraction(19)),
			counted("time("+first(8)+") = "+first(8)+" AND "+fraction(8)))
	}
	c.Settle = func(c *Column, facts []any) {
		switch least := facts[0].(type) {
		case int64:
			c.Kind = survey.Number
			most, whole := facts[1].(int64)
			c.Boolean = has("BOOL") && whole && least >= 0 && most <= 1
			if least < -maxExact || whole && most > maxExact {
				c.Kind = survey.Text
			}
		case float64:
			c.Kind = survey.Number
			if most, whole := facts[1].(int64); whole && most > maxExact {
				c.Kind = survey.Text
			}
		}
		switch facts[1].(type) {
		case string, []byte:
			c.Kind, c.Boolean = survey.Text, false
			for k, kind := range []survey.Kind{survey.Date, survey.DateTime, survey.TimeOfDay} {
				if dated && facts[3+k] == facts[2] {
					c.Kind = kind
				}
			}
		}
		if c.Kind == survey.Text {
			c.Number = ""
		}
	}
	return c
}

// sqliteFailure sorts the errors of SQLite.
func sqliteFailure(err error) Failure {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return Failure{}
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_ERROR:
		return Failure{Fault: true, Message: "SQLite refuses the statement: " + e.Error(), Remedy: "check the names and the query"}
	case sqlite3.SQLITE_NOTADB:
		return Failure{Fault: true, Message: "this is not a database of SQLite", Remedy: "check the path"}
	case sqlite3.SQLITE_CORRUPT:
		return Failure{Fault: true, Message: "the database is damaged: " + e.Error(), Remedy: "copy it again, or mend it with the command .recover of sqlite3"}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return Failure{Message: "the database cannot be opened: " + e.Error(), Remedy: "check the permissions of the file and of its folder"}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return Failure{Message: "another program holds the database", Remedy: "try again once it is done"}
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return Failure{Message: e.Error() + ": the disk may be full or broken"}
	}
	return Failure{}
}
