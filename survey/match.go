package survey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Match finds the values that a person means by x: a number is itself; a text
// is a value of a Text variable, or else the label of one or more values. What
// is neither labelled nor in the data is a problem that names the nearest ones,
// and so is a value that is the label of another one.
func (v *Variable) Match(x Value) ([]Value, *Problem) {
	labelled := v.Labelled(x.String())
	others := slices.ContainsFunc(labelled, func(l Value) bool { return l != x })
	switch known := v.known(x); {
	case known && others:
		return nil, &Problem{Variable: v.Name, Value: x.String(),
			Message: fmt.Sprintf("this is a value, and also the label of %s", labelled[0]), Remedy: "change the labels so that they differ from the values"}
	case known:
		return []Value{x}, nil
	case x.IsText && others:
		return labelled, nil
	}
	return nil, v.noMatch(x)
}

// Labelled lists the values that have the label, in questionnaire order.
func (v *Variable) Labelled(label string) []Value {
	var found []Value
	for _, c := range v.Codes {
		if c.Label == label {
			found = append(found, c.Value)
		}
	}
	return found
}

// known reports whether x itself is a code of v or occurs in its data.
func (v *Variable) known(x Value) bool {
	if x.IsText != v.IsText() {
		return false
	}
	if slices.ContainsFunc(v.Codes, func(c Code) bool { return c.Value == x }) {
		return true
	}
	if v.IsText() {
		return slices.Contains(v.Texts.Values, x.Text)
	}
	return slices.Contains(v.Numbers, x.Number)
}

// noMatch words the problem of a value that v does not have.
func (v *Variable) noMatch(x Value) *Problem {
	p := &Problem{Variable: v.Name, Value: x.String()}
	_, notNumber := strconv.ParseFloat(x.Text, 64)
	switch {
	case !x.IsText && v.IsText():
		p.Message, p.Remedy = "the variable holds text, not numbers", fmt.Sprintf("write '%s' in quotes", x)
	case !x.IsText && len(v.Labelled(x.String())) > 0:
		p.Message, p.Remedy = "no such code", fmt.Sprintf("write '%s' in quotes to mean the label", x)
	case !x.IsText:
		p.Message, p.Remedy = "the value is not labelled and never occurs", v.choices(x)
	case !v.IsText() && notNumber == nil:
		p.Message, p.Remedy = "no category has this label", "write the number without quotes"
	case !v.IsText() && len(v.Codes) == 0:
		p.Message, p.Remedy = "the variable holds numbers without labels", "compare it with a number"
	default:
		p.Message, p.Remedy = "no category has this label or value", v.choices(x)
	}
	return p
}

// choices names the nearest labels and values, or else the first few.
func (v *Variable) choices(x Value) string {
	var names []string
	for _, c := range v.Codes {
		if x.IsText {
			names = append(names, c.Label)
		} else {
			names = append(names, c.Value.String())
		}
	}
	if v.IsText() {
		names = append(names, v.Texts.Values...)
	}
	if near := Nearest(x.String(), names, 3); x.IsText && len(near) > 0 {
		return "did you mean " + quoted(near) + "?"
	}
	if len(names) == 0 {
		return "check the value, or label it if it is a possible answer"
	}
	if len(names) > 8 {
		return "its categories are " + quoted(names[:8]) + " …"
	}
	return "its categories are " + quoted(names)
}

func quoted(names []string) string {
	return "'" + strings.Join(names, "', '") + "'"
}
