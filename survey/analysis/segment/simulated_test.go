package segment_test

import (
	"fmt"
	"math/rand/v2"

	"surveykit/survey"
)

// population has three classes, which differ between two strata and from cluster
// to cluster, and between people who are easy and hard to reach.
type population struct {
	// stratum is the share of each stratum's people, class the classes' shares in it.
	stratum [2]float64
	class   [2][3]float64
	// yes is the probability of each class to say yes to each of eight items.
	yes [3][8]float64
	// hard[k] of class k are hard to reach; easy and hard people are reached with
	// these probabilities.
	hard    [3]float64
	reached [2]float64
}

// truth has classes that its items tell apart (entropy R² about 0.9).
var truth = population{
	stratum: [2]float64{0.7, 0.3},
	class:   [2][3]float64{{0.55, 0.30, 0.15}, {0.40, 0.25, 0.35}},
	yes: [3][8]float64{
		{0.9, 0.9, 0.85, 0.8, 0.2, 0.1, 0.15, 0.8},
		{0.15, 0.2, 0.1, 0.2, 0.15, 0.1, 0.2, 0.9},
		{0.2, 0.8, 0.15, 0.85, 0.9, 0.85, 0.8, 0.1},
	},
	hard:    [3]float64{0.2, 0.5, 0.7},
	reached: [2]float64{0.9, 0.3},
}

// nearer are the classes of truth with answers so much nearer to 50%.
func nearer(by float64) population {
	p := truth
	for k := range p.yes {
		for j := range p.yes[k] {
			p.yes[k][j] = 0.5 + by*(p.yes[k][j]-0.5)
		}
	}
	return p
}

// share is a class's share of the population.
func (p population) share(k int) float64 {
	return p.stratum[0]*p.class[0][k] + p.stratum[1]*p.class[1][k]
}

// drawn is sample number k: in each stratum so many clusters of 16 people, those
// of them who are reached, with weights for strata and for being reached.
func (p population) drawn(k, clusters int) (*survey.Table, []int32) {
	rng := rand.New(rand.NewPCG(uint64(k), 31))
	columns := make([][]float64, 11)
	var class []int32
	for h := range 2 {
		for c := range clusters {
			shares := around(rng, p.class[h])
			for range 16 {
				p.person(rng, h, h*clusters+c+1, shares, columns, &class)
			}
		}
	}
	t := &survey.Table{Rows: len(class)}
	for j, name := range []string{"stratum", "psu", "weight", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"} {
		t.Variables = append(t.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(columns[j])})
	}
	return t, class
}

// around draws a cluster's shares, on average the stratum's: those of twelve
// people, each of a class at random.
func around(rng *rand.Rand, mean [3]float64) (shares [3]float64) {
	for range 12 {
		shares[pick(rng, mean)] += 1.0 / 12
	}
	return shares
}

func pick(rng *rand.Rand, shares [3]float64) int {
	u := rng.Float64()
	for k, s := range shares {
		if u -= s; u < 0 {
			return k
		}
	}
	return 2
}

// person draws somebody of a cluster, who answers where reached.
func (p population) person(rng *rand.Rand, stratum, psu int, shares [3]float64, columns [][]float64, class *[]int32) {
	k, kind := pick(rng, shares), 0
	if rng.Float64() < p.hard[k] {
		kind = 1
	}
	if rng.Float64() > p.reached[kind] {
		return
	}
	row := []float64{float64(stratum + 1), float64(psu), p.stratum[stratum] / p.reached[kind]}
	for _, yes := range p.yes[k] {
		answer := 0.0
		if rng.Float64() < yes {
			answer = 1
		}
		row = append(row, answer)
	}
	for j, v := range row {
		columns[j] = append(columns[j], v)
	}
	*class = append(*class, int32(k))
}

// drawn is a sample of truth.
func drawn(k, clusters int) (*survey.Table, []int32) { return truth.drawn(k, clusters) }

var questions = []string{"q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"}

var clustered = survey.Design{Weight: "weight", Strata: "stratum", PSU: []string{"psu"}}

// jackknifed adds a delete-one-cluster replicate weight for each cluster, over
// both strata together, and gives its design.
func jackknifed(t *survey.Table) (*survey.Table, survey.Design) {
	psu, weight := t.Lookup("psu").Numbers.Slice(), t.Lookup("weight").Numbers.Slice()
	n := 0.0
	for _, p := range psu {
		n = max(n, p)
	}
	for r := range int(n) {
		w := make([]float64, len(weight))
		for i := range w {
			if int(psu[i]) != r+1 {
				w[i] = weight[i] * n / (n - 1)
			}
		}
		t = t.With(&survey.Variable{Name: fmt.Sprintf("jk%03d", r+1), Kind: survey.Number, Numbers: survey.NewNumbers(w)})
	}
	return t, survey.Design{Weight: "weight", Replicates: &survey.ReplicateSpec{Columns: "jk*", Type: "jk1"}}
}
