package expression

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// longest is the most characters that a source may have; it bounds the depth
// to which the parser can recurse.
const longest = 20_000

// parse turns the source into a syntax tree.
func parse(source string) (ast.Node, *survey.Problem) {
	if strings.TrimSpace(source) == "" {
		return nil, &survey.Problem{Message: "the expression is empty", Remedy: "write a condition such as age >= 18"}
	}
	if len(source) > longest {
		return nil, &survey.Problem{
			Message: fmt.Sprintf("the expression has %d characters, more than %d", len(source), longest),
			Remedy:  "split it into recodes",
		}
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, syntaxProblem(source, err)
	}
	return tree.Node, nil
}

var unexpected = pattern.Lazy(`^unexpected token (\w+)(?:\("(.*)"\))?$`)

// syntaxProblem words the parser's error for analysts.
func syntaxProblem(source string, err error) *survey.Problem {
	p := &survey.Problem{Message: err.Error()}
	var at *file.Error
	if !errors.As(err, &at) {
		return p
	}
	p.Message = at.Message
	p.Excerpt = excerpt(source, at.From)
	token := unexpected().FindStringSubmatch(at.Message)
	switch {
	case token == nil:
	case token[1] == "EOF":
		p.Message = "the expression ends too early"
	default:
		p.Message = fmt.Sprintf("%q is not expected here", token[2])
		p.Remedy = habits[strings.ToLower(token[2])]
	}
	return p
}

// habits are remedies for what other languages write.
var habits = map[string]string{
	"=":   "write == to compare",
	"&":   "write and",
	"|":   "write or",
	">":   "write != for not equal",
	"and": "write and, or and not in lower case",
	"or":  "write and, or and not in lower case",
	"not": "write and, or and not in lower case",
	"in":  "write in, in lower case",
}

// excerpt is the source's line around the character at offset, with a caret
// under it.
func excerpt(source string, offset int) string {
	runes := []rune(source)
	offset = min(offset, len(runes))
	start, end := offset, offset
	for start > 0 && runes[start-1] != '\n' {
		start--
	}
	for end < len(runes) && runes[end] != '\n' {
		end++
	}
	line := strings.ReplaceAll(string(runes[start:end]), "\t", " ")
	return "  " + line + "\n  " + survey.Caret(line, offset-start)
}

// liftNot takes the leading `not` out of a comparison or an arithmetic
// expression: the parser reads `not a == b` as (not a) == b. Nothing is lost,
// for a condition has no place left of == or +.
func liftNot(n *ast.BinaryNode) bool {
	if isLogical(n.Operator) && !isChain(n) {
		return false
	}
	if not, ok := negation(n.Left); ok {
		n.Left = not.Node
		return true
	}
	left, ok := n.Left.(*ast.BinaryNode)
	return ok && liftNot(left)
}

// isChain recognises 18 <= age < 25, for which the parser writes
// 18 <= age && age < 25 with one node for both ages.
func isChain(n *ast.BinaryNode) bool {
	first, ok := n.Left.(*ast.BinaryNode)
	if ok && isLogical(first.Operator) {
		first, ok = first.Right.(*ast.BinaryNode)
	}
	second, also := n.Right.(*ast.BinaryNode)
	return ok && also && first.Right == second.Left
}

var plainName = pattern.Lazy(`^[\pL_][\pL\p{Nd}_]*$`)

// Quote spells a variable's name as expressions need it: as it is where it is
// plain, in backquotes otherwise.
func Quote(name string) string {
	if plainName().MatchString(name) && !reserved[name] {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

// reserved are the words that the parser takes for something else.
var reserved = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "true": true, "false": true, "nil": true, "let": true, "if": true,
	"else": true, "matches": true, "contains": true, "startsWith": true, "endsWith": true,
}

func negation(node ast.Node) (*ast.UnaryNode, bool) {
	n, ok := node.(*ast.UnaryNode)
	return n, ok && (n.Operator == "not" || n.Operator == "!")
}

func isLogical(operator string) bool {
	switch operator {
	case "and", "or", "&&", "||":
		return true
	}
	return false
}
