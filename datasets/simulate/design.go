package simulate

import (
	"math"
	"math/rand/v2"
)

// Countries of the survey, by index.
const (
	unitedStates = iota
	canada
	countryCount
)

// Brackets are the age brackets in order.
var Brackets = [bracketCount]string{"18-24", "25-34", "35-44", "45-54", "55-64", "65+"}

const bracketCount = 6

var (
	// firstAge of a bracket and of the next one bound the ages; the highest age is 88.
	firstAge = [bracketCount + 1]int{18, 25, 35, 45, 55, 65, 89}
	// bracketShare are the shares of the population, in both countries and waves;
	// bracketRecruited those of the sample, as online panels recruit.
	bracketShare     = profile{0.13, 0.18, 0.18, 0.19, 0.16, 0.16}
	bracketRecruited = profile{0.08, 0.17, 0.20, 0.24, 0.19, 0.12}
	// Canada is oversampled, so that it can be reported separately.
	countryShare     = [countryCount]float64{0.90, 0.10}
	countryRecruited = [countryCount]float64{0.84, 0.16}
)

const (
	// usRegions and canadianRegions are census divisions and groups of provinces;
	// each has a metropolitan and another stratum.
	usRegions       = 9
	canadianRegions = 5
	areas           = 2
	strataCount     = (usRegions + canadianRegions) * areas
	// sitesWanted is the sites of a stratum in a full wave, peoplePerSite the fewest
	// people for which a site is opened.
	sitesWanted    = 54
	peoplePerSite  = 15
	siteCorrelate  = 0.15 // share of a trait's variance between sites
	weightSpread   = 0.5  // sd of the log of the weights apart from age and country
	siteSizeSpread = 0.35 // sd of the log of the sites' sizes
)

// factNames are the facts of a respondent before the questions.
var factNames = []string{"stratum", "psu", "weight", "country", "region", "area", "age"}

const factCount = 7

// site is one PSU: a recruitment site within its stratum.
type site struct {
	country, region, area int
	stratum, id           int
	size                  int
	effects               [traitCount]float64
}

// drawSites opens the sites of a wave and gives them exactly n people.
func drawSites(rng *rand.Rand, n int) []site {
	var sites []site
	for s := range strataCount {
		region, area := s/areas+1, s%areas+1
		country := unitedStates
		if region > usRegions {
			country = canada
		}
		for k := range sitesIn(rng, n) {
			at := site{country: country, region: region, area: area, stratum: region*10 + area}
			at.id = at.stratum*1000 + k + 1
			for t := range at.effects {
				at.effects[t] = rng.NormFloat64()
			}
			sites = append(sites, at)
		}
	}
	shareOut(rng, sites, n)
	return sites
}

// sitesIn is the number of sites of one stratum: within a tenth of what the size of
// the wave allows, at least two.
func sitesIn(rng *rand.Rand, n int) int {
	k := min(sitesWanted, n/(strataCount*peoplePerSite))
	return max(2, k+rng.IntN(k/5+1)-k/10)
}

// shareOut gives each country its recruited share of n people: one to every
// site and the rest in proportion to uneven sizes.
func shareOut(rng *rand.Rand, sites []site, n int) {
	inCanada := int(math.Round(countryRecruited[canada] * float64(n)))
	people := [countryCount]int{n - inCanada, inCanada}
	size := make([]float64, len(sites))
	var sum, cumulative [countryCount]float64
	for i, s := range sites {
		size[i] = math.Exp(siteSizeSpread * rng.NormFloat64())
		sum[s.country] += size[i]
		people[s.country]--
	}
	var given [countryCount]int
	for i := range sites {
		c := sites[i].country
		cumulative[c] += size[i]
		upTo := int(math.Round(cumulative[c] / sum[c] * float64(people[c])))
		sites[i].size = 1 + upTo - given[c]
		given[c] = upTo
	}
}

// recruit sets the person's country, bracket and traits and returns the facts in
// the order of factNames.
func (s site) recruit(rng *rand.Rand, p *person) [factCount]float64 {
	p.country = s.country
	p.bracket = pick(rng, bracketRecruited[:])
	for t := range p.traits {
		p.traits[t] = math.Sqrt(siteCorrelate)*s.effects[t] + math.Sqrt(1-siteCorrelate)*rng.NormFloat64()
	}
	first, next := firstAge[p.bracket], firstAge[p.bracket+1]
	age := first + rng.IntN(next-first)
	// The weight is population share over recruited share of the person's country and age,
	// times a lognormal of mean 1 for all other causes of unequal selection: independent of
	// the answers within country and age, 1 on average, rounded to the decimals of the file.
	w := countryShare[p.country] / countryRecruited[p.country] *
		bracketShare[p.bracket] / bracketRecruited[p.bracket] *
		math.Exp(weightSpread*rng.NormFloat64()-weightSpread*weightSpread/2)
	return [factCount]float64{float64(s.stratum), float64(s.id), max(1, math.Round(w*1e4)) / 1e4,
		float64(s.country + 1), float64(s.region), float64(s.area), float64(age)}
}

// pick draws an index with the given probabilities, which add to 1.
func pick(rng *rand.Rand, shares []float64) int {
	u := rng.Float64()
	for i, s := range shares {
		if u -= s; u < 0 {
			return i
		}
	}
	return len(shares) - 1
}
