package prepare

import (
	"fmt"
	"path"
	"slices"

	"surveykit/survey"
)

// checkWeights checks the study's further weights.
func (p *preparer) checkWeights() {
	seen := map[string]bool{}
	for i, w := range p.study.Weights {
		at := fmt.Sprintf("$.weights[%d]", i)
		p.uniqueName(at, "weight", w.Name, seen)
		p.numeric(at+".weight", w.Weight)
		p.checkReplicates(at+".replicates", w.Replicates)
		if _, problem := p.study.Design.With(w); problem != nil {
			problem.Remedy = "give it its own replicates"
			p.fault(at, *problem)
		}
	}
}

// checkWeight checks the weight of a table: one of the study's, or a variable.
func (p *preparer) checkWeight(at, name string) {
	if name == "" || p.study.OwnWeight(name) != nil {
		return
	}
	if p.table.Lookup(name) == nil && len(p.study.Weights) > 0 {
		names := p.table.Known()
		for _, w := range p.study.Weights {
			names = append(names, w.Name)
		}
		p.fault(at, survey.UnknownName("weight or variable", name, names))
		return
	}
	if p.numeric(at, name) == nil {
		return
	}
	if _, problem := p.study.Design.With(survey.FurtherWeight{Weight: name}); problem != nil {
		p.fault(at, *problem)
	}
}

func (p *preparer) checkReplicates(at string, r *survey.ReplicateSpec) {
	if r != nil && !slices.ContainsFunc(p.table.Names(), func(name string) bool {
		fits, err := path.Match(r.Columns, name)
		return err == nil && fits
	}) {
		p.fault(at+".columns", survey.Problem{Value: r.Columns, Message: "the pattern matches no variable",
			Remedy: "write the common prefix of the columns and a star, such as pwgtp*"})
	}
}
