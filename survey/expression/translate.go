package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"surveykit/survey"
)

// Dialect is how another program writes conditions, so that a figure can be
// had from it too.
type Dialect struct {
	and, or, not string
	// min and max name the functions that work row by row.
	min, max string
	// in is membership of a list, given tells a row that has an answer.
	in    func(name string, values []string) string
	given func(name string) string
	// choose takes one value where a condition holds and another where it does not.
	choose func(condition, yes, no string) string
	// name spells a variable's name.
	name func(string) string
}

// The dialects of the programs that references are given for.
var (
	R = Dialect{
		and: " & ", or: " | ", not: "!", min: "pmin", max: "pmax",
		in:     func(name string, values []string) string { return name + " %in% c(" + strings.Join(values, ", ") + ")" },
		given:  func(name string) string { return "!is.na(" + name + ")" },
		choose: func(condition, yes, no string) string { return "ifelse(" + condition + ", " + yes + ", " + no + ")" },
		name: func(s string) string {
			if plainName.MatchString(s) {
				return s
			}
			return "`" + s + "`"
		},
	}
	Stata = Dialect{
		and: " & ", or: " | ", not: "!", min: "min", max: "max",
		in: func(name string, values []string) string {
			return "inlist(" + name + ", " + strings.Join(values, ", ") + ")"
		},
		given:  func(name string) string { return "!missing(" + name + ")" },
		choose: func(condition, yes, no string) string { return "cond(" + condition + ", " + yes + ", " + no + ")" },
		name:   func(s string) string { return s },
	}
)

// Translate writes a condition in a dialect. Labels become the codes that they
// stand for, and given lists the conditions under which a row counts at all:
// that its variables are answered, which this language asks by itself.
// The error is Compile's.
func Translate(source string, t *survey.Table, d Dialect) (condition string, given []string, err error) {
	if _, err := Compile(source, t); err != nil {
		return "", nil, err
	}
	root, _ := parse(source)
	tr := translator{compiler{source: []rune(source), table: t, answered: map[string]*survey.Variable{}, asked: map[string]ast.Node{}}, d}
	condition = tr.write(root)
	for _, name := range tr.names {
		if tr.answered[name] != nil {
			given = append(given, d.given(d.name(name)))
		}
	}
	return condition, given, nil
}

// Equals writes that a variable has a value.
func (d Dialect) Equals(name string, value survey.Value) string {
	return d.name(name) + " == " + spell(value)
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

func spell(x survey.Value) string {
	if x.IsText {
		return fmt.Sprintf("%q", x.Text)
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
		return spell(x)
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
		return a + " - trunc(" + a + " / " + b + ") * " + b
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
		return t.write(left) + " " + n.Operator + " " + t.write(right)
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
			values = append(values, spell(f))
		}
	}
	if len(values) == 1 {
		return t.write(left) + " == " + values[0]
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
	list := "(" + strings.Join(parts, ", ") + ")"
	switch name {
	case "answer":
		v, _ := t.variable(arguments[0])
		return t.d.choose(t.d.given(t.d.name(v.Name)), parts[0], parts[1])
	case "min":
		return t.d.min + list
	case "max":
		return t.d.max + list
	case "round": // halves away from zero, which neither program does by itself
		return "trunc(" + parts[0] + " + sign(" + parts[0] + ") * 0.5)"
	}
	return name + list
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

// renamed collects where a plain name stands.
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
