package tabulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
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
		return nil, survey.Problems{survey.UnknownName("variable", spec.Verbatim, t.Table.Names())}
	case !v.IsText():
		return nil, survey.Problems{{Variable: v.Name, Message: "holds numbers, and verbatim answers are text", Remedy: "ask for variable in place of verbatim"}}
	}
	listed := t.frequent(v, cmp.Or(spec.Limit, verbatimRows), cmp.Or(spec.AtLeast, verbatimAtLeast))
	t.read(v.Name)
	title := or(spec.Label, v.Title())
	b := block{title: title, reads: []string{v.Name}, cell: make([]int32, t.Table.Rows), cells: len(listed) + 1}
	place := map[string]int32{}
	for k, a := range listed {
		place[a.key] = int32(k)
		l := proportion(v.Name, a.text, []int{k}, upTo(b.cells))
		l.Group = title
		b.lines = append(b.lines, l)
	}
	rest := proportion(v.Name, "Other answers", []int{len(listed)}, upTo(b.cells))
	rest.Group, rest.fixed = title, true
	b.lines = append(b.lines, rest)
	for i, ok := range v.Valid() {
		b.cell[i] = -1
		if x, _ := v.At(i); ok && folded(x.Text) != "" {
			k, known := place[folded(x.Text)]
			b.cell[i] = int32(len(listed))
			if known {
				b.cell[i] = k
			}
		}
	}
	t.remark(fmt.Sprintf("Answers that fewer than %d respondents gave are not listed.", cmp.Or(spec.AtLeast, verbatimAtLeast)))
	return []block{b}, nil
}

// folded is a text without the differences that make no other answer.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// answer is a verbatim answer with the number of respondents who gave it.
type answer struct {
	key, text   string
	respondents int
}

// frequent lists the answers of at least so many respondents.
func (t *tabling) frequent(v *survey.Variable, limit, atLeast int) []answer {
	spellings := map[string]map[string]int{}
	for i, ok := range v.Valid() {
		x, _ := v.At(i)
		key := folded(x.Text)
		if !ok || key == "" || t.frame.Weights[i] == 0 || t.keep != nil && !t.keep[i] {
			continue
		}
		if spellings[key] == nil {
			spellings[key] = map[string]int{}
		}
		spellings[key][strings.Join(strings.Fields(x.Text), " ")]++
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
