package tabulate

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
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

// withoutAnswer adds to a variable's categories one for each declared missing
// value that occurs, and one for people who were asked and have no value.
// People who were not asked stay outside the base.
func (m *making) withoutAnswer(c survey.Classes, v *survey.Variable) (survey.Classes, engine.Codes) {
	out := survey.Classes{Values: slices.Clone(c.Values), Labels: slices.Clone(c.Labels)}
	missing, blank, err := m.data().Unanswered(m.ctx, v.Name)
	if err != nil {
		m.fail(err)
	}
	for _, x := range missing {
		why, _ := v.MissingReason(x)
		label := v.LabelOf(x)
		if label == x.String() && why != survey.ReasonUnknown {
			label = string(why)
		}
		if why != survey.NotAsked {
			out.Values, out.Labels = append(out.Values, x), append(out.Labels, label)
		}
	}
	axis := engine.Categories(v.Name, out)
	if axis.Blank = blank; blank {
		out.Values, out.Labels = append(out.Values, survey.TextValue("")), append(out.Labels, survey.NoAnswer)
	}
	return out, axis
}

// countsOf notes whose answers the percentages of a variable are of.
func (t *tabling) countsOf(spec survey.RowSpec, v *survey.Variable) {
	title := or(spec.Label, v.Title())
	if spec.Base == baseAll {
		t.askedOf = append(t.askedOf, title)
		return
	}
	c, _ := t.classify(v.Name)
	answered := 0
	for _, n := range t.counts(nil, engine.Query{Cells: []engine.Axis{engine.Categories(v.Name, c)}, Where: t.where}) {
		answered += n
	}
	if answered < t.counts(nil, engine.Query{Where: t.where})[0] {
		t.answersOf = append(t.answersOf, title)
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

// who says in words whom a table is about where the study does not: everybody in
// the data where the column of all holds them in every row, else those who were
// asked or who answered.
func (t *tabling) who(out *survey.Tabulation) string {
	rows := t.counts(t.frame, engine.Query{})[0]
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
