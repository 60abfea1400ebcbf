package harmonize

import (
	"strconv"

	"surveykit/survey"
)

// Target is the value that an entry of a recode makes.
func Target(c survey.Code) survey.Value { return targetOf(c.Label, c.Value.IsText) }

// targetOf reads the value that a recode makes, in the kind of its variable.
func targetOf(s string, text bool) survey.Value {
	if x, err := strconv.ParseFloat(s, 64); err == nil && !text {
		return survey.NumberValue(x)
	}
	return survey.TextValue(s)
}
