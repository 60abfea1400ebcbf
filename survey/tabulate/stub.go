package tabulate

import (
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/estimate"
	"surveykit/survey/tabulate/protect"
)

// block is a part of a stub that one query answers: rows of respondents are
// sorted into cells, and each line of the block compares some of them.
type block struct {
	title string
	// request is the place of the row request that the block comes from.
	request int
	// reads are the variables and sets whose answers the lines show.
	reads []string
	// axes sort the rows of respondents into cells; none is one cell.
	axes []engine.Axis
	// numbers are 1 and the answers of means and totals less centre, or 1 and the
	// number of a row's responses, for rows that fulfil where; nil where the lines are
	// plain shares.
	numbers []engine.Number
	where   []engine.Condition
	centre  float64
	// edge is that of a mean of zeros and ones; nil of others.
	edge  estimate.Edge
	lines []line
	// below is true where nets are below their members.
	below bool
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
	// otherCount and otherBase are the share below the line of a ratio, or the
	// one that a gap takes away.
	otherCount, otherBase []int
	// either are the cells of one base of a ratio or of both.
	either []int
	// shows says by which figure a share is shown, "" where the line is no share.
	shows survey.ShownAs
	// part orders a request's lines by the figures that they show.
	part int
	// untested lines get no letters and count in no family of tests.
	untested bool
	// fixed lines stay behind those that are sorted.
	fixed bool
	// madeOf are the shares that a figure could give away: the items of a set that
	// a net unites, the two shares of a ratio or a gap.
	madeOf []protect.Division
	// sample estimates what is no function of totals; of names what it takes
	// beside the variable: a probability or an outcome.
	sample rowwise
	of     string
}

// layouts lay out the requests of each form of survey.RowForms.
var layouts = map[string]func(*tabling, survey.RowSpec) ([]block, survey.Problems){
	"variable": (*tabling).variable,
	"group":    (*tabling).group,
	"share":    (*tabling).share,
	"ratio": func(t *tabling, r survey.RowSpec) ([]block, survey.Problems) {
		return t.pair(r, r.Ratio.Share, r.Ratio.Over, survey.RowRatio)
	},
	"gap": func(t *tabling, r survey.RowSpec) ([]block, survey.Problems) {
		return t.pair(r, r.Gap.Share, r.Gap.Minus, survey.RowGap)
	},
	"mean": func(t *tabling, r survey.RowSpec) ([]block, survey.Problems) {
		return t.moment(r, r.Mean, survey.RowMean, estimate.Mean.Name)
	},
	"total": func(t *tabling, r survey.RowSpec) ([]block, survey.Problems) {
		return t.moment(r, r.Total, survey.RowTotal, estimate.Total.Name)
	},
	"summary":  (*tabling).summary,
	"verbatim": (*tabling).verbatim,
}

// blocks lays out the rows that one request asks for.
func (t *tabling) blocks(spec survey.RowSpec) ([]block, survey.Problems) {
	for _, form := range survey.RowForms {
		if form.Given(spec) {
			return layouts[form.Key](t, spec)
		}
	}
	keys := survey.RowKeys(false)
	last := len(keys) - 1
	return nil, survey.Problems{{Message: "the row is empty", Remedy: "give " + strings.Join(keys[:last], ", ") + " or " + keys[last]}}
}

// variable gives a row for each category with the nets, then the boxes, then
// the statistics; of a set, a row for each item.
func (t *tabling) variable(spec survey.RowSpec) ([]block, survey.Problems) {
	if set := t.Table.Set(spec.Variable); set != nil && t.Table.Lookup(spec.Variable) == nil {
		return t.set(spec, *set)
	}
	c, problems := t.classify(spec.Variable)
	if len(problems) > 0 {
		return nil, problems
	}
	v := t.Table.Lookup(spec.Variable)
	answers := len(c.Values)
	t.countsOf(spec, v)
	axis := engine.Categories(v.Name, c)
	if spec.Base == baseAll {
		c, axis = t.withoutAnswer(c, v)
	}
	s := stub{variable: v, name: v.Name, classes: c, title: or(spec.Label, v.Title()), answers: answers, all: upTo(len(c.Values))}
	lines, problems := s.layout(spec)
	b := block{title: s.title, reads: []string{v.Name}, axes: []engine.Axis{axis}, lines: lines, below: spec.Place == below}
	boxes, ps := s.boxes(spec)
	b.lines = append(b.lines, boxes...)
	rest, more := t.statistics(spec.Variable, s.title, spec.Statistics)
	return append([]block{b}, rest...), append(append(problems, ps...), more...)
}

// summary gives only the statistics of a number.
func (t *tabling) summary(spec survey.RowSpec) ([]block, survey.Problems) {
	wanted := spec.Statistics
	if len(wanted) == 0 {
		wanted = []survey.Statistic{"mean", "median", "sd"}
	}
	title := spec.Summary
	if v := t.Table.Lookup(spec.Summary); v != nil {
		title = v.Title()
	}
	return t.statistics(spec.Summary, or(spec.Label, title), wanted)
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

// proportion is a line for some categories of a variable or a set.
func proportion(variable, label string, count, base []int) line {
	return line{
		Row:       survey.Row{Label: label, Kind: survey.RowShare},
		statistic: estimate.Proportion.Name, variable: variable, category: label,
		count: count, base: base, shows: survey.AsPercent,
	}
}

// split repeats a block's line for each category of the variable that the
// request splits by.
func (t *tabling) split(b block, spec survey.RowSpec) ([]block, survey.Problems) {
	if spec.By == "" {
		return []block{b}, nil
	}
	c, problems := t.classify(spec.By)
	if len(problems) > 0 {
		return nil, problems
	}
	whole, cells := b.lines[0], b.cells()
	out := b
	out.axes, out.lines = append([]engine.Axis{engine.Categories(spec.By, c)}, b.axes...), nil
	for k, label := range c.Labels {
		l := whole
		l.Group, l.Label = whole.Label, label
		l.group, l.labels = one(spec.By, c.Values[k]), one(spec.By, survey.TextValue(label))
		shift := k * cells
		l.count, l.base = moved(whole.count, shift), moved(whole.base, shift)
		l.otherCount, l.otherBase, l.either = moved(whole.otherCount, shift), moved(whole.otherBase, shift), moved(whole.either, shift)
		l.madeOf = nil
		for _, d := range whole.madeOf {
			l.madeOf = append(l.madeOf, protect.Division{Axes: out.axes, Count: moved(d.Count, shift), Base: moved(d.Base, shift)})
		}
		out.lines = append(out.lines, l)
	}
	return []block{out}, nil
}

// bases are the cells of the line's base, or of both bases of a ratio.
func (l line) bases() [][]int {
	if l.Kind == survey.RowRatio {
		return [][]int{l.base, l.otherBase}
	}
	return [][]int{l.base}
}

func moved(cells []int, by int) []int {
	out := make([]int, len(cells))
	for i, c := range cells {
		out[i] = c + by
	}
	return out
}

// query asks for the totals of the block under a banner: of 1, then of the answers.
func (b block) query(under banner) engine.Query {
	return engine.Query{Cells: b.axes, Points: under.points, Numbers: b.numbers, Where: append(slices.Clip(under.where), b.where...)}
}

func (b block) cells() int {
	cells, _ := engine.Query{Cells: b.axes}.Size()
	return cells
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

// The bases of a variable's or a set's percentages.
const (
	baseAll       = "all"
	baseResponses = "responses"
)

// set gives a row for each answer of a multiple-response question and for each
// net of them: of those who answered it, of all who were asked, or of all
// responses. A net counts the people who chose any of its answers, each once.
func (t *tabling) set(spec survey.RowSpec, set survey.MultipleResponse) ([]block, survey.Problems) {
	if problems := set.Refuses(spec); len(problems) > 0 {
		return nil, problems
	}
	items, err := t.Answering().Items(t.ctx, set.Name)
	if err != nil {
		return nil, asProblems(err)
	}
	s := stub{name: set.Name, title: or(spec.Label, or(set.Label, set.Name)), answers: len(items)}
	if spec.Base == baseAll {
		items = append(slices.Clip(items), survey.Item{Value: survey.TextValue(""), Label: survey.NoAnswer})
	}
	for _, item := range items {
		s.classes.Values, s.classes.Labels = append(s.classes.Values, item.Value), append(s.classes.Labels, item.Label)
	}
	s.all = upTo(len(items))
	lines, problems := s.layout(spec)
	t.remarkSet(spec)
	t.read(set.Name)
	out := make([]block, len(lines))
	for i, l := range lines {
		chosen := func(some ...int) []engine.Axis {
			return []engine.Axis{engine.Chosen{Set: set.Name, Items: some, Asked: spec.Base == baseAll}}
		}
		axes := chosen(l.count...)
		if l.Kind == survey.RowNet {
			for _, k := range l.count {
				l.madeOf = append(l.madeOf, protect.Division{Axes: chosen(k), Count: []int{1}, Base: []int{0, 1}})
			}
		}
		reads := []string{set.Name}
		if set.Counted != nil {
			reads = nil
			for _, k := range l.count {
				reads = append(reads, items[k].Value.String())
			}
		}
		l.count, l.base = []int{1}, []int{0, 1}
		out[i] = block{title: s.title, reads: reads, axes: axes, lines: []line{l}, below: spec.Place == below}
		if spec.Base == baseResponses {
			out[i].numbers = responses(set.Name, len(items))
		}
	}
	return out, problems
}

func (t *tabling) remarkSet(spec survey.RowSpec) {
	switch spec.Base {
	case baseResponses:
		t.remark("Percentages are of all responses, of which a respondent may have given several; bases count respondents.")
	case baseAll:
		t.remark("Respondents could choose several answers, so percentages may add to more than 100; the base is everybody who was asked any of them, with or without an answer; rows that the data leave empty were not asked unless the study says so.")
	default:
		t.remark("Respondents could choose several answers, so percentages may add to more than 100; the base is everybody who answered.")
	}
	if len(spec.Nets) > 0 {
		t.remark("A net counts the respondents who chose any of its answers, each of them once.")
	}
}

// responses are 1 and the number of items that a row chose, where it answered.
func responses(set string, items int) []engine.Number {
	sum := engine.Sum{Factors: [][]float64{slices.Repeat([]float64{1}, items)}}
	for k := range items {
		sum.Of = append(sum.Of, engine.Place{Of: engine.Chosen{Set: set, Items: []int{k}}})
	}
	return []engine.Number{engine.Given{sum}, sum}
}
