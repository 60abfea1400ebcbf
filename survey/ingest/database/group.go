package database

import (
	"context"
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

// weights finds columns of numbers.
func (s *Source) weights(names []string) ([]Column, error) {
	columns, err := s.lookup(names)
	if err != nil {
		return nil, err
	}
	var problems survey.Problems
	for _, c := range columns {
		if c.Kind == survey.Text {
			problems = append(problems, survey.Problem{Variable: c.Name, Message: "the weight is text", Remedy: "name a column of numbers"})
		}
	}
	return columns, problems.Err()
}

// Group asks for the groups in one statement, and reads them into a table.
func (s *Source) Group(ctx context.Context, r grouped.Request) (*grouped.Groups, error) {
	g, err := s.group(ctx, r)
	return g, s.explained(err)
}

func (s *Source) group(ctx context.Context, r grouped.Request) (*grouped.Groups, error) {
	columns, err := s.lookup(r.Columns)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(r.Weights))
	for k, w := range r.Weights {
		names[k] = w.Column
	}
	weights, err := s.weights(names)
	if err != nil {
		return nil, err
	}
	g := &grouped.Groups{Table: &survey.Table{}}
	var fillers []*filler
	var terms []string
	for _, c := range columns {
		fillers, terms = append(fillers, newFiller(c)), append(terms, c.Value)
	}
	keys := slices.Clone(terms)
	terms = append(terms, "COUNT(*)")
	if len(weights) > 0 {
		terms = append(terms, counted(weights[0].Number+" <> 0"))
	}
	var sums []wideSum
	add := func(to *[]engine.Wide, parts []Part) {
		sums = append(sums, wideSum{to, parts})
		for _, p := range parts {
			terms = append(terms, p.SQL)
		}
	}
	g.Lots.Replicates = make([][]engine.Wide, max(0, len(weights)-1))
	for k, c := range weights {
		whole := s.whole(c.Number, r.Weights[k].Exponent)
		if k > 0 {
			add(&g.Lots.Replicates[k-1], s.dialect.Sum(whole))
			continue
		}
		add(&g.Lots.Sum, s.dialect.Sum(whole))
		add(&g.Lots.Square, s.dialect.Square(whole))
	}
	statement := s.selected(terms, keys)
	if len(weights) > 1 { // the products are of the groups in the same order
		statement += orderBy(keys)
	}
	if r.Most > 0 {
		statement += " LIMIT " + strconv.Itoa(r.Most)
	}
	g.Statement = statement
	err = s.each(ctx, statement, func(values []any) error {
		if n, err := countOf(values[len(fillers)]); n == 0 {
			return err // the sums of a table without rows
		}
		for k, f := range fillers {
			if err := f.add(values[k]); err != nil {
				return err
			}
		}
		return addLots(&g.Lots, values[len(fillers):], len(weights) > 0, sums)
	})
	if err != nil {
		return nil, err
	}
	g.Table.Rows = len(g.Lots.Rows)
	if len(weights) == 0 {
		g.Lots.N = g.Lots.Rows
	}
	for _, f := range fillers {
		g.Table.Variables = append(g.Table.Variables, f.filled(s.dictionary))
	}
	if len(weights) > 1 {
		rows := g.Lots.Rows
		g.Lots.Products = sync.OnceValues(func() ([][]float64, error) {
			products, err := s.products(ctx, keys, weights[1:], rows)
			return products, s.explained(err)
		})
	}
	return g, nil
}

// selected asks for terms of each group.
func (s *Source) selected(terms, keys []string) string {
	statement := "SELECT " + strings.Join(terms, ", ") + " FROM " + s.from
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
func (s *Source) products(ctx context.Context, keys []string, weights []Column, rows []int) ([][]float64, error) {
	const atOnce = 500 // below what engines allow of one SELECT
	var terms []string
	for r, w := range weights {
		for _, v := range weights[:r+1] {
			terms = append(terms, "SUM("+w.Number+" * "+v.Number+")")
		}
	}
	out := make([][]float64, len(rows))
	for some := range slices.Chunk(terms, atOnce) {
		group := 0
		err := s.each(ctx, s.selected(append([]string{"COUNT(*)"}, some...), keys)+orderBy(keys), func(values []any) error {
			n, err := countOf(values[0])
			switch {
			case err != nil || n == 0:
				return err
			case group == len(rows) || n != rows[group]:
				return s.moved()
			}
			for _, x := range values[1:] {
				product, _ := x.(float64) // 0 of NULL
				out[group] = append(out[group], product)
			}
			group++
			return nil
		})
		if err == nil && group < len(rows) {
			err = s.moved()
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// moved is the error of data that are not what they were when their groups were asked.
func (s *Source) moved() error {
	return &survey.Unreachable{Source: s.shown, Message: "the data changed while they were read: groups of rows had other sizes before", Remedy: "try again once nobody writes to them"}
}

// wideSum is a sum of each group that comes in parts.
type wideSum struct {
	to    *[]engine.Wide
	parts []Part
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
func (s *Source) Weights(ctx context.Context, names []string) ([]engine.WeightFacts, error) {
	columns, err := s.weights(names)
	if err != nil || len(columns) == 0 {
		return nil, s.explained(err)
	}
	out := make([]engine.WeightFacts, len(columns))
	kept := make([]string, len(columns)) // the value where it is there and finite
	var terms []string
	for k, c := range columns {
		out[k].Name = c.Name
		none := []string{c.Number + " IS NULL"}
		for _, m := range s.dictionary.Lookup(c.Name).Missing {
			none = append(none, c.Number+" BETWEEN "+number(max(m.Low, -math.MaxFloat64))+" AND "+number(min(m.High, math.MaxFloat64)))
		}
		missing := "(" + strings.Join(none, " OR ") + ")"
		finite := "abs(" + c.Number + ") <= " + number(math.MaxFloat64)
		kept[k] = "(CASE WHEN NOT " + missing + " AND " + finite + " THEN " + c.Number + " END)"
		terms = append(terms, "MAX(abs("+kept[k]+"))", counted(missing), counted(kept[k]+" < 0"), counted("NOT "+missing+" AND NOT "+finite))
	}
	err = s.each(ctx, "SELECT "+strings.Join(terms, ", ")+" FROM "+s.from, func(values []any) error {
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
		return nil, s.explained(err)
	}
	var sums []wideSum
	totals := make([][]engine.Wide, len(columns))
	terms = []string{"COUNT(*)"}
	for k := range columns {
		sums = append(sums, wideSum{&totals[k], s.dialect.Sum(s.whole(kept[k], engine.Exponent(out[k].Largest)))})
		for _, p := range sums[k].parts {
			terms = append(terms, p.SQL)
		}
	}
	var rows engine.Lots
	err = s.each(ctx, "SELECT "+strings.Join(terms, ", ")+" FROM "+s.from, func(values []any) error {
		return addLots(&rows, values, false, sums)
	})
	for k := range out {
		if err == nil {
			out[k].Sum = totals[k][0].Float(engine.Exponent(out[k].Largest))
		}
	}
	return out, s.explained(err)
}

// whole is an expression of weights as whole numbers; see engine.Whole.
func (s *Source) whole(x string, exponent int) string {
	return s.dialect.Whole(x + " * " + number(math.Ldexp(1, exponent)))
}
