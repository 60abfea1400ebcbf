package segment

import (
	"fmt"
	"math"

	"surveykit/survey"
)

// noAnswer stands where a row has no answer.
var noAnswer = math.NaN()

func (x ModelItem) nominal() bool { return x.Measure != survey.Scale && x.Measure != survey.Ordinal }

// plausible numbers do not overflow when they are squared and added.
func plausible(v float64) bool { return math.Abs(v) < 1e100 }

// place assigns the rows of a table with certainty.
func (m *Model) place(t *survey.Table) (*Solution, error) {
	observed, err := m.observe(t)
	if err != nil {
		return nil, err
	}
	s := &Solution{Method: m.Method, Names: m.Names, Model: m}
	if method := clusterMethod(m.Method); method != nil && method.assign != nil {
		s.Member = method.assign(m)(clusterItems(observed))
	} else {
		s.Member = m.Tree.assign(observed)
	}
	return s, nil
}

// fitsPlacing says what is wrong with the part of the model that assigns, ""
// where nothing is.
func (m *Model) fitsPlacing() string {
	for _, x := range m.Items {
		if (x.Measure == survey.Scale) != (len(x.Values) == 0) {
			return x.Variable + ": a scale has no values, and any other item has some"
		}
	}
	switch method := clusterMethod(m.Method); {
	case method != nil && method.fits != nil:
		return method.fits(m)
	case m.Method == CHAIDMethod && m.Tree != nil && len(m.Tree.Cuts) == len(m.Items):
		return m.Tree.fits(m.Items, len(m.Names))
	}
	return misfit
}

// misfit is what is wrong with a model that lacks the part of its method.
const misfit = "its parts do not fit each other"

func (m *Model) eachItem(fits func(j int) string) string {
	for j, x := range m.Items {
		if why := fits(j); why != "" {
			return fmt.Sprintf("%s: %s", x.Variable, why)
		}
	}
	return ""
}
