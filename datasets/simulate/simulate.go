// Package simulate makes the founding example: two waves, 2008 and 2011, of a
// survey on personal data that nobody ever answered. Every share of the
// simulated population is known exactly (see [TruthOf]), so estimates from the
// sample can be compared with the truth.
//
// A respondent is made as follows. Strata are regions by area, each with some
// fifty recruitment sites (the PSUs). Every respondent has two traits, concern
// and commerce, standard normal, partly shared by the people of a site. An
// answer is a latent normal with a loading on one trait, cut at thresholds:
//
//	z = λ·trait + √(1-λ²)·e,  category k where Φ⁻¹(F(k-1)) < z ≤ Φ⁻¹(F(k))
//
// so that each answer has exactly the share that the questionnaire gives it in
// its wave, country and age bracket, whatever λ and the sites are, while answers
// and people of a site are correlated. Everything is drawn by one seeded generator
// for each wave, in one order: the same options give the same bytes on any machine.
package simulate

import (
	"fmt"
	"math/rand/v2"
)

// The years of the two waves.
const (
	Year2008 = 2008
	Year2011 = 2011
)

// MinimumRespondents is the smallest wave: two sites in each of the 28 strata
// with about ten people.
const MinimumRespondents = 560

// Options of a simulation. The zero value is the founding example as shipped.
type Options struct {
	// Seed of the generator; any number, 0 as well.
	Seed uint64
	// Respondents2011 of the 2011 wave. Default 37350.
	Respondents2011 int
	// Respondents2008 of the 2008 wave. Default 24000.
	Respondents2008 int
}

// Sample is the simulated waves, oldest first.
type Sample struct {
	Options Options
	Waves   []*Wave
}

// Wave is one simulated file of respondents, in columns.
type Wave struct {
	Year int
	// Columns are in questionnaire order; the first is the respondent's id.
	Columns []Column
}

// Column is one variable of a wave: codes or a number, NaN where the question was
// not asked.
type Column struct {
	Name   string
	Values []float64
}

// Column finds a column by name, nil where there is none.
func (w *Wave) Column(name string) []float64 {
	for _, c := range w.Columns {
		if c.Name == name {
			return c.Values
		}
	}
	return nil
}

// Rows is the number of respondents.
func (w *Wave) Rows() int { return len(w.Columns[0].Values) }

// Simulate draws both waves. The waves are independent: the size of one does
// not change the other. A wave under [MinimumRespondents] is refused.
func Simulate(o Options) (*Sample, error) {
	if o.Respondents2011 == 0 {
		o.Respondents2011 = 37350
	}
	if o.Respondents2008 == 0 {
		o.Respondents2008 = 24000
	}
	sample := &Sample{Options: o}
	for _, wave := range []struct{ year, n int }{{Year2008, o.Respondents2008}, {Year2011, o.Respondents2011}} {
		if wave.n < MinimumRespondents {
			return nil, fmt.Errorf("the %d wave cannot have %d respondents; ask for %d or more", wave.year, wave.n, MinimumRespondents)
		}
		sample.Waves = append(sample.Waves, simulateWave(o.Seed, wave.year, wave.n))
	}
	return sample, nil
}

// person is a respondent while the answers are drawn.
type person struct {
	country int
	bracket int
	traits  [traitCount]float64
	// answers has a value for each column of the questionnaire, NaN where not asked.
	answers []float64
}

func simulateWave(seed uint64, year, n int) *Wave {
	rng := rand.New(rand.NewPCG(seed, uint64(year)))
	form := newQuestionnaire(year)
	w := &Wave{Year: year}
	for _, name := range append(append([]string{"synthetic_id", "wave"}, factNames...), form.names...) {
		w.Columns = append(w.Columns, Column{name, make([]float64, n)})
	}
	p := &person{answers: make([]float64, len(form.names))}
	row := 0
	for _, site := range drawSites(rng, n) {
		for range site.size {
			facts := site.recruit(rng, p)
			for _, b := range form.blocks { // in order, so that a gate has its answer
				b.ask(rng, p)
			}
			w.Columns[0].Values[row] = float64(row + 1)
			w.Columns[1].Values[row] = float64(w.Year)
			for k, x := range facts {
				w.Columns[2+k].Values[row] = x
			}
			for k, x := range p.answers {
				w.Columns[2+factCount+k].Values[row] = x
			}
			row++
		}
	}
	return w
}
