package expression

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"surveykit/survey"
)

// Dialect is how another program writes conditions, so that a figure can be
// had from it too.
type Dialect struct {
	and, or, not, equal, unequal string
	// text spells a text, name a variable's name.
	text, name func(string) string
	// in is membership of a list, given is true of a row that has an answer.
	in    func(name string, values []string) string
	given func(name string) string
	// choose takes one value where a condition holds and another where it does not.
	choose func(condition, yes, no string) string
	// least and greatest of numbers, row by row.
	least, greatest func(numbers []string) string
	// divide is a quotient, which does not exist where the divisor is 0.
	divide func(a, b string) string
}

// The dialects of the programs that references are given for, and of databases.
var (
	R = Dialect{
		and: " & ", or: " | ", not: "!", equal: "==", unequal: "!=",
		text: strconv.Quote,
		name: func(s string) string {
			if plainName().MatchString(s) {
				return s
			}
			return "`" + s + "`"
		},
		in:       func(name string, values []string) string { return name + " %in% c(" + strings.Join(values, ", ") + ")" },
		given:    func(name string) string { return "!is.na(" + name + ")" },
		choose:   func(condition, yes, no string) string { return called("ifelse", condition, yes, no) },
		least:    func(numbers []string) string { return called("pmin", numbers...) },
		greatest: func(numbers []string) string { return called("pmax", numbers...) },
		divide:   func(a, b string) string { return a + " / " + b },
	}
	Stata = Dialect{
		and: " & ", or: " | ", not: "!", equal: "==", unequal: "!=",
		text: strconv.Quote,
		name: func(s string) string { return s },
		in: func(name string, values []string) string {
			return called("inlist", append([]string{name}, values...)...)
		},
		given:    func(name string) string { return "!missing(" + name + ")" },
		choose:   func(condition, yes, no string) string { return called("cond", condition, yes, no) },
		least:    func(numbers []string) string { return called("min", numbers...) },
		greatest: func(numbers []string) string { return called("max", numbers...) },
		divide:   func(a, b string) string { return a + " / " + b },
	}
	// SQL is the common part of SQLite, PostgreSQL and DuckDB. A condition is NULL
	// where its outcome hangs on a figure that does not exist.
	SQL = Dialect{
		and: " AND ", or: " OR ", not: "NOT ", equal: "=", unequal: "<>",
		text:  func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" },
		name:  func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` },
		in:    func(name string, values []string) string { return name + " IN (" + strings.Join(values, ", ") + ")" },
		given: func(name string) string { return name + " IS NOT NULL" },
		choose: func(condition, yes, no string) string {
			return "CASE WHEN " + condition + " THEN " + yes + " ELSE " + no + " END"
		},
		// LEAST and GREATEST differ in what they make of NULL, and SQLite has neither
		least:    func(numbers []string) string { return extreme("<=", numbers) },
		greatest: func(numbers []string) string { return extreme(">=", numbers) },
		// whole numbers would be divided as such, and 0 is an error in some
		divide: func(a, b string) string { return "CAST(" + a + " AS DOUBLE PRECISION) / NULLIF(" + b + ", 0)" },
	}
)

func called(function string, arguments ...string) string {
	return function + "(" + strings.Join(arguments, ", ") + ")"
}

// extreme is the number that comes first by an operator, NULL where any is NULL.
func extreme(operator string, numbers []string) string {
	out := numbers[0]
	for _, x := range numbers[1:] {
		out = fmt.Sprintf("(CASE WHEN %s %s %s THEN %s WHEN %s IS NOT NULL AND %s IS NOT NULL THEN %s END)", out, operator, x, out, out, x, x)
	}
	return out
}

// Translate writes a condition in a dialect. Labels become the codes that they
// stand for, and given lists the conditions under which a row counts at all:
// that its variables are answered, which this language asks by itself. Values
// that are declared missing must be missing in the other program, too.
// The error is Compile's.
func Translate(source string, t *survey.Table, d Dialect) (condition string, given []string, err error) {
	if _, err := Compile(source, t); err != nil {
		return "", nil, err
	}
	condition, given = translated(source, t, d)
	return condition, given, nil
}

// TranslateValue is Translate for an arithmetic expression or a condition. The error
// is CompileValue's.
func TranslateValue(source string, t *survey.Table, d Dialect) (value string, given []string, err error) {
	if _, err := CompileValue(source, t); err != nil {
		return "", nil, err
	}
	value, given = translated(source, t, d)
	return value, given, nil
}

func translated(source string, t *survey.Table, d Dialect) (text string, given []string) {
	root, _ := parse(source)
	tr := translator{compiler{source: []rune(source), table: t, answered: map[string]*survey.Variable{}, asked: map[string]ast.Node{}}, d}
	text = tr.write(root)
	for _, name := range tr.names {
		if tr.answered[name] != nil {
			given = append(given, d.given(d.name(name)))
		}
	}
	return text, given
}

// Equals writes that a variable has a value.
func (d Dialect) Equals(name string, value survey.Value) string {
	return d.name(name) + " " + d.equal + " " + d.spell(value)
}

// Given writes that a variable has an answer.
func (d Dialect) Given(name string) string { return d.given(d.name(name)) }

// Name spells a variable's name.
func (d Dialect) Name(name string) string { return d.name(name) }

// And joins conditions, each once, all of which must hold.
func (d Dialect) And(conditions ...string) string { return join(conditions, d.and) }

// Or joins conditions, each once, one of which must hold.
func (d Dialect) Or(conditions ...string) string { return join(conditions, d.or) }

func join(conditions []string, operator string) string {
	var distinct []string
	seen := map[string]bool{}
	for _, c := range conditions {
		if c != "" && !seen[c] {
			seen[c] = true
			distinct = append(distinct, c)
		}
	}
	return strings.Join(distinct, operator)
}

func (d Dialect) spell(x survey.Value) string {
	if x.IsText {
		return d.text(x.Text)
	}
	return survey.FormatNumber(x.Number)
}

type translator struct {
	compiler
	d Dialect
}

// write puts every composite part in brackets: programs differ in what binds first.
func (t *translator) write(node ast.Node) string {
	if x, ok := t.literal(node); ok {
		return t.d.spell(x)
	}
	if v, ok := t.operand(node); ok {
		return t.d.name(v.Name)
	}
	switch n := node.(type) {
	case *ast.UnaryNode:
		return t.sign(n.Operator) + t.write(n.Node)
	case *ast.BinaryNode:
		return "(" + t.binary(n) + ")"
	case *ast.BuiltinNode:
		return t.function(n.Name, n.Arguments)
	case *ast.CallNode:
		name, _ := t.compiler.name(n.Callee)
		return t.function(name, n.Arguments)
	}
	return ""
}

func (t *translator) sign(operator string) string {
	if operator == "-" || operator == "+" {
		return operator
	}
	return t.d.not
}

func (t *translator) binary(n *ast.BinaryNode) string {
	if liftNot(n) {
		return t.d.not + "(" + t.binary(n) + ")"
	}
	switch n.Operator {
	case "and", "&&":
		return t.write(n.Left) + t.d.and + t.write(n.Right)
	case "or", "||":
		return t.write(n.Left) + t.d.or + t.write(n.Right)
	case "in":
		return t.in(n.Left, n.Right.(*ast.ArrayNode).Nodes)
	case "==", "!=":
		return t.equality(n)
	case "%":
		a, b := t.write(n.Left), t.write(n.Right)
		return a + " - trunc(" + t.d.divide(a, b) + ") * " + b
	case "/":
		return t.d.divide(t.write(n.Left), t.write(n.Right))
	}
	return t.write(n.Left) + " " + n.Operator + " " + t.write(n.Right)
}

// equality looks up the codes of a label.
func (t *translator) equality(n *ast.BinaryNode) string {
	left, right := n.Left, n.Right
	if _, ok := t.literal(left); ok {
		left, right = right, left
	}
	v, named := t.operand(left)
	x, isLiteral := t.literal(right)
	if !named || !isLiteral || !x.IsText && !v.IsText() {
		operator := t.d.equal
		if n.Operator == "!=" {
			operator = t.d.unequal
		}
		return t.write(left) + " " + operator + " " + t.write(right)
	}
	in := t.in(left, []ast.Node{right})
	if n.Operator == "!=" {
		return t.d.not + "(" + in + ")"
	}
	return in
}

func (t *translator) in(left ast.Node, literals []ast.Node) string {
	v, named := t.operand(left)
	var values []string
	for _, node := range literals {
		x, _ := t.literal(node)
		found := []survey.Value{x}
		if named && (x.IsText || v.IsText()) {
			found, _ = v.Match(x)
		}
		for _, f := range found {
			values = append(values, t.d.spell(f))
		}
	}
	if len(values) == 1 {
		return t.write(left) + " " + t.d.equal + " " + values[0]
	}
	return t.d.in(t.write(left), values)
}

func (t *translator) function(name string, arguments []ast.Node) string {
	if name == "missing" || name == "valid" {
		v, _ := t.variable(arguments[0])
		given := t.d.given(t.d.name(v.Name))
		if name == "missing" {
			return t.d.not + "(" + given + ")"
		}
		return given
	}
	parts := make([]string, len(arguments))
	for i, a := range arguments {
		parts[i] = t.write(a)
	}
	switch name {
	case "answer":
		v, _ := t.variable(arguments[0])
		return t.d.choose(t.d.given(t.d.name(v.Name)), parts[0], parts[1])
	case "min":
		return t.d.least(parts)
	case "max":
		return t.d.greatest(parts)
	case "round": // halves away from zero, which neither program does by itself
		return "trunc(" + parts[0] + " + sign(" + parts[0] + ") * 0.5)"
	}
	return called(name, parts...)
}

// Mentioned lists the variables of a table that an expression names, in order of first
// use, whatever its faults. The error is survey.Problems for bad syntax.
func Mentioned(source string, t *survey.Table) ([]string, error) {
	root, problem := parse(source)
	if problem != nil {
		return nil, survey.Problems{*problem}
	}
	m := mentioned{compiler: compiler{source: []rune(source), table: t}}
	ast.Walk(&root, &m)
	return m.names, nil
}

type mentioned struct{ compiler }

// Visit takes note of a variable.
func (m *mentioned) Visit(node *ast.Node) {
	if name, ok := m.name(*node); ok && m.table.Lookup(name) != nil && !slices.Contains(m.names, name) {
		m.names = append(m.names, name)
	}
}

// Rename writes an expression with another variable in place of one. The error is
// survey.Problems for bad syntax.
func Rename(source, from, to string) (string, error) {
	root, problem := parse(source)
	if problem != nil {
		return "", survey.Problems{*problem}
	}
	places := renamed{name: from}
	ast.Walk(&root, &places)
	slices.Sort(places.at)
	out := []rune(source)
	for _, at := range slices.Backward(slices.Compact(places.at)) {
		out = slices.Replace(out, at, at+len([]rune(from)), []rune(Quote(to))...)
	}
	return string(out), nil
}

// renamed collects where a plain name is.
type renamed struct {
	name string
	at   []int
}

// Visit takes note of a name.
func (r *renamed) Visit(node *ast.Node) {
	if n, ok := (*node).(*ast.IdentifierNode); ok && n.Value == r.name {
		r.at = append(r.at, n.Location().From)
	}
}
