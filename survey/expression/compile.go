package expression

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"surveykit/survey"
)

// compiler turns a syntax tree into closures over a table's columns, and
// collects every fault on the way.
type compiler struct {
	source []rune
	table  *survey.Table
	// part is true where the table is a part of the data: codes that it lacks are
	// no fault.
	part     bool
	problems survey.Problems
	// names are the variables in order of first use, answered those whose
	// missing rows make a row invalid, asked those inside missing() or valid().
	names    []string
	answered map[string]*survey.Variable
	asked    map[string]ast.Node
}

func compile(source string, t *survey.Table, wantCondition, part bool) (*Expression, error) {
	root, problem := parse(source)
	if problem != nil {
		return nil, survey.Problems{*problem}
	}
	c := &compiler{
		source: []rune(source), table: t, part: part,
		answered: map[string]*survey.Variable{}, asked: map[string]ast.Node{},
	}
	e := &Expression{rows: t.Rows}
	if wantCondition || c.isCondition(root) {
		e.condition = c.condition(root)
	} else {
		e.number = c.number(root)
	}
	c.checkMixed()
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	e.names = c.names
	for _, v := range c.answered {
		e.answered = append(e.answered, v)
	}
	return e, nil
}

// checkMixed refuses `missing(q) or q > 3`: rows without q are left out for
// the sake of q > 3, so that missing(q) could never hold.
func (c *compiler) checkMixed() {
	for _, name := range c.names {
		node := c.asked[name]
		if node == nil || c.answered[name] == nil {
			continue
		}
		c.fault(node, survey.Problem{
			Variable: name,
			Message:  "the variable is also used outside missing(), valid() and answer(), so rows without an answer are always left out",
			Remedy:   "use the variable in one of the two ways",
		})
	}
}

// fault records a problem with an excerpt at the node, once.
func (c *compiler) fault(at ast.Node, p survey.Problem) {
	p.Excerpt = excerpt(string(c.source), at.Location().From)
	if !slices.Contains(c.problems, p) {
		c.problems = append(c.problems, p)
	}
}

// variable finds the variable that a node names; ok is false where the node
// names none. A name that does not exist is a fault and gives nil.
func (c *compiler) variable(node ast.Node) (v *survey.Variable, ok bool) {
	name, ok := c.name(node)
	if !ok {
		return nil, false
	}
	v = c.table.Lookup(name)
	if v == nil {
		c.fault(node, c.table.Unknown(name))
		return nil, true
	}
	if v.Unmade {
		c.fault(node, survey.NotMade(name, "these segments"))
		return nil, true
	}
	if !slices.Contains(c.names, name) {
		c.names = append(c.names, name)
	}
	return v, true
}

// operand is a variable whose answer the expression needs.
func (c *compiler) operand(node ast.Node) (v *survey.Variable, ok bool) {
	v, ok = c.variable(node)
	if v != nil {
		c.answered[v.Name] = v
	}
	return v, ok
}

// name reads a plain name, a backquoted one, $env["name"], and one with dots.
func (c *compiler) name(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.StringNode:
		return n.Value, c.isBackquoted(n)
	case *ast.MemberNode:
		property, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional || n.Method {
			return "", false
		}
		if owner, ok := n.Node.(*ast.IdentifierNode); ok && owner.Value == "$env" {
			return property.Value, true
		}
		before, ok := c.name(n.Node)
		return strings.Join([]string{before, property.Value}, "."), ok
	}
	return "", false
}

// isBackquoted tells `a name` from 'a text', which the parser does not.
func (c *compiler) isBackquoted(n *ast.StringNode) bool {
	from := n.Location().From
	return from < len(c.source) && c.source[from] == '`'
}

// literal reads a number, also a negative one, or a text in quotes.
func (c *compiler) literal(node ast.Node) (survey.Value, bool) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return survey.NumberValue(float64(n.Value)), true
	case *ast.FloatNode:
		return survey.NumberValue(n.Value), true
	case *ast.StringNode:
		return survey.TextValue(n.Value), !c.isBackquoted(n)
	case *ast.UnaryNode:
		x, ok := c.literal(n.Node)
		return survey.NumberValue(-x.Number), ok && n.Operator == "-" && !x.IsText
	}
	return survey.Value{}, false
}
