package tabulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// The defaults of a list of verbatim answers.
const (
	verbatimRows    = 20
	verbatimAtLeast = 5
)

// verbatim lists the texts that enough respondents of the table gave, most
// frequent first; all other answers are one row. Texts that differ only in
// case or blanks are one answer, written as most wrote it.
func (t *tabling) verbatim(spec survey.RowSpec) ([]block, survey.Problems) {
	v := t.Table.Lookup(spec.Verbatim)
	switch {
	case v == nil:
		return nil, survey.Problems{t.Table.Unknown(spec.Verbatim)}
	case !v.IsText():
		return nil, survey.Problems{{Variable: v.Name, Message: "is a number, and verbatim answers are text", Remedy: "use variable in place of verbatim"}}
	}
	listed := t.frequent(v, cmp.Or(spec.Limit, verbatimRows), cmp.Or(spec.AtLeast, verbatimAtLeast))
	t.read(v.Name)
	title := or(spec.Label, v.Title())
	axis := engine.Texts{Column: v.Name}
	for _, a := range listed {
		axis.Folded = append(axis.Folded, a.key)
	}
	b := block{title: title, reads: []string{v.Name}, axes: []engine.Axis{axis}}
	for k, a := range listed {
		l := proportion(v.Name, a.text, []int{k}, upTo(axis.Cells()))
		l.Group = title
		b.lines = append(b.lines, l)
	}
	rest := proportion(v.Name, "Other answers", []int{len(listed)}, upTo(axis.Cells()))
	rest.Group, rest.fixed = title, true
	b.lines = append(b.lines, rest)
	t.remark(fmt.Sprintf("Answers that fewer than %d respondents gave are not listed.", cmp.Or(spec.AtLeast, verbatimAtLeast)))
	return []block{b}, nil
}

// answer is a verbatim answer with the number of respondents who gave it.
type answer struct {
	key, text   string
	respondents int
}

// frequent lists the answers of at least so many respondents.
func (t *tabling) frequent(v *survey.Variable, limit, atLeast int) []answer {
	c, err := t.Answering().Categories(t.ctx, v.Name)
	if err != nil {
		t.making.fail(err)
	}
	spellings := map[string]map[string]int{}
	for k, n := range t.counts(t.frame, engine.Query{Cells: []engine.Axis{engine.Categories(v.Name, c)}, Where: t.where}) {
		text := c.Values[k].Text
		key := engine.Folded(text)
		if n == 0 || key == "" {
			continue
		}
		if spellings[key] == nil {
			spellings[key] = map[string]int{}
		}
		spellings[key][strings.Join(strings.Fields(text), " ")] += n
	}
	var out []answer
	for key, texts := range spellings {
		a := answer{key: key}
		most := 0
		for text, n := range texts {
			a.respondents += n
			if n > most || n == most && text < a.text {
				a.text, most = text, n
			}
		}
		if a.respondents >= atLeast {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b answer) int {
		return cmp.Or(cmp.Compare(b.respondents, a.respondents), cmp.Compare(a.text, b.text))
	})
	return out[:min(limit, len(out))]
}
