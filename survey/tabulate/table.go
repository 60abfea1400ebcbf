package tabulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/tabulate/letters"
	"surveykit/survey/tabulate/protect"
)

// tabling is one table in the making.
type tabling struct {
	*making
	spec  survey.TableSpec
	frame *engine.Frame
	// options are those of the study's design.
	options estimate.Options
	// where keeps the rows of the table's filter; nil is everybody.
	where []engine.Condition
	// reads are the variables and sets that the table has asked for so far.
	reads []string
	// remarks are what the table's own requests have to say in its legend.
	remarks []string
	// askedOf and answersOf are the questions whose percentages are of everybody
	// who was asked, and of those who answered where some did not.
	askedOf, answersOf []string
	// rows are what the table publishes, where small counts are hidden.
	rows []protect.Row
	// tested is how the table's columns are compared, lettered the comparisons.
	tested   letters.Tests
	lettered *letters.Letters
}

func (t *tabling) remark(text string) {
	if !slices.Contains(t.remarks, text) {
		t.remarks = append(t.remarks, text)
	}
}

// finished adds to a table's figures what explains them: the notes of the variables
// that it read, of whom its percentages are, who it is about and how to read it.
func (t *tabling) finished(out *survey.Tabulation) *survey.Tabulation {
	var notes []string
	for _, name := range t.Table.Origins(t.reads...) {
		v := t.Table.Lookup(name)
		if v == nil || v.Note == "" || slices.ContainsFunc(notes, func(s string) bool { return strings.HasPrefix(s, v.Note) }) {
			continue // a note that another one begins with is part of it
		}
		notes = append(slices.DeleteFunc(notes, func(s string) bool { return strings.HasPrefix(v.Note, s) }), v.Note)
	}
	out.Notes = append(out.Notes, notes...)
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
	if out.Base == "" && out.Filter == "" {
		out.Base = t.who(out)
	}
	out.Legend = append(t.legend(out), t.remarks...)
	out.Chart = chart(t.spec.Chart, out)
	return out
}

// start is the table without its rows and columns, with a remark where it has a
// weight of its own.
func (t *tabling) start(title string) *survey.Tabulation {
	name := t.spec.Weight
	own := t.Study.OwnWeight(name)
	switch {
	case name == "":
	case own == nil && t.Study.Weighting != nil:
		t.remark(fmt.Sprintf("Figures of this table are weighted by %s as it is in the data, not by the weights that were made for the others.", name))
	case own == nil:
		t.remark(fmt.Sprintf("Figures of this table are weighted by %s.", name))
	case own.Weighting != "":
		t.remark(fmt.Sprintf("Figures of this table have weights of their own, %s, made from %s.", name, own.Weight))
	case own.Replicates != nil:
		t.remark(fmt.Sprintf("Figures of this table have a weight of their own, %s (%s), with replicate weights of its own.", name, own.Weight))
	default:
		t.remark(fmt.Sprintf("Figures of this table have a weight of their own, %s (%s).", name, own.Weight))
	}
	return t.blank(title)
}

func (t *tabling) blank(title string) *survey.Tabulation {
	s := t.spec
	return &survey.Tabulation{
		ID: s.ID, Kind: s.Kind.String(), Title: cmp.Or(s.Title, title), Question: s.Question, Base: s.Base, Filter: s.Filter,
		Notes: slices.Clone(s.Notes), Rounding: t.Study.Rounding,
	}
}

// entry is a row of the table with the totals that it was computed from.
type entry struct {
	line
	x     *crossing
	cells []survey.Cell
}

// crossed plans a table of stub by banner.
func (p *plan) crossed() {
	b, faults := p.bannerOf(p.spec, nil)
	p.within(faults)
	blocks := p.requested()
	lines := ordered(blocks)
	rows, columns := make([]survey.Row, len(lines)), b.heads()
	for i, l := range lines {
		rows[i] = l.Row
	}
	by := 0
	if s := p.spec.Sort; s != nil {
		if s.By != "" {
			k, problems := p.column("column to sort by", s.By, columns)
			p.fail(p.at+".sort.by", problems...)
			by = k
		}
		for i, name := range s.Pin {
			_, problems := p.row("pinned row", name, rows)
			p.fail(fmt.Sprintf("%s.sort.pin[%d]", p.at, i), problems...)
		}
	}
	p.checkTests(columns)
	title := ""
	if len(blocks) > 0 {
		title = blocks[0].title
	}
	if kind := p.spec.Kind; kind != nil && kind.Check != nil && p.sound(".rows") {
		if problem := kind.Check(rows); problem != nil {
			p.fail(p.at+".rows", *problem)
		}
	}
	p.Exclusive = exclusive(blocks)
	p.outline(title, rows, columns, nil, func() *survey.Tabulation { return p.crossedFigures(blocks, b, by) })
}

// within notes faults at paths within the table.
func (p *plan) within(faults []survey.Fault) {
	for _, f := range faults {
		p.fail(p.at+f.Path, f.Problem)
	}
}

// ordered are the lines of blocks in the order of the table: by request, then
// by the figure that they show.
func ordered(blocks []block) []line {
	type placed struct {
		line
		request int
	}
	var all []placed
	for _, b := range blocks {
		for _, l := range b.lines {
			all = append(all, placed{l, b.request})
		}
	}
	slices.SortStableFunc(all, func(p, q placed) int {
		return cmp.Or(cmp.Compare(p.request, q.request), cmp.Compare(p.part, q.part))
	})
	lines := make([]line, len(all))
	for i, p := range all {
		lines[i] = p.line
	}
	return lines
}

// exclusive reports whether no respondent counts in two shares of one heading:
// they are different cells of one block, over its base or over everybody.
func exclusive(blocks []block) bool {
	owner := map[string]int{}
	for k, b := range blocks {
		seen, base := map[string]map[int]bool{}, map[string][]int{}
		for _, l := range b.lines {
			if l.Kind != survey.RowShare {
				continue
			}
			if first, ok := owner[l.Group]; ok && first != k || l.shows == survey.AsRowPercent {
				return false
			}
			owner[l.Group] = k
			if seen[l.Group] == nil {
				seen[l.Group], base[l.Group] = map[int]bool{}, l.base
			}
			if !slices.Equal(base[l.Group], l.base) {
				return false
			}
			for _, c := range l.count {
				if seen[l.Group][c] {
					return false
				}
				seen[l.Group][c] = true
			}
		}
	}
	return true
}

// crossedFigures makes the table of stub by banner, whose rows are sorted by a
// planned column.
func (t *tabling) crossedFigures(blocks []block, b banner, by int) *survey.Tabulation {
	entries, b := t.enlarged(blocks, b)
	slices.SortStableFunc(entries, func(p, q entry) int {
		return cmp.Or(cmp.Compare(p.x.block.request, q.x.block.request), cmp.Compare(p.part, q.part))
	})
	t.sort(entries, b, by)
	t.addUp(entries, b)
	out := t.start(blocks[0].title)
	for _, e := range entries {
		out.Rows = append(out.Rows, e.Row)
		out.Cells = append(out.Cells, e.cells)
	}
	out.Columns = b.heads()
	setBases(out, entries)
	t.markFindings(out, entries, b.columns)
	if len(t.spec.Trends) > 0 {
		t.remark("A linear trend is the change over the whole period along the straight line of least squares through all waves.")
	}
	for _, c := range t.spec.Changes {
		if c.Decompose != nil {
			t.remark(fmt.Sprintf("A change is split by %s: due to attitude is the change at the mix of the earlier side, due to composition what the change of the mix adds.", strings.Join(c.Decompose.By, " × ")))
		}
	}
	if b.inPart != nil {
		t.remark("In columns by probability every person counts in each segment with the probability of belonging to it, so that nobody has to be put into one; their bases are expected numbers of people, and intervals take the probabilities as given. Medians, percentiles and standard deviations are not given there.")
	}
	t.letter(out, entries, b)
	for r, e := range entries {
		t.publish(e, b, places(out.Cells[r]))
	}
	if kind := t.spec.Kind; kind != nil && kind.Finish != nil {
		kind.Finish(out)
	}
	return t.finished(out)
}

// requested lays out the rows that the table asks for.
func (p *plan) requested() (blocks []block) {
	added := len(p.spec.Rows) - len(p.Study.Tables[p.k].Rows) // by the kind of table, first
	for i, r := range p.spec.Rows {
		made, problems := p.blocks(r)
		if i >= added {
			p.fail(fmt.Sprintf("%s.rows[%d]", p.at, i-added), problems...)
		} else if p.sound(".columns") {
			p.fail(p.at+".kind", problems...)
		}
		for _, m := range made {
			for k := range m.lines {
				m.lines[k].untested = m.lines[k].untested || r.Untested
			}
			m.request = i + 1
			blocks = append(blocks, p.shown(m))
		}
	}
	return blocks
}

// stub estimates every line of the blocks under a banner.
func (t *tabling) stub(blocks []block, under banner) []entry {
	var out []entry
	for _, b := range blocks {
		x := t.cross(b, under)
		for _, l := range b.lines {
			cells := make([]survey.Cell, len(under.columns))
			for c, col := range under.columns {
				cells[c].Estimate = x.estimate(l, col)
				if x.circular[c] != sharesNothing {
					x.untest(&cells[c].Estimate, l, c)
				}
			}
			out = append(out, entry{l, x, cells})
		}
	}
	return out
}

// grid plans one table of a group: a row for each item, a column for each
// category of their scale, for everybody whom the filter keeps.
func (p *plan) grid(spec survey.GridSpec) {
	g := p.itemGroup(spec.Group)
	if g == nil {
		p.fail(p.at+".grid.group", survey.UnknownName("group", spec.Group, p.groupNames()))
		return
	}
	total, faults := p.bannerOf(survey.TableSpec{Filter: p.spec.Filter}, nil)
	p.within(faults)
	title := or(g.Label, g.Name)
	var rows []survey.Row
	var columns []survey.Column
	var items [][]block
	for _, item := range g.Items {
		made, problems := p.variable(survey.RowSpec{Variable: item, Nets: spec.Nets, Top: spec.Top, Bottom: spec.Bottom})
		if p.fail(p.at+".grid", problems...); len(problems) > 0 {
			continue
		}
		var here []survey.Column
		for _, l := range made[0].lines {
			here = append(here, survey.Column{Battery: g.Name, Group: title, Label: l.Label, Short: l.Short, Kind: l.Kind, Scale: l.Scale})
		}
		if columns == nil {
			columns = here
		}
		if !slices.EqualFunc(here, columns, func(a, b survey.Column) bool { return a.Label == b.Label }) {
			p.fail(p.at+".grid.group", survey.Problem{Variable: item, Message: fmt.Sprintf("has a different scale from %s, and a grid has one scale", g.Items[0]), Remedy: "give its codes the same labels, or leave it out of the group"})
			continue
		}
		rows = append(rows, survey.Row{Battery: g.Name, Group: title, Label: made[0].title, Kind: survey.RowShare})
		items = append(items, made)
	}
	p.Exclusive = true
	p.outline(title, rows, columns, nil, func() *survey.Tabulation { return p.gridFigures(title, rows, columns, items, total) })
}

// gridFigures makes a grid of the items' blocks.
func (t *tabling) gridFigures(title string, rows []survey.Row, columns []survey.Column, items [][]block, total banner) *survey.Tabulation {
	out := t.start(title)
	out.Rows, out.Columns = rows, columns
	for _, made := range items {
		entries := t.stub(made, total)
		cells := make([]survey.Cell, len(entries))
		for k, e := range entries {
			cells[k] = e.cells[0]
			t.publish(e, total, []*survey.Cell{&cells[k]})
		}
		out.Cells = append(out.Cells, cells)
	}
	return t.finished(out)
}
