package spec

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Text comes back from YAML as it was.
func TestWriteText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.OneOf(rapid.String(), rapid.StringMatching(`[-a-z0-9.: #&*!?{}\[\]|>@'"%~,\n\t\\]{0,8}`)).Draw(t, "text")
		for _, form := range []string{"a: %s # c", "a: {%s: [x]}", "a: [x, %s, y]", "a:\n  - b: %s"} {
			tree, err := read(fmt.Sprintf(form, WriteText(want)), nil)
			if err != nil {
				t.Fatalf("%q: %v", want, err)
			}
			got := tree.Root.Entries[0].Value
			switch form[3] {
			case '{':
				got = got.Entries[0].Key
			case '[':
				got = got.Items[1]
			case ' ':
				got = got.Items[0].Entries[0].Value
			}
			if got.Form != Text || got.Text != want {
				t.Fatalf("%q became %s %q", want, got.Form, got.Text)
			}
		}
	})
}
