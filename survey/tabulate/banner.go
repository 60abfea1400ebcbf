package tabulate

import (
	"fmt"
	"sync"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// banner is the columns of a table. Its points are domains that may overlap;
// each row of respondents belongs to a few of them.
type banner struct {
	points  int
	terms   *engine.Terms
	columns []column
}

// column shows one point, or the difference between two.
type column struct {
	survey.Column
	point int
	// from is the point that a change starts at, -1 where the column is no change.
	from          int
	group, labels survey.Group
}

// membership is what one point asks of a row: a category of each variable named.
type membership struct {
	classes  []survey.Classes
	category []int32
}

func (p membership) holds(row int) bool {
	for k, c := range p.classes {
		if c.Index[row] != p.category[k] {
			return false
		}
	}
	return true
}

func (p membership) and(c survey.Classes, category int) membership {
	n := len(p.classes)
	return membership{append(p.classes[:n:n], c), append(p.category[:n:n], int32(category))}
}

type bannerMaker struct {
	*Maker
	points  []membership
	columns []column
}

// bannerOf lays a banner out once, however many tables stand under it.
func (m *Maker) bannerOf(spec survey.TableSpec) (banner, survey.Problems) {
	key := fmt.Sprintf("%q %q %+v %t", spec.Columns, spec.Filter, spec.Changes, withTotal(spec))
	m.mu.Lock()
	if m.banners == nil {
		m.banners = map[string]func() (banner, survey.Problems){}
	}
	lay, ok := m.banners[key]
	if !ok {
		lay = sync.OnceValues(func() (banner, survey.Problems) { return m.banner(spec) })
		m.banners[key] = lay
	}
	m.mu.Unlock()
	return lay()
}

func withTotal(spec survey.TableSpec) bool { return spec.Total == nil || *spec.Total }

// banner lays out the columns that a table asks for: everybody, each category
// of each banner variable, then the changes.
func (m *Maker) banner(spec survey.TableSpec) (banner, survey.Problems) {
	b := &bannerMaker{Maker: m}
	total := withTotal(spec)
	if total {
		b.point(survey.Column{Label: "Total"}, membership{}, nil, nil)
	}
	var problems survey.Problems
	for _, name := range spec.Columns {
		problems = append(problems, b.variable(name)...)
	}
	plain := b.columns
	for _, ch := range spec.Changes {
		problems = append(problems, b.change(ch, plain, total)...)
	}
	keep, ps := m.filter(spec.Filter)
	if problems = append(problems, ps...); len(problems) > 0 {
		return banner{}, problems
	}
	if len(b.columns) == 0 {
		return banner{}, survey.Problems{{Message: "there are no columns", Remedy: "name columns, or leave the total column in"}}
	}
	return banner{points: len(b.points), terms: b.memberships(keep), columns: b.columns}, nil
}

func (b *bannerMaker) point(head survey.Column, p membership, codes, labels survey.Group) {
	b.columns = append(b.columns, column{Column: head, point: len(b.points), from: -1, group: codes, labels: labels})
	b.points = append(b.points, p)
}

func (b *bannerMaker) variable(name string) survey.Problems {
	c, problems := b.classify(name)
	if len(problems) > 0 {
		return problems
	}
	heading, wave := b.Table.Lookup(name).Title(), name == b.Study.Design.WaveVariable
	for k, label := range c.Labels {
		b.point(survey.Column{Group: heading, Label: label, Wave: wave}, membership{}.and(c, k), one(name, c.Values[k]), one(name, survey.TextValue(label)))
	}
	return nil
}

func one(name string, v survey.Value) survey.Group {
	return survey.Group{{Variable: name, Value: v}}
}

// change adds a column that compares two categories of a variable, for
// everybody and within each column of another variable.
func (b *bannerMaker) change(spec survey.ChangeSpec, plain []column, total bool) survey.Problems {
	c, problems := b.classify(spec.Variable)
	if len(problems) > 0 {
		return problems
	}
	from, to := c.Find(spec.From), c.Find(spec.To)
	for k, name := range []survey.Value{spec.From, spec.To} {
		if []int{from, to}[k] < 0 {
			p := survey.UnknownName("category", name.String(), c.Labels)
			p.Variable = spec.Variable
			problems = append(problems, p)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	heading := spec.Label
	if heading == "" {
		heading = "Change " + c.Labels[from] + " to " + c.Labels[to]
	}
	if !total {
		plain = append([]column{{point: -1}}, plain...)
	}
	for _, p := range plain {
		if len(p.group) > 0 && p.group[0].Variable == spec.Variable {
			continue
		}
		head := survey.Column{Group: heading, Label: p.Label, Change: true}
		if len(p.group) == 0 {
			head.Label = "All"
		}
		var inside membership
		if p.point >= 0 {
			inside = b.points[p.point]
		}
		b.columns = append(b.columns, column{Column: head, from: len(b.points), point: len(b.points) + 1, group: p.group, labels: p.labels})
		b.points = append(b.points, inside.and(c, from), inside.and(c, to))
	}
	return nil
}

// filter is the domain of a whole table; nil means everybody.
func (m *Maker) filter(source string) ([]bool, survey.Problems) {
	if source == "" {
		return nil, nil
	}
	e, problems := m.compile(source)
	if len(problems) > 0 {
		return nil, problems
	}
	holds, _ := e.Truth()
	return holds, nil
}

// memberships lists each row's points.
func (b *bannerMaker) memberships(keep []bool) *engine.Terms {
	t := &engine.Terms{Count: len(b.points), Start: make([]int32, b.Table.Rows+1)}
	for i := range b.Table.Rows {
		if keep == nil || keep[i] {
			for p := range b.points {
				if b.points[p].holds(i) {
					t.Index = append(t.Index, int32(p))
				}
			}
		}
		t.Start[i+1] = int32(len(t.Index))
	}
	return t
}

func (b banner) heads() []survey.Column {
	heads := make([]survey.Column, len(b.columns))
	for i, c := range b.columns {
		heads[i] = c.Column
	}
	return heads
}
