package simulate

import (
	"fmt"
	"math"
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

// Sample holds the simulated waves, oldest first.
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

// Column is one variable of a wave: codes, or a number. NaN stands where the
// question was not asked.
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
	o = o.withDefaults()
	sample := &Sample{Options: o}
	for _, wave := range []struct{ year, n int }{{Year2008, o.Respondents2008}, {Year2011, o.Respondents2011}} {
		if wave.n < MinimumRespondents {
			return nil, fmt.Errorf("the %d wave cannot have %d respondents; ask for %d or more", wave.year, wave.n, MinimumRespondents)
		}
		sample.Waves = append(sample.Waves, simulateWave(o.Seed, wave.year, wave.n))
	}
	return sample, nil
}

func (o Options) withDefaults() Options {
	if o.Respondents2011 == 0 {
		o.Respondents2011 = 37350
	}
	if o.Respondents2008 == 0 {
		o.Respondents2008 = 24000
	}
	return o
}

// person is a respondent while the answers are drawn.
type person struct {
	country int
	bracket int
	traits  [traitCount]float64
	// answers holds one value a column of the questionnaire, NaN where not asked.
	answers []float64
}

func simulateWave(seed uint64, year, n int) *Wave {
	rng := rand.New(rand.NewPCG(seed, uint64(year)))
	form := newQuestionnaire(year)
	w := newWave(year, n, form)
	p := &person{answers: make([]float64, len(form.names))}
	row := 0
	for _, site := range drawSites(rng, n) {
		for range site.size {
			facts := site.recruit(rng, p)
			form.ask(rng, p)
			w.record(row, facts, p.answers)
			row++
		}
	}
	return w
}

func newWave(year, n int, form *questionnaire) *Wave {
	w := &Wave{Year: year}
	for _, name := range append(append([]string{"synthetic_id", "wave"}, factNames...), form.names...) {
		w.Columns = append(w.Columns, Column{name, make([]float64, n)})
	}
	return w
}

// record writes one respondent into row i.
func (w *Wave) record(i int, facts [factCount]float64, answers []float64) {
	w.Columns[0].Values[i] = float64(i + 1)
	w.Columns[1].Values[i] = float64(w.Year)
	for k, x := range facts {
		w.Columns[2+k].Values[i] = x
	}
	for k, x := range answers {
		w.Columns[2+factCount+k].Values[i] = x
	}
}

// ask puts the whole questionnaire to a person, in order, so that a gate finds
// its answer already given.
func (f *questionnaire) ask(rng *rand.Rand, p *person) {
	for _, b := range f.blocks {
		b.ask(rng, p)
	}
}

// latent draws a standard normal that hangs together with the person's trait.
func latent(rng *rand.Rand, p *person, t trait, loading float64) float64 {
	return loading*p.traits[t] + math.Sqrt(1-loading*loading)*rng.NormFloat64()
}
