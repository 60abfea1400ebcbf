package screen

import (
	"regexp"

	"surveykit/survey"
)

// fieldworkName are names, fieldworkLabel short labels of what the fieldwork
// writes beside the numbers of cases, weights and durations of notAnswers.
var (
	fieldworkName  = regexp.MustCompile(`(?i)^(sample|samp|lang|language|quota|useragent|finished|interviewer|intdate|int_date|startdate|enddate|recordeddate|latitude|longitude|ipaddress|(interview|survey)_?(mode|language|form|version|date))$`)
	fieldworkLabel = regexp.MustCompile(`(?i)^([a-z]{0,3}[0-9]*[a-z]?[.:] *)?(sample (source|type|frame)|type of sample|(date|time|start|end|length|mode|language) of (the )?(survey|interview)|(interview|survey) (date|time|length|mode|language)|interviewer|respondent (id|number)|duration|timestamp)\b.{0,20}$`)
)

// Fieldwork reports whether a variable holds what the fieldwork wrote and not an
// answer: a date or a time, a number of a case, a weight, a duration, where and
// how somebody was interviewed. It looks at the kind, the name and the label.
func Fieldwork(v *survey.Variable) bool {
	if v.Kind == survey.Date || v.Kind == survey.DateTime || v.Kind == survey.TimeOfDay {
		return true
	}
	return notAnswers.MatchString(v.Name) || fieldworkName.MatchString(v.Name) || fieldworkLabel.MatchString(v.Label) ||
		len(v.Codes) == 0 && (durationName.MatchString(v.Name) || len(v.Label) <= 40 && durationName.MatchString(v.Label))
}
