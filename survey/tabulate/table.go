package tabulate

import (
	"cmp"
	"context"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// tabling is one table in the making.
type tabling struct {
	*Maker
	spec  survey.TableSpec
	frame *engine.Frame
	// keep marks the rows of the table's filter; nil is everybody.
	keep []bool
	// reads are the variables and sets that the table has asked for so far.
	reads []string
	// remarks are what the table's own requests have to say in its legend.
	remarks []string
	// askedOf and answersOf are the questions whose percentages are of everybody
	// who was asked, and of those who answered where some did not.
	askedOf, answersOf []string
	// rows are what the table publishes, where small counts are hidden.
	rows []publishedRow
}

func (t *tabling) remark(text string) {
	if !slices.Contains(t.remarks, text) {
		t.remarks = append(t.remarks, text)
	}
}

// table makes one table.
func (m *Maker) table(ctx context.Context, spec survey.TableSpec) (*survey.Tabulation, survey.Problems) {
	expanded, fault := spec.Expand()
	if fault != nil {
		return nil, survey.Problems{*fault}
	}
	t := tabling{Maker: m, spec: expanded}
	var problems, ps survey.Problems
	t.frame, problems = m.frame(spec.Weight)
	t.keep, ps = t.filter(spec.Filter)
	if problems = append(problems, ps...); len(problems) > 0 {
		return nil, problems
	}
	var out *survey.Tabulation
	switch {
	case spec.Grid != nil:
		out, problems = t.grid(*spec.Grid)
	case spec.Cohorts != nil:
		out, problems = t.cohorts(*spec.Cohorts)
	case spec.Drivers != nil:
		out, problems = t.drivers(ctx, *spec.Drivers)
	default:
		out, problems = t.crossed()
	}
	if len(problems) > 0 {
		return nil, problems
	}
	t.enter(out)
	out.Notes = append(out.Notes, t.variableNotes()...)
	t.remarkBases()
	out.Legend = append(m.legend(out), t.remarks...)
	out.Chart = chart(expanded.Chart, out)
	return out, checkChart(expanded.Chart, out)
}

// start is the table without its rows and columns.
func (t *tabling) start(title string) *survey.Tabulation {
	s := t.spec
	t.remarkWeight()
	return &survey.Tabulation{
		ID: s.ID, Kind: s.Kind, Title: cmp.Or(s.Title, title), Question: s.Question, Base: s.Base, Filter: s.Filter,
		Notes: slices.Clone(s.Notes), Rounding: t.Study.Rounding,
	}
}

// entry is a row of the table with the totals that it was computed from.
type entry struct {
	line
	x     *crossing
	cells []survey.Cell
}

// crossed makes a table of stub by banner.
func (t *tabling) crossed() (*survey.Tabulation, survey.Problems) {
	b, problems := t.bannerOf(t.spec, nil)
	blocks, ps := t.requested()
	if problems = append(problems, ps...); len(problems) > 0 {
		return nil, problems
	}
	entries, b := t.enlarged(blocks, b)
	slices.SortStableFunc(entries, func(p, q entry) int {
		return cmp.Or(cmp.Compare(p.x.block.request, q.x.block.request), cmp.Compare(p.part, q.part))
	})
	if problems = t.sort(entries, b); len(problems) > 0 {
		return nil, problems
	}
	t.addUp(entries, b)
	out := t.start(blocks[0].title)
	for _, e := range entries {
		out.Rows = append(out.Rows, e.Row)
		out.Cells = append(out.Cells, e.cells)
	}
	out.Columns = b.heads()
	setBases(out, entries)
	t.markFindings(out, entries, b.columns)
	t.explainWaves()
	t.remarkMembership(b)
	if problems = t.letters(out, entries, b); len(problems) > 0 {
		return nil, problems
	}
	for r, e := range entries {
		t.publish(e, b, places(out.Cells[r]))
	}
	if t.spec.Kind == survey.TableQuadrants {
		return out, t.quadrants(out)
	}
	return out, nil
}

// requested lays out the rows that the table asks for.
func (t *tabling) requested() (blocks []block, problems survey.Problems) {
	if t.spec.Kind == survey.TablePortraits {
		blocks, problems = t.sizes()
	}
	for i, r := range t.spec.Rows {
		made, ps := t.blocks(r)
		problems = append(problems, ps...)
		for _, m := range made {
			m.request = i + 1
			blocks = append(blocks, t.shown(m))
		}
	}
	return blocks, problems
}

// stub estimates every line of the blocks under a banner.
func (t *tabling) stub(blocks []block, under banner) []entry {
	var out []entry
	for _, b := range blocks {
		x := t.cross(b, under)
		for _, l := range b.lines {
			out = append(out, entry{l, x, x.row(l)})
		}
	}
	return out
}
