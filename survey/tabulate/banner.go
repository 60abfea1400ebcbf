package tabulate

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// banner is the columns of a table. Its points are domains that may overlap, of
// the rows that the table's filter keeps. The first point is all of these, whether
// or not a column shows it.
type banner struct {
	points  []engine.Point
	where   []engine.Condition
	columns []column
	// parts are the columns before the changes, each with the requested columns
	// that it merges.
	parts [][]int
	// inPart marks the points to which people belong in part; nil where all are whole.
	inPart []bool
}

const everybody = 0

// column shows one point, or what lies between several.
type column struct {
	survey.Column
	point int
	// planned are the places of the columns that it shows among those that the
	// table asks for: its own, or of several that are merged.
	planned []int
	// between is nil where the column shows a point.
	between       *contrast
	group, labels survey.Group
	// reads are the variables and sets that the column, or the change, is made by.
	reads []string
	// origins are reads and what they are made of.
	origins map[string]origin
}

// bannerOf lays a banner out once, however many tables are under it. parts
// says which of the requested columns are merged; nil merges none. Faults are at
// paths within the table.
func (m *making) bannerOf(spec survey.TableSpec, parts [][]int) (banner, []survey.Fault) {
	asked := survey.TableSpec{Columns: spec.Columns, Filter: spec.Filter, Changes: spec.Changes, Trends: spec.Trends, Total: spec.Total}
	m.mu.Lock()
	k := slices.IndexFunc(m.banners, func(l laid) bool { return reflect.DeepEqual(l.asked, asked) && reflect.DeepEqual(l.parts, parts) })
	if k < 0 {
		k = len(m.banners)
		m.banners = append(m.banners, laid{asked, parts, sync.OnceValues(func() (banner, []survey.Fault) { return m.banner(spec, parts) })})
	}
	lay := m.banners[k].lay
	m.mu.Unlock()
	return lay()
}

// laid is a banner that tables ask for, with the columns that are merged.
type laid struct {
	asked survey.TableSpec
	parts [][]int
	lay   func() (banner, []survey.Fault)
}

// place is a column with the domain that it shows.
type place struct {
	column
	in engine.Point
}

// banner lays out the columns that a table asks for: everybody, the columns
// requested, then the changes. A request with a fault has no columns.
func (m *making) banner(spec survey.TableSpec, parts [][]int) (banner, []survey.Fault) {
	total := spec.Total == nil || *spec.Total
	var plain []place
	if total {
		plain = append(plain, place{column{Column: survey.Column{Label: "Total", Everybody: true}}, engine.Everyone})
	}
	var faults []survey.Fault
	for j, c := range spec.Columns {
		places, problems := m.places(c)
		plain, faults = append(plain, places...), append(faults, faultsAt(fmt.Sprintf(".columns[%d]", j), problems)...)
	}
	where, problems := m.filter(spec.Filter)
	if faults = append(faults, faultsAt(".filter", problems)...); len(faults) > 0 {
		return banner{}, faults
	}
	b := laying{points: []engine.Point{engine.Everyone}}
	if parts == nil {
		for i := range plain {
			parts = append(parts, []int{i})
		}
	}
	// One column before the changes for each part.
	b.parts = parts
	for _, part := range parts {
		p := plain[part[0]]
		for _, k := range part[1:] {
			p = p.or(plain[k])
		}
		p.point, p.planned = b.add(p.in), part
		b.plain, b.columns = append(b.plain, p), append(b.columns, p.column)
	}
	for j, ch := range spec.Changes {
		faults = append(faults, faultsAt(fmt.Sprintf(".changes[%d]", j), m.change(&b, ch, total))...)
	}
	for j, tr := range spec.Trends {
		faults = append(faults, faultsAt(fmt.Sprintf(".trends[%d]", j), m.trend(&b, tr, total))...)
	}
	if len(faults) == 0 && len(b.columns) == 0 {
		faults = faultsAt(".total", survey.Problems{{Message: "there are no columns", Remedy: "name columns, or keep the total column"}})
	}
	for i, c := range b.columns {
		b.columns[i].origins = originsOf(m.Table, c.reads)
	}
	for c := len(b.parts); c < len(b.columns); c++ {
		b.columns[c].planned = []int{len(plain) + c - len(b.parts)}
	}
	return banner{b.points, where, b.columns, b.parts, inPart(b.points)}, faults
}

// at is the column that shows a planned one, alone or merged with others; -1
// where it is hidden.
func (b banner) at(planned int) int {
	return slices.IndexFunc(b.columns, func(c column) bool { return slices.Contains(c.planned, planned) })
}

// laying is a banner in the making.
type laying struct {
	points  []engine.Point
	plain   []place
	columns []column
	parts   [][]int
}

// add numbers a point; everybody is the first.
func (b *laying) add(p engine.Point) int {
	if len(p) == 1 && len(p[0]) == 0 {
		return everybody
	}
	b.points = append(b.points, p)
	return len(b.points) - 1
}

// or is the union of two columns.
func (p place) or(q place) place {
	p.in = p.in.Or(q.in)
	if p.Merged == nil {
		p.Merged = []string{p.Label}
	}
	p.Merged = append(slices.Clip(p.Merged), q.Label)
	p.Label += " + " + q.Label
	p.labels = joined(p.labels, q.labels)
	p.group = joined(p.group, q.group)
	p.reads = slices.Concat(p.reads, q.reads)
	return p
}

func joined(a, b survey.Group) survey.Group {
	out := make(survey.Group, len(a))
	for i := range a {
		out[i] = survey.GroupValue{Variable: a[i].Variable, Value: a[i].Value}
		if a[i].Value != b[i].Value {
			out[i].Value = survey.TextValue(a[i].Value.String() + " + " + b[i].Value.String())
		}
	}
	return out
}

// places lists the columns of one request.
func (m *making) places(spec survey.ColumnSpec) ([]place, survey.Problems) {
	switch {
	case spec.Where != "":
		e, problems := m.compile(spec.Where)
		if len(problems) > 0 {
			return nil, problems
		}
		head := survey.Column{Group: or(spec.Group, "Groups"), Label: or(spec.Label, spec.Where)}
		return []place{{column{Column: head, group: one(spec.Where, survey.NumberValue(1)), labels: one(spec.Where, survey.TextValue(head.Label)), reads: e.Variables()},
			inCell(engine.Everyone, engine.Truth{Source: spec.Where}, 1)}}, nil
	case len(spec.Nest) > 0:
		return m.nested(spec.Nest)
	case spec.Membership != "":
		return m.membership(spec.Membership, spec.Label)
	}
	return m.side(spec.Variable, spec.Label)
}

// side gives a column for each category of a variable, or each answer of a set.
func (m *making) side(name, heading string) ([]place, survey.Problems) {
	var out []place
	v := m.Table.Lookup(name)
	if set := m.Table.Set(name); v == nil && set != nil {
		items, err := m.Answering().Items(m.ctx, set.Name)
		if err != nil {
			m.fail(err)
		}
		for k, item := range items {
			out = append(out, place{
				column{Column: survey.Column{Group: or(heading, or(set.Label, set.Name)), Label: item.Label}, group: one(set.Name, item.Value), labels: one(set.Name, survey.TextValue(item.Label)), reads: []string{set.Name}},
				inCell(engine.Everyone, engine.Chosen{Set: set.Name, Items: []int{k}}, 1),
			})
		}
		return out, nil
	}
	c, problems := m.classify(name)
	for k, label := range c.Labels {
		out = append(out, place{
			column{Column: survey.Column{Group: or(heading, v.Title()), Label: label, Wave: name == m.Study.Design.WaveVariable}, group: one(name, c.Values[k]), labels: one(name, survey.TextValue(label)), reads: []string{name}},
			inCell(engine.Everyone, engine.Categories(name, c), k),
		})
	}
	return out, problems
}

// mostNested bounds the columns of nested variables: a sheet of a workbook has 16,384.
const mostNested = 10_000

// nested gives a column for each combination of categories; those of the last
// variable are under a heading that names the others.
func (m *making) nested(names []string) ([]place, survey.Problems) {
	out := []place{{in: engine.Everyone}}
	var problems survey.Problems
	for _, name := range names {
		inner, ps := m.side(name, "")
		problems = append(problems, ps...)
		if len(out)*len(inner) > mostNested {
			return nil, append(problems, survey.Problem{Value: strings.Join(names, survey.Nested),
				Message: fmt.Sprintf("there are more than %s nested columns", survey.FormatCount(mostNested)), Remedy: "nest fewer variables, or combine their categories in a recode"})
		}
		var next []place
		for _, o := range out {
			for _, i := range inner {
				next = append(next, o.cross(i))
			}
		}
		out = next
	}
	return out, problems
}

// cross is the column inside both.
func (p place) cross(q place) place {
	out := place{column: q.column, in: p.in}
	for _, c := range q.in[0] {
		out.in = out.in.And(c)
	}
	out.group = append(p.group[:len(p.group):len(p.group)], q.group...)
	out.labels = append(p.labels[:len(p.labels):len(p.labels)], q.labels...)
	out.reads = slices.Concat(p.reads, q.reads)
	if len(p.labels) > 0 {
		out.Group = q.Group + " · " + path(p.labels)
	}
	return out
}

// path writes the labels of nested categories.
func path(labels survey.Group) string {
	parts := make([]string, len(labels))
	for i, l := range labels {
		parts[i] = l.Value.String()
	}
	return strings.Join(parts, " · ")
}

func one(name string, v survey.Value) survey.Group {
	return survey.Group{{Variable: name, Value: v}}
}

func (b banner) heads() []survey.Column {
	heads := make([]survey.Column, len(b.columns))
	for i, c := range b.columns {
		heads[i] = c.Column
	}
	return heads
}

// byProbability comes after the heading of columns in which people count by
// their probability of belonging.
const byProbability = ", by probability"

// membership gives a column for each category of a variable of segments, in
// which every row counts by its probability p_k of being in the segment:
//
//	share = Σ w p_k x / Σ w p_k
//
// and so for means, with the same covariances as for any other column; intervals
// take the probabilities as given. Where each probability is 0 or 1 the columns
// are those of the variable itself. Rows without probabilities are in no column.
func (m *making) membership(name, heading string) ([]place, survey.Problems) {
	c, problems := m.classify(name)
	if len(problems) > 0 {
		return nil, problems
	}
	var out []place
	for k, label := range c.Labels {
		if problem := m.probabilities(name, k+1); problem != nil {
			problems = append(problems, *problem)
			continue
		}
		part := engine.Answer{Column: survey.MembershipName(name, k+1)}
		head := survey.Column{Group: or(heading, m.Table.Lookup(name).Title()) + byProbability, Label: label}
		out = append(out, place{
			column{Column: head, group: one(name, c.Values[k]), labels: one(name, survey.TextValue(label)), reads: []string{survey.MembershipName(name, k+1)}},
			engine.Everyone.And(engine.Condition{Part: part}),
		})
	}
	return out, problems
}

// probabilities checks those of the k-th segment, from 1.
func (m *making) probabilities(name string, k int) *survey.Problem {
	p := m.Table.Lookup(survey.MembershipName(name, k))
	if p == nil || p.Numbers == nil {
		return &survey.Problem{Variable: name, Message: fmt.Sprintf("has no probabilities of membership: there is no number %s", survey.MembershipName(name, k)),
			Remedy: "name segments of a latent class model, or use the column as a plain variable"}
	}
	for i, valid := range p.Valid() {
		if x := p.Numbers.At(i); valid && (x < 0 || x > 1) {
			return &survey.Problem{Row: i + 1, Variable: p.Name, Value: survey.FormatNumber(x), Message: "is not a probability from 0 to 1", Remedy: "give the probabilities that segment assign wrote"}
		}
	}
	return nil
}

// people is the number of respondents behind totals, the expected one rounded
// where they belong in part, but 1 where there is anybody.
func (x *crossing) people(js []int) int {
	n, expected := 0, 0.0
	for _, j := range js {
		if n += x.totals.N[j]; x.totals.Expected != nil {
			expected += x.totals.Expected[j]
		}
	}
	if x.totals.Expected == nil || n == 0 {
		return n
	}
	return max(1, int(math.Round(expected)))
}

// inPart marks the points to which some row may belong in part.
func inPart(points []engine.Point) []bool {
	var out []bool
	for k, p := range points {
		if p.InPart() {
			if out == nil {
				out = make([]bool, len(points))
			}
			out[k] = true
		}
	}
	return out
}

// inPart reports whether people belong to a column's points in part.
func (x *crossing) inPart(c column) bool {
	for _, p := range c.points(c.point) {
		if x.banner.inPart != nil && x.banner.inPart[p] {
			return true
		}
	}
	return false
}
