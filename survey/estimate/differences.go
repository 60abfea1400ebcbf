package estimate

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/engine"
)

// Comparison is the record of a difference of two means: To minus From.
type Comparison struct {
	Variable string        `json:"variable"`
	Group    survey.Group  `json:"group"`
	Codes    survey.Group  `json:"group_codes"`
	From     string        `json:"from"`
	To       string        `json:"to"`
	FromMean survey.Figure `json:"estimate_from"`
	ToMean   survey.Figure `json:"estimate_to"`
	Value    survey.Figure `json:"estimate"`
	SE       survey.Figure `json:"se"`
	Low      survey.Figure `json:"ci_low"`
	High     survey.Figure `json:"ci_high"`
	Level    survey.Figure `json:"level"`
	T        survey.Figure `json:"t"`
	DF       survey.Figure `json:"df"`
	P        survey.Figure `json:"p"`
	// NFrom and NTo count the rows behind the two means.
	NFrom int      `json:"n_from"`
	NTo   int      `json:"n_to"`
	Flags []string `json:"flags"`
}

// Between names two categories of a variable.
type Between struct{ Variable, From, To string }

// ParseBetween reads VAR:FROM,TO. A category that holds a comma is not
// possible in this form: use its code.
func ParseBetween(s string) (Between, error) {
	variable, levels, ok := strings.Cut(s, ":")
	from, to, comma := strings.Cut(levels, ",")
	b := Between{strings.TrimSpace(variable), strings.TrimSpace(from), strings.TrimSpace(to)}
	if !ok || !comma || b.Variable == "" || b.From == "" || b.To == "" {
		return b, survey.Problems{{Value: s, Message: "the comparison is not of the form VARIABLE:FROM,TO", Remedy: "for example --between wave:2008,2011"}}
	}
	return b, nil
}

// Differences estimates, in each domain, the mean in one category of a
// variable minus the mean in another, with their joint covariance: people or
// PSUs in both need no special case. df are the PSUs minus strata among the
// rows of both groups; p is two-sided.
// Equals R survey::svycontrast on svyby(…, covmat = TRUE), but for df.
func (s *Sample) Differences(names []string, b Between) ([]Comparison, error) {
	var out []Comparison
	levels, problems := s.levels(b)
	for _, name := range names {
		v, err := s.numeric(name)
		if problems = append(problems, err...); len(problems) > 0 {
			continue
		}
		y := Centre(v)
		terms := engine.Columns(y.Valid, ones(len(y.Value)), y.Value)
		totals := s.Frame.Totals(engine.Query{Cell: s.pairCells(levels), Cells: 2 * len(s.cells.group), Terms: terms})
		for d := range s.cells.group {
			c := Comparison{Variable: name, Group: s.cells.group[d], Codes: s.cells.codes[d], From: levels.labels[0], To: levels.labels[1], Level: survey.Figure(s.Level)}
			c.fill(totals, y.Centre, 2*d, s.Level)
			out = append(out, c)
		}
	}
	return out, problems.Err()
}

// levelIndex is 0 for rows in From, 1 for rows in To, -1 elsewhere.
type levelIndex struct {
	index  []int32
	labels [2]string
}

func (s *Sample) levels(b Between) (levelIndex, survey.Problems) {
	v, problems := s.variable(b.Variable)
	if len(problems) > 0 {
		return levelIndex{}, problems
	}
	c := survey.Classify(v)
	out := levelIndex{index: make([]int32, len(c.Index))}
	var at [2]int
	for k, name := range []string{b.From, b.To} {
		at[k] = c.Find(survey.TextValue(name))
		if at[k] < 0 {
			p := survey.UnknownName("category", name, c.Labels)
			p.Variable = b.Variable
			problems = append(problems, p)
			continue
		}
		out.labels[k] = c.Labels[at[k]]
	}
	for i, k := range c.Index {
		out.index[i] = -1
		for side := range at {
			if int(k) == at[side] {
				out.index[i] = int32(side)
			}
		}
	}
	return out, problems
}

// pairCells crosses the domains with the two categories.
func (s *Sample) pairCells(l levelIndex) []int32 {
	cell := make([]int32, len(l.index))
	for i, side := range l.index {
		cell[i] = -1
		if side >= 0 && s.cells.cell[i] >= 0 {
			cell[i] = 2*s.cells.cell[i] + side
		}
	}
	return cell
}

// fill compares cell+1 with cell of totals of 1 and y - centre.
func (c *Comparison) fill(totals *engine.Totals, centre float64, cell int, level float64) {
	from, to := at(totals, cell, 1, 0), at(totals, cell+1, 1, 0)
	c.NFrom, c.NTo = totals.N[from[1][0]], totals.N[to[1][0]]
	r := Blank(level)
	c.FromMean, c.ToMean = r.Value, r.Value
	if c.NFrom == 0 || c.NTo == 0 {
		r.Flags = append(r.Flags, survey.FlagNoRows)
	} else {
		c.FromMean = survey.Figure(totals.At(Shifted(centre), from))
		c.ToMean = survey.Figure(totals.At(Shifted(centre), to))
		ask := Ask{Function: Change(ratio), Arguments: append(to, from...), Test: true}
		ask.Fill(&r, totals, totals.Base([]int{from[1][0], to[1][0]}))
	}
	c.Value, c.SE, c.Low, c.High, c.T, c.DF, c.P, c.Flags = r.Value, r.SE, r.Low, r.High, r.T, r.DF, r.P, r.Flags
}
