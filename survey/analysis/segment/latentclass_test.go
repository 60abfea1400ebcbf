package segment_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"surveykit/stats"
	"surveykit/stats/parallel"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate/sampletest"
)

// samples of the coverage study; 500 tell whether intervals hold the truth 93 to
// 97 times of 100.
var samples = flag.Int("samples", 60, "samples of the coverage study")

func classes(t testing.TB, table *survey.Table, d survey.Design, o segment.LatentClassOptions) ([]segment.LatentClass, *segment.Solution) {
	t.Helper()
	records, solution, err := segment.LatentClasses(context.Background(), sampletest.Of(t, table, d), o)
	if err != nil {
		t.Fatal(err)
	}
	return records, solution
}

// known finds the fitted class of each true one by its answers.
func known(c segment.LatentClass) (of [3]int) {
	for k, yes := range truth.yes {
		nearest := math.Inf(1)
		for l, g := range c.Segments {
			far := 0.0
			for j, p := range yes {
				far += math.Pow(g.Answers[2*j+1].Value.Float()-p, 2)
			}
			if far < nearest {
				nearest, of[k] = far, l
			}
		}
	}
	return of
}

// tally counts how often intervals for one figure hold the truth.
type tally struct {
	name                                string
	truth, held, mean, square, variance float64
}

func (a *tally) add(e survey.Estimate) {
	v := e.Value.Float()
	a.mean, a.square, a.variance = a.mean+v, a.square+(v-a.truth)*(v-a.truth), a.variance+e.SE.Float()*e.SE.Float()
	if e.Low.Float() <= a.truth && a.truth <= e.High.Float() {
		a.held++
	}
}

// tallies are of the three shares, then of each class's eight probabilities of a yes.
func tallies() []*tally {
	var out []*tally
	for k := range truth.yes {
		out = append(out, &tally{name: fmt.Sprintf("share of class %d", k+1), truth: truth.share(k)})
	}
	for k, yes := range truth.yes {
		for j, p := range yes {
			out = append(out, &tally{name: fmt.Sprintf("class %d on item %d", k+1, j+1), truth: p})
		}
	}
	return out
}

// Shares and answers of the classes of a stratified cluster sample with
// informative weights are recovered, and their intervals hold the truth as often
// as they say, also of two hundred people in twenty clusters.
func TestIntervalsHoldTheTruth(t *testing.T) {
	for _, clusters := range []int{40, 10} {
		t.Run(fmt.Sprint(2*clusters), func(t *testing.T) { cover(t, clusters) })
	}
}

func cover(t *testing.T, clusters int) {
	all := tallies()
	var lock sync.Mutex
	parallel.Each(t.Context(), *samples, func(i int) {
		table, _ := drawn(i, clusters)
		records, _ := classes(t, table, clustered, segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 5, Seed: 1})
		lock.Lock()
		defer lock.Unlock()
		for k, of := range known(records[0]) {
			g := records[0].Segments[of]
			all[k].add(g.Size)
			for j := range questions {
				all[3+8*k+j].add(g.Answers[2*j+1])
			}
		}
	})
	// Intervals that hold the truth 95 times of 100 leave these bounds once in
	// 10,000 sets of samples.
	n := float64(*samples)
	least := 0.95*n - 4*math.Sqrt(n*0.95*0.05)
	for _, a := range all {
		deviation := math.Sqrt(a.square / n)
		t.Logf("%s: truth %.3f, mean %.4f, standard deviation %.4f, mean standard error %.4f, coverage %.3f", a.name, a.truth, a.mean/n, deviation, math.Sqrt(a.variance/n), a.held/n)
		if a.held < least {
			t.Errorf("%s: %g of %g intervals hold the truth", a.name, a.held, n)
		}
		if math.Abs(a.mean/n-a.truth) > 4*deviation/math.Sqrt(n) {
			t.Errorf("%s: mean %.4f, truth %.4f", a.name, a.mean/n, a.truth)
		}
	}
}

// Without the weights the shares would be those of people who are easily reached.
func TestWeightsMatter(t *testing.T) {
	table, _ := drawn(3, 200)
	o := segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 5, Seed: 1}
	weighted, _ := classes(t, table, clustered, o)
	plain, _ := classes(t, table, survey.Design{}, o)
	k, l := known(weighted[0])[0], known(plain[0])[0]
	a, b := weighted[0].Shares[k].Float(), plain[0].Shares[l].Float()
	if math.Abs(a-truth.share(0)) > 0.04 || b-a < 0.04 {
		t.Errorf("share of the first class %.3f with weights and %.3f without, truth %.3f", a, b, truth.share(0))
	}
}

// Fits under replicate weights and the sandwich measure the same errors. JK1
// knows no strata, so the sandwich has none either; with 80 clusters the two
// differ by terms of the order of 1/80 and by curvature.
func TestJackknifeIsNearTheSandwich(t *testing.T) {
	const within = 0.1
	table, _ := drawn(11, 40)
	o := segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 5, Seed: 1, Covariates: "stratum"}
	sandwich, _ := classes(t, table, survey.Design{Weight: "weight", PSU: []string{"psu"}}, o)
	replicated, design := jackknifed(table)
	jackknife, _ := classes(t, replicated, design, o)
	near := func(what string, a, b, within float64) {
		if !(math.Abs(a/b-1) < within) {
			t.Errorf("%s: standard error %.5f by the jackknife, %.5f by the sandwich", what, a, b)
		}
	}
	for k, g := range sandwich[0].Segments {
		h := jackknife[0].Segments[k]
		near("share", h.Size.SE.Float(), g.Size.SE.Float(), within)
		for j, r := range g.Answers {
			near(r.Variable, h.Answers[j].SE.Float(), r.SE.Float(), 2*within)
		}
	}
	// By three poor items people are often mistaken for another class: without
	// what that adds, the first error would be 28% too small.
	o.Items, o.Classes = []string{"q2", "q4", "q8"}, []int{2}
	sandwich, _ = classes(t, table, survey.Design{Weight: "weight", PSU: []string{"psu"}}, o)
	jackknife, _ = classes(t, replicated, design, o)
	for k, l := range sandwich[0].Covariates {
		for j, r := range l.Coefficients {
			near(r.Term, jackknife[0].Covariates[k].Coefficients[j].SE.Float(), r.SE.Float(), within)
		}
	}
}

// copies of one question make classes certain: the logit of membership is then
// the logistic regression of the answer, errors and degrees of freedom too.
func TestCovariatesOfCertainClassesAreRegression(t *testing.T) {
	table, _ := drawn(5, 30)
	answer, other := table.Lookup("q1"), table.Lookup("q8")
	var items []string
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		twin := *answer
		twin.Name = name
		table, items = table.With(&twin), append(items, name)
	}
	// The regression's outcome is to be the second, smaller class.
	second := &survey.Variable{Name: "second", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, table.Rows))}
	records, solution := classes(t, table, clustered, segment.LatentClassOptions{Items: items, Classes: []int{2}, Starts: 5, Seed: 1, Covariates: "q8 + stratum + factor(q5)"})
	for i, k := range solution.Member {
		second.Numbers.Set(i, float64(k))
	}
	if p := stats.Dot(second.Numbers.Slice(), other.Numbers.Slice()); p == 0 || records[0].EntropyR2.Float() < 0.999999 {
		t.Fatalf("classes are not certain: entropy R² %v", records[0].EntropyR2.Float())
	}
	want, err := sampletest.Of(t, table.With(second), clustered).Regress("second ~ q8 + stratum + factor(q5)", "binomial")
	if err != nil {
		t.Fatal(err)
	}
	// glm's own tolerance, and the least probability that a class may give an answer.
	const stopped = 1e-5
	for j, r := range records[0].Covariates[0].Coefficients {
		if r.Term != want[j].Term || r.N != want[j].N || r.DF.Float() != want[j].DF.Float() ||
			math.Abs(r.Value.Float()-want[j].Value.Float()) > stopped || math.Abs(r.SE.Float()-want[j].SE.Float()) > stopped {
			t.Errorf("%+v, by regression %+v", r, want[j])
		}
	}
}

func TestCovariatesAtTheEdges(t *testing.T) {
	table, _ := drawn(5, 30)
	for text, o := range map[string]segment.LatentClassOptions{
		"with one segment there is nothing": {Items: questions, Classes: []int{1}, Covariates: "stratum"},
		"q99":                               {Items: questions, Classes: []int{2}, Covariates: "q99"},
		"ends too early":                    {Items: questions, Classes: []int{2}, Covariates: "q1 +"},
		"give halves":                       {Items: questions, Classes: []int{2}, Replicate: "quarters"},
		"has 60 values":                     {Items: questions, Classes: []int{2}, Replicate: "psu"},
	} {
		_, _, err := segment.LatentClasses(t.Context(), sampletest.Of(t, table, clustered), o)
		var problems survey.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), text) {
			t.Errorf("no %q in %v", text, err)
		}
	}
	// A covariate that an item of the classes decides is separated from one of them.
	records, _ := classes(t, table, clustered, segment.LatentClassOptions{Items: questions[:3], Classes: []int{2}, Starts: 5, Covariates: "stratum + psu + stratum:psu + weight"})
	if len(records[0].Covariates[0].Coefficients) != 5 {
		t.Errorf("%d coefficients, want 5", len(records[0].Covariates[0].Coefficients))
	}
}

// Three classes that are there are found again in every half; a fourth is noise.
func TestReplicationTellsTheNumberOfClasses(t *testing.T) {
	table, _ := drawn(7, 60)
	records, _ := classes(t, table, clustered, segment.LatentClassOptions{Items: questions, Classes: []int{3, 5}, Starts: 4, Seed: 1, Replicate: segment.Halves})
	agreed := map[int]float64{}
	for _, r := range records {
		_, agreed[r.Classes], _ = segment.MeanAgreement(r.Replications)
		if len(r.Replications) != 10 {
			t.Errorf("%d comparisons, want 10", len(r.Replications))
		}
	}
	if agreed[3] < 0.95 || agreed[5] > agreed[3]-0.1 {
		t.Errorf("3 classes agree %.3f, 5 classes %.3f", agreed[3], agreed[5])
	}
	records, _ = classes(t, table, clustered, segment.LatentClassOptions{Items: questions, Classes: []int{3}, Starts: 10, Seed: 1, Replicate: "stratum"})
	first := records[0].Replications
	if len(first) != 2 || first[0].Fitted != "stratum 1" || first[0].Assigned != "stratum 2" || first[0].Rows < 500 || first[0].Agreed.Float() < 0.9 {
		t.Errorf("replications %+v", first)
	}
}
