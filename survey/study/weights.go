package study

import "surveykit/survey"

// Weights lists the columns that look like weights, the likeliest first: the
// file's own, then those whose name says so and whose values are positive.
// Replicate weights are not among them.
func Weights(t *survey.Table) []string {
	d := &draft{table: t}
	for _, v := range t.Variables {
		if v.Name == t.Weight || weightName.MatchString(splitName(v.Name)) {
			d.profiles = append(d.profiles, profileOf(v))
		}
	}
	var names []string
	for _, p := range d.findWeights() {
		names = append(names, p.Name)
	}
	return names
}
