//go:build duckdb

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/duckdb/duckdb-go/v2" // the driver, with cgo

	"surveykit/survey"
)

// duckdbEngine is DuckDB. Its sums of whole numbers of 64 bits have 128.
var duckdbEngine = &Dialect{
	Scheme: "duckdb", File: true,
	Open: openDuckDB,
	Tables: `SELECT CASE WHEN table_schema = current_schema() THEN '' ELSE table_schema END AS of, table_name
FROM information_schema.tables WHERE table_catalog = current_database() ORDER BY of, table_name`,
	Quote:   doubleQuoted,
	Column:  duckdbColumn,
	Whole:   truncated,
	Sum:     sumOfBigint,
	Square:  squareOfBigint,
	Type:    func(s Storage) string { return []string{"BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "TIME"}[s] },
	Begin:   "BEGIN",
	Insert:  appendDuckDB,
	Failure: duckdbFailure,
}

// openDuckDB opens a file. One that is read must be there, and cannot be written to.
func openDuckDB(path string, for_ use) (*sql.DB, error) {
	mode := "automatic"
	if for_ == reading {
		mode = "read_only"
		if err := regular(path); err != nil {
			return nil, err
		}
	}
	connector, err := duckdb.NewConnector(path+"?access_mode="+mode, nil)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// duckdbColumn follows the names of types, such as DECIMAL(9,2).
func duckdbColumn(quoted, of string) Column {
	of, _, _ = strings.Cut(of, "(")
	float := "CAST(" + quoted + " AS DOUBLE)"
	switch of {
	case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER":
		return Column{Kind: survey.Number, Value: "CAST(" + quoted + " AS BIGINT)", Number: float}
	case "BIGINT", "UBIGINT", "HUGEINT", "DECIMAL":
		c := Column{Kind: survey.Number, Value: float, Number: float}
		c.Facts = []string{counted("ABS(CAST(" + quoted + " AS DECIMAL(38, 0))) > 9007199254740992 AND " + quoted + " = TRUNC(" + quoted + ")")}
		c.Settle = textBeyond("CAST(" + quoted + " AS VARCHAR)")
		return c
	case "FLOAT", "DOUBLE":
		float = "CASE WHEN NOT isnan(" + quoted + ") THEN " + float + " END"
		return Column{Kind: survey.Number, Value: float, Number: float}
	case "BOOLEAN":
		return Column{Kind: survey.Number, Boolean: true, Value: "CAST(" + quoted + " AS BIGINT)", Number: float}
	case "DATE":
		return Column{Kind: survey.Date, Value: quoted, Number: "CAST(" + quoted + " - DATE '1970-01-01' AS DOUBLE)"}
	case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE":
		return Column{Kind: survey.DateTime, Value: quoted, Number: "EXTRACT(EPOCH FROM " + quoted + ")"}
	case "TIME":
		return Column{Kind: survey.TimeOfDay, Value: "CAST(" + quoted + " AS VARCHAR)", Number: "EXTRACT(EPOCH FROM " + quoted + ")"}
	}
	return Column{Kind: survey.Text, Value: "CAST(" + quoted + " AS VARCHAR)"}
}

// appendDuckDB appends rows, past the parser.
func appendDuckDB(_ context.Context, conn *sql.Conn, n newTable, _ string) error {
	schema, name, found := strings.Cut(n.name, ".")
	if !found {
		schema, name = "", n.name
	}
	return conn.Raw(func(c any) error {
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), schema, name)
		if err != nil {
			return err
		}
		for i := range n.rows {
			row := make([]driver.Value, len(n.columns))
			for k, value := range n.row(i) {
				row[k] = value
				if text, ok := value.(string); ok && n.columns[k].storage != Texts {
					row[k] = n.columns[k].storage.moment(text)
				}
			}
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// duckdbFailure sorts the errors of DuckDB.
func duckdbFailure(err error) Failure {
	var e *duckdb.Error
	if !errors.As(err, &e) {
		return Failure{}
	}
	message, _, _ := strings.Cut(e.Msg, "\n")
	switch e.Type {
	case duckdb.ErrorTypeIO, duckdb.ErrorTypePermission:
		return Failure{Message: "DuckDB: " + message, Remedy: "check the path and its permissions, and that no other program holds the file"}
	case duckdb.ErrorTypeCatalog, duckdb.ErrorTypeParser, duckdb.ErrorTypeBinder, duckdb.ErrorTypeSyntax, duckdb.ErrorTypeConversion,
		duckdb.ErrorTypeOutOfRange, duckdb.ErrorTypeInvalidInput, duckdb.ErrorTypeMismatchType:
		return Failure{Fault: true, Message: "DuckDB refuses the statement: " + message, Remedy: "check the names and the query"}
	}
	return Failure{Message: "DuckDB: " + message}
}
