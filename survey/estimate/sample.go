package estimate

import (
	"context"
	"slices"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/engine/memory"
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
	// engine answers what is asked of the rows; rows, of the same data, is for the
	// methods that need these themselves.
	engine engine.Engine
	rows   engine.Rows
	cells  domains
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
	data := memory.New(t)
	s := &Sample{Table: t, Frame: f, Level: 0.95, Interval: stats.Logit, engine: data, rows: data}
	var problems survey.Problems
	for _, name := range d.By {
		_, err := s.variable(name)
		problems = append(problems, err...)
	}
	if d.Where != "" {
		_, err := expression.Compile(d.Where, t)
		problems = append(problems, asProblems(err)...)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	var err error
	s.cells, err = s.split(d)
	return s, err
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
	// axes sort the rows into the domains; none is everybody.
	axes []engine.Axis
	// where is the condition that the rows of every domain fulfil, if any.
	where []engine.Condition
	group []survey.Group
	codes []survey.Group
}

// split finds the domains: those of one variable, then each of them by the next.
func (s *Sample) split(d Domain) (domains, error) {
	out := domains{group: []survey.Group{{}}, codes: []survey.Group{{}}}
	if d.Where != "" {
		out.where = []engine.Condition{{Axis: engine.Truth{Source: d.Where}, Cell: 1}}
		out.axes = []engine.Axis{engine.Listed{Of: [][]int32{{}}, Where: out.where}}
	}
	for _, name := range d.By {
		c, err := s.engine.Categories(s.context(), name)
		if err != nil {
			return out, err
		}
		if out, err = s.cross(out, name, c); err != nil {
			return out, err
		}
	}
	return out, nil
}

// cross splits every domain by a variable's categories and keeps what occurs.
func (s *Sample) cross(d domains, name string, c survey.Classes) (domains, error) {
	axes := append(slices.Clip(d.axes), engine.Categories(name, c))
	counts, err := s.engine.Counts(s.context(), nil, []engine.Query{{Cells: axes}})
	if err != nil {
		return d, err
	}
	out, k := domains{where: d.where}, len(c.Values)
	var occurring [][]int32
	for j, n := range counts[0] {
		if n == 0 {
			continue
		}
		at := []int32{int32(j / k), int32(j % k)}
		occurring = append(occurring, at[2-len(axes):])
		label, code := survey.TextValue(c.Labels[j%k]), c.Values[j%k]
		out.group = append(out.group, append(slices.Clip(d.group[j/k]), survey.GroupValue{Variable: name, Value: label}))
		out.codes = append(out.codes, append(slices.Clip(d.codes[j/k]), survey.GroupValue{Variable: name, Value: code}))
	}
	out.axes = []engine.Axis{engine.Listed{Axes: axes, Of: occurring}}
	return out, nil
}

// context is that under which the engine is asked.
func (s *Sample) context() context.Context { return context.Background() }

// Sums asks for the totals of a query in each domain: its cells divide the domains.
func (s *Sample) Sums(q engine.Query) (*engine.Totals, error) {
	all, err := s.engine.Totals(s.context(), s.Frame, []engine.Query{s.within(q)})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Data are the rows that the sample is of, for methods that need them.
func (s *Sample) Data() engine.Rows { return s.rows }

// within is a query with the domains as its first cells.
func (s *Sample) within(q engine.Query) engine.Query {
	q.Cells = append(slices.Clip(s.cells.axes), q.Cells...)
	return q
}

// domain is the domain of each row, -1 outside. There is no error, since New has
// sorted by the same axes.
func (s *Sample) domain() []int32 {
	cell, _, _ := s.rows.Sort(s.cells.axes)
	return cell
}

// record starts a record of a statistic in one domain.
func (s *Sample) record(statistic, variable string, domain int) survey.Estimate {
	r := Blank(s.Level)
	r.Statistic, r.Variable = statistic, variable
	r.Group, r.GroupCodes = s.cells.group[domain], s.cells.codes[domain]
	return r
}
