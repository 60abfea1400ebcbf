package database

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/grouped"
)

var _ grouped.Source = (*Source)(nil)

// lookup finds columns by their names. The error is survey.Problems of all that are not
// there.
func (s *Source) lookup(names []string) (columns []Column, err error) {
	var problems survey.Problems
	for _, name := range names {
		c, ok := s.columns[name]
		if !ok {
			problems = append(problems, s.dictionary.Unknown(name))
		}
		columns = append(columns, c)
	}
	return columns, problems.Err()
}

// weights finds columns of numbers, which are multiplied where they are factors.
func (s *Source) weights(of []grouped.Weight) ([]Column, error) {
	var problems survey.Problems
	find := func(name string) Column {
		columns, err := s.lookup([]string{name})
		var unknown survey.Problems
		if errors.As(err, &unknown) {
			problems = append(problems, unknown...)
		} else if columns[0].Kind == survey.Text {
			problems = append(problems, survey.Problem{Variable: name, Message: "the weight is text", Remedy: "name a column of numbers"})
		}
		return columns[0]
	}
	out := make([]Column, len(of))
	for k, w := range of {
		if out[k] = find(w.Column); w.Times != "" {
			out[k].Number = "(" + out[k].Number + " * " + find(w.Times).Number + ")"
		}
	}
	return out, problems.Err()
}

// Group asks for the groups in one statement, and reads them into a table. Sums of squares
// are asked for in another one where units need none, unless the engine has to sort for it.
func (s *Source) Group(ctx context.Context, r grouped.Request) (*grouped.Groups, error) {
	return again(ctx, s, func() (*grouped.Groups, error) { return s.group(ctx, r) })
}

func (s *Source) group(ctx context.Context, r grouped.Request) (*grouped.Groups, error) {
	columns, err := s.lookup(r.Columns)
	if err != nil {
		return nil, err
	}
	asked := make([]grouped.Weight, len(r.Weights))
	for k, w := range r.Weights {
		asked[k] = w.Weight
	}
	weights, err := s.weights(asked)
	if err != nil {
		return nil, err
	}
	isUnit := func(c Column) bool { return slices.Contains(r.Units, c.Name) }
	columns = slices.Concat(slices.DeleteFunc(slices.Clone(columns), isUnit), slices.DeleteFunc(slices.Clone(columns), func(c Column) bool { return !isUnit(c) }))
	apart := len(r.Units) > 0 && len(weights) > 0 && !s.dialect.RowByRow
	var values []string
	for _, c := range columns {
		values = append(values, c.Value)
	}
	for k, c := range weights {
		values = append(values, c.Number, s.whole(c.Number, r.Weights[k].Exponent))
	}
	values, from := s.once(values)
	keys := values[:len(columns)]
	var numbers, wholes []string
	for pair := range slices.Chunk(values[len(columns):], 2) {
		numbers, wholes = append(numbers, pair[0]), append(wholes, pair[1])
	}
	among := keys[:len(keys)-len(r.Units)]

	g := &grouped.Groups{Table: &survey.Table{}}
	q := sums{terms: slices.Concat(keys, []string{"COUNT(*)"})}
	if len(weights) > 0 {
		q.terms = append(q.terms, counted(numbers[0]+" <> 0"))
		q.add(&g.Lots.Sum, s.dialect.Sum(wholes[0]))
		if !apart {
			q.add(&g.Lots.Square, s.dialect.Square(wholes[0]))
		}
		g.Lots.Replicates = make([][]engine.Wide, len(weights)-1)
		for k := range g.Lots.Replicates {
			q.add(&g.Lots.Replicates[k], s.dialect.Sum(wholes[k+1]))
		}
	}
	g.Statement = selected(q.terms, from, keys)
	switch {
	case len(weights) > 1: // the products are of the groups in the same order
		g.Statement += orderBy(keys)
	case apart:
		g.Statement += orderBy(among)
	}
	if r.Most > 0 {
		g.Statement += " LIMIT " + strconv.Itoa(r.Most)
	}
	if err := s.read(ctx, g, columns, q); err != nil {
		return nil, err
	}
	if len(weights) == 0 {
		g.Lots.N = g.Lots.Rows
	}
	if apart {
		if err := s.squares(ctx, g, wholes[0], among); err != nil {
			return nil, err
		}
	}
	if len(weights) > 1 {
		rows := g.Lots.Rows
		g.Lots.Products = sync.OnceValues(func() ([][]float64, error) {
			return again(ctx, s, func() ([][]float64, error) { return s.products(ctx, from, keys, numbers[1:], rows) })
		})
	}
	return g, nil
}

// read reads groups by some columns with their sums.
func (s *Source) read(ctx context.Context, g *grouped.Groups, columns []Column, q sums) error {
	var fillers []*filler
	for _, c := range columns {
		fillers = append(fillers, newFiller(c))
	}
	err := s.each(ctx, g.Statement, func(values []any) error {
		if n, err := countOf(values[len(fillers)]); n == 0 {
			return err // the sums of a table without rows
		}
		for k, f := range fillers {
			if err := f.add(values[k]); err != nil {
				return err
			}
		}
		return addLots(&g.Lots, values[len(fillers):], len(q.wide) > 0, q.wide)
	})
	g.Table.Rows = len(g.Lots.Rows)
	for _, f := range fillers {
		g.Table.Variables = append(g.Table.Variables, f.filled(s.dictionary))
	}
	return err
}

// squares asks for the sums of squares of groups by fewer columns, by which the groups are in
// order, and gives each to the first of its groups that has a weight.
func (s *Source) squares(ctx context.Context, g *grouped.Groups, whole string, keys []string) error {
	var all engine.Lots
	q := sums{terms: []string{"COUNT(*)"}}
	q.add(&all.Sum, s.dialect.Sum(whole))
	q.add(&all.Square, s.dialect.Square(whole))
	statement := selected(q.terms, s.from, keys) + orderBy(keys)
	g.Statement += ";\n" + statement
	err := s.each(ctx, statement, func(values []any) error { return addLots(&all, values, false, q.wide) })
	if err != nil {
		return err
	}
	of := &g.Lots
	of.Square = make([]engine.Wide, len(of.Rows))
	at := 0
	for k, rows := range all.Rows {
		first := -1
		var sum engine.Wide
		for ; at < len(of.Rows) && rows > 0; at++ {
			rows, sum = rows-of.Rows[at], sum.Plus(of.Sum[at])
			if first < 0 && of.N[at] > 0 {
				first = at
			}
		}
		if rows != 0 || sum != all.Sum[k] {
			return s.moved(otherSizes)
		}
		if first >= 0 {
			of.Square[first] = all.Square[k]
		}
	}
	if at < len(of.Rows) {
		return s.moved(otherSizes)
	}
	return nil
}

// once names values that a statement uses several times, which the engine may compute for
// each use: then they are columns of a query in the place of the data.
func (s *Source) once(values []string) (names []string, from string) {
	if !s.dialect.RowByRow || len(values) == 0 {
		return values, s.from
	}
	columns := make([]string, len(values))
	for k, x := range values {
		names = append(names, fmt.Sprintf("c%d", k+1))
		columns[k] = x + " AS " + names[k]
	}
	// With a limit the query is not taken apart again.
	return names, "(SELECT " + strings.Join(columns, ", ") + " FROM " + s.from + " LIMIT -1) AS o"
}

// selected asks for terms of each group.
func selected(terms []string, from string, keys []string) string {
	statement := "SELECT " + strings.Join(terms, ", ") + " FROM " + from
	if len(keys) > 0 {
		statement += " GROUP BY " + strings.Join(keys, ", ")
	}
	return statement
}

// orderBy sorts groups by what they have in common.
func orderBy(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return " ORDER BY " + strings.Join(keys, ", ")
}

// products are Σ w_r·w_s of replicate weights for each group, of which the numbers of rows
// are known. Sums of floats do, since only a rank follows from them.
func (s *Source) products(ctx context.Context, from string, keys, weights []string, rows []int) ([][]float64, error) {
	const atOnce = 500 // below what engines allow of one SELECT
	var terms []string
	for r, w := range weights {
		for _, v := range weights[:r+1] {
			terms = append(terms, "SUM("+w+" * "+v+")")
		}
	}
	out := make([][]float64, len(rows))
	for some := range slices.Chunk(terms, atOnce) {
		group := 0
		err := s.each(ctx, selected(append([]string{"COUNT(*)"}, some...), from, keys)+orderBy(keys), func(values []any) error {
			n, err := countOf(values[0])
			switch {
			case err != nil || n == 0:
				return err
			case group == len(rows) || n != rows[group]:
				return s.moved(otherSizes)
			}
			for _, x := range values[1:] {
				product, _ := x.(float64) // 0 of NULL
				out[group] = append(out[group], product)
			}
			group++
			return nil
		})
		if err == nil && group < len(rows) {
			err = s.moved(otherSizes)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sums are the terms of a statement, at the end of which are sums that come in parts.
type sums struct {
	terms []string
	wide  []wideSum
}

// wideSum is a sum of each group that comes in parts.
type wideSum struct {
	to    *[]engine.Wide
	parts []Part
}

func (s *sums) add(to *[]engine.Wide, parts []Part) {
	s.wide = append(s.wide, wideSum{to, parts})
	for _, p := range parts {
		s.terms = append(s.terms, p.SQL)
	}
}

// addLots adds the counts and sums of a group.
func addLots(l *engine.Lots, values []any, weighted bool, sums []wideSum) error {
	n, err := countOf(values[0])
	if err != nil {
		return err
	}
	l.Rows, values = append(l.Rows, n), values[1:]
	if weighted {
		if n, err = countOf(values[0]); err != nil {
			return err
		}
		l.N, values = append(l.N, n), values[1:]
	}
	for _, s := range sums {
		var sum engine.Wide
		for _, p := range s.parts {
			x, err := wholeOf(values[0])
			if err != nil {
				return err
			}
			sum, values = sum.Plus(x.Left(p.Shift)), values[1:]
		}
		*s.to = append(*s.to, sum)
	}
	return nil
}

// number writes a float64 in a statement.
func number(x float64) string {
	text := strconv.FormatFloat(x, 'e', -1, 64)
	if x < 0 {
		return "(" + text + ")"
	}
	return text
}

// Weights looks through the columns in two statements: the second adds up what the
// largest sizes of the first make whole numbers.
func (s *Source) Weights(ctx context.Context, weights []grouped.Weight) ([]engine.WeightFacts, error) {
	return again(ctx, s, func() ([]engine.WeightFacts, error) { return s.facts(ctx, weights) })
}

func (s *Source) facts(ctx context.Context, weights []grouped.Weight) ([]engine.WeightFacts, error) {
	columns, err := s.weights(weights)
	if err != nil || len(columns) == 0 {
		return nil, err
	}
	var numbers []string // of the weight, and of the column where it is a factor
	for _, c := range columns {
		numbers = append(numbers, c.Number, s.columns[c.Name].Number)
	}
	numbers, from := s.once(numbers)
	out := make([]engine.WeightFacts, len(columns))
	kept := make([]string, len(columns)) // the value where it is there and finite
	var terms []string
	for k, c := range columns {
		x, column := numbers[2*k], numbers[2*k+1]
		out[k].Name = c.Name
		none := []string{x + " IS NULL"}
		for _, m := range s.dictionary.Lookup(c.Name).Missing {
			none = append(none, column+" BETWEEN "+number(max(m.Low, -math.MaxFloat64))+" AND "+number(min(m.High, math.MaxFloat64)))
		}
		missing := "(" + strings.Join(none, " OR ") + ")"
		finite := "abs(" + x + ") <= " + number(math.MaxFloat64)
		kept[k] = "(CASE WHEN NOT " + missing + " AND " + finite + " THEN " + x + " END)"
		terms = append(terms, "MAX(abs("+kept[k]+"))", counted(missing), counted(kept[k]+" < 0"), counted("NOT "+missing+" AND NOT "+finite))
	}
	err = s.each(ctx, selected(terms, from, nil), func(values []any) error {
		for k := range out {
			f := &out[k]
			largest, ok := values[0].(float64)
			if !ok && values[0] != nil {
				return fmt.Errorf("the driver gives %T for a number", values[0])
			}
			f.Largest = largest
			for j, to := range []*int{&f.Missing, &f.Negative, &f.Infinite} {
				if *to, err = countOf(values[1+j]); err != nil {
					return err
				}
			}
			values = values[4:]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	q, totals := sums{terms: []string{"COUNT(*)"}}, make([][]engine.Wide, len(columns))
	for k := range columns {
		q.add(&totals[k], s.dialect.Sum(s.whole(kept[k], engine.Exponent(out[k].Largest))))
	}
	var rows engine.Lots
	err = s.each(ctx, selected(q.terms, from, nil), func(values []any) error {
		return addLots(&rows, values, false, q.wide)
	})
	for k := range out {
		if err == nil {
			out[k].Sum = totals[k][0].Float(engine.Exponent(out[k].Largest))
		}
	}
	return out, err
}

// whole is an expression of weights as whole numbers; see engine.Whole.
func (s *Source) whole(x string, exponent int) string {
	return s.dialect.Whole(x + " * " + number(math.Ldexp(1, exponent)))
}
