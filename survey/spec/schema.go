package spec

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/near"
)

// rule is a JSON Schema, in the keywords that the schemas of the program use.
type rule struct {
	never bool // the schema false

	Schema      string           `json:"$schema"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Defs        map[string]*rule `json:"$defs"`
	Ref         string           `json:"$ref"`
	OneOf       []*rule          `json:"oneOf"`

	Type    forms          `json:"type"`
	Enum    []any          `json:"enum"`
	Pattern *regexp.Regexp `json:"pattern"`

	MinLength        int      `json:"minLength"`
	Minimum          *float64 `json:"minimum"`
	Maximum          *float64 `json:"maximum"`
	ExclusiveMinimum *float64 `json:"exclusiveMinimum"`
	ExclusiveMaximum *float64 `json:"exclusiveMaximum"`

	Items    *rule `json:"items"`
	MinItems int   `json:"minItems"`
	MaxItems *int  `json:"maxItems"`

	Properties           map[string]*rule    `json:"properties"`
	AdditionalProperties *rule               `json:"additionalProperties"`
	Required             []string            `json:"required"`
	DependentRequired    map[string][]string `json:"dependentRequired"`
}

// compile reads an embedded schema: a build where that fails, or that uses a keyword
// that is not checked, is broken.
func compile(text []byte) *rule {
	r := &rule{}
	if err := json.Unmarshal(text, r); err != nil {
		panic(err)
	}
	return r
}

// UnmarshalJSON reads a schema, which may be the word false.
func (r *rule) UnmarshalJSON(text []byte) error {
	if r.never = string(text) == "false"; r.never {
		return nil
	}
	type plain rule
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	return in.Decode((*plain)(r))
}

// forms are the forms that a value may have.
type forms []Form

// UnmarshalJSON reads one form or a list.
func (f *forms) UnmarshalJSON(text []byte) error {
	if text[0] == '[' {
		return json.Unmarshal(text, (*[]Form)(f))
	}
	*f = make(forms, 1)
	return json.Unmarshal(text, &(*f)[0])
}

// whole is the form of numbers without decimals, which a schema may ask for.
const whole Form = "integer"

// has reports whether a value has one of the forms.
func (f forms) has(n *Node) bool {
	return slices.Contains(f, n.Form) || n.Form == Number && slices.Contains(f, whole) && n.Float() == math.Trunc(n.Float())
}

// spot is a value of the file with the name that people know it by.
type spot struct {
	Entry
	shown string
}

// validate holds a tree against the file's schema and returns all faults.
func (f *Format) validate(root *Node) []Fault {
	return f.check(spot{Entry{Value: root}, ""}, f.schema())
}

// check holds a value and all that is in it against a rule.
func (f *Format) check(at spot, r *rule) []Fault {
	switch {
	case r.Ref == "#":
		return f.check(at, f.schema())
	case r.Ref != "":
		return f.check(at, f.schema().Defs[strings.TrimPrefix(r.Ref, "#/$defs/")])
	case at.Value.Broken:
		return nil
	}
	named := at
	named.shown = cmp.Or(at.shown, "the "+f.Name)
	switch choices := r.choices(); {
	case r.Type != nil && !r.Type.has(at.Value):
		return []Fault{named.Place().Fault(wrongType(named, r.Type))}
	case r.Enum != nil && !slices.Contains(choices, at.Value.choice()):
		return []Fault{named.Place().Fault(wrongChoice(named, choices))}
	}
	var faults []Fault
	if p := named.outOfBounds(r); p != nil {
		faults = []Fault{named.Place().Fault(*p)}
	}
	switch at.Value.Form {
	case Mapping:
		faults = slices.Concat(faults, f.checkEntries(at, r), named.lacking(r))
	case List:
		if r.Items == nil {
			break
		}
		for i, item := range at.Value.Items {
			faults = append(faults, f.check(spot{Entry{Value: item}, fmt.Sprintf("%s[%d]", at.shown, i)}, r.Items)...)
		}
	}
	fits := func(way *rule) bool { return len(f.check(at, way)) == 0 }
	if len(r.OneOf) > 0 && len(slices.DeleteFunc(slices.Clone(r.OneOf), fits)) != len(r.OneOf)-1 {
		faults = append(faults, named.Place().Fault(survey.Problem{Message: countOf(named, r.ways()), Remedy: "give exactly one of " + strings.Join(r.ways(), ", ")}))
	}
	return faults
}

// checkEntries holds the values of a mapping against the rules of their keys.
func (f *Format) checkEntries(at spot, r *rule) (faults []Fault) {
	for _, e := range at.Value.Entries {
		of := r.AdditionalProperties
		if property, ok := r.Properties[e.Key.Name()]; ok {
			of = property
		}
		switch inner := (spot{e, strings.TrimPrefix(at.shown+"."+e.Key.Name(), ".")}); {
		case of == nil:
		case of.never:
			faults = append(faults, unknownKey(e.Key, cmp.Or(at.shown, "the "+f.Name), r))
		default:
			faults = append(faults, f.check(inner, of)...)
		}
	}
	return faults
}

// ways lists the keys of which exactly one must be given.
func (r *rule) ways() (out []string) {
	for _, branch := range r.OneOf {
		out = append(out, branch.Required...)
	}
	return out
}

// outOfBounds says that a list, a text or a number is too short, too small or too large,
// and how to mend it; nil where it is not.
func (at spot) outOfBounds(r *rule) *survey.Problem {
	n := at.Value
	switch x := n.Float(); {
	case n.Form == List && len(n.Items) == 0 && r.MinItems > 0:
		return &survey.Problem{Message: at.shown + " is an empty list", Remedy: "list at least one"}
	case n.Form == List && len(n.Items) < r.MinItems:
		return &survey.Problem{Message: fmt.Sprintf("%s has %d", at.shown, len(n.Items)), Remedy: fmt.Sprintf("list at least %d", r.MinItems)}
	case n.Form == List && r.MaxItems != nil && len(n.Items) > *r.MaxItems:
		return &survey.Problem{Message: fmt.Sprintf("%s has %d", at.shown, len(n.Items)), Remedy: fmt.Sprintf("list at most %d", *r.MaxItems)}
	case n.Form == Text && utf8.RuneCountInString(n.Text) < r.MinLength:
		return &survey.Problem{Message: at.shown + " is empty", Remedy: "give it a name"}
	case n.Form == Text && r.Pattern != nil && !r.Pattern.MatchString(n.Text):
		return &survey.Problem{Message: fmt.Sprintf("%s cannot be %q", at.shown, n.Text), Remedy: strings.TrimSuffix(r.Description, ".")}
	case n.Form != Number:
	case r.Minimum != nil && x < *r.Minimum:
		return &survey.Problem{Message: at.shown + " is " + n.Text, Remedy: "it must be at least " + survey.FormatNumber(*r.Minimum)}
	case r.Maximum != nil && x > *r.Maximum:
		return &survey.Problem{Message: at.shown + " is " + n.Text, Remedy: "it must be at most " + survey.FormatNumber(*r.Maximum)}
	case r.ExclusiveMinimum != nil && x <= *r.ExclusiveMinimum, r.ExclusiveMaximum != nil && x >= *r.ExclusiveMaximum: // only levels have such bounds
		return survey.Level(x).Check(at.shown)
	}
	return nil
}

// lacking lists the keys that a mapping must have and does not have.
func (at spot) lacking(r *rule) (faults []Fault) {
	for _, name := range r.Required {
		if at.Value.Find(name) == nil {
			faults = append(faults, at.Place().Fault(missingKey(at, r.Properties[name], name)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.DependentRequired)) {
		missing := slices.DeleteFunc(slices.Clone(r.DependentRequired[key]), func(name string) bool { return at.Value.Find(name) != nil })
		if at.Value.Find(key) != nil && len(missing) > 0 {
			faults = append(faults, at.Place().Fault(survey.Problem{Message: fmt.Sprintf("%s has %s but not %s", at.shown, key, strings.Join(missing, ", ")), Remedy: "add it"}))
		}
	}
	return faults
}

func unknownKey(key *Node, in string, r *rule) Fault {
	keys := slices.Sorted(maps.Keys(r.Properties))
	p := survey.UnknownName("key", key.Name(), keys)
	p.Message += " in " + in
	if p.Remedy == "" {
		p.Remedy = "the keys are " + strings.Join(keys, ", ")
	}
	return key.At.Fault(p)
}

func missingKey(at spot, r *rule, name string) survey.Problem {
	remedy := "add it"
	if r != nil && len(r.Enum) == 1 {
		remedy = fmt.Sprintf("write %s: %v", name, r.Enum[0])
	} else if r != nil && r.Description != "" {
		remedy = fmt.Sprintf("add %s: (%s)", name, strings.TrimSuffix(r.Description, "."))
	}
	return survey.Problem{Message: fmt.Sprintf("%s has no %s", at.shown, name), Remedy: remedy}
}

// countOf says which of the ways a mapping has: none, or too many.
func countOf(at spot, ways []string) string {
	given := slices.DeleteFunc(slices.Clone(ways), func(name string) bool { return at.Value.Find(name) == nil })
	if len(given) == 0 {
		return at.shown + " does not say what to make"
	}
	return at.shown + " has " + strings.Join(given, " and ")
}

// choices are the values that a rule allows, as they are written.
func (r *rule) choices() []string {
	out := make([]string, len(r.Enum))
	for i, choice := range r.Enum {
		out[i] = fmt.Sprint(choice)
	}
	return out
}

// choice is the value as a rule writes its choices.
func (n *Node) choice() string {
	if n.Form == Boolean {
		return fmt.Sprint(n.Bool())
	}
	return n.Name()
}

func wrongChoice(at spot, choices []string) survey.Problem {
	p := survey.Problem{Message: fmt.Sprintf("%s cannot be %q", at.shown, at.Value.Text), Remedy: "write " + strings.Join(choices, ", ")}
	if found := near.Names(at.Value.Text, choices, 1); len(found) > 0 && len(choices) > 1 {
		p.Remedy = fmt.Sprintf("did you mean %s? (choices: %s)", found[0], strings.Join(choices, ", "))
	}
	return p
}

// words are the kinds of value as people know them.
var words = map[Form]string{
	Text: "text", Number: "a number", whole: "a whole number", Boolean: "true or false",
	List: "a list", Mapping: "a mapping (key: value)",
}

func wrongType(at spot, allowed forms) survey.Problem {
	if at.Value.Form == Null {
		return survey.Problem{Message: at.shown + " has no value", Remedy: "give it one or delete the line; put the word null in quotes"}
	}
	text := slices.Contains(allowed, Text)
	var want []string
	for _, form := range allowed {
		if form != Null && !(text && (form == Number || form == Boolean)) {
			want = append(want, words[form])
		}
	}
	remedy := "it must be " + strings.Join(want, " or ")
	if at.Value.IsScalar() && text {
		remedy = "put it in quotes"
	}
	return survey.Problem{Message: fmt.Sprintf("%s is %s", at.shown, words[at.Value.Form]), Remedy: remedy}
}
