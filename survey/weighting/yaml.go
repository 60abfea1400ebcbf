package weighting

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"surveykit/survey"
)

// reader walks the syntax tree of a spec and gathers its faults.
type reader struct {
	spec     *Spec
	step     *step
	files    Open
	problems survey.Problems
}

func (r *reader) fail(at place, p survey.Problem) {
	r.problems = append(r.problems, r.spec.problem(at, p))
}

// node is a value of the spec.
type node struct{ ast.Node }

// entry is a key of a mapping with its value.
type entry struct {
	at    place
	key   string
	value node
}

// The bounds keep a hostile file from taking all of the stack; a spec has seven levels.
const (
	maxBytes = 4 << 20
	maxDepth = 16
)

// open parses the text.
func (r *reader) open(data []byte) (root node, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			ok = false
			r.fail(place{1, 1}, survey.Problem{Message: fmt.Sprintf("this cannot be read as YAML: %v", cause), Remedy: "check quotes, brackets and indentation"})
		}
	}()
	if len(data) > maxBytes {
		r.fail(place{1, 1}, survey.Problem{Message: fmt.Sprintf("the weighting spec is longer than %d MiB", maxBytes>>20), Remedy: "give a spec, not a data file"})
		return node{}, false
	}
	tokens := lexer.Tokenize(string(data))
	if deep := tooDeep(tokens); deep != nil {
		r.fail(placeOf(deep), survey.Problem{Message: "values are nested too deeply", Remedy: "a weighting spec has no more than seven levels"})
		return node{}, false
	}
	file, err := parser.Parse(tokens, 0)
	var syntax yaml.Error
	switch {
	case errors.As(err, &syntax):
		r.fail(placeOf(syntax.GetToken()), survey.Problem{Message: "this is not YAML: " + syntax.GetMessage(), Remedy: "check quotes, brackets and indentation"})
	case err != nil || len(file.Docs) == 0 || file.Docs[0].Body == nil:
		r.fail(place{1, 1}, survey.Problem{Message: "the weighting spec is empty", Remedy: "begin with method: rake, poststratify, calibrate, trim, nonresponse or propensity"})
	default:
		return node{file.Docs[0].Body}, true
	}
	return node{}, false
}

// tooDeep finds where levels are too many for a parser that recurses once each:
// open brackets, and dashes on one line. Levels by indentation take a line each,
// so that the file's size bounds them.
func tooDeep(tokens token.Tokens) *token.Token {
	brackets, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			dashes, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			dashes++
		}
		if brackets+dashes > maxDepth {
			return t
		}
	}
	return nil
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, max(t.Position.Column, 1)}
}

func (n node) at() place { return placeOf(n.GetToken()) }

// text is a scalar as it is written, without quotes; "" for anything else.
func (n node) text() string {
	switch n := n.Node.(type) {
	case nil, *ast.NullNode:
		return ""
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetToken().Value
	}
	return ""
}

// scalar reads a single value.
func (r *reader) scalar(n node) string {
	s := n.text()
	if s == "" {
		r.fail(n.at(), survey.Problem{Message: "a single value is wanted here", Remedy: "write a word, a number or a text in quotes"})
	}
	return s
}

// number reads a finite number.
func (r *reader) number(n node, negative bool) float64 {
	x, err := strconv.ParseFloat(n.text(), 64)
	switch {
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0):
		r.fail(n.at(), survey.Problem{Value: n.text(), Message: "a number is wanted here", Remedy: "write it with digits and a decimal point only"})
	case x < 0 && !negative:
		r.fail(n.at(), survey.Problem{Value: n.text(), Message: "the number is negative", Remedy: "give zero or more"})
	default:
		return x
	}
	return 0
}

func (n node) isMapping() bool {
	switch n.Node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// mapping reads key: value pairs.
func (r *reader) mapping(n node, what string) []entry {
	var values []*ast.MappingValueNode
	switch n := n.Node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	}
	if len(values) == 0 {
		r.fail(n.at(), survey.Problem{Message: what + " must hold key: value pairs", Remedy: "write a line for each, or {key: value, …}"})
	}
	var out []entry
	for _, v := range values {
		out = append(out, entry{placeOf(v.Key.GetToken()), node{v.Key}.text(), node{v.Value}})
	}
	return out
}

// list reads a list.
func (r *reader) list(n node, what string) []node {
	s, ok := n.Node.(*ast.SequenceNode)
	if !ok || len(s.Values) == 0 {
		r.fail(n.at(), survey.Problem{Message: what + " must hold a list", Remedy: "write [first, second] or a line with a dash for each"})
		return nil
	}
	var out []node
	for _, v := range s.Values {
		out = append(out, node{v})
	}
	return out
}
