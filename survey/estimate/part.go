package estimate

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Against says what a part of the sample is compared with.
type Against string

// A part is compared with everybody else, or with the whole that it belongs to.
const (
	Rest  Against = "rest"
	Whole Against = "total"
)

// Part names the categories of a variable that are each compared with the rest
// or the whole.
type Part struct {
	Variable string
	// Level is the category by label or code, "" for each of them.
	Level   string
	Against Against
}

// ParsePart reads VARIABLE or VARIABLE:LEVEL.
func ParsePart(s string, against Against) (Part, error) {
	variable, level, colon := strings.Cut(s, ":")
	p := Part{strings.TrimSpace(variable), strings.TrimSpace(level), against}
	if p.Variable == "" || colon && p.Level == "" {
		return p, survey.Problems{{Value: s, Message: "the part is not of the form VARIABLE or VARIABLE:LEVEL", Remedy: "for example --of region:North"}}
	}
	return p, nil
}

// Parts estimates in each domain the mean in a category minus the mean of the
// rest, or of the whole with the category in it (ȳ_d − ȳ), with their joint
// covariance. Both are over rows whose category is known. df are the PSUs minus
// strata among the rows of both.
// Equals R survey::svycontrast(svyby(…, covmat = TRUE), …).
func (s *Sample) Parts(names []string, p Part) ([]DifferenceRecord, error) {
	_, problems := s.variable(p.Variable)
	problems = append(problems, unknownName("other side of a part", p.Against, Rest, Whole)...)
	if len(problems) > 0 {
		return nil, problems
	}
	classes, err := s.engine.Categories(s.ctx, p.Variable)
	if err != nil {
		return nil, err
	}
	levels, problems := p.levels(classes)
	var out []DifferenceRecord
	for _, name := range names {
		_, ps := s.numeric(name)
		if problems = append(problems, ps...); len(problems) > 0 {
			continue
		}
		y, totals, err := s.byCells(engine.Answer{Column: name}, engine.Categories(p.Variable, classes))
		if err != nil {
			return nil, err
		}
		k := len(classes.Values)
		for d := range s.cells.group {
			for _, level := range levels {
				c := s.comparison(name, d, string(p.Against), classes.Labels[level])
				var others []int
				for other := range k {
					if p.Against == Whole || other != level {
						others = append(others, d*k+other)
					}
				}
				c.fill(totals, y, others, []int{d*k + level})
				out = append(out, c)
			}
		}
	}
	return out, problems.Err()
}

// levels lists the categories that a part means.
func (p Part) levels(c survey.Classes) ([]int, survey.Problems) {
	if p.Level != "" {
		level := c.Find(survey.TextValue(p.Level))
		if level < 0 {
			problem := survey.UnknownName("category", p.Level, c.Labels)
			problem.Variable = p.Variable
			return nil, survey.Problems{problem}
		}
		return []int{level}, nil
	}
	levels := make([]int, len(c.Values))
	for k := range levels {
		levels[k] = k
	}
	return levels, nil
}
