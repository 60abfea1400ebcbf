// Package westin makes Westin's privacy segments of three statements.
package westin

import (
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/prepare"
)

// Spec names the three statements of Westin's privacy segmentation, each
// with a scale of four answers.
type Spec struct {
	// Control is "Consumers have lost all control over how personal information is collected and used by companies".
	Control string `yaml:"control" json:"control" jsonschema:"minLength=1"`
	// Handling is "Most businesses handle the personal information they collect about consumers in a proper and confidential way".
	Handling string `yaml:"handling" json:"handling" jsonschema:"minLength=1"`
	// Protection is "Existing laws and organizational practices provide a reasonable level of protection for consumer privacy today".
	Protection string `yaml:"protection" json:"protection" jsonschema:"minLength=1"`
	// Agree are the two answers that mean agreement.
	Agree []survey.Value `yaml:"agree" json:"agree" jsonschema:"minItems=2,maxItems=2"`
}

// Key is the key of a recode that makes the segments.
func (Spec) Key() string { return "westin" }

// Reads are the three statements.
func (s Spec) Reads() []string { return []string{s.Control, s.Handling, s.Protection} }

// Labels are the segments.
func (Spec) Labels() []string {
	return []string{"Privacy fundamentalists", "Privacy pragmatists", "Privacy unconcerned"}
}

// The codes of the segments.
const fundamentalist, pragmatist, unconcerned = 1, 2, 3

// note is what a reader of the segments has to know.
const note = "Westin's privacy segments (Kumaraguru and Cranor, CMU-ISRI-05-138): fundamentalists agree that control is lost and disagree with the other two statements, " +
	"the unconcerned answer the other way round, pragmatists are all others; people who left out a statement are not classed. " +
	"The validity of the segments is contested: they predict little of what people do or choose (Hoofnagle and Urban 2014; Woodruff and others, SOUPS 2014)."

// Recode makes the segments (Kumaraguru and Cranor, CMU-ISRI-05-138):
// fundamentalists agree that control is lost and disagree that companies and laws
// can be relied on, the unconcerned the other way round, pragmatists are all
// others. Rows without all three answers are missing.
func (s Spec) Recode(r *prepare.Request) *survey.Variable {
	control, handling, protection := s.agreement(r, "control", s.Control), s.agreement(r, "handling", s.Handling), s.agreement(r, "protection", s.Protection)
	if control == nil || handling == nil || protection == nil {
		return nil
	}
	v := &survey.Variable{Label: "Westin's privacy segments", Measure: survey.Ordinal, Numbers: survey.MissingNumbers(len(control)), Rows: r.Counts(), Note: note}
	unscored := 0
	for i := range v.Numbers.Len() {
		a, b, c := control[i], handling[i], protection[i]
		switch {
		case math.IsNaN(a + b + c):
			v.Numbers.Set(i, math.NaN())
			unscored += v.Count(i)
		case a == 1 && b == 0 && c == 0:
			v.Numbers.Set(i, fundamentalist)
		case a == 0 && b == 1 && c == 1:
			v.Numbers.Set(i, unconcerned)
		default:
			v.Numbers.Set(i, pragmatist)
		}
	}
	r.Unplaced(unscored, "one of Westin's statements was not answered")
	return v
}

// agreement is 1 for each row that agrees with a statement and 0 for one that
// does not, NaN without an answer; nil after a fault.
func (s Spec) agreement(r *prepare.Request, key, name string) []float64 {
	v := r.Variable(key, name)
	if v == nil {
		return nil
	}
	var agreeing []survey.Value
	for k, x := range s.Agree {
		found := r.Match(fmt.Sprintf("agree[%d]", k), v, x)
		if found == nil {
			return nil
		}
		agreeing = append(agreeing, found...)
	}
	if n := len(survey.Classify(v).Values); n != 4 || len(agreeing) != 2 {
		r.Fault("", survey.Problem{Variable: name, Message: fmt.Sprintf("has %d answers, of which %d mean agreement; Westin's index is made of four answers, of which two agree", n, len(agreeing)),
			Remedy: "declare non-answers as missing, or make segments from other scales with rules"})
		return nil
	}
	out := make([]float64, v.Len())
	for i, answered := range v.Valid() {
		if out[i] = math.NaN(); answered {
			x, _ := v.At(i)
			out[i] = 0
			if slices.Contains(agreeing, x) {
				out[i] = 1
			}
		}
	}
	return out
}
