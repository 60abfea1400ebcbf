package formula

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"surveykit/stats"
	"surveykit/survey"
)

// Model is a formula on the rows of a table.
type Model struct {
	// Names are the columns as R's model.matrix names them: (Intercept), age,
	// gendermale, factor(wave)2011, age:gendermale.
	Names []string
	// X has no entries in rows that are not complete.
	X *stats.Sparse
	// Complete marks the rows that were asked for and hold an answer for the
	// response and every term.
	Complete []bool
	// Count is how many rows of the data each row is; nil where each is one.
	Count []int
	// Y are the outcomes, 0 in rows that are not complete; nil without a response.
	Y []float64
	// Terms are the terms with their columns, the constant among them.
	Terms []Term

	blocks  []block
	columns []column
}

// Term is a term of the formula, such as age:gender, and its columns.
type Term struct {
	Name           string
	First, Columns int
}

// Model makes the model matrix of a table's rows, of those in where it is not
// nil; each is as many rows of the data as count says, or one where it is nil. A factor has the levels that occur in the complete rows: texts in
// alphabetical order, numbers ascending and named by their labels; the first is
// the reference. Terms are coded by treatment contrasts, or in full where that
// would leave cells without a coefficient: a:b without a or b, no constant. The
// error is survey.Problems: unknown variables, a response of texts, a factor
// with a single level. Without complete rows factors have no columns.
// Equals R stats::model.matrix.
func (f *Formula) Model(t *survey.Table, in []bool, count []int) (*Model, error) {
	b := &builder{formula: f, table: t}
	if name := b.formula.Response; name != "" {
		response := b.lookup(name)
		if response != nil && !response.IsNumeric() {
			b.problems = append(b.problems, survey.Problem{Variable: name, Message: "the response is text", Remedy: "recode it to numbers: 0 and 1 for a share"})
		} else if response != nil {
			b.response = response.Numeric()
		}
	}
	for _, v := range b.formula.variables {
		c := column{variable: v, source: b.lookup(v.name)}
		if c.source != nil && !c.isFactor() {
			c.source = c.source.Numeric()
		}
		b.columns = append(b.columns, c)
	}
	if err := b.problems.Err(); err != nil {
		return nil, err
	}
	m := b.complete(in)
	m.Count = count
	for k := range b.columns {
		b.levels(k, m)
	}
	blocks := b.blocks()
	if err := b.problems.Err(); err != nil {
		return nil, err
	}
	m.blocks, m.columns = blocks, b.columns
	for k, block := range blocks {
		m.Terms = append(m.Terms, Term{b.termName(k), len(m.Names), len(block.names)})
		m.Names = append(m.Names, block.names...)
	}
	m.X = m.fill(nil, 0)
	return m, nil
}

// Numbers are the variables of a table whose answers the formula takes as numbers:
// its response and the terms that are no factors.
func (f *Formula) Numbers(t *survey.Table) []*survey.Variable {
	var out []*survey.Variable
	if v := t.Lookup(f.Response); v != nil && v.IsNumeric() {
		out = append(out, v)
	}
	for _, v := range f.variables {
		if c := (column{variable: v, source: t.Lookup(v.name)}); c.source != nil && !c.isFactor() {
			out = append(out, c.source)
		}
	}
	return out
}

// termName is block k's term as the formula has it.
func (b *builder) termName(k int) string {
	if b.formula.Intercept {
		if k == 0 {
			return "(Intercept)"
		}
		k--
	}
	var parts []string
	for v := range b.columns {
		if b.formula.terms[k].has(v) {
			parts = append(parts, b.columns[v].label())
		}
	}
	return strings.Join(parts, ":")
}

// Levels are the levels of a factor of the formula in order, nil where the
// formula has no such factor.
func (m *Model) Levels(variable string) []string {
	if c := m.factor(variable); c != nil {
		return c.names
	}
	return nil
}

// Cells are the categories of a term of factors, or of their combinations.
type Cells struct {
	// Text names each as a condition: gender = male and wave = 2011.
	Text []string
	// Cell is that of each row, −1 in rows that are not complete.
	Cell []int32
}

// Cells are those of term k, levels without a column among them; nil where it has
// a number, or is the constant.
func (m *Model) Cells(k int) *Cells {
	if len(m.blocks[k].numbers) > 0 || len(m.blocks[k].factors) == 0 {
		return nil
	}
	c := &Cells{Text: []string{""}, Cell: make([]int32, len(m.Complete))}
	for i, complete := range m.Complete {
		if !complete {
			c.Cell[i] = -1
		}
	}
	for n, f := range m.blocks[k].factors {
		var text []string
		for _, level := range f.column.names {
			for _, before := range c.Text {
				condition := f.column.name + " = " + level
				if n > 0 {
					condition = before + " and " + condition
				}
				text = append(text, condition)
			}
		}
		for i, complete := range m.Complete {
			if complete {
				c.Cell[i] += int32(len(c.Text) * f.column.level[f.column.classes.Index.At(i)])
			}
		}
		c.Text = text
	}
	return c
}

// At is the model matrix if every row had one level of a factor, all else as it is.
func (m *Model) At(variable string, level int) *stats.Sparse {
	return m.fill(m.factor(variable), level)
}

func (m *Model) factor(variable string) *column {
	for k := range m.columns {
		if c := &m.columns[k]; c.name == variable && c.isFactor() {
			return c
		}
	}
	return nil
}

type builder struct {
	formula  *Formula
	table    *survey.Table
	response *survey.Variable
	columns  []column // one for each variable of the formula
	problems survey.Problems
}

// column is a variable of the right side over the rows of the table.
type column struct {
	variable
	source *survey.Variable
	// classes and level are those of a factor: level[k] is the place of class k
	// among the levels, -1 for classes that do not occur.
	classes survey.Classes
	level   []int
	names   []string
}

func (b *builder) lookup(name string) *survey.Variable {
	v := b.table.Lookup(name)
	if v == nil {
		b.problems = append(b.problems, b.table.Unknown(name))
	}
	return v
}

func (c *column) isFactor() bool { return c.factor || !c.source.IsNumeric() }

// coded are the names of the levels that have a column.
func (c *column) coded(full bool) []string {
	if full || len(c.names) == 0 {
		return c.names
	}
	return c.names[1:]
}

// complete marks the rows that can be used and reads the outcomes.
func (b *builder) complete(in []bool) *Model {
	m := &Model{Complete: slices.Clone(in)}
	if in == nil {
		m.Complete = make([]bool, b.table.Rows)
		for i := range m.Complete {
			m.Complete[i] = true
		}
	}
	sources := []*survey.Variable{}
	for _, c := range b.columns {
		sources = append(sources, c.source)
	}
	if b.response != nil {
		sources = append(sources, b.response)
	}
	for _, v := range sources {
		for i, valid := range v.Valid() {
			m.Complete[i] = m.Complete[i] && valid
		}
	}
	if b.response != nil {
		m.Y = make([]float64, b.table.Rows)
		for i, complete := range m.Complete {
			if complete {
				m.Y[i] = b.response.Numbers.At(i)
			}
		}
	}
	return m
}

// mostColumns bounds the equations of a model: a factor of respondents' numbers
// is a slip, and would fill the memory.
const mostColumns = 2000

// blocks lays out the terms, each in columns of its own.
func (b *builder) blocks() []block {
	var blocks []block
	coded, columns := b.coding(), 0
	if b.formula.Intercept {
		blocks = append(blocks, block{names: []string{"(Intercept)"}})
		columns++
	}
	for k, t := range b.formula.terms {
		full := coded[k]
		n := 1
		for k := range b.columns {
			if c := &b.columns[k]; t.has(k) && c.isFactor() {
				n = min(n*len(c.coded(full[k])), mostColumns+1)
			}
		}
		if columns += n; columns > mostColumns {
			b.problems = append(b.problems, survey.Problem{Message: fmt.Sprintf("the model has more than %d columns", mostColumns), Remedy: "leave out factors with many levels, or combine their levels in a recode"})
			return nil
		}
		next := b.block(t, coded[k])
		next.first = columns - len(next.names)
		blocks = append(blocks, next)
	}
	return blocks
}

// fill writes the columns of the complete rows, with one factor held at a level
// where fixed is not nil.
func (m *Model) fill(fixed *column, level int) *stats.Sparse {
	numbers := false
	x := &stats.Sparse{Columns: len(m.Names), Start: make([]int, 1, len(m.Complete)+1)}
	for _, b := range m.blocks {
		numbers = numbers || len(b.numbers) > 0
	}
	for i, complete := range m.Complete {
		for k := 0; complete && k < len(m.blocks); k++ {
			at, value := m.blocks[k].entry(i, fixed, level)
			if at < 0 || value == 0 {
				continue
			}
			x.Index = append(x.Index, int32(at))
			if numbers {
				x.Value = append(x.Value, value)
			}
		}
		x.Start = append(x.Start, len(x.Index))
	}
	return x
}

// block are the columns of one term, of which a row has at most one.
type block struct {
	first   int
	names   []string
	factors []coding
	numbers [][]float64
}

// coding is a factor within a term.
type coding struct {
	column *column
	// full codes every level; otherwise the first one is the reference.
	full   bool
	stride int
}

// entry is row i's column and value, column -1 where a factor is at its reference.
func (b *block) entry(i int, fixed *column, held int) (at int, value float64) {
	at, value = b.first, 1
	for _, f := range b.factors {
		level := f.column.level[f.column.classes.Index.At(i)]
		if f.column == fixed {
			level = held
		}
		if !f.full {
			level--
		}
		if level < 0 {
			return -1, 0
		}
		at += level * f.stride
	}
	for _, x := range b.numbers {
		value *= x[i]
	}
	return at, value
}

// block lays out a term; the first factor runs fastest.
func (b *builder) block(t term, full []bool) block {
	out := block{names: []string{""}}
	for k := range b.columns {
		c := &b.columns[k]
		switch {
		case !t.has(k):
		case c.isFactor():
			out.factors = append(out.factors, coding{c, full[k], len(out.names)})
			out.names = extend(out.names, c.label(), c.coded(full[k]))
		default:
			out.numbers = append(out.numbers, c.source.Numbers.Slice())
			out.names = extend(out.names, c.label(), []string{""})
		}
	}
	return out
}

// extend joins names of columns with the levels of one more variable.
func extend(names []string, label string, levels []string) []string {
	var out []string
	for _, level := range levels {
		for _, name := range names {
			out = append(out, strings.TrimPrefix(name+":"+label+level, ":"))
		}
	}
	return out
}

// coding says for each term and variable whether a factor is coded in full:
// where what is left of the term without it is in no term before. A model
// without a constant codes the first factor of its terms in full, which then
// stands for the constant.
func (b *builder) coding() [][]bool {
	terms := b.formula.terms
	full := make([][]bool, len(terms))
	constant := b.formula.Intercept
	for k, t := range terms {
		full[k] = make([]bool, len(b.columns))
		for v := range b.columns {
			if !t.has(v) || !b.columns[v].isFactor() {
				continue
			}
			margin := t &^ (1 << v)
			spanned := margin == 0 || slices.ContainsFunc(terms[:k], func(before term) bool { return margin&^before == 0 })
			full[k][v] = !spanned || !constant
			constant = true
		}
	}
	return full
}

// Rows counts the rows of the data that some rows are.
func (m *Model) Rows(all []int) int {
	if m.Count == nil {
		return len(all)
	}
	n := 0
	for _, i := range all {
		n += m.Count[i]
	}
	return n
}

// levels finds the levels of a factor in the complete rows.
func (b *builder) levels(k int, m *Model) {
	c := &b.columns[k]
	if !c.isFactor() {
		return
	}
	c.classes = survey.Classify(c.source)
	occurs := make([]bool, len(c.classes.Values))
	var rows []int
	for i, class := range c.classes.Index.All() {
		if m.Complete[i] {
			occurs[class] = true
			rows = append(rows, i)
		}
	}
	var order []int
	for class, in := range occurs {
		if in {
			order = append(order, class)
		}
	}
	alphabet := collate.New(language.English)
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := c.classes.Values[x], c.classes.Values[y]
		switch {
		case a.IsText:
			return alphabet.CompareString(a.Text, b.Text)
		case a.Number < b.Number:
			return -1
		}
		return 1
	})
	c.level = make([]int, len(occurs))
	for class := range c.level {
		c.level[class] = slices.Index(order, class)
	}
	for _, class := range order {
		c.names = append(c.names, c.levelName(class))
	}
	if len(order) == 1 {
		b.problems = append(b.problems, survey.Problem{Variable: c.name,
			Message: fmt.Sprintf("all %s rows of the model are in one category, %s", survey.FormatCount(m.Rows(rows)), c.names[0]), Remedy: "leave the variable out of the formula"})
	}
}

// levelName is the label of a class, or its value where two have that label.
func (c *column) levelName(class int) string {
	label := c.classes.Labels[class]
	for other, l := range c.classes.Labels {
		if l == label && other != class {
			return c.classes.Values[class].String()
		}
	}
	return label
}
