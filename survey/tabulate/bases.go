package tabulate

import (
	"math"
	"slices"

	"surveykit/survey"
)

// setBases fills in the columns' bases where every row of the table has the
// same, which is what a table of one question has. Percentages of the row or
// of everybody have bases of their own and do not count.
func setBases(t *survey.Tabulation, entries []entry) {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool {
		return e.shows == survey.AsRowPercent || e.shows == survey.AsTotalPercent
	})
	for c := range t.Columns {
		if len(entries) == 0 || t.Columns[c].Change {
			continue
		}
		first := entries[0].cells[c]
		if !slices.ContainsFunc(entries, func(e entry) bool { return !sameBase(e.cells[c], first) }) {
			t.Columns[c].N = first.N
			t.Columns[c].NWeighted = float64(first.NWeighted)
			t.Columns[c].NEffective = float64(first.NEffective)
		}
	}
}

// rounding is how far two sums of the same weights may differ, as a part of
// them: rows that are added up in another order differ in their last bits.
const rounding = 1e-9

// sameBase reports whether two figures rest on as many respondents of the same
// weight.
func sameBase(a, b survey.Cell) bool {
	x, y := float64(a.NWeighted), float64(b.NWeighted)
	return a.N == b.N && (x == y || math.Abs(x-y) <= rounding*math.Max(math.Abs(x), math.Abs(y)))
}

// noAnswer labels the rows that were asked and left blank.
const noAnswer = "No answer"

// withoutAnswer adds to a variable's categories one for each declared missing
// value that occurs, and one for rows without any value. Values that mean "not
// asked" stay outside the base.
func withoutAnswer(c survey.Classes, v *survey.Variable) survey.Classes {
	out := survey.Classes{Values: slices.Clone(c.Values), Labels: slices.Clone(c.Labels), Index: slices.Clone(c.Index)}
	add := func(x survey.Value, label string) int32 {
		out.Values, out.Labels = append(out.Values, x), append(out.Labels, label)
		return int32(len(out.Values) - 1)
	}
	place := map[survey.Value]int32{}
	for _, x := range missingValues(v) {
		why, _ := v.MissingReason(x)
		label := v.LabelOf(x)
		if label == x.String() && why != survey.ReasonUnknown {
			label = string(why)
		}
		place[x] = -1
		if why != survey.NotAsked {
			place[x] = add(x, label)
		}
	}
	blank := int32(-1)
	for i := range out.Index {
		x, ok := v.At(i)
		switch {
		case !ok && blank < 0:
			blank = add(survey.TextValue(""), noAnswer)
			fallthrough
		case !ok:
			out.Index[i] = blank
		case out.Index[i] < 0:
			out.Index[i] = place[x]
		}
	}
	return out
}

// missingValues lists the declared missing values that occur, ascending.
func missingValues(v *survey.Variable) []survey.Value {
	seen := map[survey.Value]bool{}
	var out []survey.Value
	for i := range v.Len() {
		if x, ok := v.At(i); ok && !seen[x] {
			seen[x] = true
			if v.IsMissing(x) {
				out = append(out, x)
			}
		}
	}
	slices.SortFunc(out, func(a, b survey.Value) int {
		if a.IsText {
			return slices.Compare([]byte(a.Text), []byte(b.Text))
		}
		return int(math.Copysign(1, a.Number-b.Number))
	})
	return out
}
