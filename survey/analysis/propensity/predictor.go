package propensity

import (
	"fmt"
	"math"

	"surveykit/stats"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// Predictor is what a model asks of a person, and how it takes the answer.
type Predictor struct {
	Variable string `json:"variable"`
	Label    string `json:"label"`
	// Values are a factor's categories among the people of the model, with their
	// labels; none for a number.
	Values []survey.Value `json:"values,omitempty"`
	Labels []string       `json:"labels,omitempty"`
	// Low and High are the lowest and the highest number among them.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Usual replaces a missing answer: the mean of a number, the share of each category.
	Usual []float64 `json:"usual"`
	// Missing gives missing answers a coefficient of their own, where the people of
	// the model had some.
	Missing bool `json:"missing"`
}

// columns is the number of coefficients.
func (p *Predictor) columns() int {
	if p.Missing {
		return len(p.Usual) + 1
	}
	return len(p.Usual)
}

// terms name the coefficients.
func (p *Predictor) terms() []string {
	var out []string
	for _, label := range p.Labels {
		out = append(out, p.Variable+": "+label)
	}
	if p.Labels == nil {
		out = append(out, p.Variable)
	}
	if p.Missing {
		out = append(out, p.Variable+": no answer")
	}
	return out
}

// learn makes a predictor of an item by the people of the model, whose weights are not 0.
func learn(x segment.Indicator, weights []float64) (*Predictor, *survey.Problem) {
	p := &Predictor{Variable: x.Variable.Name, Label: x.Variable.Title()}
	var answered float64
	valid := x.Variable.Valid()
	for i, w := range weights {
		if w != 0 {
			p.Missing = p.Missing || !valid[i]
			if valid[i] {
				answered += w
			}
		}
	}
	if answered == 0 {
		return nil, &survey.Problem{Variable: p.Variable, Message: "nobody in the model has an answer", Remedy: "leave the predictor out, or check --where"}
	}
	if x.Measure == survey.Nominal || !x.Variable.IsNumeric() {
		p.learnFactor(survey.Classify(x.Variable), weights, answered)
	} else {
		p.learnNumber(x.Variable.Numeric().Numbers.Slice(), valid, weights, answered)
	}
	return p, nil
}

func (p *Predictor) learnFactor(c survey.Classes, weights []float64, answered float64) {
	share := make([]float64, len(c.Values))
	for i, w := range weights {
		if k := c.Index.At(i); w != 0 && k >= 0 {
			share[k] += w / answered
		}
	}
	p.Labels = []string{}
	for k, s := range share {
		if s > 0 {
			p.Values, p.Labels, p.Usual = append(p.Values, c.Values[k]), append(p.Labels, c.Labels[k]), append(p.Usual, s)
		}
	}
}

func (p *Predictor) learnNumber(x []float64, valid []bool, weights []float64, answered float64) {
	p.Low, p.High = math.Inf(1), math.Inf(-1)
	var mean float64
	for i, w := range weights {
		if w != 0 && valid[i] {
			mean += w / answered * x[i]
			p.Low, p.High = math.Min(p.Low, x[i]), math.Max(p.High, x[i])
		}
	}
	p.Usual = []float64{mean}
}

// answers are a predictor's answers in a table.
type answers struct {
	*Predictor
	valid []bool
	// code is each row's category of a factor, −1 for one that the model has not
	// seen; numbers are those of a number.
	code    []int32
	numbers []float64
	// strange is the first row with an answer that the model has not seen, −1
	// without one; beyond counts numbers outside those it has seen.
	strange, beyond int
}

// observe finds a predictor's answers in a table.
func (p *Predictor) observe(t *survey.Table) (*answers, *survey.Problem) {
	v := t.Lookup(p.Variable)
	if v == nil {
		problem := t.Unknown(p.Variable)
		return nil, &problem
	}
	a := &answers{Predictor: p, valid: v.Valid(), strange: -1}
	if p.Values == nil {
		if v = v.Numeric(); v == nil {
			return nil, &survey.Problem{Variable: p.Variable, Message: "is text, but a number in the model", Remedy: "recode it as in the model's data"}
		}
		a.numbers = v.Numbers.Slice()
		for i, x := range v.Numbers.All() {
			if a.valid[i] && (x < p.Low || x > p.High) {
				a.beyond++
			}
		}
		return a, nil
	}
	place := make(map[survey.Value]int32, len(p.Values))
	for c, value := range p.Values {
		place[value] = int32(c)
	}
	a.code = make([]int32, v.Len())
	for i, ok := range a.valid {
		if !ok {
			continue
		}
		value, _ := v.At(i)
		c, known := place[value]
		if !known {
			c = -1
			if a.strange < 0 {
				a.strange = i
			}
		}
		a.code[i] = c
	}
	return a, nil
}

// problem reports the first answer that the model has not seen, nil without one.
func (a *answers) problem(t *survey.Table) *survey.Problem {
	if a.strange < 0 {
		return nil
	}
	value, _ := t.Lookup(a.Variable).At(a.strange)
	return &survey.Problem{Row: a.strange + 1, Variable: a.Variable, Value: value.String(), Message: "is an answer that the model's data do not have",
		Remedy: "declare it missing, or recode it to one of the model's"}
}

// matrix lays out the answers for coefficients, the constant first; unknown
// marks rows with an answer that the model has not seen.
func matrix(all []*answers, rows int) (x *stats.Sparse, unknown []bool) {
	x = &stats.Sparse{Columns: 1, Start: make([]int, 1, rows+1)}
	for _, a := range all {
		x.Columns += a.columns()
	}
	unknown = make([]bool, rows)
	for i := range rows {
		add := func(column int, value float64) {
			x.Index, x.Value = append(x.Index, int32(column)), append(x.Value, value)
		}
		add(0, 1)
		first := 1
		for _, a := range all {
			switch {
			case !a.valid[i]:
				for k, usual := range a.Usual {
					add(first+k, usual)
				}
				if a.Missing {
					add(first+len(a.Usual), 1)
				}
			case a.numbers != nil:
				add(first, a.numbers[i])
			case a.code[i] < 0:
				unknown[i] = true
			default:
				add(first+int(a.code[i]), 1)
			}
			first += a.columns()
		}
		x.Start = append(x.Start, len(x.Index))
	}
	return x, unknown
}

// fits says what is wrong with a predictor of a file, "" where nothing is.
func (p *Predictor) fits() string {
	switch {
	case p.Variable == "":
		return "a predictor has no variable"
	case len(p.Labels) != len(p.Values):
		return "a label is needed for each value of " + p.Variable
	case p.Values != nil && len(p.Usual) != len(p.Values):
		return "a share is needed for each value of " + p.Variable
	case p.Values == nil && len(p.Usual) != 1:
		return fmt.Sprintf("%s has %d means", p.Variable, len(p.Usual))
	}
	return ""
}
