package tabulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
	"surveykit/survey/screen"
	"surveykit/survey/tabulate/letters"
)

// What a table reads goes through the methods below, so that it carries the
// notes of every variable that it shows, and of those that they are made of.

func (t *tabling) read(names ...string) { t.reads = append(t.reads, names...) }

// classify sorts a variable that the table reads.
func (t *tabling) classify(name string) (survey.Classes, survey.Problems) {
	t.read(name)
	return t.making.classify(name)
}

// compile binds an expression over variables that the table reads.
func (t *tabling) compile(source string) (*expression.Expression, survey.Problems) {
	e, problems := t.making.compile(source)
	if e != nil {
		t.read(e.Variables()...)
	}
	return e, problems
}

// filter is a domain by variables that the table reads; nil means everybody.
func (t *tabling) filter(source string) ([]engine.Condition, survey.Problems) {
	if source != "" {
		t.compile(source)
	}
	return t.making.filter(source)
}

// bannerOf lays out a banner over variables that the table reads.
func (t *tabling) bannerOf(spec survey.TableSpec, parts [][]int) (banner, []survey.Fault) {
	b, faults := t.making.bannerOf(spec, parts)
	for _, c := range b.columns {
		t.read(c.reads...)
	}
	return b, faults
}

// legend says what a reader must know to read the table's figures.
func (t *tabling) legend(of *survey.Tabulation) []string {
	rules := t.Study.Quality.Limits()
	out := []string{fmt.Sprintf("Limits are %s%% design-based confidence intervals%s.", survey.FormatNumber(100*t.options.Level), t.method(of))}
	if slices.ContainsFunc(of.Columns, func(c survey.Column) bool { return c.Change }) {
		test := "Changes are tested by a two-sided t test on the difference, which allows for the sample design and for people in both waves; p-values are not adjusted for the number of tests."
		if hasFlag(of, survey.FlagEdgeTest) {
			test += " " + letters.Edges
		}
		out = append(out, test)
	}
	if t.Study.Quality.Standard == standardNCHS {
		out = append(out, "Shares and totals are shown by the NCHS presentation standards (Vital and Health Statistics 2(175) and 2(200)); the bases below hold for all other figures.")
	}
	return append(out, fmt.Sprintf("Bases are unweighted: under %d no figure is shown, under %d it is marked as uncertain.", rules.Minimum, rules.Caution))
}

func hasFlag(t *survey.Tabulation, flag string) bool {
	return slices.ContainsFunc(t.Cells, func(row []survey.Cell) bool {
		return slices.ContainsFunc(row, func(c survey.Cell) bool { return slices.Contains(c.Flags, flag) })
	})
}

func (t *tabling) method(of *survey.Tabulation) string {
	for r, row := range of.Rows {
		if (row.Kind == survey.RowShare || row.Kind == survey.RowNet) && slices.ContainsFunc(of.Cells[r], func(c survey.Cell) bool { return c.CountsPeople() }) {
			return fmt.Sprintf(" (%s method for shares, Korn–Graubard at 0%% and 100%%)", t.options.Interval.Words)
		}
	}
	return ""
}

// chart carries a study's wishes over to the tabulation, which may say what is
// drawn where they do not. Columns that the table leaves out are not drawn; there
// is no chart where none of those chosen is left.
func chart(wish *survey.Chart, t *survey.Tabulation) *survey.Chart {
	if wish == nil {
		return nil
	}
	c := *wish
	c.Columns = nil
	for _, name := range wish.Columns {
		if slices.ContainsFunc(t.Columns, func(c survey.Column) bool { return c.Named(name) }) {
			c.Columns = append(c.Columns, name)
		}
	}
	if len(c.Columns) == 0 && len(wish.Columns) > 0 {
		return nil
	}
	if own := t.Chart; own != nil {
		c.Kind, c.Groups = cmp.Or(c.Kind, own.Kind), own.Groups
		if len(c.Rows) == 0 {
			c.Rows = own.Rows
		}
	}
	if c.Title == "" {
		c.Title = t.Title
	}
	return &c
}

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
			t.Columns[c].NWeighted = first.NWeighted.Float()
			t.Columns[c].NEffective = first.NEffective.Float()
		}
	}
}

// rounding is how far two sums of the same weights may differ, as a part of
// them: rows that are added up in another order differ in their last bits.
const rounding = 1e-9

// sameBase reports whether two figures rest on as many respondents of the same
// weight.
func sameBase(a, b survey.Cell) bool {
	x, y := a.NWeighted.Float(), b.NWeighted.Float()
	return a.N == b.N && (x == y || math.Abs(x-y) <= rounding*math.Max(math.Abs(x), math.Abs(y)))
}

// withoutAnswer adds to a variable's categories one for each declared missing
// value that occurs, and one for people who were asked and have no value.
// People who were not asked stay outside the base.
func (m *making) withoutAnswer(c survey.Classes, v *survey.Variable) (survey.Classes, engine.Codes) {
	out := survey.Classes{Values: slices.Clone(c.Values), Labels: slices.Clone(c.Labels)}
	missing, blank, err := m.Answering().Unanswered(m.ctx, v.Name)
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

// markFindings says of a table's rows and columns what findings must know of them.
func (t *tabling) markFindings(out *survey.Tabulation, entries []entry, columns []column) {
	for r, e := range entries {
		reads := e.x.block.reads
		out.Rows[r].Battery = t.battery(reads)
		out.Rows[r].Untold = t.fieldwork(reads) || e.code != nil && unlabelled(*e.code, e.Label)
	}
	for c, col := range columns {
		out.Columns[c].Battery = t.battery(col.reads)
		bare := false
		for i, g := range col.group {
			bare = bare || i < len(col.labels) && unlabelled(g.Value, col.labels[i].Value.Text)
		}
		out.Columns[c].Untold = !col.Wave && !col.Change && (bare || t.fieldwork(col.reads))
	}
}

// unlabelled reports whether a code is a number that no label names.
func unlabelled(code survey.Value, label string) bool {
	return !code.IsText && code.String() == label
}

func (t *tabling) fieldwork(reads []string) bool {
	return slices.ContainsFunc(reads, func(name string) bool {
		v := t.Table.Lookup(name)
		return v != nil && screen.Fieldwork(v)
	})
}

// battery names the first group of the study or set of the data that any of the
// variables is an item of.
func (t *tabling) battery(reads []string) string {
	for _, name := range reads {
		for _, g := range t.Study.Groups {
			if slices.Contains(g.Items, name) {
				return g.Name
			}
		}
		for _, s := range t.Table.Sets {
			if s.Name == name || slices.Contains(s.Variables, name) {
				return s.Name
			}
		}
	}
	return ""
}
