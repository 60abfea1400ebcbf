package database

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/ingest/columnar"
	"surveykit/survey/ingest/delimited"
)

// filler makes a variable of values as the driver gives them.
type filler struct {
	Column
	to *columnar.Column
}

func newFiller(c Column) *filler {
	f := &filler{c, columnar.NewColumn(c.Name, 0)}
	if c.Kind == survey.Text {
		f.to.MakeText()
	}
	return f
}

// add adds a value.
func (f *filler) add(x any) error {
	if b, ok := x.([]byte); ok {
		x = string(b)
	}
	if moment, ok := x.(time.Time); ok {
		x = isoText(moment, f.Kind)
	}
	switch x := x.(type) {
	case nil:
		f.to.Null()
		return nil
	case bool:
		if f.Kind == survey.Number {
			f.to.Number(map[bool]float64{true: 1}[x])
			return nil
		}
	case int64:
		switch {
		case f.Kind == survey.Text:
			f.to.Text(strconv.AppendInt(nil, x, 10))
			return nil
		case -maxExact <= x && x <= maxExact:
			f.to.Number(float64(x))
			return nil
		}
	case float64:
		switch {
		case math.IsNaN(x):
			f.to.Null()
		case f.Kind == survey.Text:
			f.to.Text([]byte(survey.FormatNumber(x)))
		default:
			f.to.Number(x)
		}
		return nil
	case string:
		if f.Kind == survey.Text {
			f.to.Text([]byte(x))
			return nil
		}
		if number, ok := f.parse(x); ok {
			f.to.Number(number)
			return nil
		}
	default:
		return fmt.Errorf("the driver gives %T for column %s", x, f.Name)
	}
	return changed(f.Name, f.Kind)
}

// maxExact is 2^53: a float64 holds every integer up to it.
const maxExact = 1 << 53

// parse reads a number or a date that is given as a text.
func (f *filler) parse(text string) (float64, bool) {
	if f.Kind == survey.Number {
		x, err := strconv.ParseFloat(text, 64)
		return x, err == nil
	}
	x, kind, ok := delimited.ParseDate(text)
	return x, ok && kind == f.Kind
}

// isoText is a moment as a text of ISO 8601.
func isoText(x time.Time, kind survey.Kind) string {
	switch kind {
	case survey.Date:
		return x.Format(time.DateOnly)
	case survey.TimeOfDay:
		return x.Format("15:04:05.999999999")
	}
	return x.UTC().Format("2006-01-02T15:04:05.999999999")
}

// filled is the variable of the dictionary with the values.
func (f *filler) filled(dictionary *survey.Table) *survey.Variable {
	v := *dictionary.Lookup(f.Name)
	v.Numbers, v.Texts = f.to.Numbers, f.to.Texts
	return &v
}

// again answers a question anew where the connection was lost meanwhile, once. The error is
// explained.
func again[T any](ctx context.Context, s *Source, ask func() (T, error)) (T, error) {
	answer, err := ask()
	if err != nil && s.dialect.Failure(err).Again {
		if err = s.reach(ctx, s.db); err == nil {
			answer, err = ask()
		}
	}
	return answer, s.explained(err)
}

// moved is the error of data that are not what they were at the question before.
func (s *Source) moved(how string) error {
	return &survey.Unreachable{Source: s.shown, Message: "the data changed while they were read: " + how, Remedy: "try again once nobody writes to them"}
}

const otherSizes = "groups of rows had other sizes before"

// each calls row with the values of each row of a statement's answer.
func (s *Source) each(ctx context.Context, statement string, row func(values []any) error) error {
	rows, err := s.db.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, to := make([]any, len(names)), make([]any, len(names))
	for k := range values {
		to[k] = &values[k]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// wholeOf reads a whole number, 0 where it is NULL.
func wholeOf(x any) (engine.Wide, error) {
	switch x := x.(type) {
	case nil:
		return engine.Wide{}, nil
	case int64:
		return engine.WideOf(x), nil
	case uint64:
		return engine.Wide{0, 0, x}, nil
	case *big.Int:
		return wideOf(x), nil
	case []byte:
		return wholeOf(string(x))
	case string:
		if n, ok := new(big.Int).SetString(strings.TrimSpace(x), 10); ok {
			return wideOf(n), nil
		}
	}
	return engine.Wide{}, fmt.Errorf("the driver gives %T for a whole number", x)
}

// wideOf is a whole number that an engine gives of any size.
func wideOf(n *big.Int) engine.Wide {
	var w engine.Wide
	size := new(big.Int).Abs(n)
	for k := len(w) - 1; k >= 0; k-- {
		w[k] = new(big.Int).And(size, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
		size.Rsh(size, 64)
	}
	if n.Sign() < 0 {
		return w.Minus()
	}
	return w
}

// countOf reads a number of rows, 0 where it is NULL.
func countOf(x any) (int, error) {
	w, err := wholeOf(x)
	return int(w[len(w)-1]), err
}

// counted counts the rows of which a condition holds.
func counted(condition string) string { return "SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END)" }
