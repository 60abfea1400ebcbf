package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"surveykit/survey"
)

var clickhouseHalves halves = func(x string) (low, high string) {
	return "bitAnd(" + x + ", 2147483647)", "bitShiftRight(" + x + ", 31)"
}

// clickhouseEngine is ClickHouse from 18.16 by its native protocol. Its sums of whole
// numbers have 64 bits and wrap around.
var clickhouseEngine = &Dialect{
	Scheme: "clickhouse",
	Open:   openClickHouse,
	Check:  completeAnswers,
	Tables: `SELECT CASE WHEN database = currentDatabase() THEN '' ELSE database END AS of, name FROM system.tables
WHERE lower(database) NOT IN ('system', 'information_schema') AND name NOT LIKE '.inner%' ORDER BY of, name`,
	Quote:  func(name string) string { return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`" },
	Column: clickhouseColumn,
	Whole:  func(x string) string { return "toInt64(" + x + ")" },
	Sum:    clickhouseHalves.sum,
	Square: clickhouseHalves.square,
	// A Date of ClickHouse is from 1970 to 2105, and other days become some of these.
	Type: func(s Storage) string {
		return map[Storage]string{Integers: "Nullable(Int64)", Floats: "Nullable(Float64)", Texts: "Nullable(String)"}[s]
	},
	Create:  " ENGINE = MergeTree ORDER BY tuple()",
	Insert:  insertClickHouse,
	Failure: clickhouseFailure,
}

func openClickHouse(dsn string, _ use) (*sql.DB, error) {
	o, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, survey.Problems{{Message: "the address of the database cannot be read", Remedy: "write it as clickhouse://USER:PASSWORD@HOST:PORT/DATABASE, with signs of a password as %XX"}}
	}
	if o.DialTimeout == 0 {
		o.DialTimeout = patience
	}
	if o.ReadTimeout == 0 {
		o.ReadTimeout = time.Hour // for a whole answer
	}
	return clickhouse.OpenDB(o), nil
}

// insertClickHouse sends blocks of rows, each of which the driver keeps until it is whole.
func insertClickHouse(ctx context.Context, conn *sql.Conn, n newTable, into string) error {
	const block = 1 << 16
	for from := 0; from < n.rows; from += block {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := n.insert(ctx, tx, into, from, min(from+block, n.rows)); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// completeAnswers refuses a server that gives an answer of some of the rows as one of all.
func completeAnswers(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT name, value FROM system.settings
WHERE name IN ('skip_unavailable_shards', 'limit', 'offset') AND value <> '0' OR name LIKE '%overflow_mode%' AND value IN ('break', 'any') ORDER BY name`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var problems survey.Problems
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		problems = append(problems, survey.Problem{
			Message: fmt.Sprintf("the server has %s = %s for this user, and may leave rows out of an answer without a word", name, value),
			Remedy:  "take it from the user's profile, or name another user",
		})
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return problems.Err()
}

// clickhouseColumn follows the names of types, such as NULLABLE(DECIMAL(9, 2)).
func clickhouseColumn(quoted, of string) Column {
	of = strings.TrimPrefix(strings.TrimPrefix(of, "LOWCARDINALITY("), "NULLABLE(")
	of, _, _ = strings.Cut(of, "(")
	float := "toFloat64(" + quoted + ")"
	text := Column{Kind: survey.Text, Value: "toString(" + quoted + ")"}
	switch strings.TrimRight(of, ")") {
	case "INT8", "INT16", "INT32", "UINT8", "UINT16", "UINT32":
		return Column{Kind: survey.Number, Value: "toInt64(" + quoted + ")", Number: float}
	case "INT64", "UINT64":
		return Column{Kind: survey.Number, Value: "toInt64(" + quoted + ")", Number: float,
			Facts:  []string{counted("NOT " + quoted + " BETWEEN -9007199254740992 AND 9007199254740992")},
			Settle: textBeyond(text.Value)}
	case "FLOAT32", "FLOAT64":
		float = "CASE WHEN NOT isNaN(" + quoted + ") THEN " + float + " END"
		return Column{Kind: survey.Number, Value: float, Number: float}
	case "DECIMAL": // its digits are read here, to the nearest number
		return Column{Kind: survey.Number, Value: text.Value, Number: float}
	case "BOOL":
		return Column{Kind: survey.Number, Boolean: true, Value: "toInt64(" + quoted + ")", Number: float}
	case "DATE", "DATE32":
		return Column{Kind: survey.Date, Value: "toInt64(" + quoted + ")", Number: float}
	case "DATETIME":
		return Column{Kind: survey.DateTime, Value: "toInt64(" + quoted + ")", Number: float}
	case "DATETIME64":
		return Column{Kind: survey.DateTime, Value: float, Number: float}
	case "FIXEDSTRING":
		return Column{Kind: survey.Text, Value: "toStringCutToZero(" + quoted + ")"}
	case "STRING":
		return Column{Kind: survey.Text, Value: quoted}
	}
	return text
}

// clickhouseFailure sorts the errors of ClickHouse by their codes.
func clickhouseFailure(err error) Failure {
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		return lost(err)
	}
	message, _, _ := strings.Cut(e.Message, "\n")
	says := "ClickHouse: " + message
	switch e.Code {
	case 192, 193, 194, 195, 516: // user, password, address
		return Failure{Message: says, Remedy: "check the user and the password"}
	case 291, 497:
		return Failure{Message: says, Remedy: "ask for the right to read it"}
	case 202:
		return Failure{Again: true, Message: says, Remedy: "try again"}
	case 32, 209, 210, 279, 519: // a connection among the servers
		return Failure{Message: "a shard does not answer; ClickHouse: " + message, Remedy: "try again once all shards run"}
	case 158, 159, 160, 201, 241, 307, 396: // limits of rows, time, memory and quotas
		return Failure{Message: says, Remedy: "raise the limit for this user"}
	case 394:
		return Failure{Message: says, Remedy: "ask again"}
	case 81:
		return Failure{Fault: true, Message: says, Remedy: "check the name of the database"}
	case 15, 36, 42, 43, 44, 46, 47, 48, 50, 53, 60, 62, 70, 72, 164, 179, 184, 215, 386, 407:
		return Failure{Fault: true, Message: "ClickHouse refuses the statement: " + message, Remedy: "check the names and the query"}
	}
	return Failure{Message: says}
}
