package tabulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/estimate"
)

// stub lays out the categories of a variable, or the answers of a set, as
// lines that count some of them.
type stub struct {
	name, title string
	classes     survey.Classes
	// answers is the number of categories that are answers; those after them say
	// why there is none.
	answers int
	// all are the categories of the base.
	all []int
	// variable is nil for a set, which has no scale.
	variable *survey.Variable
}

// net is several categories under one name.
type net struct {
	label   string
	members []int
}

func (s stub) category(k int) line {
	l := proportion(s.name, s.classes.Labels[k], []int{k}, s.all)
	l.Group, l.code, l.fixed = s.title, &s.classes.Values[k], k >= s.answers
	if s.variable != nil && !l.fixed {
		l.Scale = s.variable.Scale()
	}
	return l
}

func (s stub) net(n net) line {
	l := proportion(s.name, n.label, n.members, s.all)
	l.Group, l.Kind = s.title, survey.RowNet
	return l
}

// layout are the categories and nets that a request asks for.
func (s stub) layout(spec survey.RowSpec) ([]line, survey.Problems) {
	chosen, problems := find(s.classes, spec.Categories, s.all, s.name)
	var nets []net
	for _, n := range spec.Nets {
		members, ps := find(s.classes, n.Values, nil, s.name)
		problems = append(problems, ps...)
		nets = append(nets, net{n.Label, members})
	}
	return s.lines(chosen, nets, spec.Place), problems
}

// The places of nets; without one they come after all categories.
const (
	above = "above"
	below = "below"
)

// lines are the chosen categories and the nets.
func (s stub) lines(chosen []int, nets []net, place string) []line {
	if place != "" {
		return s.nested(chosen, nets, place)
	}
	var out []line
	for _, k := range chosen {
		out = append(out, s.category(k))
	}
	for _, n := range nets {
		l := s.net(n)
		l.fixed = true
		out = append(out, l)
	}
	return out
}

// branch is a category, or a net with what is under it.
type branch struct {
	line     line
	first    int // the place of its first category
	children []*branch
}

// nested puts every category and net under the smallest net that holds it.
func (s stub) nested(chosen []int, nets []net, place string) []line {
	branches := make([]*branch, len(nets))
	for i, n := range nets {
		branches[i] = &branch{line: s.net(n), first: len(chosen)}
		for _, k := range n.members {
			if at := slices.Index(chosen, k); at >= 0 {
				branches[i].first = min(branches[i].first, at)
			}
		}
	}
	root := &branch{}
	// The smallest net that holds all members, other than the net itself: the first of
	// several, but of nets with the same members each holds the next.
	under := func(members []int, self int) *branch {
		best := -1
		for i, n := range nets {
			twin := self < len(nets) && len(n.members) == len(members) && i > self
			if i == self || twin || !holdsEach(n.members, members) {
				continue
			}
			if best < 0 || len(n.members) < len(nets[best].members) || len(n.members) == len(nets[best].members) && holdsEach(nets[best].members, n.members) {
				best = i
			}
		}
		if best >= 0 {
			return branches[best]
		}
		return root
	}
	for i, n := range nets {
		parent := under(n.members, i)
		parent.children = append(parent.children, branches[i])
	}
	for at, k := range chosen {
		parent := under([]int{k}, len(nets))
		parent.children = append(parent.children, &branch{line: s.category(k), first: at})
	}
	return root.lines(0, place)
}

func holdsEach(all, some []int) bool {
	return !slices.ContainsFunc(some, func(k int) bool { return !slices.Contains(all, k) })
}

// lines writes the branches under b in the order of their first categories.
func (b *branch) lines(indent int, place string) []line {
	slices.SortStableFunc(b.children, func(p, q *branch) int { return cmp.Compare(p.first, q.first) })
	var out []line
	for _, c := range b.children {
		c.line.Indent = indent
		inside := c.lines(indent+1, place)
		if place == below {
			out = append(append(out, inside...), c.line)
		} else {
			out = append(append(out, c.line), inside...)
		}
	}
	return out
}

// boxes gives the share in the codes of a scale with the highest and the lowest values.
func (s stub) boxes(spec survey.RowSpec) ([]line, survey.Problems) {
	var out []line
	var problems survey.Problems
	answers := survey.Classes{Values: s.classes.Values[:s.answers], Labels: s.classes.Labels[:s.answers]}
	for _, box := range []struct {
		codes           int
		name, statistic string
		highest         bool
	}{
		{spec.Top, "Top", estimate.TopBox.Name, true},
		{spec.Bottom, "Bottom", estimate.BottomBox.Name, false},
	} {
		if box.codes == 0 {
			continue
		}
		members, problem := s.variable.Box(answers, box.codes, box.highest)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		short := fmt.Sprintf("%s %d box", box.name, box.codes)
		// The categories from their end of the scale inwards: the first two and the last
		// of more than five, long ones without their ends.
		const most, letters = 5, 40
		names := make([]string, len(members))
		for i, k := range members {
			if box.highest {
				i = len(members) - 1 - i
			}
			names[i] = s.classes.Labels[k]
			if r := []rune(names[i]); len(r) > letters {
				names[i] = strings.TrimSpace(string(r[:letters-1])) + "…"
			}
		}
		if last := len(names) - 1; last >= most {
			names = []string{names[0], names[1], "…", names[last]}
		}
		l := s.net(net{short + ": " + strings.Join(names, ", "), members})
		l.statistic, l.Short, l.fixed = box.statistic, short, true
		out = append(out, l)
	}
	return out, problems
}
