package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/delimited"
)

// Write makes a table T of the place with the rows of t, and T_codebook with its dictionary:
// a row for each variable and for each code, as codebook.Rows has them. It writes both or
// neither where the engine has transactions. Tables that are there are replaced only if
// replace is true, and are a problem else. Dates that the engine has no type for are
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
	err = errors.Join(a.explained(a.write(ctx, db, p.Table, t, replace)), db.Close())
	if err != nil && isNew {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (a address) write(ctx context.Context, db *sql.DB, table string, t *survey.Table, replace bool) error {
	there, err := a.tables(ctx, db)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // has no effect after Commit
	for _, name := range []string{table, table + bookSuffix} {
		if !slices.Contains(there, name) {
			continue
		}
		if !replace {
			return survey.Problems{{Message: "there is a table " + name, Remedy: "give another name, or --force to replace it"}}
		}
		if _, err := tx.ExecContext(ctx, "DROP TABLE "+a.name(name)); err != nil {
			return err
		}
	}
	columns := make([]written, len(t.Variables))
	for k, v := range t.Variables {
		columns[k] = a.written(v)
	}
	if err := a.fill(ctx, tx, table, columns, t.Rows); err != nil {
		return err
	}
	book := codebook.Rows(t)
	order := written{bookOrder, Integers, func(i int) any { return int64(i + 1) }}
	columns = []written{order}
	for k, name := range codebook.Columns {
		columns = append(columns, written{name, Texts, func(i int) any { return book[i][k] }})
	}
	if err := a.fill(ctx, tx, table+bookSuffix, columns, len(book)); err != nil {
		return err
	}
	return tx.Commit()
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
func (a address) fill(ctx context.Context, tx *sql.Tx, table string, columns []written, rows int) error {
	names, types, parameters := make([]string, len(columns)), make([]string, len(columns)), make([]string, len(columns))
	for k, c := range columns {
		names[k] = a.dialect.Quote(c.name)
		types[k] = names[k] + " " + a.dialect.Type(c.storage)
		parameters[k] = a.dialect.Parameter(k + 1)
	}
	if _, err := tx.ExecContext(ctx, "CREATE TABLE "+a.name(table)+" ("+strings.Join(types, ", ")+")"+a.dialect.Create); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", a.name(table), strings.Join(names, ", "), strings.Join(parameters, ", ")))
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	for i := range rows {
		for k, c := range columns {
			values[k] = c.value(i)
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return errors.Join(err, insert.Close())
		}
	}
	return insert.Close()
}
