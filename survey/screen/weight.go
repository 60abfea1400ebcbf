package screen

import (
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// Weight is a column of weights at a glance. Min to NEffective are over the
// weights above zero, and do not exist without one.
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

// DescribeWeight looks at a column of numbers as weights; an infinite weight
// counts as missing, and so does every row of a text.
func DescribeWeight(v *survey.Variable) Weight {
	w := Weight{Variable: v.Name}
	if v.IsText() {
		w.Missing = v.Len()
	}
	var used []float64
	for _, x := range v.Numbers {
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0) || v.IsMissing(survey.NumberValue(x)):
			w.Missing++
		case x < 0:
			w.Negative++
		case x == 0:
			w.Zero++
		default:
			used = append(used, x)
		}
	}
	s := stats.DescribeWeights(used)
	figure := func(x float64) survey.Figure {
		if len(used) == 0 {
			return survey.NoFigure()
		}
		return survey.Figure(x)
	}
	w.N, w.Mean = s.N, figure(s.Sum/float64(s.N))
	w.Min, w.Max, w.CV, w.KishDeff, w.NEffective = figure(s.Min), figure(s.Max), figure(s.CV), figure(s.Deff), figure(s.NEffective)
	return w
}
