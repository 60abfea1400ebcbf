package segment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// wording says in words and as expressions which answers lead to a node.
type wording struct {
	branches *Branches
	items    []Indicator
	// gaps marks the items that somebody did not answer.
	gaps []bool
}

// branch are the answers that lead to a node from the one above.
type branch struct {
	item Indicator
	cuts []float64
	// taken are the categories that lead here, others those that lead elsewhere.
	taken, others []int
	// none is whether no answer leads here, gaps whether that occurs.
	none, gaps bool
}

func (w wording) branch(n int) branch {
	parent := w.branches.Nodes[w.branches.Nodes[n].Parent]
	b := branch{item: w.items[parent.Item], cuts: w.branches.Cuts[parent.Item], gaps: w.gaps[parent.Item]}
	last := len(parent.Child) - 1
	for c, child := range parent.Child[:last] {
		if int(child) == n {
			b.taken = append(b.taken, c)
		} else {
			b.others = append(b.others, c)
		}
	}
	b.none = int(parent.Child[last]) == n
	return b
}

// path joins the conditions from the root down.
func (w wording) path(n int) string {
	if w.branches.Nodes[n].Parent < 0 {
		return "Everybody"
	}
	var parts []string
	for ; w.branches.Nodes[n].Parent >= 0; n = w.branches.Nodes[n].Parent {
		parts = append(parts, w.condition(n))
	}
	slices.Reverse(parts)
	return strings.Join(parts, "; ")
}

// condition is the last step to a node.
func (w wording) condition(n int) string {
	if w.branches.Nodes[n].Parent < 0 {
		return "Everybody"
	}
	b := w.branch(n)
	answers := b.answers()
	switch {
	case len(b.taken) == 0:
		answers = "no answer"
	case len(b.others) == 0:
		answers = "any answer"
	}
	if b.none && b.gaps && len(b.taken) > 0 {
		answers += " or no answer"
	}
	return called(b.item.Variable) + ": " + answers
}

func (b branch) answers() string {
	if len(b.taken) == 0 {
		return ""
	}
	first, last := b.taken[0], b.taken[len(b.taken)-1]
	if b.item.Measure == survey.Scale {
		switch {
		case first == 0:
			return "up to " + survey.FormatNumber(b.cuts[last])
		case last == len(b.cuts):
			return "over " + survey.FormatNumber(b.cuts[first-1])
		}
		return fmt.Sprintf("over %s to %s", survey.FormatNumber(b.cuts[first-1]), survey.FormatNumber(b.cuts[last]))
	}
	labels := b.item.Classes.Labels
	if b.item.Measure == survey.Ordinal && last-first == len(b.taken)-1 && last-first > 1 {
		return labels[first] + " to " + labels[last]
	}
	var names []string
	for _, c := range b.taken {
		names = append(names, labels[c])
	}
	return strings.Join(names, ", ")
}

// where is the expression of the people of a node, which can be judged of
// everybody, with an answer or without; only a condition on a text is not for
// those who left it out. It is "1 == 1" at the root.
func (w wording) where(n int) string {
	if w.branches.Nodes[n].Parent < 0 {
		return "1 == 1"
	}
	var parts []string
	for ; w.branches.Nodes[n].Parent >= 0; n = w.branches.Nodes[n].Parent {
		parts = append(parts, w.branch(n).expression())
	}
	slices.Reverse(parts)
	return strings.Join(parts, " and ")
}

func (b branch) expression() string {
	answer := expression.Quote(b.item.Variable.Name)
	switch {
	case len(b.taken) == 0:
		return "missing(" + answer + ")"
	case len(b.others) == 0:
		return "valid(" + answer + ")"
	case b.gaps && !b.item.Variable.IsText():
		answer = fmt.Sprintf("answer(%s, %s)", answer, number(b.standIn()))
	}
	if b.item.Measure == survey.Scale {
		return b.interval(answer)
	}
	return answer + " in [" + b.values() + "]"
}

// standIn is an answer that leads where no answer does: here, or elsewhere.
func (b branch) standIn() float64 {
	c := b.others[0]
	if b.none {
		c = b.taken[0]
	}
	if b.item.Measure == survey.Scale {
		return b.inside(c)
	}
	return b.item.Classes.Values[c].Number
}

// inside is a number in an interval.
func (b branch) inside(interval int) float64 {
	if interval < len(b.cuts) {
		return b.cuts[interval]
	}
	return b.cuts[len(b.cuts)-1] + 1
}

func (b branch) interval(answer string) string {
	first, last := b.taken[0], b.taken[len(b.taken)-1]
	var parts []string
	if first > 0 {
		parts = append(parts, answer+" > "+number(b.cuts[first-1]))
	}
	if last < len(b.cuts) {
		parts = append(parts, answer+" <= "+number(b.cuts[last]))
	}
	return strings.Join(parts, " and ")
}

func (b branch) values() string {
	var out []string
	for _, c := range b.taken {
		v := b.item.Classes.Values[c]
		if v.IsText {
			out = append(out, strconv.Quote(v.Text))
		} else {
			out = append(out, number(v.Number))
		}
	}
	return strings.Join(out, ", ")
}

// number writes a number in full precision, as expressions read it.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
