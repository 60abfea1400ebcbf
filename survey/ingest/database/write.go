package database

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
)

// Write makes a table T of the place with the rows of t, and T_codebook with its dictionary:
// a row for each variable and for each code, as codebook.Rows has them. It writes both or
// neither where the engine has transactions. Tables that are there are replaced only if
// replace is true; otherwise the error is an Exists. Dates that the engine has no type for are
// numbers, of which the codebook knows the kind. The error is survey.Problems or a
// *survey.Unreachable.
func Write(ctx context.Context, p Place, t *survey.Table, replace bool) error {
	a, err := parse(p.DSN)
	if err != nil {
		return err
	}
	if p.Table == "" || p.Query != "" {
		return a.explained(survey.Problems{{Message: "data are written to a table", Remedy: "name the table"}})
	}
	path, file := File(p.DSN)
	_, err = os.Stat(path)
	isNew := file && errors.Is(err, os.ErrNotExist)
	db, err := a.connect(ctx, writing)
	if err != nil {
		return err
	}
	failed := a.write(ctx, db, p.Table, t, replace)
	if err = a.explained(failed); errors.As(failed, new(Exists)) {
		err = Exists{err}
	}
	err = errors.Join(err, db.Close())
	if err != nil && isNew {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// Exists is the error of a table that is there and is not to be replaced.
type Exists struct{ error }

// Unwrap gives the problem.
func (e Exists) Unwrap() error { return e.error }

func (a address) write(ctx context.Context, db *sql.DB, table string, t *survey.Table, replace bool) error {
	there, err := a.tables(ctx, db)
	if err != nil {
		return err
	}
	fresh := []newTable{a.answers(table, t), a.codebookOf(table, t)}
	var old []string
	for _, n := range fresh {
		if slices.Contains(there, n.name) {
			old = append(old, n.name)
		}
	}
	if len(old) > 0 && !replace {
		return Exists{survey.Problems{{Message: "there is a table " + old[0], Remedy: "give another name, or --force to replace it"}}}
	}
	if a.dialect.Begin == "" {
		return a.writeAside(ctx, db, old, fresh)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() // and the engine undoes what was not committed
	statements := []string{a.dialect.Begin}
	for _, name := range old {
		statements = append(statements, "DROP TABLE "+a.name(name))
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	for _, n := range fresh {
		if err := a.fill(ctx, conn, n); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// writeAside writes in an engine without transactions: the tables have other names until
// all are whole.
func (a address) writeAside(ctx context.Context, db *sql.DB, old []string, fresh []newTable) error {
	aside := func(n newTable) newTable {
		n.name += "_unfinished"
		return n
	}
	clear := func(ctx context.Context) error {
		for _, n := range fresh {
			if _, err := db.ExecContext(ctx, "DROP TABLE IF EXISTS "+a.name(aside(n).name)); err != nil {
				return err
			}
		}
		return nil
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	err = clear(ctx)
	for _, n := range fresh {
		if err == nil {
			err = a.fill(ctx, conn, aside(n))
		}
	}
	if err != nil {
		_ = clear(context.WithoutCancel(ctx)) // as far as the engine still answers
		return err
	}
	var statements []string
	for _, name := range old {
		statements = append(statements, "DROP TABLE "+a.name(name))
	}
	for _, n := range fresh {
		statements = append(statements, "RENAME TABLE "+a.name(aside(n).name)+" TO "+a.name(n.name))
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// newTable is a table to make.
type newTable struct {
	name    string
	columns []written
	rows    int
}

// answers is the table of the data.
func (a address) answers(name string, t *survey.Table) newTable {
	n := newTable{name: name, columns: make([]written, len(t.Variables)), rows: t.Rows}
	for k, v := range t.Variables {
		n.columns[k] = a.written(v)
	}
	return n
}

// codebookOf is the table of the dictionary, beside the table of the data.
func (a address) codebookOf(beside string, t *survey.Table) newTable {
	book := codebook.Rows(t)
	n := newTable{name: beside + bookSuffix, rows: len(book)}
	n.columns = []written{{bookOrder, Integers, func(i int) any { return int64(i + 1) }}}
	for k, name := range codebook.Columns {
		n.columns = append(n.columns, written{name, Texts, func(i int) any { return book[i][k] }})
	}
	return n
}

// written is a column of a new table.
type written struct {
	name    string
	storage Storage
	value   func(row int) any
}

// written stores a variable as compactly as all its values allow.
func (a address) written(v *survey.Variable) written {
	w := written{name: v.Name}
	number := func(convert func(x float64) any) func(i int) any {
		return func(i int) any {
			if x, ok := v.At(i); ok {
				return convert(x.Number)
			}
			return nil
		}
	}
	every := func(fits func(x float64) bool) bool {
		for i := range v.Len() {
			if x, ok := v.At(i); ok && !fits(x.Number) {
				return false
			}
		}
		return true
	}
	if v.IsText() {
		w.storage, w.value = Texts, func(i int) any {
			if x, ok := v.At(i); ok {
				return x.Text
			}
			return nil
		}
		return w
	}
	dated := map[survey.Kind]Storage{survey.Date: Dates, survey.DateTime: Moments, survey.TimeOfDay: Times}
	if storage, ok := dated[v.Kind]; ok && a.dialect.Type(storage) != "" && every(func(x float64) bool {
		const day = 86400
		_, err := delimited.FormatDate(x, v.Kind)
		return err == nil && (storage != Times || 0 <= x && x < day)
	}) {
		w.storage, w.value = storage, number(func(x float64) any {
			text, _ := delimited.FormatDate(x, v.Kind) // every value was tried
			return text
		})
		return w
	}
	w.storage, w.value = Floats, number(func(x float64) any { return x })
	if every(func(x float64) bool { return x == math.Trunc(x) && math.Abs(x) <= maxExact }) {
		w.storage, w.value = Integers, number(func(x float64) any { return int64(x) })
	}
	return w
}

// fill makes a table and inserts its rows.
func (a address) fill(ctx context.Context, conn *sql.Conn, n newTable) error {
	names, types := make([]string, len(n.columns)), make([]string, len(n.columns))
	for k, c := range n.columns {
		names[k] = a.dialect.Quote(c.name)
		types[k] = names[k] + " " + a.dialect.Type(c.storage)
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE "+a.name(n.name)+" ("+strings.Join(types, ", ")+")"+a.dialect.Create); err != nil {
		return err
	}
	return a.dialect.Insert(ctx, conn, n, a.name(n.name)+" ("+strings.Join(names, ", ")+")")
}

// row is a row as values of the storage of each column.
func (n newTable) row(i int) []any {
	values := make([]any, len(n.columns))
	for k, c := range n.columns {
		values[k] = c.value(i)
	}
	return values
}

// moment is a date or time that is given as a text, for drivers that read none.
func (s Storage) moment(text string) time.Time {
	layout := map[Storage]string{Dates: time.DateOnly, Moments: "2006-01-02T15:04:05", Times: time.TimeOnly}[s]
	moment, _ := time.Parse(layout, text) // the text was made so
	return moment
}

// insert runs a prepared INSERT for some of the rows. Its parameters are question marks.
func (n newTable) insert(ctx context.Context, by interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}, into string, from, to int) error {
	statement, err := by.PrepareContext(ctx, "INSERT INTO "+into+" VALUES (?"+strings.Repeat(", ?", len(n.columns)-1)+")")
	if err != nil {
		return err
	}
	for i := from; i < to; i++ {
		if _, err := statement.ExecContext(ctx, n.row(i)...); err != nil {
			return errors.Join(err, statement.Close())
		}
	}
	return statement.Close()
}
