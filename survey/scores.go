package survey

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Score is the number that an answer counts as in means, boxes and indices: what
// Scores gives it, or else its code. ok is false for a text without a score,
// which counts as nothing.
func (v *Variable) Score(x Value) (score float64, ok bool) {
	if score, ok = v.Scores[x]; ok {
		return score, true
	}
	return x.Number, !x.IsText
}

// IsNumeric reports whether answers count as numbers: they are numbers, or texts
// with scores.
func (v *Variable) IsNumeric() bool { return !v.IsText() || len(v.Scores) > 0 }

// Numeric is the variable as everything that calculates with answers takes it:
// Numbers holds the score of each answer, NaN where a row has none. A variable
// of numbers without scores is its own numeric form, declared missing values and
// all; texts without scores have none, which is nil.
func (v *Variable) Numeric() *Variable {
	if len(v.Scores) == 0 {
		if v.IsText() {
			return nil
		}
		return v
	}
	out := *v
	out.Kind, out.Codes, out.Missing, out.Scores, out.Texts = Number, nil, nil, nil, nil
	out.Numbers = MissingNumbers(v.Len())
	for i, valid := range v.Valid() {
		if x, _ := v.At(i); valid {
			if score, ok := v.Score(x); ok {
				out.Numbers.Set(i, score)
			}
		}
	}
	return &out
}

// Answers are the numbers of a variable of numbers without those declared missing.
func (v *Variable) Answers() *NumberColumn {
	if len(v.Missing) == 0 || v.Numbers == nil {
		return v.Numbers
	}
	return v.Numbers.Map(func(x float64) float64 {
		if v.IsMissing(NumberValue(x)) {
			return math.NaN()
		}
		return x
	})
}

// Box finds the k categories with the highest scores, or the lowest, in rising
// order. Categories with one score go together, so a box that would take some of
// them only is a problem, and so is one of all categories.
func (v *Variable) Box(c Classes, k int, highest bool) ([]int, *Problem) {
	if !v.IsNumeric() {
		return nil, &Problem{Variable: v.Name, Message: "is text, and a box needs ordered codes",
			Remedy: fmt.Sprintf("give variables.%s.values, recode it to numbers, or give a net", v.Name)}
	}
	score := func(k int) float64 {
		x, _ := v.Score(c.Values[k])
		return x
	}
	var order []int
	for k, x := range c.Values {
		if _, ok := v.Score(x); ok {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(score(i), score(j)) })
	if k >= len(order) {
		return nil, &Problem{Variable: v.Name, Value: strconv.Itoa(k),
			Message: fmt.Sprintf("the box contains all %d codes", len(order)), Remedy: "ask for fewer codes"}
	}
	cut := k
	if highest {
		cut = len(order) - k
	}
	if score(order[cut-1]) == score(order[cut]) {
		return nil, &Problem{Variable: v.Name, Value: strconv.Itoa(k),
			Message: fmt.Sprintf("the box contains only one of %q and %q, which have the same value", c.Labels[order[cut-1]], c.Labels[order[cut]]),
			Remedy:  "ask for more or fewer codes, or give a net"}
	}
	if highest {
		return order[cut:], nil
	}
	return order[:cut], nil
}

// LabelScores are the numbers that labels are, by code, where these are not their
// codes: what the categories of a recode count as. Labels that are no numbers
// have none.
func LabelScores(codes []Code) map[Value]float64 {
	var scores map[Value]float64
	for _, c := range codes {
		x, err := strconv.ParseFloat(strings.TrimSpace(c.Label), 64)
		if err == nil && !math.IsInf(x, 0) && !math.IsNaN(x) && NumberValue(x) != c.Value {
			if scores == nil {
				scores = map[Value]float64{}
			}
			scores[c.Value] = x
		}
	}
	return scores
}
