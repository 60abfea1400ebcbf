package workbook

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// node is an XML element that writes its children in the order given, since
// the order is part of what Excel checks.
type node struct {
	name  string
	attrs []string // name, value, name, value …
	kids  []node
	text  string
}

// el is an element with children; nodes without a name are left out, so that
// an optional child may stand in its place.
func el(name string, kids ...node) node { return node{name: name, kids: kids} }

// val is an element whose content is its val attribute, as most of a chart's are.
func val(name string, v any) node { return el(name).with("val", v) }

// txt is an element with text.
func txt(name, text string) node { return node{name: name, text: text} }

// with adds an attribute.
func (n node) with(name string, value any) node {
	n.attrs = append(n.attrs[:len(n.attrs):len(n.attrs)], name, fmt.Sprint(value))
	return n
}

// nodes splices lists of children in.
func (n node) nodes(kids ...node) node {
	n.kids = append(n.kids[:len(n.kids):len(n.kids)], kids...)
	return n
}

func (n node) write(b *bytes.Buffer) {
	if n.name == "" {
		return
	}
	b.WriteString("<" + n.name)
	for i := 0; i < len(n.attrs); i += 2 {
		b.WriteString(" " + n.attrs[i] + `="`)
		_ = xml.EscapeText(b, []byte(n.attrs[i+1])) // a buffer takes everything
		b.WriteString(`"`)
	}
	b.WriteString(">")
	_ = xml.EscapeText(b, []byte(n.text))
	for _, kid := range n.kids {
		kid.write(b)
	}
	b.WriteString("</" + n.name + ">")
}
