package spec

import (
	"strconv"

	"surveykit/survey"
	"surveykit/survey/pattern"
)

// Form is what a value of the file is; the names are those of JSON Schema.
type Form string

// The forms of values.
const (
	Null    Form = "null"
	Text    Form = "string"
	Number  Form = "number"
	Boolean Form = "boolean"
	List    Form = "array"
	Mapping Form = "object"
)

// Place is a 1-based line and column, counted in characters.
type Place struct{ Line, Column int }

// Node is one value of the file. Aliases share the node of their anchor.
type Node struct {
	Form    Form
	Text    string // a scalar as it is written, without quotes; "" for anything else
	Items   []*Node
	Entries []Entry
	At      Place
	Broken  bool // could not be read, which is a fault already
	size    int  // values in the node, those behind aliases counted each time
}

// Entry is one key of a mapping with its value, in file order. An item of a
// list has no key.
type Entry struct{ Key, Value *Node }

// Place is where people look for the entry: at a single value, else at its key.
func (e Entry) Place() Place {
	if e.Key == nil || e.Value.IsScalar() && e.Value.Form != Null {
		return e.Value.At
	}
	return e.Key.At
}

// Name is a key's identity: 1 and 1.0 are the same key.
func (n *Node) Name() string {
	if n.Form == Number {
		return survey.FormatNumber(n.Float())
	}
	return n.Text
}

// IsScalar reports whether the node is a single value.
func (n *Node) IsScalar() bool { return n.Form != List && n.Form != Mapping }

// Float is the number that is written, 0 where it is none.
func (n *Node) Float() float64 {
	x, _ := float(n.Text)
	return x
}

// Bool reports whether the text is one of YAML 1.2's spellings of true.
func (n *Node) Bool() bool { return n.Text == "true" || n.Text == "True" || n.Text == "TRUE" }

// Plain is the value as encoding/json would have decoded it.
func (n *Node) Plain() any {
	switch n.Form {
	case Null:
		return nil
	case Number:
		return n.Float()
	case Boolean:
		return n.Bool()
	case List:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = item.Plain()
		}
		return items
	case Mapping:
		keys := make(map[string]any, len(n.Entries))
		for _, e := range n.Entries {
			keys[e.Key.Name()] = e.Value.Plain()
		}
		return keys
	}
	return n.Text
}

// Find returns the entry of a key, nil where there is none.
func (n *Node) Find(name string) *Entry {
	for i := range n.Entries {
		if n.Entries[i].Key.Name() == name {
			return &n.Entries[i]
		}
	}
	return nil
}

// ItemsOf lists the items of the list under a key, none where there is no list.
func (n *Node) ItemsOf(name string) []*Node {
	if e := n.Find(name); e != nil {
		return e.Value.Items
	}
	return nil
}

// decimal is what counts as a number. Everything else that looks like one
// (007, 0x1F, 1_000) stays text, as it does in data files.
var decimal = pattern.Lazy(`^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// float is the number of a scalar; ok is false where it is not a finite one.
func float(s string) (x float64, ok bool) {
	if !decimal().MatchString(s) {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}
