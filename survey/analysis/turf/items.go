package turf

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// item is something to be wanted.
type item struct {
	name, label string
	// wanted sorts the rows: 1 wants it, 0 does not, and others gave no answer.
	wanted engine.Axis
}

// itemsOf reads the items from a set or from variables.
func itemsOf(t *survey.Table, o Options) ([]item, survey.Problems) {
	var items []item
	var problems survey.Problems
	if o.Set != "" {
		set := t.Set(o.Set)
		if set == nil {
			return nil, survey.Problems{survey.UnknownName("multiple-response set", o.Set, setNames(t))}
		}
		for k, x := range t.Items(*set) {
			items = append(items, item{x.Value.String(), x.Label, engine.Chosen{Set: set.Name, Items: []int{k}}})
		}
	}
	for _, name := range o.Items {
		x, err := conditional(t, name, o.Chosen)
		problems = append(problems, err...)
		items = append(items, x)
	}
	if n := len(items); n < 2 || n > MostItems {
		problems = append(problems, survey.Problem{Message: fmt.Sprintf("there are %d items", n), Remedy: fmt.Sprintf("give 2 to %d", MostItems)})
	}
	return items, problems
}

// variablesOf are the variables behind the items.
func variablesOf(t *survey.Table, o Options) []string {
	names := slices.Clone(o.Items)
	if set := t.Set(o.Set); set != nil {
		names = append(names, set.Variables...)
	}
	return names
}

func setNames(t *survey.Table) []string {
	names := make([]string, len(t.Sets))
	for i, s := range t.Sets {
		names[i] = s.Name
	}
	return names
}

// conditional is a variable that is wanted where a condition on value holds.
func conditional(t *survey.Table, name, chosen string) (item, survey.Problems) {
	v := t.Lookup(name)
	if v == nil {
		return item{}, survey.Problems{t.Unknown(name)}
	}
	source, err := expression.Rename(chosen, "value", name)
	if err == nil {
		_, err = expression.CompilePart(source, t)
	}
	if problems, ok := err.(survey.Problems); ok {
		for i := range problems {
			problems[i].Message = "for " + name + ": " + problems[i].Message
		}
		return item{}, problems
	}
	if err != nil {
		return item{}, survey.Problems{{Variable: name, Message: err.Error()}}
	}
	return item{name, v.Title(), engine.Truth{Source: source, Part: true}}, nil
}

// usualSize is the largest bundle that is looked at without being asked for.
const usualSize = 5

// rulesOf turns names into sets and checks that every size can be met.
func rulesOf(items []item, o Options) (rules, []int, survey.Problems) {
	require, problems := named(items, o.Require)
	exclude, more := named(items, o.Exclude)
	problems = append(problems, more...)
	for _, j := range (require & exclude).Items() {
		problems = append(problems, survey.Problem{Value: items[j].label, Message: "is both required and excluded", Remedy: "keep one of the two"})
	}
	least, most := max(o.Depth, require.Len()), len(items)-exclude.Len()
	sizes := o.Sizes
	if len(sizes) == 0 {
		for size := least; size <= min(most, max(least, usualSize)); size++ {
			sizes = append(sizes, size)
		}
	}
	impossible := func(size int) bool { return size < least || size > most }
	if len(sizes) == 0 || slices.ContainsFunc(sizes, impossible) {
		problems = append(problems, survey.Problem{Message: fmt.Sprintf("bundles of these items have from %d to %d of them", least, most),
			Remedy: fmt.Sprintf("%d are given, %d required, %d excluded, and %d wanted ones reach a person: change the sizes or these numbers", len(items), require.Len(), exclude.Len(), o.Depth)})
	}
	return rules{Require: require, Exclude: exclude, Keep: o.Keep}, sizes, problems
}

// named is the set of items with these labels or names.
func named(items []item, names []string) (set, survey.Problems) {
	var s set
	var problems survey.Problems
	var known []string
	for _, x := range items {
		known = append(known, x.label, x.name)
	}
	slices.Sort(known)
	for _, name := range names {
		found := set(0)
		for j, x := range items {
			if x.label == name || x.name == name {
				found |= 1 << j
			}
		}
		if found == 0 {
			problems = append(problems, survey.UnknownName("item", name, slices.Compact(known)))
		}
		s |= found
	}
	return s, problems
}
