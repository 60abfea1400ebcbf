// Package database reads survey data that are in a database: a table, or what a query
// gives in place of one. A Source groups the rows where they are and answers with the
// groups, or reads all rows into a table where a method needs them. It asks for nothing
// but SELECT; only Write makes tables.
//
// All engines are asked with one shape of statement,
//
//	SELECT c1, c2, COUNT(*), SUM(…), SUM(…) FROM t GROUP BY c1, c2
//
// and what differs between them is a Dialect. A column becomes a variable as if the rows
// had been exported:
//
//	type of the engine          kind       values
//	whole numbers, decimals     number     the nearest float64; texts where a whole number is beyond 2^53
//	floating point              number     NaN is missing
//	booleans                    number     0 and 1, labelled false and true
//	texts, enumerations         text       an empty text is a value
//	dates                       date       days since 1970-01-01
//	dates with a time           datetime   seconds since 1970-01-01 00:00, in UTC where there is a time zone
//	times of day                time       seconds since midnight
//	everything else             text       as the engine writes it
//	NULL of any type                       missing
//
// SQLite keeps a type with each value. A column with any text is text, and its numbers are
// written out; one declared as DATE, DATETIME, TIMESTAMP or TIME all of whose values are
// such texts of ISO 8601 is one of these; bytes are read as UTF-8.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/raw"
)

// Place names data in a database by one of Table and Query.
type Place struct {
	// DSN is the database: sqlite:FILE, or the address of a server. A variable of the
	// environment takes the place of ${SURVEYKIT_NAME} in it, or what is in the file that
	// SURVEYKIT_NAME_FILE names.
	DSN string
	// Table is the name of a table or a view, after its schema and a full stop where
	// the engine does not find it without.
	Table string
	// Query is a SELECT whose rows are the data.
	Query string
}

// String names the place for people, without secrets.
func (p Place) String() string {
	if p.Table != "" {
		return Shown(p.DSN) + ", table " + p.Table
	}
	return Shown(p.DSN) + ", query"
}

// Book is the table that describes a table: T_codebook beside T.
func (p Place) Book() Place { return Place{DSN: p.DSN, Table: p.Table + bookSuffix} }

// Options are what a database does not say itself.
type Options struct {
	// Book describes the columns. Default: the table T_codebook beside a table T, which
	// Write makes, if there is one.
	Book *codebook.Book
	// Beside are the files that the book was read from.
	Beside []survey.Source
	// Columns picks the columns to look at. Default: all.
	Columns raw.Chooser
}

// Source is an open table or query. It may be used by several goroutines.
type Source struct {
	address
	db         *sql.DB
	from       string // the table or the query in a statement
	rows       int
	columns    map[string]Column
	dictionary *survey.Table
}

// Open looks at the columns of a table or a query and counts its rows. The error is a
// *survey.Unreachable where the engine does not answer, else survey.Problems: no such
// table, a codebook that does not fit, a statement that the engine refuses.
func Open(ctx context.Context, p Place, o Options) (*Source, error) {
	a, err := parse(p.DSN)
	if err != nil {
		return nil, err
	}
	db, err := a.connect(ctx, reading)
	if err != nil {
		return nil, err
	}
	s := &Source{address: a, db: db}
	if err := s.open(ctx, p, o); err != nil {
		return nil, errors.Join(a.explained(err), db.Close())
	}
	return s, nil
}

// Close ends the connections.
func (s *Source) Close() error { return s.db.Close() }

// Dictionary is the table of the data without rows.
func (s *Source) Dictionary() *survey.Table { return s.dictionary }

// Rows is the number of rows.
func (s *Source) Rows() int { return s.rows }

func (s *Source) open(ctx context.Context, p Place, o Options) error {
	tables, err := s.tables(ctx, s.db)
	if err != nil {
		return err
	}
	book, own := o.Book, false
	switch {
	case (p.Table == "") == (p.Query == ""):
		remedy := "name a table, or give a query"
		if len(tables) > 0 {
			remedy += "; there are " + raw.Listed(tables)
		}
		return survey.Problems{{Message: "the data are one table, or what one query gives", Remedy: remedy}}
	case p.Query != "":
		query, err := oneSelect(p.Query)
		if err != nil {
			return err
		}
		s.from = "(" + query + ") AS q"
	case !slices.Contains(tables, p.Table):
		problem := survey.UnknownName("table", p.Table, tables)
		if problem.Remedy == "" && len(tables) > 0 {
			problem.Remedy = "there are " + raw.Listed(tables)
		}
		return survey.Problems{problem}
	default:
		s.from = s.name(p.Table)
		if beside := p.Book(); book == nil && slices.Contains(tables, beside.Table) {
			own = true
			if book, err = s.codebook(ctx, beside); err != nil {
				return err
			}
		}
	}
	columns, err := s.types(ctx)
	if err != nil {
		return err
	}
	t, err := s.describe(ctx, columns, book, o.Columns)
	if err != nil {
		return err
	}
	s.columns = map[string]Column{}
	var problems survey.Problems
	for _, c := range columns {
		v := t.Lookup(c.Name)
		if v == nil {
			continue
		}
		s.columns[c.Name] = c
		if v.IsText() != (c.Kind == survey.Text) || v.Kind != c.Kind && !own {
			problems = append(problems, survey.Problem{Variable: c.Name, Message: fmt.Sprintf("the codebook says %s, but the data are %s", v.Kind, c.Kind), Remedy: "correct the kind, or leave it empty"})
		}
	}
	t.Sources = append([]survey.Source{{Path: p.String(), Format: s.dialect.Scheme, Rows: s.rows}}, o.Beside...)
	if book != nil && !own {
		t.Notices.Note(survey.NoticeLabels, nil, "labels, codes and missing values come from %s", book.Path())
	}
	s.dictionary = t
	return problems.Err()
}

// oneSelect is a query as it stands in parentheses.
func oneSelect(query string) (string, error) {
	query = strings.TrimSuffix(strings.TrimSpace(query), ";")
	if words := strings.Fields(query); len(words) == 0 || !strings.EqualFold(words[0], "select") || strings.Contains(query, ";") {
		return "", survey.Problems{{Message: "a query is one SELECT without a semicolon", Remedy: "make a view of anything else, and name it as the table"}}
	}
	return query, nil
}

// types are the columns as the engine declares them.
func (s *Source) types(ctx context.Context) ([]Column, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT * FROM "+s.from+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	var columns []Column
	var problems survey.Problems
	known := map[string]bool{}
	for k, t := range types {
		name := t.Name()
		switch {
		case name == "":
			problems = append(problems, survey.Problem{Message: fmt.Sprintf("column %d has no name", k+1), Remedy: "give it one with AS"})
		case known[name]:
			problems = append(problems, survey.Problem{Variable: name, Message: "two columns have this name", Remedy: "give one another name with AS"})
		}
		known[name] = true
		c := s.dialect.Column(s.dialect.Quote(name), strings.ToUpper(t.DatabaseTypeName()))
		c.Name = name
		columns = append(columns, c)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return columns, rows.Err()
}

// describe counts the rows, settles the columns that are picked, and makes the
// dictionary of these.
func (s *Source) describe(ctx context.Context, columns []Column, book *codebook.Book, choose raw.Chooser) (*survey.Table, error) {
	merged := func() (*survey.Table, error) {
		t := &survey.Table{}
		for _, c := range columns {
			v := &survey.Variable{Name: c.Name, Kind: c.Kind}
			if v.IsText() {
				v.Texts = &survey.TextColumn{}
			}
			if c.Boolean {
				v.Codes = []survey.Code{{Value: survey.NumberValue(0), Label: "false"}, {Value: survey.NumberValue(1), Label: "true"}}
			}
			t.Variables = append(t.Variables, v)
		}
		if book == nil {
			return t, nil
		}
		return book.Merge(t)
	}
	for k := range columns {
		if book != nil && book.IsText(columns[k].Name) {
			columns[k].Kind, columns[k].Boolean, columns[k].Settle = survey.Text, false, nil
		}
	}
	picked := func(string) bool { return true }
	var names []string
	if t, err := merged(); err == nil { // else by the types that are settled
		names, picked = choose.Columns(t)
	}
	if err := s.settle(ctx, columns, picked); err != nil {
		return nil, err
	}
	t, err := merged()
	if err != nil {
		return nil, err
	}
	return t.Only(names), nil
}

// settle counts the rows, and asks for the facts of the columns that are picked.
func (s *Source) settle(ctx context.Context, columns []Column, picked func(name string) bool) error {
	const atOnce = 500 // below what engines allow of one SELECT
	facts := []string{"COUNT(*)"}
	of := map[int]int{} // of a column among the facts
	var values []any
	ask := func() error {
		got := make([]any, len(facts))
		to := make([]any, len(facts))
		for k := range got {
			to[k] = &got[k]
		}
		err := s.db.QueryRowContext(ctx, "SELECT "+strings.Join(facts, ", ")+" FROM "+s.from).Scan(to...)
		values, facts = append(values, got...), nil
		return err
	}
	for k, c := range columns {
		if c.Settle == nil || !picked(c.Name) {
			continue
		}
		if len(facts)+len(c.Facts) > atOnce {
			if err := ask(); err != nil {
				return err
			}
		}
		of[k] = len(values) + len(facts)
		facts = append(facts, c.Facts...)
	}
	if len(facts) > 0 {
		if err := ask(); err != nil {
			return err
		}
	}
	rows, err := countOf(values[0])
	if err != nil {
		return err
	}
	s.rows = rows
	for k, at := range of {
		columns[k].Settle(&columns[k], values[at:at+len(columns[k].Facts)])
	}
	return nil
}
