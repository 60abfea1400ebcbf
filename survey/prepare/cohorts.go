package prepare

import (
	"cmp"
	"fmt"

	"surveykit/survey"
)

// checkCohorts checks a table of cohorts, whose columns are given.
func (p *preparer) checkCohorts(at string, spec survey.TableSpec) {
	c := spec.Cohorts
	if c == nil {
		return
	}
	at += ".cohorts"
	for key, given := range laidOut(spec) {
		if given {
			p.fault(at, survey.Problem{Message: "the columns of cohorts are two waves and their changes, so " + key + " has no meaning", Remedy: "leave " + key + " out, or use changes in place of cohorts"})
		}
	}
	if spec.Grid != nil {
		p.fault(at, survey.Problem{Message: "a grid has no cohorts", Remedy: "use rows in place of grid"})
	}
	p.counting(at+".age", c.Age)
	p.ranges(at+".brackets", c.Brackets)
	name := cmp.Or(c.Variable, p.study.Design.WaveVariable)
	if name == "" {
		p.fault(at, survey.Problem{Message: "no variable holds the waves", Remedy: "give variable, or design.wave_variable"})
		return
	}
	if v := p.variable(at+".variable", name); v != nil {
		from, to := p.match(at+".from", v, c.From), p.match(at+".to", v, c.To)
		if len(from) > 0 && len(to) > 0 {
			if _, problem := c.Span(v.LabelOf(from[0]), v.LabelOf(to[0])); problem != nil {
				p.fault(fmt.Sprintf("%s.years", at), *problem)
			}
		}
	}
}
