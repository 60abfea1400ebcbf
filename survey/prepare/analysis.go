package prepare

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"surveykit/survey"
	"surveykit/survey/estimate"
	"surveykit/survey/expression"
)

// Recode is an analysis that makes the variable of a recode.
type Recode interface {
	survey.Analysis
	// Reads are the variables that it reads, Labels the categories that it makes, 1, 2 ….
	Reads() []string
	Labels() []string
	// Recode makes the variable without its codes, or notes what is wrong and returns nil.
	Recode(*Request) *survey.Variable
}

// Model is an analysis that makes a variable once the weights are known.
type Model interface {
	survey.Model
	// Reserve checks the request and returns the variable without its values, as far
	// as it is known: it has nobody in it until it is made.
	Reserve(*Request) *survey.Variable
	// Make makes the variable of everybody with a weight. The error is survey.Problems.
	Make(context.Context, *estimate.Sample, *survey.Study) (Made, error)
}

// Made is what a model has made, with more than its variables where somebody asks for more.
type Made interface {
	// Variables are the model's own and those that go with it, such as probabilities.
	Variables() []*survey.Variable
}

// Make makes the variables of a study's models, each in the place of the empty one
// that Apply left for it, with those that go with it. A model may use those before it. The
// sample is everybody with a weight. The error is survey.Faults of all models.
func Make(ctx context.Context, s *estimate.Sample, study *survey.Study) (*survey.Table, []Made, error) {
	var all []Made
	var faults survey.Faults
	data := s.Table()
	for k, m := range study.Models {
		at, what := study.ModelPath(k), m.Key()+" "+m.Makes()+": "
		var made Made
		err := error(survey.Problems{notKnown(m)})
		if own, ok := m.(Model); ok {
			if err = s.NeedsRows(m.Key() + " of a study"); err == nil {
				made, err = own.Make(ctx, s, study)
			}
		}
		if problems, ok := err.(survey.Problems); ok {
			for _, p := range problems {
				p.Message = what + p.Message
				faults = append(faults, survey.Fault{Path: at, Problem: p})
			}
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		variables := made.Variables()
		for _, v := range variables {
			if v.Name != m.Makes() && data.Lookup(v.Name) != nil {
				faults = append(faults, survey.Fault{Path: at + ".name", Problem: survey.Problem{Variable: v.Name,
					Message: what + "the new variable would replace one of the data", Remedy: "choose another name for the " + m.Key()}})
			}
		}
		all, s = append(all, made), s.With(variables...)
	}
	return s.Table(), all, faults.Err()
}

// Table is an analysis that makes a table in place of rows.
type Table interface {
	survey.Analysis
	// CheckTable notes what is wrong with the request.
	CheckTable(*Request)
}

// Request is one request of a study, for its analysis to check against the data.
// Keys of its methods begin below the request.
type Request struct {
	preparer *preparer
	at       string
	// variable is the one that a recode makes.
	variable string
}

// Study is the whole study, Table its data as far as they are made.
func (r *Request) Study() *survey.Study { return r.preparer.study }

// Table is the data of the study as far as they are made.
func (r *Request) Table() *survey.Table { return r.preparer.table }

// Fault notes what is wrong with a value, "" for the request as a whole.
func (r *Request) Fault(key string, problem survey.Problem) { r.preparer.fault(r.path(key), problem) }

func (r *Request) path(key string) string {
	if key == "" {
		return r.at
	}
	return r.at + "." + key
}

// Counts are the rows of the data that each row of the table is; nil where each is one.
func (r *Request) Counts() []int { return r.preparer.counts() }

// Unplaced says that so many rows are in none of the categories of a recode.
func (r *Request) Unplaced(rows int, why string) { r.preparer.tellUnruled(r.variable, rows, why) }

// Variable finds a variable; an unknown one is a fault and nil. So is one that takes
// the place of a faulty recode, which is no further fault.
func (r *Request) Variable(key, name string) *survey.Variable {
	v := r.preparer.variable(r.path(key), name)
	if v == nil || isBlank(v) {
		return nil
	}
	return v
}

// Item finds the variables that a name means, a variable or a group; ok is false
// after a fault.
func (r *Request) Item(key, name string) (items []*survey.Variable, ok bool) {
	return r.preparer.items(r.path(key), []string{name})
}

// Match finds the values of a variable that are meant by x and carry an answer;
// none after a fault.
func (r *Request) Match(key string, v *survey.Variable, x survey.Value) []survey.Value {
	return r.preparer.match(r.path(key), v, x)
}

// Number checks a variable of numbers, or an expression, and returns the variables
// that it reads.
func (r *Request) Number(key, text string) []string {
	p, at := r.preparer, r.path(key)
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

// model checks a request for a variable that is made later and puts an empty one
// in its place.
func (p *preparer) model(k int) {
	at, m := p.study.ModelPath(k), p.study.Models[k]
	if p.table.Lookup(m.Makes()) != nil {
		p.fault(at+".name", survey.Problem{Message: fmt.Sprintf("there is a variable %q already", m.Makes()), Remedy: fmt.Sprintf("choose another name: %s make a new variable", m.Key())})
		return
	}
	if own, ok := m.(Model); ok {
		v := own.Reserve(&Request{preparer: p, at: at})
		v.Numbers = p.empty()
		p.table = p.table.With(v)
		return
	}
	p.fault(at, notKnown(m))
}

// checkAnalysis checks a table of an analysis, whose rows and column are given.
func (p *preparer) checkAnalysis(at string, spec survey.TableSpec) {
	if spec.Analysis == nil {
		return
	}
	name := spec.Analysis.Key()
	at += "." + name
	given := laidOut(spec)
	given["cohorts"] = spec.Cohorts != nil
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if given[key] {
			p.fault(at, survey.Problem{Message: fmt.Sprintf("a table of %s has one column and its own order, so %s has no meaning", name, key), Remedy: "leave " + key + " out, or narrow the analysis with filter"})
		}
	}
	if own, ok := spec.Analysis.(Table); ok {
		own.CheckTable(&Request{preparer: p, at: at})
		return
	}
	p.fault(at, notKnown(spec.Analysis))
}

// notKnown is the problem of an analysis in a place that it is not made for.
func notKnown(a survey.Analysis) survey.Problem {
	return survey.Problem{Value: a.Key(), Message: "no analysis that has a place here", Remedy: "use an analysis that package analysis lists for this place"}
}
