// Package expression is the language of filters, shares and recodes:
//
//	wave == 2011 and age >= 55
//	q1 in [4, 5] or not (region == 'North')
//	(q1 + q2) / 2 > 3
//
// It has and, or, not; == != < <= > >= and in; + - * / %; and the functions
// missing(v), valid(v), answer(v, x) (x where v has no answer), abs(x),
// min(x, …), max(x, …) and round(x). A name with odd characters is in backquotes. A text in quotes means a label of a
// numeric variable, a value or else a label of a text variable. By == and in a
// variable is asked for its codes; everywhere else an answer is the number that
// it counts as, which is its code unless the study gives it another value.
//
// A row in which a variable is missing (system-missing or declared missing)
// is not valid, except where the variable is in missing(), valid() or answer().
package expression

import (
	"math"

	"surveykit/survey"
)

// Expression is an expression bound to the columns of a table.
type Expression struct {
	names     []string
	rows      int
	answered  []*survey.Variable
	condition condition
	number    number
}

// Compile binds a condition, something that holds or does not, to a table.
// The error is a survey.Problems that lists every fault, each with an excerpt
// of the source: bad syntax, unknown variables with the nearest names, texts
// that are no category, codes that no row has and no label names, text where a number is needed, and a number where a
// condition is needed.
func Compile(source string, t *survey.Table) (*Expression, error) {
	return compile(source, t, true, false)
}

// CompilePart binds a condition to a table that is a part of the data, such as
// one file of several: other than to Compile, a code that no row of it has is no
// fault.
func CompilePart(source string, t *survey.Table) (*Expression, error) {
	return compile(source, t, true, true)
}

// CompileValue binds a condition or an arithmetic expression to a table; see
// Compile for its error.
func CompileValue(source string, t *survey.Table) (*Expression, error) {
	return compile(source, t, false, false)
}

// Variables lists the names used, in order of first use.
func (e *Expression) Variables() []string { return e.names }

// IsCondition reports whether the expression holds or does not, rather than
// being a number.
func (e *Expression) IsCondition() bool { return e.condition != nil }

// Truth evaluates a condition over all rows. valid is false where a variable
// of the expression is missing (outside missing(), valid() and answer()), and where the
// outcome hangs on a figure that does not exist, such as x / 0; holds is true
// only where valid is, too. An arithmetic expression holds nowhere.
func (e *Expression) Truth() (holds, valid []bool) {
	holds = make([]bool, e.rows)
	if e.condition == nil {
		return holds, make([]bool, e.rows)
	}
	valid = e.complete()
	e.blocks(func(b *block) {
		for i, x := range e.condition(b) {
			row := b.from + i
			valid[row] = valid[row] && x != unknown
			holds[row] = valid[row] && x == yes
		}
	})
	return holds, valid
}

// Numbers evaluates the expression over all rows: its figure, or 1 and 0 where
// a condition holds and does not; NaN where a variable is missing or the
// figure does not exist.
func (e *Expression) Numbers() []float64 {
	out, valid := make([]float64, e.rows), e.complete()
	number := e.number
	if number == nil {
		x := e.condition
		figure := [...]float64{no: 0, unknown: math.NaN(), yes: 1}
		number = func(b *block) []float64 {
			in, out := x(b), b.numbers.borrow(b.rows())
			for i, v := range in {
				out[i] = figure[v]
			}
			return out
		}
	}
	e.blocks(func(b *block) {
		for i, x := range number(b) {
			if !valid[b.from+i] || math.IsInf(x, 0) {
				x = math.NaN()
			}
			out[b.from+i] = x
		}
	})
	return out
}

// complete marks the rows in which every variable that must be answered is.
func (e *Expression) complete() []bool {
	complete := make([]bool, e.rows)
	for i := range complete {
		complete[i] = true
	}
	for _, v := range e.answered {
		for i, ok := range v.Valid() {
			complete[i] = complete[i] && ok
		}
	}
	return complete
}

// blocks visits all rows, a block at a time.
func (e *Expression) blocks(visit func(*block)) {
	var b block
	for from := 0; from < e.rows; from += blockRows {
		b.from, b.to = from, min(from+blockRows, e.rows)
		b.numbers.used, b.truths.used = 0, 0
		visit(&b)
	}
}
