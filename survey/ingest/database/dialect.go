package database

import (
	"context"
	"database/sql"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Dialect is what differs between engines.
type Dialect struct {
	// Scheme begins a DSN, up to its colon, and names the engine in Sources. Names are
	// other schemes that mean the same.
	Scheme string
	Names  []string
	// File says that a DSN is the scheme with the path of a file, not an address.
	File bool
	// Open makes the connections for a DSN with its secrets, or for the path of a file. Those for reading
	// refuse everything but SELECT where the engine can be told to.
	Open func(dsn string, use use) (*sql.DB, error)
	// Check refuses an engine whose answers may lack rows; nil where none does.
	Check func(ctx context.Context, db *sql.DB) error
	// Tables is a statement that lists the tables and views: the schema, "" for what is
	// found without one, and the name.
	Tables string
	// Quote writes a name in a statement.
	Quote func(name string) string
	// Column is what a quoted column of a type, in capitals, becomes.
	Column func(quoted, of string) Column
	// Whole is an expression of numbers without what is after the point, as a whole
	// number of 64 bits.
	Whole func(x string) string
	// RowByRow says that the engine computes an expression for each of its uses, and sorts the rows
	// into groups, so that one statement of many sums is less than two.
	RowByRow bool
	// Sum and Square are Σ W and Σ W² of whole numbers W of 62 bits, in parts that
	// 2^31 rows do not make too large for the engine.
	Sum, Square func(w string) []Part
	// Type is the type of a new column, "" where the engine has none that keeps such
	// values: they are written as numbers then.
	Type func(s Storage) string
	// Create follows the columns in CREATE TABLE.
	Create string
	// Begin begins a transaction that COMMIT ends; "" where the engine has none.
	Begin string
	// Insert puts the rows into a new table, of which into are the name and the columns.
	Insert func(ctx context.Context, conn *sql.Conn, n newTable, into string) error
	// Failure says what an error of the driver means.
	Failure func(err error) Failure
}

// Part is one of several sums that make a larger one: the whole number that SQL gives,
// shifted to the left.
type Part struct {
	SQL   string
	Shift int
}

// halves splits an expression of a whole number of 62 bits into its lower and its higher 31.
type halves func(x string) (low, high string)

// sum is Σ x for engines whose sums have 64 bits.
func (halve halves) sum(x string) []Part {
	low, high := halve(x)
	return []Part{{"SUM(" + low + ")", 0}, {"SUM(" + high + ")", 31}}
}

// square is Σ x².
func (halve halves) square(x string) (parts []Part) {
	low, high := halve(x)
	for _, product := range []Part{{low + " * " + low, 0}, {low + " * " + high, 32}, {high + " * " + high, 62}} {
		for _, p := range halve.sum("(" + product.SQL + ")") {
			parts = append(parts, Part{p.SQL, p.Shift + product.Shift})
		}
	}
	return parts
}

// Column is a column of the data: how it is asked for and what it becomes.
type Column struct {
	Name string
	Kind survey.Kind
	// Boolean says that 0 and 1 are false and true.
	Boolean bool
	// Value is the expression that is grouped and read: whole numbers, floats, texts
	// or times. Texts that differ in any byte are different.
	Value string
	// Number is the value as a float64, NULL where there is none; "" for texts.
	Number string
	// Settle settles what the type leaves open, by Facts, which are aggregates over all
	// rows; nil where it leaves nothing open.
	Settle func(c *Column, facts []any)
	Facts  []string
}

// textBeyond makes a column one of texts where its fact counts whole numbers that a float64
// does not hold.
func textBeyond(value string) func(c *Column, facts []any) {
	return func(c *Column, facts []any) {
		if n, err := wholeOf(facts[0]); err == nil && n != (engine.Wide{}) {
			c.Kind, c.Value, c.Number = survey.Text, value, ""
		}
	}
}

// Storage is how values of a variable are written.
type Storage int

// What values of a new column are given as.
const (
	Integers Storage = iota // int64
	Floats                  // float64
	Texts                   // string
	Dates                   // 2024-01-31
	Moments                 // 2024-01-31T10:00:00, with a fraction where there is one
	Times                   // 10:00:00, with a fraction where there is one
)

// Failure is what an error of a driver means. The zero value is an engine that failed.
type Failure struct {
	// Fault says that the data or the statement are at fault, not the engine.
	Fault bool
	// Again says that trying again may help at once, and does no harm where rows are read only: there is no connection.
	Again bool
	// Message and Remedy are for people. Default: the error's own words.
	Message, Remedy string
}

// use is what a connection is for.
type use bool

const (
	reading use = false
	writing use = true
)

// dialects are all engines, in the order in which people are told.
func dialects() []*Dialect {
	return []*Dialect{sqliteEngine, postgresEngine, clickhouseEngine, duckdbEngine}
}

// tables lists the tables and views by the names that Place.Table has.
func (a address) tables(ctx context.Context, db *sql.DB) (names []string, err error) {
	rows, err := db.QueryContext(ctx, a.dialect.Tables)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var schema, name string
		if err := rows.Scan(&schema, &name); err != nil {
			return nil, err
		}
		if schema != "" {
			name = schema + "." + name
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// name is a table's name in a statement: on a server its schema is before a full stop.
func (a address) name(table string) string {
	if schema, name, found := strings.Cut(table, "."); found && !a.dialect.File {
		return a.dialect.Quote(schema) + "." + a.dialect.Quote(name)
	}
	return a.dialect.Quote(table)
}

// doubleQuoted writes a name as the standard has it.
func doubleQuoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
