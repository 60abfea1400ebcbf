package estimate

import (
	"surveykit/stats"
	"surveykit/survey"
)

// Plan is the record of what a comparison of two groups can show.
type Plan struct {
	Variable string       `json:"variable"`
	Group    survey.Group `json:"group"`
	Codes    survey.Group `json:"group_codes"`
	From     string       `json:"from"`
	To       string       `json:"to"`
	// NFrom and NTo are the rows of the two groups.
	NFrom int `json:"n_from"`
	NTo   int `json:"n_to"`
	// SE and DF are those of the difference; DF is null for a z test.
	SE    survey.Figure `json:"se"`
	DF    survey.Figure `json:"df"`
	Level survey.Figure `json:"level"`
	// Detectable is the smallest true difference found with the chance PowerWanted.
	PowerWanted survey.Figure `json:"power_wanted"`
	Detectable  survey.Figure `json:"minimum_detectable"`
	// Power is the chance to find the true difference Detect, where one is given.
	Detect survey.Figure `json:"detect"`
	Power  survey.Figure `json:"power"`
	Flags  []string      `json:"flags"`
}

// Aim says what a plan is held against.
type Aim struct {
	// Level is the confidence level, Power the wanted chance (both 0–1).
	Level, Power float64
	// Detect is a true difference, whose power is computed, 0 for none.
	Detect float64
}

// Groups are two independent groups of a planned design.
type Groups struct {
	// Rows of each group; Variance of an answer, p(1−p) for a proportion.
	Rows     int
	Variance float64
	// Deff is the design effect, DF the degrees of freedom, +Inf for a z test.
	Deff, DF float64
}

// Plan is what a t test of the difference of the groups can show: its standard
// error is √(deff·2v/n). It equals R's power.t.test(strict = TRUE) with
// n/deff rows a group, but for df.
func (g Groups) Plan(a Aim) Plan {
	n := float64(g.Rows)
	p := Plan{Group: survey.Group{}, Codes: survey.Group{}, NFrom: g.Rows, NTo: g.Rows, Flags: []string{}}
	p.fill(stats.DifferenceSE(g.Variance, n, g.Variance, n, g.Deff), g.DF, a)
	return p
}

// Plans says what the design of the data at hand can show of each difference,
// which is taken for its standard error alone.
func Plans(differences []DifferenceRecord, a Aim) []Plan {
	out := make([]Plan, len(differences))
	for i, c := range differences {
		out[i] = Plan{Variable: c.Variable, Group: c.Group, Codes: c.Codes, From: c.From, To: c.To, NFrom: c.NFrom, NTo: c.NTo, Flags: c.Flags}
		out[i].fill(c.SE.Float(), c.DF.Float(), a)
	}
	return out
}

// fill computes the detectable difference, and the power where a difference to
// detect is given. Without a standard error or df there is neither.
func (p *Plan) fill(se, df float64, a Aim) {
	p.SE, p.DF, p.Level, p.PowerWanted = survey.FigureOf(se), survey.FigureOf(df), survey.FigureOf(a.Level), survey.FigureOf(a.Power)
	p.Detectable = survey.FigureOf(stats.MinimumDetectable(se, df, a.Level, a.Power))
	if a.Detect != 0 {
		p.Detect = survey.FigureOf(a.Detect)
		p.Power = survey.FigureOf(stats.Power(a.Detect, se, df, a.Level))
	}
}
