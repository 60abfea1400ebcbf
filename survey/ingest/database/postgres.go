package database

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"surveykit/survey"
)

// postgresEngine is PostgreSQL. Its sums of whole numbers of 64 bits have no bound.
var postgresEngine = &Dialect{
	Scheme: "postgres", Names: []string{"postgresql"},
	Open: openPostgres,
	Tables: `SELECT CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE n.nspname END, c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%' ORDER BY 1, 2`,
	Quote:  doubleQuoted,
	Column: postgresColumn,
	Whole:  truncated,
	Sum:    sumOfBigint,
	Square: squareOfBigint,
	Type: func(s Storage) string {
		return []string{"bigint", "double precision", "text", "date", "timestamp", "time"}[s]
	},
	Begin:   "BEGIN",
	Insert:  copyPostgres,
	Failure: postgresFailure,
}

// What sums of bigint are in engines in which they have more than 64 bits.

func truncated(x string) string { return "CAST(TRUNC(" + x + ") AS bigint)" }

func sumOfBigint(w string) []Part { return []Part{{"SUM(" + w + ")", 0}} }

func squareOfBigint(w string) []Part {
	low, high := "("+w+" & 2147483647)", "("+w+" >> 31)"
	return []Part{{"SUM(" + low + " * " + low + ")", 0}, {"SUM(" + low + " * " + high + ")", 32}, {"SUM(" + high + " * " + high + ")", 62}}
}

// openPostgres connects by the address and by what the variables of PostgreSQL's own
// programs add to it, such as PGPASSWORD and PGPASSFILE.
func openPostgres(dsn string, for_ use) (*sql.DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, survey.Problems{{Message: "the address of the database cannot be read", Remedy: "write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with signs of a password as %XX"}}
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = patience
	}
	config.RuntimeParams["timezone"] = "UTC"
	if for_ == reading {
		config.RuntimeParams["default_transaction_read_only"] = "on"
		config.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec // a plan that is kept fails once a table has changed
	}
	return stdlib.OpenDB(*config), nil
}

// copyPostgres sends all rows in one COPY.
func copyPostgres(ctx context.Context, conn *sql.Conn, n newTable, _ string) error {
	return conn.Raw(func(driver any) error {
		names := make([]string, len(n.columns))
		for k, c := range n.columns {
			names[k] = c.name
		}
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier(strings.SplitN(n.name, ".", 2)), names,
			pgx.CopyFromSlice(n.rows, func(i int) ([]any, error) {
				values := n.row(i)
				for k, c := range n.columns {
					if text, ok := values[k].(string); ok && c.storage == Moments {
						values[k] = c.storage.moment(text)
					}
				}
				return values, nil
			}))
		return err
	})
}

// patience is how long an engine may take to answer a login.
const patience = 10 * time.Second

// postgresColumn follows the names of types in the driver.
func postgresColumn(quoted, of string) Column {
	float := "CAST(" + quoted + " AS double precision)"
	switch of {
	case "INT2", "INT4":
		return Column{Kind: survey.Number, Value: quoted, Number: float}
	case "INT8", "NUMERIC":
		c := Column{Kind: survey.Number, Value: quoted, Number: float}
		if of == "NUMERIC" {
			c.Number = "NULLIF(" + float + ", 'NaN')"
			c.Value = c.Number
		}
		// NaN and infinity are above all numbers.
		c.Facts = []string{counted("ABS(CAST(" + quoted + " AS numeric)) BETWEEN 9007199254740993 AND 1e300 AND " + quoted + " = TRUNC(" + quoted + ")")}
		c.Settle = textBeyond("CAST(" + quoted + " AS text)")
		return c
	case "FLOAT4", "FLOAT8":
		float = "NULLIF(" + float + ", 'NaN')"
		return Column{Kind: survey.Number, Value: float, Number: float}
	case "BOOL":
		return Column{Kind: survey.Number, Boolean: true, Value: "CAST(" + quoted + " AS integer)", Number: "CAST(CAST(" + quoted + " AS integer) AS double precision)"}
	case "DATE":
		return Column{Kind: survey.Date, Value: quoted, Number: "CAST(" + quoted + " - DATE '1970-01-01' AS double precision)"}
	case "TIMESTAMP", "TIMESTAMPTZ":
		return Column{Kind: survey.DateTime, Value: quoted, Number: "CAST(EXTRACT(EPOCH FROM " + quoted + ") AS double precision)"}
	case "TIME":
		return Column{Kind: survey.TimeOfDay, Value: "CAST(" + quoted + " AS text)", Number: "CAST(EXTRACT(EPOCH FROM " + quoted + ") AS double precision)"}
	}
	return Column{Kind: survey.Text, Value: "CAST(" + quoted + ` AS text) COLLATE "C"`}
}

// postgresFailure sorts the errors of PostgreSQL by their codes.
func postgresFailure(err error) Failure {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return lost(err)
	}
	says := "PostgreSQL: " + e.Message
	switch e.Code {
	case "57P03", "53300": // it is starting, or has too many clients
		return Failure{Again: true, Message: says, Remedy: "try again"}
	case "57014":
		return Failure{Message: says, Remedy: "ask again; give it more time in statement_timeout if that is what ended it"}
	case "42501":
		return Failure{Message: says, Remedy: "ask for the right to read it"}
	case "25006":
		return Failure{Fault: true, Message: says, Remedy: "a query only reads"}
	}
	switch e.Code[:2] {
	case "28":
		return Failure{Message: says, Remedy: "check the user and the password, or PGPASSWORD or PGPASSFILE"}
	case "3D":
		return Failure{Fault: true, Message: says, Remedy: "check the name of the database"}
	case "42", "22":
		return Failure{Fault: true, Message: "PostgreSQL refuses the statement: " + e.Message, Remedy: "check the names and the query"}
	case "57", "53", "XX":
		return Failure{Message: says, Remedy: "try again once the server runs"}
	}
	return Failure{Message: says}
}
