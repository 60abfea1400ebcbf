package spec

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/near"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// schema is a JSON Schema ready to validate, and its document for look-ups.
type schema struct {
	*jsonschema.Schema
	document map[string]any
}

// compile readies an embedded schema: a build where that fails is broken.
func compile(text []byte) schema {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("file.json", document); err != nil {
		panic(err)
	}
	return schema{c.MustCompile("file.json"), document.(map[string]any)}
}

// validate holds a tree against the file's schema and returns all faults.
func (f *Format) validate(root *Node) []Fault {
	var invalid *jsonschema.ValidationError
	if !errors.As(f.schema().Validate(root.Plain()), &invalid) {
		return nil
	}
	return f.explainAll(root, invalid)
}

// explainAll collects the faults at the leaves of a validation error.
func (f *Format) explainAll(root *Node, e *jsonschema.ValidationError) []Fault {
	if _, ok := e.ErrorKind.(*kind.OneOf); ok || len(e.Causes) == 0 {
		return explain(f.spotOf(root, e.InstanceLocation), f.schema().ruleOf(e.SchemaURL), e.ErrorKind)
	}
	var out []Fault
	for _, cause := range e.Causes {
		out = append(out, f.explainAll(root, cause)...)
	}
	return out
}

// spot is a value of the file with the name that people know it by.
type spot struct {
	Entry
	shown string
}

// spotOf follows the keys and indexes of a validation error.
func (f *Format) spotOf(root *Node, location []string) spot {
	at := spot{Entry{Value: root}, ""}
	for _, part := range location {
		if i, err := strconv.Atoi(part); err == nil && at.Value.Form == List {
			at = spot{Entry{Value: at.Value.Items[i]}, fmt.Sprintf("%s[%d]", at.shown, i)}
			continue
		}
		at = spot{*at.Value.Find(part), strings.TrimPrefix(at.shown+"."+part, ".")}
	}
	if at.shown == "" {
		at.shown = "the " + f.Name
	}
	return at
}

// rule is the part of the schema that a value broke.
type rule map[string]any

// ruleOf finds the rule at a URL such as file.json#/$defs/TableSpec.
func (s schema) ruleOf(url string) rule {
	document := s.document
	_, pointer, _ := strings.Cut(url, "#")
	for _, part := range strings.Split(pointer, "/")[1:] {
		next, ok := document[part].(map[string]any)
		if !ok {
			return nil
		}
		document = next
	}
	return document
}

// keys lists the keys that a mapping may have.
func (r rule) keys() []string {
	properties, _ := r["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(properties))
}

// ways lists the keys of which exactly one must be given.
func (r rule) ways() []string {
	var out []string
	branches, _ := r["oneOf"].([]any)
	for _, b := range branches {
		names, _ := b.(map[string]any)["required"].([]any)
		for _, name := range names {
			out = append(out, name.(string))
		}
	}
	return out
}

// only is the one value that a key may have, "" where there is a choice.
func (r rule) only(key string) string {
	properties, _ := r["properties"].(map[string]any)
	property, _ := properties[key].(map[string]any)
	choices, _ := property["enum"].([]any)
	if len(choices) != 1 {
		return ""
	}
	return fmt.Sprint(choices[0])
}

// meaning is the description of a key of the mapping, "" without one.
func (r rule) meaning(key string) string {
	properties, _ := r["properties"].(map[string]any)
	property, _ := properties[key].(map[string]any)
	s, _ := property["description"].(string)
	return strings.TrimSuffix(s, ".")
}

// explain says in words what is wrong with a value and how to mend it.
func explain(at spot, r rule, what jsonschema.ErrorKind) []Fault {
	if at.Value.Broken {
		return nil
	}
	one := func(message, remedy string) []Fault {
		return []Fault{at.Place().Fault(survey.Problem{Message: message, Remedy: remedy})}
	}
	switch k := what.(type) {
	case *kind.AdditionalProperties:
		return unknownKeys(at, r, k.Properties)
	case *kind.Required:
		return missingKeys(at, r, k.Missing)
	case *kind.DependentRequired:
		return one(fmt.Sprintf("%s has %s but not %s", at.shown, k.Prop, strings.Join(k.Missing, ", ")), "add it")
	case *kind.OneOf:
		return one(countOf(at, r.ways()), "give exactly one of "+strings.Join(r.ways(), ", "))
	case *kind.Enum:
		return []Fault{at.Place().Fault(wrongChoice(at, k))}
	case *kind.Type:
		return one(wrongType(at, k))
	case *kind.MinItems:
		if k.Got > 0 {
			return one(fmt.Sprintf("%s has %d", at.shown, k.Got), fmt.Sprintf("list at least %d", k.Want))
		}
		return one(at.shown+" is an empty list", "list at least one")
	case *kind.MinLength:
		return one(at.shown+" is empty", "give it a name")
	case *kind.Pattern:
		description, _ := r["description"].(string)
		return one(fmt.Sprintf("%s cannot be %q", at.shown, k.Got), strings.TrimSuffix(description, "."))
	case *kind.Minimum:
		return one(at.shown+" is "+at.Value.Text, "it must be at least "+decimals(k.Want))
	case *kind.Maximum:
		return one(at.shown+" is "+at.Value.Text, "it must be at most "+decimals(k.Want))
	case *kind.ExclusiveMinimum, *kind.ExclusiveMaximum: // only levels have such bounds
		if p := survey.Level(at.Value.Float()).Check(at.shown); p != nil {
			return []Fault{at.Place().Fault(*p)}
		}
	}
	return one(at.shown+": "+what.LocalizedString(message.NewPrinter(language.English)), "")
}

// decimals writes a bound of the schema.
func decimals(x *big.Rat) string {
	f, _ := x.Float64()
	return survey.FormatNumber(f)
}

func unknownKeys(at spot, r rule, names []string) []Fault {
	var out []Fault
	for _, name := range names {
		p := survey.UnknownName("key", name, r.keys())
		p.Message += " in " + at.shown
		if p.Remedy == "" {
			p.Remedy = "the keys are " + strings.Join(r.keys(), ", ")
		}
		out = append(out, at.Value.Find(name).Key.At.Fault(p))
	}
	return out
}

func missingKeys(at spot, r rule, names []string) []Fault {
	var out []Fault
	for _, name := range names {
		remedy := "add it"
		if value := r.only(name); value != "" {
			remedy = fmt.Sprintf("write %s: %s", name, value)
		} else if meaning := r.meaning(name); meaning != "" {
			remedy = fmt.Sprintf("add %s: (%s)", name, meaning)
		}
		out = append(out, at.Place().Fault(survey.Problem{Message: fmt.Sprintf("%s has no %s", at.shown, name), Remedy: remedy}))
	}
	return out
}

// countOf says which of the ways a mapping has: none, or too many.
func countOf(at spot, ways []string) string {
	given := slices.DeleteFunc(slices.Clone(ways), func(name string) bool { return at.Value.Find(name) == nil })
	if len(given) == 0 {
		return at.shown + " does not say what to make"
	}
	return at.shown + " has " + strings.Join(given, " and ")
}

func wrongChoice(at spot, k *kind.Enum) survey.Problem {
	choices := make([]string, len(k.Want))
	for i, w := range k.Want {
		choices[i] = fmt.Sprint(w)
	}
	p := survey.Problem{Message: fmt.Sprintf("%s cannot be %q", at.shown, at.Value.Text), Remedy: "write " + strings.Join(choices, ", ")}
	if found := near.Names(at.Value.Text, choices, 1); len(found) > 0 && len(choices) > 1 {
		p.Remedy = fmt.Sprintf("did you mean %s? (choices: %s)", found[0], strings.Join(choices, ", "))
	}
	return p
}

// words are the kinds of value as people know them.
var words = map[string]string{
	"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
	"array": "a list", "object": "a mapping (key: value)",
}

func wrongType(at spot, k *kind.Type) (message, remedy string) {
	want := make([]string, len(k.Want))
	for i, w := range k.Want {
		want[i] = words[w]
	}
	if slices.Contains(k.Want, "string") {
		want = slices.DeleteFunc(want, func(w string) bool { return w == words["number"] || w == words["boolean"] })
	}
	if k.Got == "null" {
		return at.shown + " has no value", "give it one or delete the line; put the word null in quotes"
	}
	remedy = "it must be " + strings.Join(want, " or ")
	if at.Value.IsScalar() && slices.Contains(k.Want, "string") {
		remedy = "put it in quotes"
	}
	return fmt.Sprintf("%s is %s", at.shown, words[k.Got]), remedy
}
