package expression

import (
	"fmt"
	"slices"
	"sync"

	"github.com/expr-lang/expr/ast"

	"surveykit/survey"
)

// comparisons are the comparisons of two numbers.
var comparisons = map[string]func(x, y float64) bool{
	"==": func(x, y float64) bool { return x == y },
	"!=": func(x, y float64) bool { return x != y },
	"<":  func(x, y float64) bool { return x < y },
	"<=": func(x, y float64) bool { return x <= y },
	">":  func(x, y float64) bool { return x > y },
	">=": func(x, y float64) bool { return x >= y },
}

// isCondition reports whether a node holds or does not, as its form says.
func (c *compiler) isCondition(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.UnaryNode:
		_, ok := negation(n)
		return ok
	case *ast.BinaryNode:
		return isLogical(n.Operator) || n.Operator == "in" || comparisons[n.Operator] != nil
	case *ast.CallNode:
		name, _ := c.name(n.Callee)
		return name == "missing" || name == "valid"
	}
	return false
}

// condition compiles a node that must hold or not. After a fault the result
// is of no use, and compile returns none.
func (c *compiler) condition(node ast.Node) condition {
	if binary, ok := node.(*ast.BinaryNode); ok && liftNot(binary) {
		return not(c.condition(binary))
	}
	if !c.isCondition(node) {
		before := len(c.problems)
		if v, ok := c.operand(node); ok && v != nil {
			c.fault(node, survey.Problem{Variable: v.Name, Message: "this is a variable, not a condition",
				Remedy: "compare it with a value, such as " + example(v)})
			return nil
		}
		c.number(node)
		if len(c.problems) == before {
			c.fault(node, survey.Problem{Message: "this is a number, not a condition",
				Remedy: "compare it with a value, such as … > 0"})
		}
		return nil
	}
	switch n := node.(type) {
	case *ast.UnaryNode:
		return not(c.condition(n.Node))
	case *ast.CallNode:
		function, _ := c.name(n.Callee)
		if len(n.Arguments) != 1 {
			c.fault(n, survey.Problem{Message: fmt.Sprintf("%s() takes one variable", function),
				Remedy: fmt.Sprintf("write %s(a) and %s(b)", function, function)})
			return nil
		}
		v, ok := c.variable(n.Arguments[0])
		if !ok {
			c.fault(n.Arguments[0], survey.Problem{Message: fmt.Sprintf("%s() takes the name of a variable", function)})
		}
		if v == nil {
			return nil
		}
		c.asked[v.Name] = n
		return given(sync.OnceValue(v.Valid), function == "valid")
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return both(c.condition(n.Left), c.condition(n.Right))
		case "or", "||":
			return either(c.condition(n.Left), c.condition(n.Right))
		case "in":
			return c.in(n)
		}
		if n.Operator == "==" || n.Operator == "!=" {
			if equal, done := c.equality(n); done {
				if n.Operator == "!=" && equal != nil {
					return not(equal)
				}
				return equal
			}
			return compare(comparisons[n.Operator], c.identity(n.Left), c.identity(n.Right))
		}
		return compare(comparisons[n.Operator], c.number(n.Left), c.number(n.Right))
	}
	return nil
}

// example is a comparison that makes sense for a variable.
func example(v *survey.Variable) string {
	switch {
	case len(v.Codes) > 0:
		return fmt.Sprintf("%s == %q", Quote(v.Name), v.Codes[0].Label)
	case v.IsText():
		return Quote(v.Name) + " == 'text'"
	}
	return Quote(v.Name) + " == 1"
}

// equality compiles a variable against a literal or a text variable against
// another; done is false where the two sides are plain numbers.
func (c *compiler) equality(n *ast.BinaryNode) (equal condition, done bool) {
	left, leftNamed := c.operand(n.Left)
	right, rightNamed := c.operand(n.Right)
	_, leftLiteral := c.literal(n.Left)
	_, rightLiteral := c.literal(n.Right)
	switch {
	case leftNamed && left == nil || rightNamed && right == nil:
		return nil, true
	case leftNamed && rightLiteral:
		return c.membership(left, []ast.Node{n.Right}), true
	case rightNamed && leftLiteral:
		return c.membership(right, []ast.Node{n.Left}), true
	case leftNamed && rightNamed && left.IsText() && right.IsText():
		at := make(map[string]int32, len(right.Texts.Values))
		for k, s := range right.Texts.Values {
			at[s] = int32(k)
		}
		to := make([]int32, len(left.Texts.Values))
		for k, s := range left.Texts.Values {
			place, ok := at[s]
			if !ok {
				place = -2 // unequal to every index, also to that of a missing text
			}
			to[k] = place
		}
		return sameTexts(&left.Texts.Index, &right.Texts.Index, to), true
	}
	return nil, false
}

// in compiles `variable in [values]` and `number in [numbers]`.
func (c *compiler) in(n *ast.BinaryNode) condition {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 {
		c.fault(n.Right, survey.Problem{Message: "in needs a list of values", Remedy: "write in [1, 2, 3]; for a range write 18 <= age <= 24"})
		return nil
	}
	if v, ok := c.operand(n.Left); ok {
		if v == nil {
			return nil
		}
		return c.membership(v, list.Nodes)
	}
	values := make([]float64, 0, len(list.Nodes))
	for _, node := range list.Nodes {
		x, ok := c.literal(node)
		if !ok || x.IsText {
			c.fault(node, survey.Problem{Message: "the list for a number may contain only numbers"})
		}
		values = append(values, x.Number)
	}
	return among(c.identity(n.Left), values)
}

// membership is v in [literals].
func (c *compiler) membership(v *survey.Variable, literals []ast.Node) condition {
	var values []survey.Value
	for _, node := range literals {
		x, ok := c.literal(node)
		if !ok {
			c.fault(node, survey.Problem{Message: "a list may contain only numbers and quoted texts"})
			continue
		}
		values = append(values, c.match(v, x, node)...)
	}
	return isOne(v.Places(func(x survey.Value) int32 {
		if slices.Contains(values, x) {
			return 1
		}
		return 0
	}))
}

// match finds the values that a literal means: a text must be a category, and a
// number a code where the variable has a list of them.
func (c *compiler) match(v *survey.Variable, x survey.Value, node ast.Node) []survey.Value {
	values := []survey.Value{x}
	if x.IsText || v.IsText() {
		found, problem := v.Match(x)
		if problem != nil {
			c.fault(node, *problem)
			return nil
		}
		values = found
	} else if problem := v.CheckCode(x); problem != nil && !c.part {
		c.fault(node, *problem)
		return nil
	}
	if !slices.ContainsFunc(values, func(value survey.Value) bool { return !v.IsMissing(value) }) {
		c.fault(node, survey.Problem{Variable: v.Name, Value: x.String(),
			Message: "the value is declared missing, so its rows are never compared",
			Remedy:  fmt.Sprintf("leave it out, or use missing(%s)", Quote(v.Name))})
	}
	return values
}
