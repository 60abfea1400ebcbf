package segment

import (
	"fmt"
	"strings"

	"surveykit/survey"
	"surveykit/survey/pattern"
	"surveykit/survey/prepare"
)

// Spec makes a variable of the segments that a method finds among the
// respondents, by the design's weight and once it is known.
type Spec struct {
	// Name of the new variable: 1, 2 … for the segments, largest first; missing for people without a weight or an answer to any item.
	Name string `yaml:"name" json:"name" jsonschema:"minLength=1"`
	// Label of the new variable.
	Label string `yaml:"label,omitempty" json:"label,omitempty"`
	// Method that finds the segments.
	Method string `yaml:"method" json:"method"`
	// Items are what the segments are made of: variables or groups; q1:nominal, q1:ordinal or q1:scale says how answers are taken.
	Items []string `yaml:"items" json:"items" jsonschema:"minItems=1"`
	// Classes is the number of segments, or a range such as 2-6, of which the lowest BIC is chosen, with clusters the largest silhouette.
	Classes string `yaml:"classes" json:"classes" jsonschema:"minLength=1"`
	// Starts are the random starts for each number of segments (default 20).
	Starts int `yaml:"starts,omitempty" json:"starts,omitempty" jsonschema:"minimum=1,maximum=10000"`
	// Seed of the random starts (default 1).
	Seed *int `yaml:"seed,omitempty" json:"seed,omitempty" jsonschema:"minimum=0,maximum=1000000000"`
	// Names of the segments, largest first; they are made of the most telling answers where none are given.
	Names []string `yaml:"names,omitempty" json:"names,omitempty" jsonschema:"minItems=1"`
	// Typing asks for a typing tool of the segments: a workbook with live formulas, and a model for segment assign.
	Typing *TypingSpec `yaml:"typing,omitempty" json:"typing,omitempty"`
}

// TypingSpec says how short a typing tool is to be: a number of items, or an
// accuracy, or neither for the fewest items that put 90% of people right.
type TypingSpec struct {
	// Items is the number of items to ask.
	Items int `yaml:"items,omitempty" json:"items,omitempty" jsonschema:"minimum=1"`
	// Accuracy is the share of people, 0-1, that the fewest items must put into their own segment (default 0.9).
	Accuracy float64 `yaml:"accuracy,omitempty" json:"accuracy,omitempty" jsonschema:"minimum=0.01,maximum=1"`
	// From are the items to choose from, in place of the segments' own: variables or groups, with :nominal, :ordinal or :scale after them.
	From []string `yaml:"from,omitempty" json:"from,omitempty" jsonschema:"minItems=1"`
	// Title over the form.
	Title string `yaml:"title,omitempty" json:"title,omitempty"`
}

// MostSegments is the largest number of segments that may be asked for.
const MostSegments = 50

// Key is the key of a study that lists its segments.
func (Spec) Key() string { return "segments" }

// Makes is the name of the new variable.
func (s Spec) Makes() string { return s.Name }

// Reserve checks the request; the variable has the codes of a number of segments
// that is fixed.
func (s Spec) Reserve(r *prepare.Request) *survey.Variable {
	if _, problem := s.method(); problem != nil {
		r.Fault("method", *problem)
	}
	items := len(checkItems(r, "items", s.Items))
	s.checkTyping(r, items)
	v := &survey.Variable{Name: s.Name, Label: s.Label, Kind: survey.Number, Measure: survey.Nominal}
	classes, ok := survey.ParseRange(s.Classes, MostSegments)
	switch {
	case !ok:
		r.Fault("classes", survey.Problem{Value: s.Classes, Message: fmt.Sprintf("is not a number of segments from 1 to %d, or a range", MostSegments), Remedy: "write 4, or 2-6"})
	case len(s.Names) > 0 && (len(classes) > 1 || classes[0] != len(s.Names)):
		r.Fault("names", survey.Problem{Message: fmt.Sprintf("there are %d names for %s segments", len(s.Names), s.Classes), Remedy: "give one name for each segment; classes must be one number, because a range has no names"})
	case len(classes) == 1:
		for k := range classes[0] {
			label := fmt.Sprint("segment ", k+1) // until the segments are found
			if len(s.Names) > 0 {
				label = s.Names[k]
			}
			v.Codes = append(v.Codes, survey.Code{Value: survey.NumberValue(float64(k + 1)), Label: label})
		}
	}
	return v
}

// fileName is a name that is safe for a file.
var fileName = pattern.Lazy(`^[A-Za-z0-9_-]+$`)

// checkTyping checks a request for a typing tool of segments with so many items.
func (s Spec) checkTyping(r *prepare.Request, items int) {
	if s.Typing == nil {
		return
	}
	if len(s.Typing.From) > 0 {
		items = len(checkItems(r, "typing.from", s.Typing.From))
	}
	if s.Typing.Items > items {
		r.Fault("typing.items", survey.Problem{Value: fmt.Sprint(s.Typing.Items), Message: fmt.Sprintf("is more than the number of items, %d", items), Remedy: "ask for fewer"})
	}
	if s.Typing.Items > 0 && s.Typing.Accuracy > 0 {
		r.Fault("typing", survey.Problem{Message: "has both a number of items and an accuracy", Remedy: "give one of them"})
	}
	if s.Classes == "1" {
		r.Fault("typing", survey.Problem{Message: "a typing tool needs at least two segments", Remedy: "leave typing out"})
	}
	if !fileName().MatchString(s.Name) {
		r.Fault("name", survey.Problem{Value: s.Name, Message: "is the file name of a typing tool", Remedy: "use letters, digits, - and _ only"})
	}
	for _, m := range r.Study().Models {
		other, ok := m.(Spec)
		if ok && other.Typing != nil && other.Name != s.Name && strings.EqualFold(other.Name, s.Name) {
			r.Fault("name", survey.Problem{Value: s.Name, Message: "differs from " + other.Name + " only in capitals, and is a file name", Remedy: "choose another name"})
		}
	}
}

// CheckItem finds the variables of an item such as q1, q1:scale or a group; ok is
// false after a fault.
func CheckItem(r *prepare.Request, key, item string) (found []*survey.Variable, ok bool) {
	name, measure, declared := strings.Cut(item, ":")
	found, ok = r.Item(key, name)
	if m := survey.Measure(measure); declared && m != survey.Nominal && m != survey.Ordinal && m != survey.Scale {
		r.Fault(key, survey.Problem{Value: measure, Message: "is not a level of measurement", Remedy: fmt.Sprintf("write %s:nominal, :ordinal or :scale", name)})
		ok = false
	}
	return found, ok
}

// checkItems finds the variables of many items.
func checkItems(r *prepare.Request, key string, items []string) (found []*survey.Variable) {
	for j, item := range items {
		here, _ := CheckItem(r, fmt.Sprintf("%s[%d]", key, j), item)
		found = append(found, here...)
	}
	return found
}
