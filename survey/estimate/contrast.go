package estimate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// Contrast is any smooth function of means, totals and shares, given as an
// expression; its gradient is derived from the expression.
var Contrast = Estimator{
	Name: "contrast", Formula: "f(mean(y), total(y), share(condition), …)",
	Source:    "Särndal, Swensson & Wretman 1992, section 5.5",
	Reference: "survey::svycontrast(…, quote(f))",
}

// longestContrast bounds the depth to which the parser can recurse.
const longestContrast = 2000

// Contrast estimates in each domain an expression of mean(y), total(y) and
// share(condition) with + − * /, exp, log and sqrt, such as
// mean(a) / mean(b) − 1. Each figure is over the rows that answered it, all
// come from one query, so their covariance is joint; n counts the rows behind
// any of them. The error lists every fault as survey.Problems.
func (s *Sample) Contrast(source string) ([]survey.Estimate, error) {
	c := contrastCompiler{source: []rune(source), sample: s}
	f := c.parse()
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	e := Contrast
	e.Function = smooth(f)
	var answered engine.Given
	var numbers []engine.Number
	for _, y := range c.figures {
		answered, numbers = append(answered, y.Number), append(numbers, y.Mean()...)
	}
	return s.figures(figure{Estimator: e, variable: strings.TrimSpace(source), numbers: append([]engine.Number{answered}, numbers...)})
}

// formula is a part of a contrast as a function of the joint totals.
type formula func(t []dual) dual

type contrastCompiler struct {
	source   []rune
	sample   *Sample
	figures  []Answers
	problems survey.Problems
}

func (c *contrastCompiler) parse() formula {
	if len(c.source) > longestContrast {
		c.fault(0, fmt.Sprintf("the contrast has more than %d characters", longestContrast), "split it into recodes")
		return nil
	}
	tree, err := parser.Parse(string(c.source))
	if err != nil {
		var at *file.Error
		if errors.As(err, &at) {
			c.fault(at.From, at.Message, "")
		} else {
			c.fault(0, err.Error(), "")
		}
		return nil
	}
	f := c.compile(tree.Node)
	if len(c.figures) == 0 && len(c.problems) == 0 {
		c.fault(0, "the contrast has no figures", contrastRemedy)
	}
	return f
}

const contrastRemedy = "use mean(v), total(v) and share(condition) with + - * / ( ), exp, log and sqrt"

// fault records a problem with a caret under the character at offset.
func (c *contrastCompiler) fault(offset int, message, remedy string) {
	line := strings.NewReplacer("\n", " ", "\t", " ").Replace(string(c.source))
	c.problems = append(c.problems, survey.Problem{Message: message, Remedy: remedy,
		Excerpt: "  " + line + "\n  " + survey.Caret(line, min(offset, len(c.source)))})
}

func (c *contrastCompiler) compile(node ast.Node) formula {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return func([]dual) dual { return constant(float64(n.Value)) }
	case *ast.FloatNode:
		return func([]dual) dual { return constant(n.Value) }
	case *ast.UnaryNode:
		if op := operators[n.Operator]; op != nil {
			x := c.compile(n.Node)
			return func(t []dual) dual { return op(constant(0), x(t)) }
		}
	case *ast.BinaryNode:
		if op := operators[n.Operator]; op != nil {
			x, y := c.compile(n.Left), c.compile(n.Right)
			return func(t []dual) dual { return op(x(t), y(t)) }
		}
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, callee.Value, n.Arguments)
		}
	case *ast.IdentifierNode:
		c.fault(n.Location().From, fmt.Sprintf("%s is a variable, and a contrast is made of figures", n.Value), fmt.Sprintf("write mean(%s) or total(%s)", n.Value, n.Value))
		return nil
	}
	c.fault(node.Location().From, "this is not part of a contrast", contrastRemedy)
	return nil
}

var operators = map[string]func(x, y dual) dual{"+": dual.plus, "-": dual.minus, "*": dual.times, "/": dual.over}

var functions = map[string]func(dual) dual{"exp": dual.exp, "log": dual.log, "sqrt": dual.sqrt}

// call compiles a function of one argument, or a figure.
func (c *contrastCompiler) call(at ast.Node, name string, arguments []ast.Node) formula {
	from := at.Location().From
	figure := name == "mean" || name == "total" || name == "share"
	switch {
	case functions[name] == nil && !figure:
		p := survey.UnknownName("function", name, []string{"mean", "total", "share", "exp", "log", "sqrt"})
		if p.Remedy == "" {
			p.Remedy = contrastRemedy
		}
		c.fault(from, p.Message, p.Remedy)
	case len(arguments) != 1:
		c.fault(from, fmt.Sprintf("%s() takes one argument", name), "")
	case figure:
		return c.figure(name, from)
	default:
		x := c.compile(arguments[0])
		return func(t []dual) dual { return functions[name](x(t)) }
	}
	return nil
}

// figure enters a mean, a total or a share among the figures of the contrast.
func (c *contrastCompiler) figure(name string, from int) formula {
	source := argument(c.source, from)
	var y Answers
	var err error
	if name == "share" {
		_, err = expression.Compile(source, c.sample.table)
		y.Number = engine.Value{Source: source}
	} else if y.Number, err = c.sample.answers(source); err == nil {
		y, err = c.sample.centred(y.Number)
	}
	if err != nil {
		c.problems = append(c.problems, asProblems(err)...)
		return nil
	}
	c.figures = append(c.figures, y)
	n, sum, centre := 2*len(c.figures)-1, 2*len(c.figures), constant(y.Centre)
	if name == "total" {
		return func(t []dual) dual { return t[sum].plus(centre.times(t[n])) }
	}
	return func(t []dual) dual { return centre.plus(t[sum].over(t[n])) }
}

// argument is the source between the parentheses of the call at from: the text
// itself, for backquotes are lost in the syntax tree.
func argument(source []rune, from int) string {
	start, depth := 0, 0
	var quote rune
	for i := from; i < len(source); i++ {
		switch r := source[i]; {
		case quote != 0 && r == '\\' && quote != '`':
			i++
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"' || r == '`':
			quote = r
		case r == '(':
			if depth++; depth == 1 {
				start = i + 1
			}
		case r == ')':
			if depth--; depth == 0 {
				return strings.TrimSpace(string(source[start:i]))
			}
		}
	}
	return strings.TrimSpace(string(source[start:]))
}
