package estimate

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Proportions estimates the share of every category of each variable among its
// valid answers, in each domain. A name may be a multiple-response set: then
// the share of each item among those who answered any of the set.
func (s *Sample) Proportions(names []string) ([]survey.Estimate, error) {
	var out []survey.Estimate
	var problems survey.Problems
	for _, name := range names {
		if set := s.table.Set(name); set != nil && s.table.Lookup(name) == nil {
			shares, err := s.setShares(*set)
			if err != nil {
				return nil, err
			}
			out = append(out, shares...)
			continue
		}
		v, err := s.variable(name)
		if err != nil {
			problems = append(problems, err...)
			continue
		}
		c, failure := s.engine.Categories(s.ctx, name)
		if failure != nil {
			return nil, failure
		}
		if len(c.Values) == 0 {
			for d := range s.cells.group { // nobody answered it
				r := s.record(Proportion.Name, name, d)
				setBase(&r, engine.Base{})
				out = append(out, r)
			}
		}
		shares, failure := s.shares(engine.Categories(name, c))
		if failure != nil {
			return nil, failure
		}
		for _, r := range shares {
			r.Variable, r.Category, r.Code = v.Name, c.Labels[r.category], &c.Values[r.category]
			out = append(out, r.Estimate)
		}
	}
	return out, problems.Err()
}

func (s *Sample) setShares(set survey.MultipleResponse) ([]survey.Estimate, error) {
	var out []survey.Estimate
	for k, item := range s.table.Items(set) {
		shares, err := s.shares(engine.Chosen{Set: set.Name, Items: []int{k}})
		if err != nil {
			return nil, err
		}
		for _, r := range shares {
			if r.category == 1 {
				r.Variable, r.Category, r.Code = set.Name, item.Label, &item.Value
				out = append(out, r.Estimate)
			}
		}
	}
	return out, nil
}

// Share estimates the proportion of rows for which an expression holds, among
// the rows where its variables are answered.
func (s *Sample) Share(source string) ([]survey.Estimate, error) {
	shares, err := s.shares(engine.Truth{Source: source})
	if err != nil {
		return nil, err
	}
	var out []survey.Estimate
	for _, r := range shares {
		if r.category == 1 {
			r.Statistic, r.Variable = "share", strings.TrimSpace(source)
			out = append(out, r.Estimate)
		}
	}
	return out, nil
}

// share is the record of one category.
type share struct {
	survey.Estimate
	category int
}

// shares estimates the proportion of each cell of an axis in each domain.
func (s *Sample) shares(of engine.Axis) ([]share, error) {
	totals, err := s.Sums(engine.Query{Cells: []engine.Axis{of}})
	if err != nil {
		return nil, err
	}
	var out []share
	for d := range s.cells.group {
		all := classes(totals, d, of.Cells())
		base := totals.Base(all)
		for c := range all {
			r := s.record(Proportion.Name, "", d)
			s.classShare(all, c).Fill(&r, totals, base)
			s.setDeff(&r, r.NWeighted.Float()*r.Value.Float()*(1-r.Value.Float()), 1/r.NWeighted.Float())
			out = append(out, share{r, c})
		}
	}
	return out, nil
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
	return Ask{Function: ratio, Arguments: [][]int{{all[c]}, all}, Share: true, Method: s.interval}
}
