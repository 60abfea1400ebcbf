package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/tabulate/protect"
)

// group gives a row for each item of a group: the share whose answer is among
// the values, the correlation with an outcome, or the mean.
func (t *tabling) group(spec survey.RowSpec) ([]block, survey.Problems) {
	g := t.itemGroup(spec.Group)
	if g == nil {
		return nil, survey.Problems{survey.UnknownName("group", spec.Group, t.groupNames())}
	}
	title := or(spec.Label, or(g.Label, g.Name))
	var out []block
	var problems survey.Problems
	for _, item := range g.Items {
		b, ps := t.item(spec, item)
		if problems = append(problems, ps...); len(ps) > 0 {
			continue
		}
		b.title = title
		b.lines[0].Group, b.lines[0].Label = title, t.Table.Lookup(item).Title()
		out = append(out, b)
	}
	return out, problems
}

// item is the block of one item of a group.
func (t *tabling) item(spec survey.RowSpec, item string) (block, survey.Problems) {
	if len(spec.Values) > 0 {
		c, problems := t.classify(item)
		if len(problems) > 0 {
			return block{}, problems
		}
		members, problems := find(c, spec.Values, nil, item)
		l := proportion(item, "", members, upTo(len(c.Values)))
		return block{reads: []string{item}, axes: []engine.Axis{engine.Categories(item, c)}, lines: []line{l}}, problems
	}
	y, problems := t.numbers(item)
	l := line{Row: survey.Row{Kind: survey.RowMean}, statistic: estimate.Mean.Name, variable: item}
	b := block{reads: []string{item, spec.Correlation}, centre: y.Centre, edge: y.Edge}
	if len(problems) > 0 {
		return b, problems
	}
	if b.numbers = y.Mean(); spec.Correlation != "" {
		l, problems = t.correlation(item, spec.Correlation)
		b.where = []engine.Condition{{Axis: engine.Existing{engine.Answer{Column: item}, engine.Answer{Column: spec.Correlation}}}}
	}
	l.count, l.base = []int{0}, []int{0}
	b.lines = []line{l}
	return b, problems
}

func (m *making) itemGroup(name string) *survey.ItemGroup {
	for i, g := range m.Study.Groups {
		if g.Name == name {
			return &m.Study.Groups[i]
		}
	}
	return nil
}

func (m *making) groupNames() []string {
	names := make([]string, len(m.Study.Groups))
	for i, g := range m.Study.Groups {
		names[i] = g.Name
	}
	return names
}

// share gives the proportion of rows for which an expression holds, among all
// or among the rows for which another does.
func (t *tabling) share(spec survey.RowSpec) ([]block, survey.Problems) {
	e, problems := t.compile(spec.Share)
	if len(problems) > 0 {
		return nil, problems
	}
	b := block{reads: t.Study.Design.Answers(e.Variables()), axes: []engine.Axis{engine.Truth{Source: spec.Share}}}
	if spec.Among != "" {
		among, problems := t.filter(spec.Among)
		if len(problems) > 0 {
			return nil, problems
		}
		b.axes = []engine.Axis{engine.Listed{Axes: b.axes, Of: [][]int32{{0}, {1}}, Where: among}}
	}
	b.title = or(spec.Label, spec.Share)
	l := proportion(spec.Share, b.title, []int{1}, []int{0, 1})
	l.statistic, l.category = estimate.Share.Name, ""
	b.lines = []line{l}
	return t.split(b, spec)
}

// outcome is what a condition comes to in a row, as engine.Filled sorts it.
type outcome int

const (
	unanswered outcome = iota
	no
	yes
	outcomes // how many there are
)

// in lists the cells of two conditions whose outcomes are among these.
func in(first, second []outcome) (cells []int) {
	for _, a := range first {
		for _, b := range second {
			cells = append(cells, int(a*outcomes+b))
		}
	}
	return cells
}

// pair compares two shares by cells of the two outcomes. A ratio has a base for
// each share, a gap one base of those who answered both.
func (t *tabling) pair(spec survey.RowSpec, first, second string, kind survey.RowKind) ([]block, survey.Problems) {
	above, problems := t.compile(first)
	below, ps := t.compile(second)
	if problems = append(problems, ps...); len(problems) > 0 {
		return nil, problems
	}
	answered, either, holds := []outcome{no, yes}, []outcome{unanswered, no, yes}, []outcome{yes}
	share, base, otherShare := in(holds, either), in(answered, either), in(either, holds)
	otherBase := append(in(either, []outcome{no}), otherShare...)
	l := line{Row: survey.Row{Kind: kind}}
	if kind == survey.RowRatio {
		t.remark("A ratio of two shares has its limits and its tests on the logarithm, and the smaller of their bases as its own.")
		l.Label, l.variable, l.statistic = first+" over "+second, first+" / "+second, estimate.RelativeLikelihood.Name
		l.count, l.base, l.otherCount, l.otherBase = share, base, otherShare, otherBase
		l.either = in(either, either)[1:] // all but those who answered neither
	} else {
		l.Label, l.variable, l.statistic = first+" less "+second, first+" - "+second, estimate.PairedDifference.Name
		l.count, l.otherCount, l.base = in(holds, answered), in(answered, holds), in(answered, answered)
	}
	l.Label = or(spec.Label, l.Label)
	axes := []engine.Axis{engine.Filled{Of: engine.Truth{Source: first}}, engine.Filled{Of: engine.Truth{Source: second}}}
	l.madeOf = []protect.Division{{Axes: axes, Count: share, Base: base}, {Axes: axes, Count: otherShare, Base: otherBase}}
	if kind == survey.RowGap {
		l.madeOf = append(l.madeOf, protect.Division{Axes: axes, Count: l.count, Base: l.base}, protect.Division{Axes: axes, Count: l.otherCount, Base: l.base})
	}
	reads := t.Study.Design.Answers(append(slices.Clone(above.Variables()), below.Variables()...))
	return t.split(block{title: l.Label, reads: reads, axes: axes, lines: []line{l}}, spec)
}

// moment gives the mean or the population total of a variable.
func (t *tabling) moment(spec survey.RowSpec, name string, kind survey.RowKind, statistic string) ([]block, survey.Problems) {
	y, problems := t.numbers(name)
	if len(problems) > 0 {
		return nil, problems
	}
	label := or(spec.Label, t.Table.Lookup(name).Title())
	b := block{title: label, reads: []string{name}, numbers: y.Mean(), centre: y.Centre, edge: y.Edge, lines: []line{{
		Row:       survey.Row{Label: label, Kind: kind},
		statistic: statistic, variable: name,
		count: []int{0}, base: []int{0},
	}}}
	return t.split(b, spec)
}
