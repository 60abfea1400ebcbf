package spec

import (
	"fmt"

	"surveykit/survey"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// builder turns the YAML library's syntax tree into nodes.
type builder struct {
	anchors  map[string]*Node
	problems []Fault
}

func (b *builder) fail(at Place, message, remedy string) {
	b.problems = append(b.problems, Fault{at, survey.Problem{Message: message, Remedy: remedy}})
}

// build makes the node of a syntax tree; what cannot be read becomes a null
// and a problem.
func (b *builder) build(n ast.Node) *Node {
	out := &Node{Form: Null, At: placeOf(n.GetToken()), size: 1}
	switch n := n.(type) {
	case *ast.MappingNode:
		b.fillMapping(out, n.Values)
		if !n.IsFlowStyle && len(out.Entries) > 0 {
			out.At = out.Entries[0].Key.At
		}
	case *ast.MappingValueNode:
		b.fillMapping(out, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		out.Form = List
		for _, v := range n.Values {
			out.Items = append(out.Items, b.build(v))
			out.size = bounded(out.size + out.Items[len(out.Items)-1].size)
		}
	case *ast.LiteralNode:
		out.Form, out.Text = Text, n.Value.Value
	case *ast.AnchorNode:
		anchored := b.build(n.Value)
		b.anchors[n.Name.GetToken().Value] = anchored
		return anchored
	case *ast.AliasNode:
		return b.resolve(n, out)
	case *ast.TagNode:
		out.Broken = true
		b.fail(out.At, fmt.Sprintf("tags such as %s are not supported", n.GetToken().Value), "delete it; put text in quotes")
	default:
		out.Form, out.Text = scalar(n.GetToken())
	}
	if len(out.Text) > maxText {
		out.Text = ""
		b.fail(out.At, fmt.Sprintf("a text is longer than %d bytes", maxText), "shorten it: it is shown in tables and charts")
	}
	return out
}

// resolve returns the anchored node of an alias.
func (b *builder) resolve(n *ast.AliasNode, none *Node) *Node {
	name := n.Value.GetToken().Value
	if found := b.anchors[name]; found != nil {
		return found
	}
	b.fail(none.At, fmt.Sprintf("the anchor &%s is not defined above", name), "put text that begins with * in quotes")
	none.Broken = true
	return none
}

func (b *builder) fillMapping(out *Node, values []*ast.MappingValueNode) {
	out.Form = Mapping
	lines := make(map[string]int, len(values))
	for _, v := range values {
		key := b.key(v.Key)
		if key == nil {
			continue
		}
		if line, ok := lines[key.Name()]; ok {
			b.fail(key.At, fmt.Sprintf("the key %q is already in line %d", key.Text, line), "keep one of them")
			continue
		}
		lines[key.Name()] = key.At.Line
		out.Entries = append(out.Entries, Entry{key, b.build(v.Value)})
		out.size = bounded(out.size + out.Entries[len(out.Entries)-1].Value.size)
	}
}

// key makes the node of a mapping's key, nil where it is none.
func (b *builder) key(n ast.MapKeyNode) *Node {
	at := placeOf(n.GetToken())
	if n.IsMergeKey() {
		b.fail(at, "merge keys (<<) are not supported", "write the keys out")
		return nil
	}
	var value ast.Node = n
	if explicit, ok := n.(*ast.MappingKeyNode); ok {
		value = explicit.Value
	}
	key := b.build(value)
	if !key.IsScalar() || key.Form == Null {
		b.fail(at, "a key must be a single word, number or text", "put it in quotes")
		return nil
	}
	return key
}

// scalar reads a token that is one value.
func scalar(t *token.Token) (Form, string) {
	switch t.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		return Text, t.Value
	case token.NullType, token.ImplicitNullType:
		return Null, ""
	case token.BoolType:
		return Boolean, t.Value
	}
	if _, ok := float(t.Value); ok {
		return Number, t.Value
	}
	return Text, t.Value
}

// placeOf is where a token begins.
func placeOf(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{1, 1}
	}
	return Place{t.Position.Line, max(t.Position.Column, 1)}
}

// bounded keeps a count that aliases can double at every line from overflowing.
func bounded(n int) int { return min(n, maxValues+1) }
