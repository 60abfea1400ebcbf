// Package segment finds groups of respondents who answer alike, says how large
// and how certain they are under the sample design, and assigns new people to
// them.
package segment

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
)

const (
	// mostCategories that a nominal or ordinal item may have: more are a name or
	// a number, not an answer.
	mostCategories = 100
	// fewNumbers: a number without labels and with more different values than
	// this is measured on a scale.
	fewNumbers = 12
)

// Indicator is one item that segments are made of.
type Indicator struct {
	Variable *survey.Variable
	// Measure is how its answers are taken: nominal, ordinal or scale.
	Measure survey.Measure
	// Classes are the categories of a nominal or ordinal item.
	Classes survey.Classes
	// Numbers are the answers of an item on a scale, NaN where there is none.
	Numbers []float64
}

// Doubts warn of answers of an item that count as numbers and hardly should; see
// Variable.Doubts.
func (x Indicator) Doubts() survey.Notices {
	if x.Measure == survey.Nominal {
		return nil
	}
	return x.Variable.Doubts()
}

// Indicators reads items from a table. An item is a variable's name, with
// :nominal, :ordinal or :scale after it where its measure is not to be taken
// from the data: what is declared; text and labelled codes are nominal, and so
// are up to 12 answers that are all labelled where a scale is declared, which
// files do of any number; numbers without labels are ordinal up to 12 different
// values and a scale above. All problems are reported together.
func Indicators(t *survey.Table, items []string) ([]Indicator, error) {
	var problems survey.Problems
	var out []Indicator
	seen := map[string]bool{}
	for _, item := range items {
		x, err := indicator(t, item)
		if err != nil {
			problems = append(problems, *err)
			continue
		}
		if seen[x.Variable.Name] {
			problems = append(problems, survey.Problem{Variable: x.Variable.Name, Message: "the item is listed twice", Remedy: "name each item once"})
		}
		seen[x.Variable.Name] = true
		out = append(out, x)
	}
	return out, problems.Err()
}

func indicator(t *survey.Table, item string) (Indicator, *survey.Problem) {
	name, measure, declared := strings.Cut(item, ":")
	v := t.Lookup(name)
	if v == nil {
		p := t.Unknown(name)
		if len(t.Sources) > 0 {
			p.File = t.Sources[0].Path
		}
		return Indicator{}, &p
	}
	x := Indicator{Variable: v, Measure: survey.Measure(measure)}
	switch {
	case !declared:
		x.Measure = measureOf(v)
	case x.Measure != survey.Nominal && x.Measure != survey.Ordinal && x.Measure != survey.Scale:
		return x, &survey.Problem{Variable: name, Value: measure, Message: "is not a level of measurement", Remedy: "write " + name + ":nominal, :ordinal or :scale"}
	}
	return x, x.read()
}

func measureOf(v *survey.Variable) survey.Measure {
	switch {
	case v.Measure == survey.Scale && onlyLabelled(v):
		return survey.Nominal
	case v.Measure != survey.MeasureUnknown:
		return v.Measure
	case v.IsText() || len(v.Codes) > 0:
		return survey.Nominal
	case len(survey.Classify(v).Values) > fewNumbers:
		return survey.Scale
	}
	return survey.Ordinal
}

// onlyLabelled reports whether a variable has few answers, each with a label.
func onlyLabelled(v *survey.Variable) bool {
	answers := survey.Classify(v).Values
	for _, x := range answers {
		if !slices.ContainsFunc(v.Codes, func(c survey.Code) bool { return c.Value == x && c.Label != "" }) {
			return false
		}
	}
	return len(answers) > 0 && len(answers) <= fewNumbers
}

// read takes the answers as the measure says.
func (x *Indicator) read() *survey.Problem {
	v := x.Variable
	if x.Measure == survey.Scale {
		if !v.IsNumeric() {
			return &survey.Problem{Variable: v.Name, Message: "is text, which cannot be a scale", Remedy: "write " + v.Name + ":nominal"}
		}
		valid, scores := v.Valid(), v.Numeric().Numbers.Slice()
		x.Numbers = make([]float64, len(valid))
		for i, ok := range valid {
			if x.Numbers[i] = math.NaN(); ok {
				x.Numbers[i] = scores[i]
			}
		}
		return nil
	}
	x.Classes = survey.Classify(v)
	if n := len(x.Classes.Values); n < 2 || n > mostCategories {
		return &survey.Problem{Variable: v.Name, Message: fmt.Sprintf("has %d different answers", n),
			Remedy: fmt.Sprintf("an item needs 2 to %d; recode it, leave it out, or write %s:scale for a number", mostCategories, v.Name)}
	}
	return nil
}

// code is a row's category, -1 where there is none.
func (x Indicator) code(i int) int32 { return x.Classes.Index.At(i) }
