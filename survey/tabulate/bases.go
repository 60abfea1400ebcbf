package tabulate

import (
	"cmp"
	"math"
	"slices"
	"strings"

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

// noAnswer labels the rows of people who were asked and left it blank.
const noAnswer = "No answer"

// withoutAnswer adds to a variable's categories one for each declared missing
// value that occurs, and one for people who were asked and have no value.
// People who were not asked stay outside the base.
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
	blank, asked := int32(-1), v.Asked()
	for i := range out.Index {
		x, ok := v.At(i)
		switch {
		case !ok && !asked[i]:
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

// countsOf notes whose answers the percentages of a variable are of.
func (t *tabling) countsOf(spec survey.RowSpec, v *survey.Variable) {
	title := or(spec.Label, v.Title())
	if spec.Base == baseAll {
		t.askedOf = append(t.askedOf, title)
		return
	}
	for i, valid := range v.Valid() {
		if !valid && (t.keep == nil || t.keep[i]) {
			t.answersOf = append(t.answersOf, title)
			return
		}
	}
}

// remarkBases says which percentages are of everybody who was asked and which
// of those who answered. Those of sets say so themselves.
func (t *tabling) remarkBases() {
	of := func(titles, others []string) string {
		if len(others) == 0 {
			return ""
		}
		return " (" + strings.Join(titles, "; ") + ")"
	}
	if len(t.askedOf) > 0 {
		t.remark("Percentages are of everybody who was asked, with or without an answer" + of(t.askedOf, t.answersOf) + "; a value that the data leave empty was not asked unless the study says so.")
	}
	if len(t.answersOf) > 0 {
		t.remark("Percentages are of those who answered" + of(t.answersOf, t.askedOf) + ".")
	}
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

// who says in words whom a table is about where the study does not: everybody in
// the data where the column of all holds them in every row, else those who were
// asked or who answered.
func (t *tabling) who(out *survey.Tabulation) string {
	rows := 0
	for _, w := range t.frame.Weights {
		if w != 0 {
			rows++
		}
	}
	all, own := false, false
	for c, column := range out.Columns {
		least, most := column.N, column.N
		for r := range out.Rows {
			if n := out.Cells[r][c].N; column.N == 0 && !column.Change {
				least, most = min(cmp.Or(least, n), n), max(most, n)
			}
		}
		all, own = all || column.Everybody && least == rows, own || least < most
	}
	who := "respondents who answered"
	switch {
	case all:
		return "all respondents"
	case len(t.askedOf) > 0 && len(t.answersOf) > 0:
		return "respondents who were asked or who answered, as the notes say of each question"
	case len(t.askedOf) > 0:
		who = "respondents who were asked"
	}
	if own {
		who += " each question"
	}
	return who
}
