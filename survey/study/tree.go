package study

import (
	"fmt"
	"regexp"
	"strconv"

	"surveykit/survey"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// form is what a value of the file is; the names are those of JSON Schema.
type form string

const (
	null    form = "null"
	text    form = "string"
	number  form = "number"
	boolean form = "boolean"
	list    form = "array"
	mapping form = "object"
)

// place is a 1-based line and column, counted in characters.
type place struct{ line, column int }

// node is one value of the study file. Aliases share the node of their anchor.
type node struct {
	form    form
	text    string // a scalar as it is written, without quotes
	items   []*node
	entries []entry
	at      place
	broken  bool // could not be read, which is a fault already
	size    int  // values in the node, those behind aliases counted each time
}

// entry is one key of a mapping with its value, in file order.
type entry struct{ key, value *node }

// decimal is what counts as a number. Everything else that looks like one
// (007, 0x1F, 1_000) stays text, as it does in data files.
var decimal = regexp.MustCompile(`^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// float is the number of a scalar; ok is false where it is not a finite one.
func float(s string) (x float64, ok bool) {
	if !decimal.MatchString(s) {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// name is the key's identity: 1 and 1.0 are the same key.
func (n *node) name() string {
	if n.form == number {
		x, _ := float(n.text)
		return survey.FormatNumber(x)
	}
	return n.text
}

// isScalar reports whether the node is a single value.
func (n *node) isScalar() bool { return n.form != list && n.form != mapping }

// plain is the value as encoding/json would have decoded it.
func (n *node) plain() any {
	switch n.form {
	case null:
		return nil
	case number:
		x, _ := float(n.text)
		return x
	case boolean:
		return isTrue(n.text)
	case list:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.plain()
		}
		return items
	case mapping:
		keys := make(map[string]any, len(n.entries))
		for _, e := range n.entries {
			keys[e.key.name()] = e.value.plain()
		}
		return keys
	}
	return n.text
}

// isTrue reads the spellings of true that YAML 1.2 knows.
func isTrue(s string) bool { return s == "true" || s == "True" || s == "TRUE" }

// find returns the entry of a key, nil where there is none.
func (n *node) find(name string) *entry {
	for i := range n.entries {
		if n.entries[i].key.name() == name {
			return &n.entries[i]
		}
	}
	return nil
}

// itemsOf lists the items of the list under a key, none where there is no list.
func (n *node) itemsOf(name string) []*node {
	if e := n.find(name); e != nil {
		return e.value.items
	}
	return nil
}

// builder turns the YAML library's syntax tree into nodes.
type builder struct {
	anchors  map[string]*node
	problems []fault
}

// fault is a problem at a place.
type fault struct {
	at      place
	problem survey.Problem
}

func (b *builder) fail(at place, message, remedy string) {
	b.problems = append(b.problems, fault{at, survey.Problem{Message: message, Remedy: remedy}})
}

// build makes the node of a syntax tree; what cannot be read becomes a null
// and a problem.
func (b *builder) build(n ast.Node) *node {
	out := &node{form: null, at: placeOf(n.GetToken()), size: 1}
	switch n := n.(type) {
	case *ast.MappingNode:
		b.fillMapping(out, n.Values)
		if !n.IsFlowStyle && len(out.entries) > 0 {
			out.at = out.entries[0].key.at
		}
	case *ast.MappingValueNode:
		b.fillMapping(out, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		b.fillList(out, n.Values)
	case *ast.LiteralNode:
		out.form, out.text = text, n.Value.Value
	case *ast.AnchorNode:
		anchored := b.build(n.Value)
		b.anchors[n.Name.GetToken().Value] = anchored
		return anchored
	case *ast.AliasNode:
		return b.resolve(n, out)
	case *ast.TagNode:
		out.broken = true
		b.fail(out.at, fmt.Sprintf("tags such as %s are not read", n.GetToken().Value), "delete it; text goes in quotes")
	default:
		out.form, out.text = scalar(n.GetToken())
	}
	if len(out.text) > maxText {
		out.text = ""
		b.fail(out.at, fmt.Sprintf("a text is longer than %d bytes", maxText), "shorten it: it stands in tables and charts")
	}
	return out
}

// resolve returns the anchored node of an alias.
func (b *builder) resolve(n *ast.AliasNode, none *node) *node {
	name := n.Value.GetToken().Value
	if found := b.anchors[name]; found != nil {
		return found
	}
	b.fail(none.at, fmt.Sprintf("nothing above is marked &%s", name), "put text that begins with * in quotes")
	none.broken = true
	return none
}

func (b *builder) fillList(out *node, values []ast.Node) {
	out.form = list
	for _, v := range values {
		out.items = append(out.items, b.build(v))
		out.size = bounded(out.size + out.items[len(out.items)-1].size)
	}
}

func (b *builder) fillMapping(out *node, values []*ast.MappingValueNode) {
	out.form = mapping
	lines := make(map[string]int, len(values))
	for _, v := range values {
		key := b.key(v.Key)
		if key == nil {
			continue
		}
		if line, ok := lines[key.name()]; ok {
			b.fail(key.at, fmt.Sprintf("the key %q stands already in line %d", key.text, line), "keep one of them")
			continue
		}
		lines[key.name()] = key.at.line
		out.entries = append(out.entries, entry{key, b.build(v.Value)})
		out.size = bounded(out.size + out.entries[len(out.entries)-1].value.size)
	}
}

// key makes the node of a mapping's key, nil where it is none.
func (b *builder) key(n ast.MapKeyNode) *node {
	at := placeOf(n.GetToken())
	if n.IsMergeKey() {
		b.fail(at, "merge keys (<<) are not read", "write the keys out")
		return nil
	}
	var value ast.Node = n
	if explicit, ok := n.(*ast.MappingKeyNode); ok {
		value = explicit.Value
	}
	key := b.build(value)
	if !key.isScalar() || key.form == null {
		b.fail(at, "a key must be a single word, number or text", "put it in quotes")
		return nil
	}
	return key
}

// scalar reads a token that stands for one value.
func scalar(t *token.Token) (form, string) {
	switch t.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		return text, t.Value
	case token.NullType, token.ImplicitNullType:
		return null, ""
	case token.BoolType:
		return boolean, t.Value
	}
	if _, ok := float(t.Value); ok {
		return number, t.Value
	}
	return text, t.Value
}

// placeOf is where a token begins.
func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, max(t.Position.Column, 1)}
}

// bounded keeps a count that aliases can double at every line from overflowing.
func bounded(n int) int { return min(n, maxValues+1) }
