package expression

import (
	"fmt"
	"math"
	"sync"

	"github.com/expr-lang/expr/ast"

	"surveykit/survey"
)

// arithmetic are the operations on two numbers. A remainder has the sign of
// the number divided.
var arithmetic = map[string]func(x, y float64) float64{
	"+": func(x, y float64) float64 { return x + y },
	"-": func(x, y float64) float64 { return x - y },
	"*": func(x, y float64) float64 { return x * y },
	"/": func(x, y float64) float64 { return x / y },
	"%": math.Mod,
}

// unaries and folds are the functions of one number and of several. Halves
// are rounded away from zero.
var (
	unaries = map[string]func(float64) float64{"abs": math.Abs, "round": math.Round}
	folds   = map[string]func(x, y float64) float64{
		"min": func(x, y float64) float64 { return min(x, y) },
		"max": func(x, y float64) float64 { return max(x, y) },
	}
)

// number compiles a node that must be a number. It goes no further into a
// condition, which is none.
func (c *compiler) number(node ast.Node) number {
	if x, ok := c.literal(node); ok {
		if x.IsText {
			c.fault(node, survey.Problem{Value: x.Text, Message: "this is a text, not a number",
				Remedy: "compare a text with a variable by == or !="})
		}
		return constant(x.Number)
	}
	if v, ok := c.operand(node); ok {
		return c.numberColumn(v, node)
	}
	switch n := node.(type) {
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			return combine(arithmetic[n.Operator], constant(0), c.number(n.Node))
		}
	case *ast.BinaryNode:
		if f := arithmetic[n.Operator]; f != nil {
			return combine(f, c.number(n.Left), c.number(n.Right))
		}
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if name, ok := c.name(n.Callee); ok && !c.isCondition(n) {
			return c.call(n, name, n.Arguments)
		}
	}
	p := survey.Problem{Message: "this is not part of an expression",
		Remedy: "use and, or, not, in, comparisons, + - * / %, missing, valid, answer, abs, min, max and round"}
	if c.isCondition(node) {
		p = survey.Problem{Message: "this is a condition, not a number",
			Remedy: "combine conditions with and, or and not"}
	}
	c.fault(node, p)
	return constant(math.NaN())
}

func (c *compiler) numberColumn(v *survey.Variable, node ast.Node) number {
	if v == nil {
		return constant(math.NaN())
	}
	numeric := v.Numeric()
	if numeric == nil {
		c.fault(node, survey.Problem{Variable: v.Name, Message: "the variable holds text, not numbers",
			Remedy: fmt.Sprintf("compare it with a text, such as %s", example(v))})
		return constant(math.NaN())
	}
	return column(numeric.Numbers)
}

// call compiles answer, abs, round, min and max.
func (c *compiler) call(at ast.Node, name string, arguments []ast.Node) number {
	if name == "answer" {
		return c.answer(at, arguments, (*survey.Variable).Numeric)
	}
	numbers := make([]number, len(arguments))
	for i, argument := range arguments {
		numbers[i] = c.number(argument)
	}
	switch {
	case unaries[name] != nil && len(numbers) == 1:
		return apply(unaries[name], numbers[0])
	case folds[name] != nil && len(numbers) > 0:
		out := numbers[0]
		for _, x := range numbers[1:] {
			out = combine(folds[name], out, x)
		}
		return out
	case unaries[name] != nil || folds[name] != nil:
		c.fault(at, survey.Problem{Message: fmt.Sprintf("%s() cannot take %d numbers", name, len(numbers))})
	default:
		c.fault(at, survey.UnknownName("function", name, []string{"missing", "valid", "answer", "abs", "min", "max", "round"}))
	}
	return constant(math.NaN())
}

// identity compiles the number of v in a comparison by == or in, which asks for
// codes: answer(v, x) is a code there.
func (c *compiler) identity(node ast.Node) number {
	if call, ok := node.(*ast.CallNode); ok {
		if name, ok := c.name(call.Callee); ok && name == "answer" {
			return c.answer(call, call.Arguments, func(v *survey.Variable) *survey.Variable { return v })
		}
	}
	return c.number(node)
}

// answer compiles answer(v, x): the answer in the form asked for, or x where
// there is none, so that rows without an answer stay in the base.
func (c *compiler) answer(at ast.Node, arguments []ast.Node, form func(*survey.Variable) *survey.Variable) number {
	if len(arguments) != 2 {
		c.fault(at, survey.Problem{Message: "answer() takes a variable and the number to use if it has no answer",
			Remedy: "write answer(v, 0)"})
		return constant(math.NaN())
	}
	v, ok := c.variable(arguments[0])
	if !ok {
		c.fault(arguments[0], survey.Problem{Message: "answer() takes the name of a variable"})
	}
	otherwise := c.number(arguments[1])
	if v == nil || form(v) == nil || form(v).IsText() {
		return c.numberColumn(v, arguments[0])
	}
	c.asked[v.Name] = arguments[0]
	given := sync.OnceValue(func() number { return column(form(v).Answers()) })
	pick := func(x, y float64) float64 {
		if math.IsNaN(x) {
			return y
		}
		return x
	}
	return combine(pick, func(b *block) []float64 { return given()(b) }, otherwise)
}
