package drivers

import (
	"math"

	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
)

// perform fills in how well the drivers that are numbers do, and where they
// lie among each other.
func (a *Analysis) perform(m *model, top int) error {
	var problems survey.Problems
	for j := range a.Drivers {
		d := &a.Drivers[j]
		if d.Factor {
			continue
		}
		r, err := performance(m.sample, d.Driver, top)
		if err != nil {
			problems = append(problems, problemsOf(err)...)
			continue
		}
		d.Performance = &r
	}
	if err := problems.Err(); err != nil {
		return err
	}
	if !m.separated() && (top > 0 || sameScale(m.items)) {
		a.place()
	}
	return nil
}

func performance(s *estimate.Sample, name string, top int) (survey.Estimate, error) {
	var records []survey.Estimate
	var err error
	if top > 0 {
		records, err = s.TopBoxes(estimate.Box{Variable: name, Codes: top})
	} else {
		records, err = s.Means([]string{name})
	}
	if err != nil {
		return survey.Estimate{}, err
	}
	return records[0], nil
}

// sameScale reports whether the drivers that are numbers run from the same
// lowest to the same highest value, without which their means do not compare.
func sameScale(items []segment.Indicator) bool {
	var low, high float64
	first := true
	for _, x := range items {
		if isFactor(x) {
			continue
		}
		from, to := math.Inf(1), math.Inf(-1)
		for _, v := range survey.Classify(x.Variable).Values {
			score, _ := x.Variable.Score(v)
			from, to = math.Min(from, score), math.Max(to, score)
		}
		if !first && (from != low || to != high) {
			return false
		}
		low, high, first = from, to, false
	}
	return true
}

// place puts the drivers with a performance into quadrants, parted by their
// mean importance and their mean performance.
func (a *Analysis) place() {
	var importance, performance, n float64
	for _, d := range a.Drivers {
		if d.Performance != nil && d.Performance.Value.Exists() {
			importance += a.importance(d).Value.Float()
			performance += d.Performance.Value.Float()
			n++
		}
	}
	for j := range a.Drivers {
		d := &a.Drivers[j]
		if n < 2 || d.Performance == nil || !d.Performance.Value.Exists() {
			continue
		}
		important, well := a.importance(*d).Value.Float() >= importance/n, d.Performance.Value.Float() >= performance/n
		d.Quadrant = map[[2]bool]Quadrant{
			{true, false}: Concentrate, {true, true}: KeepUp, {false, false}: LowPriority, {false, true}: Overkill,
		}[[2]bool{important, well}]
	}
}
