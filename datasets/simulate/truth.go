package simulate

import "math"

// Statistics of the truth.
const (
	Share = "share" // proportion 0–1 of a code among the answers to its question
	Mean  = "mean"  // mean code among the answers
	Ratio = "ratio" // one share over another
	// R2 is the share of an outcome's variance that its drivers explain in a linear
	// model, 0–1; Importance the part of one driver by Shapley.
	R2         = "r2"
	Importance = "importance"
)

// AllAges names the figure of all ages; the broad groups join brackets.
const (
	AllAges = "All"
	Under35 = "18-34"
	Over55  = "55+"
)

// Figure is one exact value of the simulated population.
type Figure struct {
	Wave      int
	Age       string
	Variable  string
	Statistic string
	// Code that a share counts, NaN for a mean or a ratio.
	Code  float64
	Value float64
}

// Truth are the figures of the population, by wave, age and questionnaire order.
type Truth []Figure

// truth is a figure of one country and bracket; base is the share of its people who
// are asked and answer, up to a factor that is the same for all cells.
type truth struct {
	variable, statistic string
	code, base, value   float64
}

// Find returns a figure; ok is false where there is none. Code is read for shares only.
func (t Truth) Find(wave int, age, variable, statistic string, code float64) (value float64, ok bool) {
	for _, f := range t {
		if f.Wave == wave && f.Age == age && f.Variable == variable && f.Statistic == statistic &&
			(f.Statistic != Share || f.Code == code) {
			return f.Value, true
		}
	}
	return math.NaN(), false
}

// TruthOf computes the figures of both waves. They follow from the
// questionnaire's probabilities alone, not from any sample, so they do not
// depend on seed or size. A figure of several brackets or countries is
//
//	Σ share·base·value / Σ share·base
//
// over the cells, where share is the cell's share of the population and base the
// share of the cell that is asked.
func TruthOf() Truth {
	var out Truth
	for _, year := range []int{Year2008, Year2011} {
		form := newQuestionnaire(year)
		var satisfaction cells[moments]
		for country := range countryCount {
			for bracket := range bracketCount {
				satisfaction[country][bracket] = form.touchpoints.moments(country, bracket)
			}
		}
		groups := []ageGroup{{AllAges, []int{0, 1, 2, 3, 4, 5}}}
		for b, name := range Brackets {
			groups = append(groups, ageGroup{name, []int{b}})
		}
		for _, g := range append(groups, ageGroup{Under35, []int{0, 1}}, ageGroup{Over55, []int{4, 5}}) {
			out = append(out, form.truthOf(year, g)...)
			out = append(out, form.touchpoints.driversOf(year, g, satisfaction)...)
		}
	}
	return out
}

type ageGroup struct {
	name     string
	brackets []int
}

func (f *questionnaire) truthOf(year int, g ageGroup) Truth {
	var out Truth
	for _, b := range f.blocks {
		out = append(out, blockTruth(b, year, g)...)
	}
	identity, _ := out.Find(year, g.name, "concern_identity", Share, 1)
	behavioral, _ := out.Find(year, g.name, "concern_behavioral", Share, 1)
	return append(out, Figure{Wave: year, Age: g.name, Variable: "concern_identity_to_behavioral",
		Statistic: Ratio, Code: math.NaN(), Value: identity / behavioral})
}

// blockTruth adds up a block's cells; every cell lists the same figures in the same order.
func blockTruth(b block, year int, g ageGroup) Truth {
	var out Truth
	var bases []float64
	for country := range countryCount {
		for _, bracket := range g.brackets {
			for i, t := range b.truths(country, bracket) {
				if i == len(out) {
					out = append(out, Figure{Wave: year, Age: g.name, Variable: t.variable, Statistic: t.statistic, Code: t.code})
					bases = append(bases, 0)
				}
				base := countryShare[country] * bracketShare[bracket] * t.base
				out[i].Value += base * t.value
				bases[i] += base
			}
		}
	}
	for i := range out {
		out[i].Value /= bases[i]
	}
	return out
}
