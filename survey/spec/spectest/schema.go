// Package spectest makes and checks the JSON Schemas of the files that package
// spec reads, from the Go types that they fill.
package spectest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/spec"

	"github.com/invopop/jsonschema"
)

var update = flag.Bool("update", false, "rewrite schemas and golden files")

// Updating reports whether the tests rewrite schemas and golden files.
func Updating() bool { return *update }

// Comments are the folders and files of a package whose comments describe keys.
type Comments struct {
	Package string
	Folder  string
	Files   []string
}

// Schema fails where a file is not the schema of a value's type, as
// finish completes it, or rewrites it with -update. The keys are the yaml names of
// the fields, those that may be left out have omitempty.
func Schema(t *testing.T, file, title string, value any, comments []Comments, finish func(*jsonschema.Schema)) {
	t.Helper()
	r := reflector()
	r.ExpandedStruct = true
	for _, c := range comments {
		for _, file := range c.Files {
			describe(t, r, c.Package, c.Folder, file)
		}
	}
	s := r.Reflect(value)
	s.Title = title
	if finish != nil {
		finish(s)
	}
	widen(s)
	got, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s does not follow the types: run go generate", file)
	}
}

func reflector() *jsonschema.Reflector {
	return &jsonschema.Reflector{Anonymous: true, FieldNameTag: "yaml", Mapper: notation, Namer: func(t reflect.Type) string {
		if t.Name() != "Spec" {
			return t.Name()
		}
		pkg := path.Base(t.PkgPath())
		return strings.ToUpper(pkg[:1]) + pkg[1:] + "Spec"
	}}
}

// Add gives a mapping of a schema the key of an analysis: one of it, or a list. The
// comments are those of its package, at a folder.
func Add(t *testing.T, s, to *jsonschema.Schema, a survey.Analysis, folder string) {
	t.Helper()
	r := reflector()
	of := reflect.TypeOf(a)
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of %s in %s: %v", of.PkgPath(), folder, err)
	}
	for _, file := range files {
		describe(t, r, of.PkgPath(), folder, filepath.Base(file))
	}
	made := r.ReflectFromType(of)
	for name, d := range made.Definitions {
		s.Definitions[name] = d
	}
	name := path.Base(made.Ref)
	d := s.Definitions[name]
	d.Description = strings.Replace(d.Description, of.Name(), name, 1)
	property := &jsonschema.Schema{Ref: made.Ref, Description: d.Description}
	if _, list := a.(survey.Model); list {
		property = &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Ref: made.Ref}, Description: d.Description}
	}
	to.Properties.Set(a.Key(), property)
}

// describe adds the comments of a file, which the reflector finds from its folder.
func describe(t *testing.T, r *jsonschema.Reflector, pkg, folder, file string) {
	t.Helper()
	back, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Chdir(back)
	if err := os.Chdir(folder); err != nil {
		t.Fatal(err)
	}
	if err := r.AddGoComments(pkg, file); err != nil {
		t.Fatal(err)
	}
}

// notation describes the types that have a notation of their own.
func notation(t reflect.Type) *jsonschema.Schema {
	value := &jsonschema.Schema{Extras: map[string]any{"type": []string{"string", "number", "boolean"}}}
	texts := &jsonschema.Schema{Type: "string"}
	switch t {
	case reflect.TypeFor[spec.Node]():
		return &jsonschema.Schema{}
	case reflect.TypeFor[survey.Value]():
		return value
	case reflect.TypeFor[survey.TableKind]():
		return &jsonschema.Schema{Type: "string"}
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

// OneOf asks for exactly one of the keys.
func OneOf(s *jsonschema.Schema, keys ...string) {
	for _, k := range keys {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Type: "object", Required: []string{k}})
	}
}

// OrWord lets a mapping be written as a plain word too.
func OrWord(s *jsonschema.Schema) {
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
