package prepare

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/expression"
)

// checkDrivers checks a table of drivers, whose rows and column are given.
func (p *preparer) checkDrivers(at string, spec survey.TableSpec) {
	d := spec.Drivers
	if d == nil {
		return
	}
	at += ".drivers"
	given := laidOut(spec)
	given["cohorts"] = spec.Cohorts != nil
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if given[key] {
			p.fault(at, survey.Problem{Message: "a table of drivers has one column and its own order, so " + key + " has no meaning", Remedy: "leave " + key + " out, or narrow the analysis with filter"})
		}
	}
	read := p.outcome(at+".outcome", d.Outcome)
	seen, before := map[string]bool{}, len(p.faults)
	for j, item := range d.Items {
		here := fmt.Sprintf("%s.items[%d]", at, j)
		for _, v := range p.indicator(here, item) {
			if slices.Contains(read, v.Name) {
				p.fault(here, survey.Problem{Variable: v.Name, Message: "the outcome is among its drivers", Remedy: "leave it out of the drivers"})
			}
			if seen[v.Name] {
				p.fault(here, survey.Problem{Variable: v.Name, Message: "the driver is listed twice", Remedy: "name each driver once"})
			}
			seen[v.Name] = true
		}
	}
	if len(seen) == 1 && len(p.faults) == before {
		p.fault(at+".items", survey.Problem{Message: "importance needs at least two drivers", Remedy: "name more drivers"})
	}
}

// outcome checks a variable of numbers or a condition and returns the variables
// that it reads.
func (p *preparer) outcome(at, text string) []string {
	if p.table.Lookup(text) != nil {
		p.counting(at, text)
		return []string{text}
	}
	e, err := expression.CompileValue(text, p.table)
	p.compiled(at, err)
	if err != nil {
		return nil
	}
	return e.Variables()
}

// measures are what may stand behind an item's name.
var measures = []string{string(survey.Nominal), string(survey.Ordinal), string(survey.Scale)}

// indicators finds the variables of many items.
func (p *preparer) indicators(at string, items []string) (found []*survey.Variable) {
	for j, item := range items {
		found = append(found, p.indicator(fmt.Sprintf("%s[%d]", at, j), item)...)
	}
	return found
}

// indicator finds the variables of an item such as q1, q1:scale or a group.
func (p *preparer) indicator(at, item string) []*survey.Variable {
	name, measure, declared := strings.Cut(item, ":")
	found, _ := p.items(at, []string{name})
	if declared && !slices.Contains(measures, measure) {
		p.fault(at, survey.Problem{Value: measure, Message: "is not a level of measurement", Remedy: fmt.Sprintf("write %s:nominal, :ordinal or :scale", name)})
	}
	return found
}
