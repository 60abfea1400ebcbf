package survey

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey/near"
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
	return v.Numbers.Contains(x.Number)
}

// Answers without labels are taken for a list of codes where they are whole
// numbers, at most mostListed different ones, given by fewTimes rows each or more
// on average.
const (
	mostListed = 20
	fewTimes   = 3
)

// CheckCode finds what is wrong with comparing v with a number: it is no code of
// v where the answers are a list of codes, that is all labelled or few, or it is
// a code and also the label of another that counts as this number. It is nil
// where the comparison makes sense, as for numbers measured on a scale, whether
// or not anybody has just this one.
func (v *Variable) CheckCode(x Value) *Problem {
	switch known := v.known(x); {
	case v.Kind != Number || v.IsMissing(x):
		return nil
	case known && len(v.Scores) > 0 && slices.ContainsFunc(v.Labelled(x.String()), func(l Value) bool { return l != x }):
		return &Problem{Variable: v.Name, Value: x.String(), Message: fmt.Sprintf("this is a code, and also the label of %s", v.Labelled(x.String())[0]),
			Remedy: fmt.Sprintf("write '%s' in quotes to mean the label, or name the category of the code by its own", x)}
	case known || !v.isList(), v.isIndicator() && (x.Number == 0 || x.Number == 1):
		return nil
	}
	return v.noMatch(x)
}

// isIndicator reports whether all answers are 0 or 1 and none is labelled, so
// that both are codes though all rows may have one of them.
func (v *Variable) isIndicator() bool {
	for x := range v.Values() {
		if x.Number != 0 && x.Number != 1 && !v.IsMissing(x) {
			return false
		}
	}
	return len(v.Codes) == 0
}

// isList reports whether v has answers or labels, and its answers are a list of
// codes: all labelled, or few.
func (v *Variable) isList() bool {
	seen, labelled := map[float64]bool{}, map[float64]bool{}
	for _, c := range v.Codes {
		labelled[c.Value.Number] = true
	}
	open := false
	for value := range v.Values() {
		if x := value.Number; !seen[x] && !v.IsMissing(value) {
			seen[x] = true
			open = open || !labelled[x]
			if open && (len(seen) > mostListed || x != math.Trunc(x)) {
				return false
			}
		}
	}
	return len(seen)+len(labelled) > 0 && (!open || v.answers() >= fewTimes*len(seen))
}

// answers counts the rows of the data with an answer.
func (v *Variable) answers() int {
	n := 0
	for i, valid := range v.Valid() {
		if valid {
			n += v.Count(i)
		}
	}
	return n
}

// noMatch words the problem of a value that v does not have.
func (v *Variable) noMatch(x Value) *Problem {
	p := &Problem{Variable: v.Name, Value: x.String()}
	_, notNumber := strconv.ParseFloat(x.Text, 64)
	switch {
	case !x.IsText && v.IsText():
		p.Message, p.Remedy = "the variable holds text, not numbers", fmt.Sprintf("write '%s' in quotes", x)
	case !x.IsText && len(v.Labelled(x.String())) > 0:
		p.Message, p.Remedy = "the variable does not have this code", fmt.Sprintf("write '%s' in quotes to mean the label", x)
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
	if !x.IsText && !v.IsText() {
		return v.nearestCodes(x)
	}
	var names []string
	for _, c := range v.Codes {
		names = append(names, c.Label)
	}
	if v.IsText() {
		names = append(names, v.Texts.Values...)
	}
	if found := near.Names(x.String(), names, 3); x.IsText && len(found) > 0 {
		return "did you mean " + quoted(found) + "?"
	}
	if len(names) == 0 {
		return "check the value, or label it if it is a possible answer"
	}
	if len(names) > 8 {
		return "its categories are " + quoted(names[:8]) + " …"
	}
	return "its categories are " + quoted(names)
}

// nearestCodes names the codes and answers next to a number, with their labels.
func (v *Variable) nearestCodes(x Value) string {
	values := Classify(v).Values
	if len(values) == 0 {
		return "check the value, or label it if it is a possible answer"
	}
	slices.SortStableFunc(values, func(a, b Value) int { return cmp.Compare(math.Abs(a.Number-x.Number), math.Abs(b.Number-x.Number)) })
	near := make([]string, min(3, len(values)))
	for k := range near {
		near[k] = values[k].String()
		if label := v.LabelOf(values[k]); label != near[k] {
			near[k] += fmt.Sprintf(" (%s)", label)
		}
	}
	return "the nearest codes are " + strings.Join(near, ", ") + "; label the value if it is a possible answer"
}

func quoted(names []string) string {
	return "'" + strings.Join(names, "', '") + "'"
}
