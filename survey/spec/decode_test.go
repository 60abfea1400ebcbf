package spec

import (
	"strings"
	"testing"

	"surveykit/survey"
)

// small is a file of another kind than a study.
type small struct {
	Name  string          `yaml:"name"`
	Size  float64         `yaml:"size"`
	Parts []small         `yaml:"parts"`
	More  *small          `yaml:"more"`
	Codes survey.CodeList `yaml:"codes"`
	Own   string          `yaml:"-"`
}

var thing = Format{Name: "thing", Schema: []byte(`{"type": "object", "additionalProperties": false, "properties": {
	"name": {"type": ["string", "number", "boolean"]}, "size": {"type": "number"}, "parts": {"type": "array", "items": {"$ref": "#"}},
	"more": {"$ref": "#"}, "codes": {"type": "object", "additionalProperties": {"type": "string"}}}}`)}

func TestDecode(t *testing.T) {
	var s small
	source, err := thing.Decode([]byte("name: a\nsize: 2.5\nparts: [{name: b}, {name: 007}]\nmore: {codes: {1: x}}\n"), "s.yaml", &s)
	if err != nil || s.Name != "a" || s.Size != 2.5 || len(s.Parts) != 2 || s.Parts[1].Name != "007" || s.More.Codes[0].Label != "x" {
		t.Fatalf("%+v, %v", s, err)
	}
	if p := source.Annotate("$.parts[1].name", survey.Problem{}); p.Line != 3 || p.Column != 27 {
		t.Errorf("%d:%d", p.Line, p.Column)
	}
}

func TestDecodeFindsAllFaults(t *testing.T) {
	var s small
	_, err := thing.Decode([]byte("nam: a\nsize: big\nparts: {name: b}\nmore: [1]\ncodes: 3\nname: [x]\nOwn: y\n-: z\n"), "s.yaml", &s)
	for _, want := range []string{
		`s.yaml:1:1: there is no key "nam" in the thing; did you mean name?`, "s.yaml:2:7: size is text; it must be a number", "parts is a mapping (key: value); it must be a list",
		"more is a list; it must be a mapping (key: value)", "codes is a number; it must be a mapping (key: value)", "name is a list; it must be text", `no key "Own"`, `no key "-"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %s", err, want)
		}
	}
	for text, want := range map[string]string{"": "is empty", "a: [": "this is not valid YAML", strings.Repeat("x", MaxBytes+1): "the thing is longer than"} {
		if _, err := thing.Decode([]byte(text), "s.yaml", &s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}
