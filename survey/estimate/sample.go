package estimate

import (
	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// Sample is a table with its design and the domains that figures are wanted for.
type Sample struct {
	Table *survey.Table
	Frame *engine.Frame
	// Level is the confidence level, Interval the method for proportions.
	Level    float64
	Interval stats.IntervalMethod
	// Scale is the scale of the intervals of totals, ratios and index numbers.
	Scale Scale
	// Deff is the reference of the design effect: "", "replace" or "wor".
	Deff string
	// Doubts are answers that count as numbers and hardly should.
	Doubts survey.Notices
	// Warnings say why regressions could not determine what they were asked for.
	Warnings survey.Notices
	// Where is the expression of the domain, "" for everybody.
	where *expression.Expression
	by    []*survey.Variable
	cells domains
}

// Domain says for whom figures are wanted.
type Domain struct {
	// By splits into one domain for each combination that occurs.
	By []string
	// Where keeps the rows for which an expression holds. Rows outside stay in
	// the design: a domain is never a filter.
	Where string
}

// New prepares a sample for estimating. Unknown variables and expressions that
// do not compile are reported together as survey.Problems.
func New(t *survey.Table, f *engine.Frame, d Domain) (*Sample, error) {
	s := &Sample{Table: t, Frame: f, Level: 0.95, Interval: stats.Logit}
	var problems survey.Problems
	for _, name := range d.By {
		if v, err := s.variable(name); err != nil {
			problems = append(problems, err...)
		} else {
			s.by = append(s.by, v)
		}
	}
	if d.Where != "" {
		var err error
		s.where, err = expression.Compile(d.Where, t)
		problems = append(problems, asProblems(err)...)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	s.cells = s.split()
	return s, nil
}

func asProblems(err error) survey.Problems {
	if err == nil {
		return nil
	}
	if ps, ok := err.(survey.Problems); ok {
		return ps
	}
	return survey.Problems{{Message: err.Error()}}
}

// variable finds a variable or says which names are near.
func (s *Sample) variable(name string) (*survey.Variable, survey.Problems) {
	if v := s.Table.Lookup(name); v != nil {
		if v.Unmade {
			return nil, survey.Problems{survey.NotMade(name, "these segments")}
		}
		return v, nil
	}
	p := survey.UnknownName("variable", name, s.Table.Names())
	if len(s.Table.Sources) > 0 {
		p.File = s.Table.Sources[0].Path
	}
	return nil, survey.Problems{p}
}

// numeric finds a variable whose answers count as numbers, in its numeric form,
// and keeps the doubts about them.
func (s *Sample) numeric(name string) (*survey.Variable, survey.Problems) {
	v, problems := s.numbers(name)
	if len(problems) == 0 {
		s.doubt(s.Table.Lookup(name))
	}
	return v, problems
}

// doubt keeps the doubts about answers that count as numbers; see Variable.Doubts.
func (s *Sample) doubt(v *survey.Variable, among ...survey.Value) {
	s.Doubts.AddNew(v.Doubts(among...)...)
}

// numbers is numeric without doubts, for the columns of a table:
// doubts about a table are found when it is checked.
func (s *Sample) numbers(name string) (*survey.Variable, survey.Problems) {
	v, err := s.variable(name)
	if err != nil {
		return nil, err
	}
	if v = v.Numeric(); v == nil {
		return nil, survey.Problems{{Variable: name, Message: "is text, and this statistic needs numbers", Remedy: "use --proportion, or recode it"}}
	}
	return v, nil
}

// domains numbers the combinations of the by variables that occur.
type domains struct {
	// cell is each row's domain, -1 outside.
	cell  []int32
	group []survey.Group
	codes []survey.Group
}

func (s *Sample) split() domains {
	d := domains{cell: make([]int32, s.Table.Rows), group: []survey.Group{{}}, codes: []survey.Group{{}}}
	for i, in := range s.inside() {
		if !in {
			d.cell[i] = -1
		}
	}
	for _, v := range s.by {
		d = d.cross(v)
	}
	return d
}

// inside marks the rows that Where keeps: all of them without it.
func (s *Sample) inside() []bool {
	if s.where != nil {
		holds, _ := s.where.Truth()
		return holds
	}
	all := make([]bool, s.Table.Rows)
	for i := range all {
		all[i] = true
	}
	return all
}

// cross splits every domain by a variable's categories and keeps what occurs.
func (d domains) cross(v *survey.Variable) domains {
	c := survey.Classify(v)
	k := len(c.Values)
	occurs := make([]bool, len(d.group)*k)
	out := domains{cell: make([]int32, len(d.cell))}
	for i, cell := range d.cell {
		out.cell[i] = -1
		if cell >= 0 && c.Index[i] >= 0 {
			out.cell[i] = cell*int32(k) + c.Index[i]
			occurs[out.cell[i]] = true
		}
	}
	place := make([]int32, len(occurs))
	for j, in := range occurs {
		if !in {
			continue
		}
		place[j] = int32(len(out.group))
		label, code := survey.TextValue(c.Labels[j%k]), c.Values[j%k]
		out.group = append(out.group, append(d.group[j/k][:len(d.group[j/k]):len(d.group[j/k])], survey.GroupValue{Variable: v.Name, Value: label}))
		out.codes = append(out.codes, append(d.codes[j/k][:len(d.codes[j/k]):len(d.codes[j/k])], survey.GroupValue{Variable: v.Name, Value: code}))
	}
	for i, cell := range out.cell {
		if cell >= 0 {
			out.cell[i] = place[cell]
		}
	}
	return out
}

// record starts a record of a statistic in one domain.
func (s *Sample) record(statistic, variable string, domain int) survey.Estimate {
	r := Blank(s.Level)
	r.Statistic, r.Variable = statistic, variable
	r.Group, r.GroupCodes = s.cells.group[domain], s.cells.codes[domain]
	return r
}
