package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"reflect"
	"slices"
	"testing"

	"surveykit/survey"
	"surveykit/survey/yamltree"

	"github.com/invopop/jsonschema"
)

var update = flag.Bool("update", false, "rewrite schema.json and the golden files")

// The schema says what the Go types say; `go generate` writes it anew.
func TestSchemaIsGenerated(t *testing.T) {
	got := generateSchema(t)
	if *update {
		if err := os.WriteFile("schema.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("schema.json does not follow survey/study.go: run go generate ./survey/study")
	}
}

// The decoder reads every field by its yaml name, the schema by its json name.
func TestEveryFieldHasOneName(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var check func(reflect.Type)
	check = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		own := decodeOwn(&yamltree.Node{}, reflect.New(typ).Interface()) && !slices.Contains(shortened, typ)
		if typ.Kind() != reflect.Struct || seen[typ] || own || typ == reflect.TypeFor[survey.Code]() ||
			typ == reflect.TypeFor[survey.Missing]() || typ == reflect.TypeFor[survey.Score]() || typ == reflect.TypeFor[survey.Net]() {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Tag.Get("yaml") == "" || f.Tag.Get("yaml") != f.Tag.Get("json") {
				t.Errorf("%s.%s: yaml %q, json %q", typ, f.Name, f.Tag.Get("yaml"), f.Tag.Get("json"))
			}
			check(f.Type)
		}
	}
	check(reflect.TypeFor[survey.Study]())
	if len(seen) < 15 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}

// shortened are the types that may also be written as a plain word.
var shortened = []reflect.Type{reflect.TypeFor[survey.RowSpec](), reflect.TypeFor[survey.ColumnSpec](), reflect.TypeFor[survey.SortSpec]()}

func generateSchema(t *testing.T) []byte {
	t.Helper()
	r := &jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, Mapper: ownNotation}
	inFolder(t, "..", func() error {
		var faults []error
		for _, file := range []string{"study.go", "tablespec.go", "testspec.go", "segmentspec.go"} {
			faults = append(faults, r.AddGoComments("surveykit/survey", file))
		}
		return errors.Join(faults...)
	})
	s := r.Reflect(survey.Study{})
	s.Title = "surveykit study"
	oneOf(s.Definitions["Recode"], "brackets", "map", "reverse", "count", "mean", "expression", "rules", "westin")
	s.Definitions["Recode"].DependentRequired = map[string][]string{"brackets": {"from"}, "map": {"from"}, "reverse": {"from"}}
	reverse, _ := s.Definitions["Recode"].Properties.Get("reverse")
	reverse.Enum = []any{true}
	row := s.Definitions["RowSpec"]
	oneOf(row, "variable", "group", "share", "gap", "mean", "total", "ratio", "summary", "verbatim")
	row.DependentRequired = map[string][]string{
		"nets": {"variable"}, "place": {"nets"}, "top": {"variable"}, "bottom": {"variable"}, "categories": {"variable"}, "base": {"variable"},
		"values": {"group"}, "correlation": {"group"}, "among": {"share"}, "limit": {"verbatim"}, "at_least": {"verbatim"},
	}
	orWord(row)
	column := s.Definitions["ColumnSpec"]
	oneOf(column, "variable", "nest", "membership", "where")
	column.DependentRequired = map[string][]string{"where": {"label"}, "group": {"where"}}
	orWord(column)
	order := s.Definitions["SortSpec"]
	order.OneOf = []*jsonschema.Schema{{Type: "object"}}
	orWord(order)
	oneOf(s.Definitions["TableSpec"], "rows", "grid", "drivers")
	widen(s)
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

func inFolder(t *testing.T, folder string, do func() error) {
	t.Helper()
	back, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(back)
	if err := os.Chdir(folder); err != nil {
		t.Fatal(err)
	}
	if err := do(); err != nil {
		t.Fatal(err)
	}
}

// ownNotation describes the types that decodeOwn reads.
func ownNotation(t reflect.Type) *jsonschema.Schema {
	value := &jsonschema.Schema{Extras: map[string]any{"type": []string{"string", "number", "boolean"}}}
	texts := &jsonschema.Schema{Type: "string"}
	switch t {
	case reflect.TypeFor[survey.Value]():
		return value
	case reflect.TypeFor[survey.CodeList]():
		return &jsonschema.Schema{Type: "object", AdditionalProperties: texts}
	case reflect.TypeFor[survey.ScoreList]():
		return &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "number"}}
	case reflect.TypeFor[survey.NetList]():
		return &jsonschema.Schema{Type: "object", AdditionalProperties: &jsonschema.Schema{Type: "array", Items: value}}
	case reflect.TypeFor[survey.MissingList]():
		reasons := &jsonschema.Schema{Type: "string", Enum: []any{survey.DontKnow, survey.Refused, survey.NotAsked}}
		return &jsonschema.Schema{Items: value, AdditionalProperties: reasons, Extras: map[string]any{"type": []string{"array", "object"}}}
	}
	return nil
}

// oneOf asks for exactly one of the keys.
func oneOf(s *jsonschema.Schema, keys ...string) {
	for _, k := range keys {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Type: "object", Required: []string{k}})
	}
}

// orWord lets a mapping be written as a plain word too.
func orWord(s *jsonschema.Schema) {
	s.OneOf = append(s.OneOf, &jsonschema.Schema{Extras: map[string]any{"type": []string{"string", "number"}}})
	s.Type, s.Extras = "", map[string]any{"type": []string{"string", "number", "object"}}
}

// widen lets free text be written as a number too: wave: 2011.
func widen(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if s.Type == "string" && s.Enum == nil && s.Pattern == "" {
		s.Type, s.Extras = "", map[string]any{"type": []string{"string", "number", "boolean"}}
	}
	widen(s.Items)
	widen(s.AdditionalProperties)
	for _, d := range s.Definitions {
		widen(d)
	}
	if s.Properties == nil {
		return
	}
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		widen(p.Value)
	}
}
