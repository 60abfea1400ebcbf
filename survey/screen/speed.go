package screen

import (
	"math"
	"regexp"
	"slices"

	"surveykit/survey"
)

// Speed counts interviews that were much faster than the median one.
type Speed struct {
	Variable string `json:"variable"`
	// Rows counts those with a duration above zero, Median is theirs, in the
	// column's own unit.
	Rows   int     `json:"rows"`
	Median float64 `json:"median"`
	// Half and Third count the rows under half and under a third of the median.
	Half  int `json:"under_half"`
	Third int `json:"under_third"`
	// RowNumbers are those under a third.
	RowNumbers []int `json:"row_numbers,omitempty"`
}

// durationName says by the name that a number is the time of an interview.
var durationName = regexp.MustCompile(`(?i)duration|interviewtime|interview_?length|length_?of_?interview|^loi$|time_?taken|interviewdauer|bearbeitungszeit|dauer|^dur(é|e)e|duraci(ó|o)n|durata|dura(ç|c)(ã|a)o|所要時間|小要时间|答题时间|время прохождения`)

// Duration guesses the column of the interviews' durations by its name, or else
// its label; nil where there is none.
func Duration(t *survey.Table) *survey.Variable {
	for _, text := range []func(*survey.Variable) string{
		func(v *survey.Variable) string { return v.Name }, func(v *survey.Variable) string { return v.Label },
	} {
		for _, v := range t.Variables {
			if (v.Kind == survey.Number || v.Kind == survey.TimeOfDay) && len(v.Codes) == 0 && len(text(v)) <= 40 && durationName.MatchString(text(v)) {
				return v
			}
		}
	}
	return nil
}

// Hasty compares durations with their median: under half of it is a relative
// speed above 2 (Leiner 2019, Survey Research Methods 13(3)), under a third of
// it the stricter rule that is common in panels. Nil without a duration.
func Hasty(v *survey.Variable) *Speed {
	var used []float64
	valid := v.Valid()
	positive := func(i int) bool { return valid[i] && v.Numbers[i] > 0 && !math.IsInf(v.Numbers[i], 0) }
	for i, x := range v.Numbers {
		if positive(i) {
			used = append(used, x)
		}
	}
	if len(used) == 0 {
		return nil
	}
	slices.Sort(used)
	s := &Speed{Variable: v.Name, Rows: len(used), Median: (used[(len(used)-1)/2] + used[len(used)/2]) / 2}
	for i, x := range v.Numbers {
		if !positive(i) {
			continue
		}
		if x < s.Median/2 {
			s.Half++
		}
		if x < s.Median/3 {
			s.Third++
			s.RowNumbers = append(s.RowNumbers, i+1)
		}
	}
	return s
}
