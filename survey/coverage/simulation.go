package coverage

import (
	"context"
	"fmt"
	"math"

	"surveykit/stats"
	"surveykit/survey"
)

// Simulation says how many samples of each setting are drawn, with random numbers
// of Seed.
type Simulation struct {
	Samples int
	Seed    uint64
}

// Size is a sample size: PSUs a stratum and persons a PSU, in the ten strata of
// the population.
type Size struct{ PSUs, Persons int }

func (d Size) String() string { return fmt.Sprintf("%d × %d × %d", strata, d.PSUs, d.Persons) }

// Sizes are the sample sizes of a simulation of intervals.
var Sizes = []Size{{2, 10}, {6, 12}, {20, 15}}

// Chances are the spreads of the logs of the persons' chances to be drawn: all
// alike, and such that Kish's design effect of the weights is near 2.
var Chances = []float64{0, 0.85}

const (
	strata = 10
	// psusInStratum are so many that the samples take a twentieth at most.
	psusInStratum = 400
	// Level is the confidence level of the intervals.
	Level = 0.95
)

// Scenario is what the samples of one size, by one kind of chances, say.
type Scenario struct {
	Size    Size
	Chances float64
	Results []Result
}

// Draws is the number of samples that Intervals draws.
func (o Simulation) Draws() int { return o.Samples * len(Sizes) * len(Chances) }

// Intervals draws the samples of every size, with chances that are alike and that
// are not, from one population, and counts what the intervals of all methods hold.
// progress, where not nil, hears how many samples are done.
func (o Simulation) Intervals(ctx context.Context, progress func(done int)) ([]Scenario, error) {
	populations := make([]*Population, len(Chances))
	for k, chances := range Chances {
		var err error
		if populations[k], err = NewPopulation(PopulationOptions{Seed: o.Seed, Strata: strata, PSUsPerStratum: psusInStratum, Chances: chances}); err != nil {
			return nil, err
		}
	}
	var out []Scenario
	for _, size := range Sizes {
		for k, p := range populations {
			s := Study{
				Design:  survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}},
				Samples: o.Samples,
				Draw: func(k int) (*survey.Table, error) {
					rows, err := p.Draw(o.Seed<<32+uint64(k), size.PSUs, size.Persons)
					if err != nil {
						return nil, err
					}
					return rows.table(), nil
				},
				Targets: []Target{
					{Name: "common", Share: "common == 1", Truth: p.Mean(p.Common, nil)},
					{Name: "rare", Share: "rare == 1", Truth: p.Mean(p.Rare, nil)},
					{Name: "common, small domain", Share: "common == 1", Where: "small == 1", Truth: p.Mean(p.Common, p.Small)},
					{Name: "rare, small domain", Share: "rare == 1", Where: "small == 1", Truth: p.Mean(p.Rare, p.Small)},
				},
				Methods: stats.IntervalMethods,
				Level:   Level,
			}
			results, err := s.Run(ctx, after(len(out)*o.Samples, progress))
			if err != nil {
				return nil, err
			}
			out = append(out, Scenario{size, Chances[k], results})
		}
	}
	return out, nil
}

// after counts on from the samples that are done before.
func after(before int, progress func(done int)) func(done int) {
	if progress == nil {
		return nil
	}
	return func(done int) { progress(before + done) }
}

// table is a survey of the rows.
func (r *Rows) table() *survey.Table {
	small, stratum, psu := make([]float64, len(r.Small)), make([]float64, len(r.Small)), make([]float64, len(r.Small))
	for i, in := range r.Small {
		if in {
			small[i] = 1
		}
		stratum[i], psu[i] = float64(r.Stratum[i]), float64(r.PSU[i])
	}
	number := func(name string, x []float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
	}
	return &survey.Table{Rows: len(small), Variables: []*survey.Variable{number("stratum", stratum), number("psu", psu), number("weight", r.Weight),
		number("common", r.Common), number("rare", r.Rare), number("small", small)}}
}

// The settings of a simulation of letters: PSUs of a column (none where people are
// drawn one by one), coefficients of variation of the weights, people of the
// smaller column, and the share of all columns.
var (
	letterPSUs    = []int{0, 80, 40, 20, 8}
	letterSpreads = []float64{0, 0.6}
	letterBases   = []int{60, 150, 400, 1000}
	LetterShares  = []float64{0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5}
)

const (
	// letterLarge are the fewest people of the larger column; it has half as many
	// again as the smaller one where that is more.
	letterLarge = 600
	// EnoughPSUs are the PSUs of a column from which no rate should be above LetterLimit.
	EnoughPSUs  = 20
	LetterLimit = 0.06
	// LetterErrors are the simulation errors by which a rate may be above the limit
	// by chance: one of 740 is.
	LetterErrors = 3
)

// LetterSetting is what tables were made of, and how often their letters were false:
// for each kind of letter, and in it for each of LetterShares.
type LetterSetting struct {
	PSUs   int
	Spread float64
	Base   int
	Counts []LetterCount
}

// Enough reports whether the columns have enough PSUs, as people drawn one by one do.
func (s LetterSetting) Enough() bool { return s.PSUs == 0 || s.PSUs >= EnoughPSUs }

// Of are the counts of a kind of letter, the k-th of LetterKinds.
func (s LetterSetting) Of(k int) []LetterCount {
	return s.Counts[k*len(LetterShares) : (k+1)*len(LetterShares)]
}

// LetterDraws is the number of samples that Letters draws.
func (o Simulation) LetterDraws() int {
	return o.Samples * (len(letterPSUs)*len(letterSpreads)*len(letterBases) + 1)
}

// Letters draws the samples of every setting, all columns of which have one share,
// and counts the letters, which are false. power counts those that are due: nobody
// of 60 people says yes, and 15% of 360 others do.
func (o Simulation) Letters(ctx context.Context, progress func(done int)) (settings []LetterSetting, power LetterCount, err error) {
	var same []Outcome
	for _, share := range LetterShares {
		same = append(same, Outcome{Small: share, Others: share})
	}
	for _, psus := range letterPSUs {
		for _, spread := range letterSpreads {
			for _, base := range letterBases {
				k := len(settings)
				l := Letters{Samples: o.Samples, Seed: o.Seed<<32 + uint64(k), Small: base, Large: max(letterLarge, base*3/2), PSUs: psus, Spread: spread, Outcomes: same}
				counts, err := l.Run(ctx, after(k*o.Samples, progress))
				if err != nil {
					return nil, power, err
				}
				settings = append(settings, LetterSetting{psus, spread, base, counts})
			}
		}
	}
	due := Letters{Samples: o.Samples, Seed: o.Seed<<32 + 1<<31, Small: 60, Large: 360, Outcomes: []Outcome{{Small: 0, Others: 0.15}}}
	counts, err := due.Run(ctx, after(len(settings)*o.Samples, progress))
	if err != nil {
		return nil, power, err
	}
	return settings, counts[0], nil
}

// LetterRates sum up the rates of settings: how far they go, and how many of them
// are above LetterLimit by more than LetterErrors simulation errors.
type LetterRates struct {
	All, Largest LetterCount
	Rates, Above int
}

// SumLetters sums up the settings of which of says yes.
func SumLetters(settings []LetterSetting, of func(LetterSetting) bool) (r LetterRates) {
	for _, s := range settings {
		if !of(s) {
			continue
		}
		for _, c := range s.Counts {
			rate, _ := c.Rate()
			if most, _ := r.Largest.Rate(); !(rate <= most) {
				r.Largest = c
			}
			if rate > LetterLimit+LetterErrors*math.Sqrt(LetterLimit*(1-LetterLimit)/float64(c.Compared)) {
				r.Above++
			}
			r.Rates, r.All.Told, r.All.Compared = r.Rates+1, r.All.Told+c.Told, r.All.Compared+c.Compared
		}
	}
	return r
}
