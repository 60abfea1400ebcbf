package tabulate

import (
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/tabulate/protect"
)

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
	items, err := t.data().Items(t.ctx, set.Name)
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
			reads = chosenOf(items, l.count)
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

// chosenOf are the variables of some items of a set of dichotomies.
func chosenOf(items []survey.Item, some []int) []string {
	out := make([]string, len(some))
	for i, k := range some {
		out[i] = items[k].Value.String()
	}
	return out
}

// responses are 1 and the number of items that a row chose, where it answered.
func responses(set string, items int) []engine.Number {
	sum := engine.Sum{Factors: [][]float64{slices.Repeat([]float64{1}, items)}}
	for k := range items {
		sum.Of = append(sum.Of, engine.Place{Of: engine.Chosen{Set: set, Items: []int{k}}})
	}
	return []engine.Number{engine.Given{sum}, sum}
}
