package spec

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// A schema means here what it means to other programs, such as editors: where one
// value of a study is changed, a validator of JSON Schema finds as many faults.
func TestSchemasMeanTheSameElsewhere(t *testing.T) {
	text, err := os.ReadFile("../study/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	other := compiled(t, text)
	for _, name := range []string{"tables", "replicates"} {
		data, err := os.ReadFile("../../cmd/surveykit/testdata/mutated/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		f := &Format{Name: "study file", Schema: text}
		tree, faults := f.parse(data, name)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		turn := 0
		mutate(tree.Root, func(what string) {
			if turn++; turn%17 != 0 { // all of them take a minute
				return
			}
			want := 0
			var invalid *jsonschema.ValidationError
			if errors.As(other.Validate(tree.Root.Plain()), &invalid) {
				want = leaves(invalid)
			}
			if got := f.validate(tree.Root); len(got) != want {
				t.Errorf("%s: %s: got %d faults, want %d: %v", name, what, len(got), want, got)
			}
		})
	}
}

func compiled(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("file.json", document); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("file.json")
}

// leaves counts the faults of a validation.
func leaves(e *jsonschema.ValidationError) (n int) {
	switch k := e.ErrorKind.(type) {
	case *kind.OneOf:
		return 1
	case *kind.AdditionalProperties:
		return len(k.Properties)
	case *kind.Required:
		return len(k.Missing)
	}
	if len(e.Causes) == 0 {
		return 1
	}
	for _, cause := range e.Causes {
		n += leaves(cause)
	}
	return n
}

// mutate calls do with each value of a tree changed in turn, and with each entry of its
// mappings left out or given another name.
func mutate(n *Node, do func(what string)) {
	was := *n
	key := &Node{Form: Text, Text: "surplus"}
	for _, now := range []Node{
		{Form: Null}, {Form: Text}, {Form: Text, Text: "other"}, {Form: Number, Text: "0"}, {Form: Number, Text: "-1.5"}, {Form: Number, Text: "1e12"},
		{Form: Boolean, Text: "true"}, {Form: Boolean, Text: "False"}, {Form: List}, {Form: List, Items: []*Node{key}}, {Form: Mapping},
		{Form: Mapping, Entries: []Entry{{key, key}}},
	} {
		*n = now
		do(string(was.Form) + " " + was.Text + " → " + string(now.Form) + " " + now.Text)
	}
	for i, e := range was.Entries {
		*n = was
		n.Entries = slices.Delete(slices.Clone(was.Entries), i, i+1)
		do("no " + e.Key.Text)
		n.Entries = append(slices.Clip(n.Entries), Entry{key, e.Value})
		do("no " + e.Key.Text + ", but surplus")
	}
	*n = was
	for _, e := range n.Entries {
		mutate(e.Value, do)
	}
	for _, item := range n.Items {
		mutate(item, do)
	}
}
