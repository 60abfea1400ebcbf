// Package screen examines data as they come from the field, before anything is
// estimated: weights, routed questions, straight lines in grids, identical answers
// and hasty interviews. It counts; a person judges what a count means. Row numbers
// are 1-based.
package screen

import (
	"math"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/pattern"
)

// Weight summarises a column of weights. Min to NEffective are over the weights
// above zero, and do not exist without one.
type Weight struct {
	Variable string `json:"variable"`
	// N counts the weights above zero; Zero, Negative and Missing the others.
	N        int `json:"n"`
	Zero     int `json:"zero"`
	Negative int `json:"negative"`
	Missing  int `json:"missing"`

	Min  survey.Figure `json:"min"`
	Mean survey.Figure `json:"mean"`
	Max  survey.Figure `json:"max"`
	// CV is the standard deviation over the mean, KishDeff = 1 + CV² and
	// NEffective = (Σw)²/Σw² (Kish 1965, section 11.7).
	CV         survey.Figure `json:"cv"`
	KishDeff   survey.Figure `json:"kish_deff"`
	NEffective survey.Figure `json:"n_effective"`
}

// DescribeWeight describes a column of numbers as weights; an infinite weight counts
// as missing, and so does every row of a text.
func DescribeWeight(v *survey.Variable) Weight {
	w := Weight{Variable: v.Name}
	if v.IsText() {
		w.Missing = v.Len()
	}
	var used []float64
	for i, x := range v.Numbers.All() {
		rows := v.Count(i)
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0) || v.IsMissing(survey.NumberValue(x)):
			w.Missing += rows
		case x < 0:
			w.Negative += rows
		case x == 0:
			w.Zero += rows
		default:
			used = append(used, slices.Repeat([]float64{x}, rows)...)
		}
	}
	s := stats.DescribeWeights(used, nil)
	figure := func(x float64) survey.Figure {
		if len(used) == 0 {
			return survey.Figure{}
		}
		return survey.FigureOf(x)
	}
	w.N, w.Mean = s.N, figure(s.Sum/float64(s.N))
	w.Min, w.Max, w.CV, w.KishDeff, w.NEffective = figure(s.Min), figure(s.Max), figure(s.CV), figure(s.Deff), figure(s.NEffective)
	return w
}

// Speed counts interviews that were much faster than the median.
type Speed struct {
	Variable string `json:"variable"`
	// Rows counts those with a duration above zero, Median is their median in the
	// unit of the column.
	Rows   int     `json:"rows"`
	Median float64 `json:"median"`
	// Half and Third count the rows under half and under a third of the median.
	Half  int `json:"under_half"`
	Third int `json:"under_third"`
	// RowNumbers are those under a third.
	RowNumbers []int `json:"row_numbers,omitempty"`
}

// durationName are names of the duration of an interview.
var durationName = pattern.Lazy(`(?i)duration|interviewtime|interview_?length|length_?of_?interview|^loi$|time_?taken|interviewdauer|bearbeitungszeit|dauer|^dur(é|e)e|duraci(ó|o)n|durata|dura(ç|c)(ã|a)o|所要時間|小要时间|答题时间|время прохождения`)

// Duration guesses the column of the interviews' durations by its name, or else
// its label; nil where there is none.
func Duration(t *survey.Table) *survey.Variable {
	for _, text := range []func(*survey.Variable) string{
		func(v *survey.Variable) string { return v.Name }, func(v *survey.Variable) string { return v.Label },
	} {
		for _, v := range t.Variables {
			if (v.Kind == survey.Number || v.Kind == survey.TimeOfDay) && len(v.Codes) == 0 && len(text(v)) <= 40 && durationName().MatchString(text(v)) {
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
	positive := func(i int) bool { return valid[i] && v.Numbers.At(i) > 0 && !math.IsInf(v.Numbers.At(i), 0) }
	for i, x := range v.Numbers.All() {
		if positive(i) {
			used = append(used, x)
		}
	}
	if len(used) == 0 {
		return nil
	}
	slices.Sort(used)
	s := &Speed{Variable: v.Name, Rows: len(used), Median: (used[(len(used)-1)/2] + used[len(used)/2]) / 2}
	for i, x := range v.Numbers.All() {
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
