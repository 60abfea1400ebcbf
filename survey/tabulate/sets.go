package tabulate

import (
	"slices"

	"surveykit/survey"
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
	items := t.Table.Items(set)
	s := stub{name: set.Name, title: or(spec.Label, or(set.Label, set.Name)), answers: len(items)}
	if spec.Base == baseAll {
		items = withUnanswered(items, t.Table.Asked(set))
	}
	for _, item := range items {
		s.classes.Values, s.classes.Labels = append(s.classes.Values, item.Value), append(s.classes.Labels, item.Label)
	}
	s.all = upTo(len(items))
	lines, problems := s.layout(spec)
	var responses []float64
	var valid []bool
	if spec.Base == baseResponses {
		responses, valid = chosen(items, t.Table.Rows)
	}
	t.remarkSet(spec)
	t.read(set.Name)
	out := make([]block, len(lines))
	for i, l := range lines {
		cell := anyOf(items, l.count, t.Table.Rows)
		if l.Kind == survey.RowNet {
			for _, k := range l.count {
				l.madeOf = append(l.madeOf, division{items[k].Index, []int{1}, []int{0, 1}})
			}
		}
		reads := []string{set.Name}
		if set.Counted != nil {
			reads = chosenOf(items, l.count)
		}
		l.count, l.base = []int{1}, []int{0, 1}
		out[i] = block{title: s.title, reads: reads, cell: cell, cells: 2, value: responses, valid: valid, lines: []line{l}, below: spec.Place == below}
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

// withUnanswered widens the base of a set's items to everybody who was asked,
// and adds those without an answer as a last item.
func withUnanswered(items []survey.Item, asked []bool) []survey.Item {
	none := survey.Item{Value: survey.TextValue(""), Label: noAnswer, Index: make([]int32, len(asked))}
	out := make([]survey.Item, len(items))
	for k, item := range items {
		out[k] = item
		out[k].Index = slices.Clone(item.Index)
	}
	for i := range asked {
		switch {
		case len(items) > 0 && items[0].Index[i] >= 0:
		case !asked[i]:
			none.Index[i] = -1
		default:
			none.Index[i] = 1
			for k := range out {
				out[k].Index[i] = 0
			}
		}
	}
	return append(out, none)
}

// anyOf is 1 where a row chose any of some items, 0 where it is in the base and
// did not, -1 outside.
func anyOf(items []survey.Item, some []int, rows int) []int32 {
	if len(some) == 1 {
		return items[some[0]].Index
	}
	out := make([]int32, rows)
	for i := range out {
		out[i] = -1
		for _, k := range some {
			out[i] = max(out[i], items[k].Index[i])
		}
	}
	return out
}

// chosenOf are the variables of some items of a set of dichotomies.
func chosenOf(items []survey.Item, some []int) []string {
	out := make([]string, len(some))
	for i, k := range some {
		out[i] = items[k].Value.String()
	}
	return out
}

// chosen counts each row's responses.
func chosen(items []survey.Item, rows int) (responses []float64, valid []bool) {
	responses, valid = make([]float64, rows), make([]bool, rows)
	for _, item := range items {
		for i, k := range item.Index {
			valid[i] = true
			if k == 1 {
				responses[i]++
			}
		}
	}
	return responses, valid
}
