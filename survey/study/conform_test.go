package study

import (
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/yamltree"
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

func TestDecode(t *testing.T) {
	var s small
	source, err := Decode([]byte("name: a\nsize: 2.5\nparts: [{name: b}, {name: 007}]\nmore: {codes: {1: x}}\n"), "s.yaml", "thing", &s)
	if err != nil || s.Name != "a" || s.Size != 2.5 || len(s.Parts) != 2 || s.Parts[1].Name != "007" || s.More.Codes[0].Label != "x" {
		t.Fatalf("%+v, %v", s, err)
	}
	if p := source.Annotate("$.parts[1].name", survey.Problem{}); p.Line != 3 || p.Column != 27 {
		t.Errorf("%d:%d", p.Line, p.Column)
	}
}

func TestDecodeFindsAllFaults(t *testing.T) {
	var s small
	_, err := Decode([]byte("nam: a\nsize: big\nparts: {name: b}\nmore: [1]\ncodes: 3\nname: [x]\nOwn: y\n-: z\n"), "s.yaml", "thing", &s)
	for _, want := range []string{
		`s.yaml:1:1: there is no key "nam" in the thing; did you mean name?`, "s.yaml:2:7: the thing.size is not a number", "the thing.parts is not a list",
		"the thing.more is not a mapping (key: value)", "the thing.codes is not a mapping (value: value)", "the thing.name is not a single value", `no key "Own"`, `no key "-"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %s", err, want)
		}
	}
	for text, want := range map[string]string{"": "is empty", "a: [": "this is not YAML", strings.Repeat("x", yamltree.MaxBytes+1): "the thing is longer than"} {
		if _, err := Decode([]byte(text), "s.yaml", "thing", &s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}
