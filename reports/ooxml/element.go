package ooxml

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// Element is an XML element that writes its attributes and children in the
// order given, since the order is part of what readers of the format check.
type Element struct {
	name  string
	attrs []string // name, value, name, value …
	kids  []Element
	text  string
}

// El is an element with children. Children without a name are left out, so
// that the zero Element stands for an optional one that is not there.
func El(name string, kids ...Element) Element { return Element{name: name, kids: kids} }

// Val is an element whose content is its val attribute, as most of a chart's are.
func Val(name string, v any) Element { return El(name).With("val", v) }

// Text is an element with text.
func Text(name, text string) Element { return Element{name: name, text: text} }

// With is the element with one attribute more.
func (e Element) With(name string, value any) Element {
	e.attrs = append(e.attrs[:len(e.attrs):len(e.attrs)], name, fmt.Sprint(value))
	return e
}

// Add is the element with more children behind those that it has.
func (e Element) Add(kids ...Element) Element {
	e.kids = append(e.kids[:len(e.kids):len(e.kids)], kids...)
	return e
}

// Bytes is the element as XML. Characters that XML cannot hold become U+FFFD.
func (e Element) Bytes() []byte {
	var b bytes.Buffer
	e.write(&b)
	return b.Bytes()
}

// Part is the element as a whole part of a package, after the XML declaration.
func (e Element) Part() []byte { return append([]byte(xml.Header), e.Bytes()...) }

func (e Element) write(b *bytes.Buffer) {
	if e.name == "" {
		return
	}
	b.WriteString("<" + e.name)
	for i := 0; i < len(e.attrs); i += 2 {
		b.WriteString(" " + e.attrs[i] + `="`)
		_ = xml.EscapeText(b, []byte(e.attrs[i+1])) // a buffer takes everything
		b.WriteString(`"`)
	}
	b.WriteString(">")
	_ = xml.EscapeText(b, []byte(e.text))
	for _, kid := range e.kids {
		kid.write(b)
	}
	b.WriteString("</" + e.name + ">")
}
