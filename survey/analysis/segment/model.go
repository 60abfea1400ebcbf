package segment

import (
	"encoding/json"
	"fmt"
	"math"

	"surveykit/stats/cluster"
	"surveykit/stats/mixture"
	"surveykit/survey"
)

// ModelVersion is the version of model files.
const ModelVersion = "surveykit-segments/1"

// Model is a model file: all that is needed to assign other people.
type Model struct {
	Schema string `json:"schema"`
	// Method is the name of the method that assigns people.
	Method string   `json:"method"`
	Names  []string `json:"segments"`
	// Items are asked in this order; their codes are those that the model knows.
	Items []ModelItem `json:"items"`
	// LatentClass is the model where membership has probabilities: of the methods
	// latent-class and known-segments.
	LatentClass *mixture.Model `json:"latent_class,omitempty"`
	// KMeans, KMedoids and Tree are the models of the methods of these names, which
	// assign with certainty.
	KMeans   *cluster.KMeans   `json:"k_means,omitempty"`
	KMedoids *cluster.KMedoids `json:"k_medoids,omitempty"`
	Tree     *Branches         `json:"tree,omitempty"`
}

// ModelItem is an item as a model knows it.
type ModelItem struct {
	Variable string         `json:"variable"`
	Label    string         `json:"label"`
	Measure  survey.Measure `json:"measure"`
	// Values are its categories in the order of the model's probabilities, with
	// their labels; none for a scale.
	Values []survey.Value `json:"values,omitempty"`
	Labels []string       `json:"labels,omitempty"`
}

// modelOf is a model without the part of its method.
func modelOf(method *Method, names []string, items []Indicator) *Model {
	m := &Model{Schema: ModelVersion, Method: method.Name, Names: names}
	for _, x := range items {
		m.Items = append(m.Items, itemOf(x))
	}
	return m
}

func itemOf(x Indicator) ModelItem {
	return ModelItem{Variable: x.Variable.Name, Label: x.Variable.Title(), Measure: x.Measure, Values: x.Classes.Values, Labels: x.Classes.Labels}
}

// ParseModel reads a model file; the error is survey.Problems.
func ParseModel(data []byte, file string) (*Model, error) {
	var m Model
	bad := func(why string) error {
		return survey.Problems{{File: file, Message: "is not a segment model: " + why, Remedy: "give a file that surveykit segment wrote with --model"}}
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, bad(err.Error())
	}
	if m.Schema != ModelVersion {
		return nil, bad(fmt.Sprintf("its schema is %q, not %q", m.Schema, ModelVersion))
	}
	if len(m.Items) == 0 || len(m.Names) == 0 {
		return nil, bad("it has no items or no segments")
	}
	for _, x := range m.Items {
		if (x.Measure == survey.Scale) != (len(x.Values) == 0) {
			return nil, bad(x.Variable + ": a scale has no values, and any other item has some")
		}
	}
	method := modelMethod(m.Method)
	if method == nil {
		return nil, bad(fmt.Sprintf("no model has the method %q", m.Method))
	}
	if why := method.fits(&m); why != "" {
		return nil, bad(why)
	}
	return &m, nil
}

// misfit is what is wrong with a model that lacks the part of its method.
const misfit = "its parts do not match"

func (m *Model) eachItem(fits func(j int) string) string {
	for j, x := range m.Items {
		if why := fits(j); why != "" {
			return fmt.Sprintf("%s: %s", x.Variable, why)
		}
	}
	return ""
}

// fitsProbabilities says what is wrong with the part of a model that gives a
// probability of each segment.
func (m *Model) fitsProbabilities() string {
	if m.LatentClass == nil || len(m.LatentClass.Items) != len(m.Items) || len(m.Names) != m.LatentClass.Classes() {
		return misfit
	}
	if !shares(m.LatentClass.Shares) {
		return "the shares of its segments are not positive or do not sum to 1"
	}
	return m.eachItem(func(j int) string { return m.Items[j].fits(m.LatentClass.Items[j], len(m.Names)) })
}

// assignProbably finds the most probable segments; people without any answer have none.
func (m *Model) assignProbably(in []mixture.Item) ([]int32, [][]float64) {
	membership := m.LatentClass.Posterior(in)
	member := mixture.Modal(membership)
	for i := range member {
		if !answersAny(in, i) {
			member[i] = -1
		}
	}
	return member, membership
}

// fits says what is wrong with an item's part of the model, "" where nothing is.
func (x ModelItem) fits(p mixture.ItemModel, classes int) string {
	if x.Measure == survey.Scale {
		if len(p.Mean) != classes || len(p.SD) != classes {
			return "it needs a mean and a deviation for each segment"
		}
		for k, sd := range p.SD {
			if !(sd > 1e-100 && sd < 1e100 && math.Abs(p.Mean[k]) < 1e100) {
				return "a deviation is not positive, or a mean is not a number"
			}
		}
		return ""
	}
	if len(p.Probability) != classes {
		return "it needs probabilities for each segment"
	}
	for _, row := range p.Probability {
		if len(row) != len(x.Values) {
			return "it needs a probability for each value"
		}
		if !shares(row) {
			return "the probabilities of a segment are not positive or do not sum to 1"
		}
	}
	return ""
}

// shares reports whether all are above 0 and sum to 1, as far as digits go.
func shares(p []float64) bool {
	var sum float64
	for _, v := range p {
		if !(v > 0) {
			return false
		}
		sum += v
	}
	return math.Abs(sum-1) < 1e-6
}

// Assign assigns the rows of a table by a model. Every item of the model must
// be a variable of the table; an answer that the model has not seen is reported
// with the first row that gives it. Rows without an answer to any item are not
// assigned.
func (m *Model) Assign(t *survey.Table) (*Solution, error) {
	in, err := m.observe(t)
	if err != nil {
		return nil, err
	}
	s := &Solution{Names: m.Names, Model: m}
	s.Member, s.Membership = modelMethod(m.Method).assign(m, in)
	return s, nil
}

// observe finds the answers to all items in a table.
func (m *Model) observe(t *survey.Table) ([]mixture.Item, error) {
	var problems survey.Problems
	in := make([]mixture.Item, len(m.Items))
	for j, x := range m.Items {
		var err survey.Problems
		in[j], err = x.observe(t)
		problems = append(problems, err...)
	}
	return in, problems.Err()
}

// observe finds an item's answers in a table.
func (x ModelItem) observe(t *survey.Table) (mixture.Item, survey.Problems) {
	v := t.Lookup(x.Variable)
	if v == nil {
		return mixture.Item{}, survey.Problems{t.Unknown(x.Variable)}
	}
	seen := Indicator{Variable: v, Measure: x.Measure}
	if x.Measure == survey.Scale {
		if p := seen.read(); p != nil {
			return mixture.Item{}, survey.Problems{*p}
		}
		return mixture.Item{Value: seen.Numbers}, nil
	}
	place := make(map[survey.Value]int32, len(x.Values))
	for c, value := range x.Values {
		place[value] = int32(c)
	}
	item := mixture.Item{Categories: len(x.Values), Ordinal: x.Measure == survey.Ordinal, Code: make([]int32, v.Len())}
	for i, ok := range v.Valid() {
		item.Code[i] = -1
		if !ok {
			continue
		}
		value, _ := v.At(i)
		c, known := place[value]
		if !known {
			return item, survey.Problems{{Row: i + 1, Variable: x.Variable, Value: value.String(), Message: "is an answer that the model's data do not have",
				Remedy: "declare it missing, or recode it to one of the model's"}}
		}
		item.Code[i] = c
	}
	return item, nil
}

// noAnswer is the place of a row without an answer.
var noAnswer = math.NaN()

func (x ModelItem) nominal() bool { return x.Measure != survey.Scale && x.Measure != survey.Ordinal }

// plausible numbers do not overflow when they are squared and added.
func plausible(v float64) bool { return math.Abs(v) < 1e100 }
