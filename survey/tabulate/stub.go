package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
)

// block is a part of a stub that one query answers: rows of respondents are
// sorted into cells, and each line of the block compares some of them.
type block struct {
	title string
	cell  []int32
	cells int
	// value are the answers of means and totals less centre, with their
	// validity; nil where the lines are shares.
	value  []float64
	valid  []bool
	centre float64
	lines  []line
}

// line is one row of the table.
type line struct {
	survey.Row
	statistic, variable string
	category            string
	code                *survey.Value
	group, labels       survey.Group
	// count are the cells that a share counts, base the cells of its base; of a
	// mean or a total both are the line's domain.
	count, base []int
	// otherCount and otherBase are the share below the line of a ratio.
	otherCount, otherBase []int
}

func (b block) heads() []survey.Row {
	rows := make([]survey.Row, len(b.lines))
	for i, l := range b.lines {
		rows[i] = l.Row
	}
	return rows
}

// blocks lays out the rows that one request asks for.
func (m *Maker) blocks(spec survey.RowSpec) ([]block, survey.Problems) {
	switch {
	case spec.Variable != "":
		if set := m.Table.Set(spec.Variable); set != nil && m.Table.Lookup(spec.Variable) == nil {
			return m.set(spec, *set), nil
		}
		return m.variable(spec)
	case spec.Group != "":
		return m.group(spec)
	case spec.Share != "":
		return m.share(spec)
	case spec.Ratio != nil:
		return m.ratio(spec)
	case spec.Mean != "":
		return m.moment(spec, spec.Mean, survey.RowMean, estimate.Mean.Name)
	case spec.Total != "":
		return m.moment(spec, spec.Total, survey.RowTotal, estimate.Total.Name)
	}
	return nil, survey.Problems{{Message: "a row asks for nothing", Remedy: "give variable, group, share, mean, total or ratio"}}
}

// variable gives a row for each category, then the nets.
func (m *Maker) variable(spec survey.RowSpec) ([]block, survey.Problems) {
	c, problems := m.classify(spec.Variable)
	if len(problems) > 0 {
		return nil, problems
	}
	v := m.Table.Lookup(spec.Variable)
	b := block{title: or(spec.Label, v.Title()), cell: c.Index, cells: len(c.Values)}
	all := upTo(len(c.Values))
	chosen, problems := find(c, spec.Categories, all, spec.Variable)
	for _, k := range chosen {
		b.lines = append(b.lines, line{
			Row:       survey.Row{Group: b.title, Label: c.Labels[k], Kind: survey.RowShare, Scale: v.Scale()},
			statistic: estimate.Proportion.Name, variable: v.Name, category: c.Labels[k], code: &c.Values[k],
			count: []int{k}, base: all,
		})
	}
	for _, net := range spec.Nets {
		members, ps := find(c, net.Values, nil, spec.Variable)
		problems = append(problems, ps...)
		b.lines = append(b.lines, line{
			Row:       survey.Row{Group: b.title, Label: net.Label, Kind: survey.RowNet},
			statistic: estimate.Proportion.Name, variable: v.Name, category: net.Label,
			count: members, base: all,
		})
	}
	return []block{b}, problems
}

// find looks up categories by label or code; none given means the default.
func find(c survey.Classes, names []survey.Value, otherwise []int, variable string) ([]int, survey.Problems) {
	if len(names) == 0 {
		return otherwise, nil
	}
	var found []int
	var problems survey.Problems
	for _, name := range names {
		k := c.Find(name)
		if k < 0 {
			p := survey.UnknownName("category", name.String(), c.Labels)
			p.Variable = variable
			problems = append(problems, p)
			continue
		}
		if !slices.Contains(found, k) {
			found = append(found, k)
		}
	}
	return found, problems
}

// set gives a row for each answer of a multiple-response question.
func (m *Maker) set(spec survey.RowSpec, set survey.MultipleResponse) []block {
	title := or(spec.Label, or(set.Label, set.Name))
	var out []block
	for _, item := range m.Table.Items(set) {
		value := item.Value
		if len(spec.Categories) > 0 && !slices.ContainsFunc(spec.Categories, func(v survey.Value) bool { return v == value || v.String() == item.Label }) {
			continue
		}
		out = append(out, block{title: title, cell: item.Index, cells: 2, lines: []line{{
			Row:       survey.Row{Group: title, Label: item.Label, Kind: survey.RowShare},
			statistic: estimate.Proportion.Name, variable: set.Name, category: item.Label, code: &value,
			count: []int{1}, base: []int{0, 1},
		}}})
	}
	return out
}

// group gives a row for each item of a group: the share whose answer is among
// the values.
func (m *Maker) group(spec survey.RowSpec) ([]block, survey.Problems) {
	var out []block
	var problems survey.Problems
	g := m.itemGroup(spec.Group)
	if g == nil {
		return nil, survey.Problems{survey.UnknownName("group", spec.Group, m.groupNames())}
	}
	title := or(spec.Label, or(g.Label, g.Name))
	for _, item := range g.Items {
		c, ps := m.classify(item)
		if problems = append(problems, ps...); len(ps) > 0 {
			continue
		}
		members, ps := find(c, spec.Values, nil, item)
		problems = append(problems, ps...)
		out = append(out, block{title: title, cell: c.Index, cells: len(c.Values), lines: []line{{
			Row:       survey.Row{Group: title, Label: m.Table.Lookup(item).Title(), Kind: survey.RowShare},
			statistic: estimate.Proportion.Name, variable: item,
			count: members, base: upTo(len(c.Values)),
		}}})
	}
	return out, problems
}

func (m *Maker) itemGroup(name string) *survey.ItemGroup {
	for i, g := range m.Study.Groups {
		if g.Name == name {
			return &m.Study.Groups[i]
		}
	}
	return nil
}

func (m *Maker) groupNames() []string {
	names := make([]string, len(m.Study.Groups))
	for i, g := range m.Study.Groups {
		names[i] = g.Name
	}
	return names
}

// share gives the proportion of rows for which an expression holds.
func (m *Maker) share(spec survey.RowSpec) ([]block, survey.Problems) {
	e, problems := m.compile(spec.Share)
	if len(problems) > 0 {
		return nil, problems
	}
	label := or(spec.Label, spec.Share)
	b := block{title: label, cell: estimate.Holds(e), cells: 2, lines: []line{{
		Row:       survey.Row{Label: label, Kind: survey.RowShare},
		statistic: "share", variable: spec.Share,
		count: []int{1}, base: []int{0, 1},
	}}}
	return m.split(b, spec)
}

// ratio compares two shares: cells are pairs of the two outcomes, each
// unanswered, no or yes.
func (m *Maker) ratio(spec survey.RowSpec) ([]block, survey.Problems) {
	above, problems := m.compile(spec.Ratio.Share)
	below, ps := m.compile(spec.Ratio.Over)
	if problems = append(problems, ps...); len(problems) > 0 {
		return nil, problems
	}
	label := or(spec.Label, spec.Ratio.Share+" over "+spec.Ratio.Over)
	b := block{title: label, cell: make([]int32, m.Table.Rows), cells: 9, lines: []line{{
		Row:       survey.Row{Label: label, Kind: survey.RowRatio},
		statistic: estimate.RelativeLikelihood.Name, variable: spec.Ratio.Share + " / " + spec.Ratio.Over,
		count: []int{6, 7, 8}, base: []int{3, 4, 5, 6, 7, 8},
		otherCount: []int{2, 5, 8}, otherBase: []int{1, 4, 7, 2, 5, 8},
	}}}
	y := estimate.Holds(below)
	for i, x := range estimate.Holds(above) {
		b.cell[i] = 3*(x+1) + y[i] + 1
	}
	return m.split(b, spec)
}

// moment gives the mean or the population total of a variable.
func (m *Maker) moment(spec survey.RowSpec, name string, kind survey.RowKind, statistic string) ([]block, survey.Problems) {
	v := m.Table.Lookup(name)
	if v == nil {
		return nil, survey.Problems{survey.UnknownName("variable", name, m.Table.Names())}
	}
	if v.IsText() {
		return nil, survey.Problems{{Variable: name, Message: "is text, and a " + statistic + " needs numbers"}}
	}
	y := estimate.Centre(v)
	label := or(spec.Label, v.Title())
	b := block{title: label, cell: make([]int32, m.Table.Rows), cells: 1, value: y.Value, valid: y.Valid, centre: y.Centre, lines: []line{{
		Row:       survey.Row{Label: label, Kind: kind},
		statistic: statistic, variable: name,
		count: []int{0}, base: []int{0},
	}}}
	return m.split(b, spec)
}

// split repeats a block's line for each category of the variable that the
// request splits by.
func (m *Maker) split(b block, spec survey.RowSpec) ([]block, survey.Problems) {
	if spec.By == "" {
		return []block{b}, nil
	}
	c, problems := m.classify(spec.By)
	if len(problems) > 0 {
		return nil, problems
	}
	cell := make([]int32, len(b.cell))
	for i, k := range b.cell {
		cell[i] = -1
		if k >= 0 && c.Index[i] >= 0 {
			cell[i] = c.Index[i]*int32(b.cells) + k
		}
	}
	whole := b.lines[0]
	out := b
	out.cell, out.cells, out.lines = cell, b.cells*len(c.Values), nil
	for k, label := range c.Labels {
		l := whole
		l.Group, l.Label = whole.Label, label
		l.group, l.labels = one(spec.By, c.Values[k]), one(spec.By, survey.TextValue(label))
		shift := k * b.cells
		l.count, l.base = moved(whole.count, shift), moved(whole.base, shift)
		l.otherCount, l.otherBase = moved(whole.otherCount, shift), moved(whole.otherBase, shift)
		out.lines = append(out.lines, l)
	}
	return []block{out}, nil
}

func moved(cells []int, by int) []int {
	out := make([]int, len(cells))
	for i, c := range cells {
		out[i] = c + by
	}
	return out
}

// terms are the banner's points, for means and totals once for 1 and once for
// the answer.
func (b block) terms(points *engine.Terms) *engine.Terms {
	if b.value == nil {
		return points
	}
	t := &engine.Terms{Count: 2 * points.Count, Start: make([]int32, len(points.Start))}
	for i := range b.value {
		if b.valid[i] {
			for _, p := range points.Index[points.Start[i]:points.Start[i+1]] {
				t.Index = append(t.Index, p, int32(points.Count)+p)
				t.Value = append(t.Value, 1, b.value[i])
			}
		}
		t.Start[i+1] = int32(len(t.Index))
	}
	return t
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func or(given, otherwise string) string {
	if given != "" {
		return given
	}
	return otherwise
}
