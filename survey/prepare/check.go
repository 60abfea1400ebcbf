package prepare

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
)

// CheckTables checks a study's design and tables against the table that Apply
// made: every variable, set and group exists, every category occurs or is
// labelled, every expression compiles, and no two tables have one id. Notices are
// those of the table and what else there is to say of how its answers are used.
func CheckTables(t *survey.Table, study *survey.Study) (notices survey.Notices, faults []survey.Fault) {
	own := *t
	p := &preparer{study: study, table: &own}
	p.checkDesign()
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
	p.faultsAt("$.tests", study.Tests.CheckLevels())
	ids := map[string]bool{}
	for k, spec := range study.Tables {
		at := fmt.Sprintf("$.tables[%d]", k)
		if ids[spec.ID] {
			p.fault(at+".id", survey.Problem{Value: spec.ID, Message: "two tables have this id", Remedy: "give each table an id of its own"})
		}
		ids[spec.ID] = true
		p.checkTable(at, spec)
	}
	return p.table.Notices, p.faults
}

func (p *preparer) faultsAt(at string, problems survey.Problems) {
	for _, problem := range problems {
		p.fault(at, problem)
	}
}

func (p *preparer) checkDesign() {
	d := p.study.Design
	at := "$.design"
	if problem := d.Level.Or(survey.DefaultLevel).Check("the confidence level"); problem != nil {
		p.fault(at+".level", *problem)
	}
	_, problems := estimate.Designed(d)
	p.faultsAt(at, problems)
	if d.Weight != "" {
		p.numeric(at+".weight", d.Weight)
	}
	p.optional(at+".strata", d.Strata)
	p.optional(at+".wave_variable", d.WaveVariable)
	for i, name := range d.PSU {
		p.variable(fmt.Sprintf("%s.psu[%d]", at, i), name)
	}
	for i, name := range d.FPC {
		p.numeric(fmt.Sprintf("%s.fpc[%d]", at, i), name)
	}
	p.checkReplicates(at+".replicates", d.Replicates)
}

func (p *preparer) checkTable(at string, spec survey.TableSpec) {
	for j, row := range spec.Rows {
		p.checkRow(fmt.Sprintf("%s.rows[%d]", at, j), row)
	}
	for j, column := range spec.Columns {
		p.checkColumn(fmt.Sprintf("%s.columns[%d]", at, j), column)
	}
	p.checkGrid(at, spec)
	p.checkCohorts(at, spec)
	p.checkAnalysis(at, spec)
	p.checkWeight(at+".weight", spec.Weight)
	for j, change := range spec.Changes {
		here := fmt.Sprintf("%s.changes[%d]", at, j)
		if v := p.variable(here+".variable", change.Variable); v != nil {
			p.match(here+".from", v, change.From)
			p.match(here+".to", v, change.To)
		}
		if change.Decompose != nil {
			for k, name := range change.Decompose.By {
				p.variable(fmt.Sprintf("%s.decompose.by[%d]", here, k), name)
			}
		}
	}
	for j, trend := range spec.Trends {
		p.variable(fmt.Sprintf("%s.trends[%d].variable", at, j), trend.Variable)
	}
	if spec.Tests != (survey.TestSpec{}) {
		p.faultsAt(at+".tests", spec.Tests.Over(p.study.Tests).CheckLevels())
	}
	p.condition(at+".filter", spec.Filter)
}

func (p *preparer) checkRow(at string, row survey.RowSpec) {
	p.checkStub(at, row)
	p.checkGroup(at, row)
	for _, form := range survey.RowForms {
		if form.Names == nil || !form.Given(row) {
			continue
		}
		for _, name := range form.Names(row) {
			p.checkRowName(at+name.Path, name)
		}
	}
	p.optional(at+".by", row.By)
}

func (p *preparer) checkRowName(at string, name survey.RowName) {
	switch v := p.table.Lookup(name.Text); {
	case name.Text == "":
	case name.What == survey.RowCondition:
		p.condition(at, name.Text)
	case name.What == survey.RowNumbers:
		p.counting(at, name.Text)
	case v != nil && !v.IsText():
		p.fault(at, survey.Problem{Variable: v.Name, Message: "the variable is a number, and verbatim answers are text", Remedy: "use variable in place of verbatim"})
	default:
		p.variable(at, name.Text)
	}
}

// checkColumn checks one request of the banner. Segments by membership have
// probabilities, or are still to be found.
func (p *preparer) checkColumn(at string, column survey.ColumnSpec) {
	if column.Variable != "" && p.table.Set(column.Variable) == nil {
		p.variable(at+".variable", column.Variable)
	}
	for k, name := range column.Nest {
		if p.table.Set(name) == nil {
			p.variable(fmt.Sprintf("%s.nest[%d]", at, k), name)
		}
	}
	if name := column.Membership; name != "" && p.variable(at+".membership", name) != nil {
		toCome := slices.ContainsFunc(p.study.Models, func(m survey.Model) bool { return m.Makes() == name })
		if first := survey.MembershipName(name, 1); !toCome && p.table.Lookup(first) == nil {
			p.fault(at+".membership", survey.Problem{Value: name, Message: "has no membership probabilities: there is no variable " + first,
				Remedy: "name segments of the study, or a variable that segment assign wrote with its probabilities"})
		}
	}
	p.condition(at+".where", column.Where)
}

// checkGrid checks a grid, whose columns are its scale.
func (p *preparer) checkGrid(at string, spec survey.TableSpec) {
	if spec.Grid == nil {
		return
	}
	g := p.group(spec.Grid.Group)
	if g == nil {
		p.fault(at+".grid.group", survey.UnknownName("group", spec.Grid.Group, p.groupNames()))
	} else {
		for _, item := range g.Items {
			if v := p.table.Lookup(item); v != nil {
				p.checkBoxes(v, spec.Grid.Top, spec.Grid.Bottom)
			}
		}
	}
	for key, given := range laidOut(spec) {
		if given {
			p.fault(at+"."+key, survey.Problem{Message: "the columns of a grid are the categories of its scale, so " + key + " has no meaning", Remedy: "leave it out, or use rows in place of grid"})
		}
	}
}

// laidOut says which keys that lay out a table are given.
func laidOut(spec survey.TableSpec) map[string]bool {
	return map[string]bool{
		"columns": len(spec.Columns) > 0, "changes": len(spec.Changes) > 0, "trends": len(spec.Trends) > 0,
		"show": len(spec.Show) > 0, "sort": spec.Sort != nil, "small_columns": spec.SmallColumns != "", "total": spec.Total != nil,
	}
}

// checkStub checks a row block of a variable or a multiple-response set.
func (p *preparer) checkStub(at string, row survey.RowSpec) {
	v := p.table.Lookup(row.Variable)
	set := p.table.Set(row.Variable)
	switch {
	case row.Variable == "":
	case v != nil:
		if len(row.Statistics) > 0 {
			p.counting(at+".statistics", row.Variable)
		}
		p.checkBoxes(v, row.Top, row.Bottom)
		for j, x := range row.Categories {
			p.match(fmt.Sprintf("%s.categories[%d]", at, j), v, x)
		}
		for _, net := range row.Nets {
			for j, x := range net.Values {
				p.match(fmt.Sprintf("%s.nets.%s[%d]", at, net.Label, j), v, x)
			}
		}
	case set != nil:
		p.checkSetRow(at, row, *set)
	default:
		names := make([]string, len(p.table.Sets))
		for i, s := range p.table.Sets {
			names[i] = s.Name
		}
		p.fault(at+".variable", p.unknown("variable or set", row.Variable, append(p.table.Known(), names...)))
	}
}

// checkSetRow checks the answers asked for, alone or in nets: labels or values
// of the set's items.
func (p *preparer) checkSetRow(at string, row survey.RowSpec, set survey.MultipleResponse) {
	var names []string
	for _, item := range p.table.Items(set) {
		names = append(names, item.Label, item.Value.String())
	}
	answers := func(at string, values []survey.Value) {
		for j, x := range values {
			if !slices.Contains(names, x.String()) {
				p.fault(fmt.Sprintf("%s[%d]", at, j), survey.UnknownName("answer of the set "+set.Name, x.String(), names))
			}
		}
	}
	answers(at+".categories", row.Categories)
	for _, net := range row.Nets {
		answers(at+".nets."+net.Label, net.Values)
	}
	for _, problem := range set.Refuses(row) {
		p.fault(at, problem)
	}
}

// checkBoxes notes codes that a box may hold, or its base, though they look
// like no answer, whether or not anybody has them.
func (p *preparer) checkBoxes(v *survey.Variable, top, bottom int) {
	if top > 0 || bottom > 0 {
		p.doubt(v, survey.Classify(v).Values...)
	}
}

// checkGroup checks a row for each item of a group: every item has the values.
func (p *preparer) checkGroup(at string, row survey.RowSpec) {
	if row.Group == "" {
		return
	}
	g := p.group(row.Group)
	if g == nil {
		p.fault(at+".group", survey.UnknownName("group", row.Group, p.groupNames()))
		return
	}
	for _, item := range g.Items {
		v := p.table.Lookup(item)
		if v != nil && !v.IsNumeric() && len(row.Values) == 0 {
			p.fault(at+".group", survey.Problem{Variable: item, Message: "the item holds text, so it has no mean", Remedy: fmt.Sprintf("give values, the answers to count, or variables.%s.values, the values of the answers", item)})
		}
		if v != nil && len(row.Values) == 0 {
			p.doubt(v)
		}
		for j := 0; v != nil && j < len(row.Values); j++ {
			p.match(fmt.Sprintf("%s.values[%d]", at, j), v, row.Values[j])
		}
	}
}

func (p *preparer) optional(at, name string) {
	if name != "" {
		p.variable(at, name)
	}
}

func (p *preparer) condition(at, source string) {
	if source != "" {
		_, err := expression.Compile(source, p.table)
		p.compiled(at, err)
	}
}

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
