package propensity

import (
	"encoding/json"
	"fmt"
	"math"

	"surveykit/stats/penalised"
	"surveykit/survey"
)

// ModelVersion is the version of model files.
const ModelVersion = "surveykit-propensity/1"

// Model is a model file: all that is needed to score other people.
type Model struct {
	Schema     string       `json:"schema"`
	Predictors []*Predictor `json:"predictors"`
	Outcomes   []Outcome    `json:"outcomes"`
	// Limits say what the model may not be used for.
	Limits []string `json:"not_for"`
}

// Outcome is the model of one outcome.
type Outcome struct {
	Outcome string `json:"outcome"`
	// BaseRate is its weighted share among the people of the model, 0–1.
	BaseRate float64 `json:"base_rate"`
	penalised.Model
}

// Terms name the coefficients of every outcome, the constant first.
func (m *Model) Terms() []string {
	terms := []string{"(Intercept)"}
	for _, p := range m.Predictors {
		terms = append(terms, p.terms()...)
	}
	return terms
}

// ParseModel reads a model file; the error is survey.Problems.
func ParseModel(data []byte, file string) (*Model, error) {
	var m Model
	bad := func(why string) error {
		return survey.Problems{{File: file, Message: "is not a propensity model: " + why, Remedy: "give a file that surveykit propensity wrote with --model"}}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, bad(err.Error())
	}
	if m.Schema != ModelVersion {
		return nil, bad(fmt.Sprintf("its schema is %q, not %q", m.Schema, ModelVersion))
	}
	for _, p := range m.Predictors {
		if p == nil {
			return nil, bad("a predictor is empty")
		}
		if why := p.fits(); why != "" {
			return nil, bad(why)
		}
	}
	if len(m.Outcomes) == 0 {
		return nil, bad("it has no outcome")
	}
	for _, o := range m.Outcomes {
		if got, want := len(o.Beta), len(m.Terms()); got != want {
			return nil, bad(fmt.Sprintf("%s has %d coefficients, not %d", o.Outcome, got, want))
		}
	}
	return &m, nil
}

// Score gives everybody in a table a propensity to each outcome, as variables:
// NAME, or NAME_1, NAME_2 … for several outcomes. A missing answer counts as the
// usual one, with the difference that people without an answer made in the
// model. Notices name numbers beyond those that the model has seen. The error
// is survey.Problems: predictors that the table has not, answers that the model
// has not seen.
func (m *Model) Score(t *survey.Table, name string) (scores []*survey.Variable, notices survey.Notices, err error) {
	all, problems := m.observe(t)
	for _, a := range all {
		if p := a.problem(t); p != nil {
			problems = append(problems, *p)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, nil, err
	}
	for _, a := range all {
		if a.beyond > 0 {
			notices.Note(survey.NoticeBeyondModel, []string{a.Variable}, "%s: %d answers are outside %s to %s, the range of the model's data", a.Variable, a.beyond, survey.FormatNumber(a.Low), survey.FormatNumber(a.High))
		}
	}
	x, _ := matrix(all, t.Rows)
	for k := range m.Outcomes {
		scores = append(scores, m.variable(name, k, m.Outcomes[k].Probabilities(x)))
	}
	return scores, notices, nil
}

func (m *Model) observe(t *survey.Table) ([]*answers, survey.Problems) {
	var all []*answers
	var problems survey.Problems
	for _, p := range m.Predictors {
		a, problem := p.observe(t)
		if problem != nil {
			if len(t.Sources) > 0 {
				problem.File = t.Sources[0].Path
			}
			problems = append(problems, *problem)
			continue
		}
		all = append(all, a)
	}
	return all, problems
}

// variable is the propensity to outcome k.
func (m *Model) variable(name string, k int, p []float64) *survey.Variable {
	if len(m.Outcomes) > 1 {
		name = fmt.Sprintf("%s_%d", name, k+1)
	}
	return &survey.Variable{Name: name, Label: "Propensity: " + m.Outcomes[k].Outcome, Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(p),
		Note: "A propensity is a share among people with the same answers, not a fact about one person."}
}

// scored are the propensities of a table in which some were in the model: those
// of rows in it by the models that have not seen them; NaN where an answer is
// one that the model has not seen.
func (m *Model) scored(k int, full, out []float64, unknown []bool) []float64 {
	p := append([]float64{}, full...)
	for i, honest := range out {
		switch {
		case !math.IsNaN(honest):
			p[i] = honest
		case unknown[i]:
			p[i] = math.NaN()
		}
	}
	return p
}
