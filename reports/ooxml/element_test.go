package ooxml

import (
	"bytes"
	"testing"
)

func TestElementEscapes(t *testing.T) {
	var b bytes.Buffer
	El("a", Text("b", "<&>"), Element{}, Val("c", `"`)).write(&b)
	if got := b.String(); got != `<a><b>&lt;&amp;&gt;</b><c val="&#34;"></c></a>` {
		t.Error(got)
	}
}
