package study

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"surveykit/survey"
)

// Decode reads the YAML text of another file than a study into target, a
// pointer to a struct with yaml names; what says what the file is, path names
// it in problems. The Source shows where later faults are. The error is
// survey.Problems, every fault with line, column and excerpt: keys that target
// does not have, and values of another form.
func Decode(data []byte, path, what string, target any) (source *Source, err error) {
	source = &Source{path: path}
	defer func() {
		if cause := recover(); cause != nil {
			source, err = nil, survey.Problems{{File: path, Message: fmt.Sprintf("this cannot be read as YAML: %v", cause), Remedy: "check quotes, brackets and indentation"}}
		}
	}()
	if len(data) > maxBytes {
		return nil, survey.Problems{{File: path, Message: fmt.Sprintf("the %s is longer than %d MiB", what, maxBytes>>20), Remedy: "give a " + what + ", not a data file"}}
	}
	source.lines = splitLines(data)
	root, faults := read(source)
	if root != nil {
		faults = append(faults, conform(entry{value: root}, "the "+what, reflect.TypeOf(target).Elem())...)
	}
	if len(faults) > 0 {
		return nil, source.problems(faults)
	}
	source.root = root
	decode(root, reflect.ValueOf(target).Elem())
	return source, nil
}

// Scalar writes a value so that YAML reads the same value back.
func Scalar(v survey.Value) string { return valueText(v) }

// conform finds where a tree does not have the form of a type.
func conform(e entry, shown string, t reflect.Type) []fault {
	n := e.value
	wrong := func(want string) []fault {
		return []fault{{e.place(), survey.Problem{Message: shown + " is not " + want, Remedy: "write " + want}}}
	}
	switch {
	case n.form == null || n.broken:
		return nil
	case t == reflect.TypeFor[survey.CodeList]():
		if n.form != mapping {
			return wrong("a mapping (value: value)")
		}
		return nil
	case t.Kind() == reflect.Pointer:
		return conform(e, shown, t.Elem())
	case t.Kind() == reflect.Struct && n.form == mapping:
		return conformStruct(n, shown, t)
	case t.Kind() == reflect.Struct:
		return wrong("a mapping (key: value)")
	case t.Kind() == reflect.Slice && n.form == list:
		var out []fault
		for i, item := range n.items {
			out = append(out, conform(entry{value: item}, fmt.Sprintf("%s[%d]", shown, i), t.Elem())...)
		}
		return out
	case t.Kind() == reflect.Slice:
		return wrong("a list")
	case !n.isScalar():
		return wrong("a single value")
	case (t.Kind() == reflect.Int || t.Kind() == reflect.Float64) && n.form != number:
		return wrong("a number")
	}
	return nil
}

func conformStruct(n *node, shown string, t reflect.Type) []fault {
	types := map[string]reflect.Type{}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name != "" && name != "-" {
			types[name] = f.Type
			names = append(names, name)
		}
	}
	var out []fault
	for _, e := range n.entries {
		name := e.key.text
		if !slices.Contains(names, name) {
			p := survey.UnknownName("key", name, names)
			p.Message += " in " + shown
			if p.Remedy == "" {
				p.Remedy = "the keys are " + strings.Join(names, ", ")
			}
			out = append(out, fault{e.key.at, p})
			continue
		}
		out = append(out, conform(e, shown+"."+name, types[name])...)
	}
	return out
}
