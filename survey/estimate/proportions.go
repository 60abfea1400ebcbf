package estimate

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
	"surveykit/survey/expression"
)

// Proportions estimates the share of every category of each variable among its
// valid answers, in each domain. A name may be a multiple-response set: then
// the share of each item among those who answered any of the set.
func (s *Sample) Proportions(names []string) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		if set := s.Table.Set(name); set != nil && s.Table.Lookup(name) == nil {
			out = append(out, s.setShares(*set)...)
			continue
		}
		v, err := s.variable(name)
		if err != nil {
			problems = append(problems, err...)
			continue
		}
		c := survey.Classify(v)
		if len(c.Values) == 0 {
			out = append(out, s.nobody(name)...)
		}
		for _, r := range s.shares(c.Index, len(c.Values)) {
			r.Variable, r.Category, r.Code = v.Name, c.Labels[r.category], &c.Values[r.category]
			out = append(out, r.Estimate)
		}
	}
	return out, problems.Err()
}

// nobody is the answer for a variable without categories, for nobody answered
// it: a record in each domain that says so.
func (s *Sample) nobody(name string) []survey.Estimate {
	var out []survey.Estimate
	for d := range s.cells.group {
		r := s.record(Proportion.Name, name, d)
		setBase(&r, engine.Base{})
		out = append(out, r)
	}
	return out
}

func (s *Sample) setShares(set survey.MultipleResponse) []survey.Estimate {
	var out []survey.Estimate
	for _, item := range s.Table.Items(set) {
		for _, r := range s.shares(item.Index, 2) {
			if r.category == 1 {
				r.Variable, r.Category, r.Code = set.Name, item.Label, &item.Value
				out = append(out, r.Estimate)
			}
		}
	}
	return out
}

// Share estimates the proportion of rows for which an expression holds, among
// the rows where its variables are answered.
func (s *Sample) Share(source string) ([]survey.Estimate, error) {
	e, err := expression.Compile(source, s.Table)
	if err != nil {
		return nil, err
	}
	var out []survey.Estimate
	for _, r := range s.shares(Holds(e), 2) {
		if r.category == 1 {
			r.Statistic, r.Variable = "share", strings.TrimSpace(source)
			out = append(out, r.Estimate)
		}
	}
	return out, nil
}

// Holds sorts the rows by a condition: 1 where it holds, 0 where it does not,
// -1 where its variables are not answered.
func Holds(e *expression.Expression) []int32 {
	holds, valid := e.Truth()
	index := make([]int32, len(holds))
	for i := range index {
		switch {
		case !valid[i]:
			index[i] = -1
		case holds[i]:
			index[i] = 1
		}
	}
	return index
}

// share is the record of one category.
type share struct {
	survey.Estimate
	category int
}

// shares estimates the proportion of each category in each domain, for rows
// sorted into k categories (-1 is not answered).
func (s *Sample) shares(index []int32, k int) []share {
	totals := s.classTotals(index, k)
	var out []share
	for d := range s.cells.group {
		all := classes(totals, d, k)
		base := totals.Base(all)
		for c := range k {
			r := s.record(Proportion.Name, "", d)
			s.classShare(all, c).Fill(&r, totals, base)
			s.setDeff(&r, float64(r.NWeighted*r.Value*(1-r.Value)), 1/float64(r.NWeighted))
			out = append(out, share{r, c})
		}
	}
	return out
}

// classTotals counts the rows of each domain and category.
func (s *Sample) classTotals(index []int32, k int) *engine.Totals {
	cell := make([]int32, len(index))
	for i, c := range index {
		cell[i] = -1
		if c >= 0 && s.cells.cell[i] >= 0 {
			cell[i] = s.cells.cell[i]*int32(k) + c
		}
	}
	return s.Frame.Totals(engine.Query{Cell: cell, Cells: k * len(s.cells.group), Terms: engine.One(len(index))})
}

// classes are the totals of the k categories of a domain: together its base.
func classes(totals *engine.Totals, domain, k int) []int {
	all := make([]int, k)
	for c := range all {
		all[c] = totals.Index(domain*k+c, 0)
	}
	return all
}

// classShare asks for the share of category c among all.
func (s *Sample) classShare(all []int, c int) Ask {
	return Ask{Function: ratio, Arguments: [][]int{{all[c]}, all}, Share: true, Method: s.Interval}
}
