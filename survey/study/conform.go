package study

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/yamltree"
)

// Decode reads the YAML text of another file than a study into target, a
// pointer to a struct with yaml names; what says what the file is, path names
// it in problems. The Source shows where later faults are. The error is
// survey.Problems, every fault with line, column and excerpt: keys that target
// does not have, and values of another form.
func Decode(data []byte, path, what string, target any) (*Source, error) {
	v := reflect.ValueOf(target).Elem()
	tree, err := yamltree.Read(data, path, yamltree.Kind{Name: what}, func(root *yamltree.Node) []yamltree.Fault {
		return conform(yamltree.Entry{Value: root}, "the "+what, v.Type())
	})
	if err != nil {
		return nil, err
	}
	decode(tree.Root, v)
	return &Source{tree: tree}, nil
}

// Scalar writes a value so that YAML reads the same value back.
func Scalar(v survey.Value) string { return valueText(v) }

// conform finds where a tree does not have the form of a type.
func conform(e yamltree.Entry, shown string, t reflect.Type) []yamltree.Fault {
	n := e.Value
	wrong := func(want string) []yamltree.Fault {
		return []yamltree.Fault{e.Place().Fault(survey.Problem{Message: shown + " is not " + want, Remedy: "write " + want})}
	}
	switch {
	case n.Form == yamltree.Null || n.Broken:
		return nil
	case t == reflect.TypeFor[survey.CodeList]():
		if n.Form != yamltree.Mapping {
			return wrong("a mapping (value: value)")
		}
		return nil
	case t.Kind() == reflect.Pointer:
		return conform(e, shown, t.Elem())
	case t.Kind() == reflect.Struct && n.Form == yamltree.Mapping:
		return conformStruct(n, shown, t)
	case t.Kind() == reflect.Struct:
		return wrong("a mapping (key: value)")
	case t.Kind() == reflect.Slice && n.Form == yamltree.List:
		var out []yamltree.Fault
		for i, item := range n.Items {
			out = append(out, conform(yamltree.Entry{Value: item}, fmt.Sprintf("%s[%d]", shown, i), t.Elem())...)
		}
		return out
	case t.Kind() == reflect.Slice:
		return wrong("a list")
	case !n.IsScalar():
		return wrong("a single value")
	case (t.Kind() == reflect.Int || t.Kind() == reflect.Float64) && n.Form != yamltree.Number:
		return wrong("a number")
	}
	return nil
}

func conformStruct(n *yamltree.Node, shown string, t reflect.Type) []yamltree.Fault {
	types := map[string]reflect.Type{}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name != "" && name != "-" {
			types[name] = f.Type
			names = append(names, name)
		}
	}
	var out []yamltree.Fault
	for _, e := range n.Entries {
		name := e.Key.Text
		if !slices.Contains(names, name) {
			p := survey.UnknownName("key", name, names)
			p.Message += " in " + shown
			if p.Remedy == "" {
				p.Remedy = "the keys are " + strings.Join(names, ", ")
			}
			out = append(out, e.Key.At.Fault(p))
			continue
		}
		out = append(out, conform(e, shown+"."+name, types[name])...)
	}
	return out
}
