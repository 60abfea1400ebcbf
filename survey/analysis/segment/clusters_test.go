package segment_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"surveykit/stats"
	"surveykit/stats/cluster"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
	"surveykit/survey/estimate"
	"surveykit/survey/estimate/sampletest"
)

// exact is what sums in another order lose.
const exact = 1e-9

// groups draws people of three groups that lie far apart in a town, an opinion
// of five steps and an age, some of them without an answer, in two strata of
// clusters. The last column is the group.
func groups(seed uint64, psus, each int) *survey.Table {
	random := rand.New(rand.NewPCG(seed, 0))
	columns := map[string][]float64{}
	add := func(name string, v float64) { columns[name] = append(columns[name], v) }
	for p := range psus {
		for range each {
			k := (p%3 + random.IntN(5)/3 + random.IntN(2)) % 3
			answer := func(name string, v float64) {
				if random.IntN(12) == 0 {
					v = math.NaN()
				}
				add(name, v)
			}
			add("stratum", float64(p%2+1))
			add("psu", float64(p+1))
			add("weight", 0.5+random.Float64())
			add("group", float64(k+1))
			answer("town", float64((k+random.IntN(20)/19)%3+1))
			answer("opinion", float64([]int{1, 3, 5}[k]+random.IntN(20)/19*(1-k)))
			add("age", 30*float64(k)+20+4*random.NormFloat64())
			add("noise", float64(random.IntN(4)))
		}
	}
	t := &survey.Table{Rows: psus * each}
	for _, name := range []string{"stratum", "psu", "weight", "group", "town", "opinion", "age", "noise"} {
		t.Variables = append(t.Variables, &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(columns[name])})
	}
	return t
}

var groupItems = []string{"town:nominal", "opinion:ordinal", "age:scale"}

var distances = []*segment.Method{segment.KMeansMethod, segment.KMedoidsMethod, segment.HierarchicalMethod}

func clusters(t testing.TB, s *estimate.Sample, o segment.ClusterOptions) ([]segment.Clustering, *segment.Solution) {
	t.Helper()
	records, solution, err := segment.Clusters(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return records, solution
}

func near(t testing.TB, what string, got, want survey.Figure, tolerance float64) {
	t.Helper()
	if got.Exists() != want.Exists() || got.Exists() && math.Abs(got.Float()-want.Float()) > tolerance*max(1, math.Abs(want.Float())) {
		t.Errorf("%s: got %v, want %v", what, got.Float(), want.Float())
	}
}

// sameFigures holds two records to the same value and error and, where wanted,
// limits: with replicates the estimators take those of the replicates' logits.
func sameFigures(t testing.TB, what string, got, want survey.Estimate, limits bool) {
	t.Helper()
	near(t, what, got.Value, want.Value, exact)
	near(t, what+" SE", got.SE, want.SE, exact)
	if limits {
		near(t, what+" low", got.Low, want.Low, exact)
		near(t, what+" high", got.High, want.High, exact)
	}
	if got.N != want.N {
		t.Errorf("%s: n %d, want %d", what, got.N, want.N)
	}
}

// Each way finds the three groups, chooses their number, and finds them again.
func TestClustersFindTheGroups(t *testing.T) {
	table := groups(1, 30, 12)
	truth := make([]int32, table.Rows)
	for i, g := range table.Lookup("group").Numbers.All() {
		truth[i] = int32(g)
	}
	s := sampletest.Of(t, table, clustered)
	for _, method := range distances {
		records, solution := clusters(t, s, segment.ClusterOptions{Method: method, Items: groupItems, Clusters: []int{2, 3, 4}, Starts: 5, Resamples: 5})
		if records[0].Clusters != 3 || !records[0].Chosen {
			t.Fatalf("%s chooses %d", method.Name, records[0].Clusters)
		}
		if r := stats.AdjustedRand(truth, solution.Member, s.Frame().ByRow.Weights); r < 0.9 {
			t.Errorf("%s: adjusted Rand with the truth %v", method.Name, r)
		}
		if again := records[0].Stability; again.Resamples != 5 || again.AdjustedRand.Float() < 0.9 || again.Low.Float() > again.High.Float() || slices.ContainsFunc(again.Jaccard, func(j survey.Figure) bool { return j.Float() < 0.9 }) {
			t.Errorf("%s: stability %+v", method.Name, again)
		}
	}
}

// One number has three clusters by its gaps, which it is chosen by when asked.
func TestGapChooses(t *testing.T) {
	s := sampletest.Of(t, groups(1, 30, 12), clustered)
	for _, method := range distances[:2] {
		records, _ := clusters(t, s, segment.ClusterOptions{Method: method, Items: []string{"age:scale"}, Clusters: []int{2, 3, 4}, Starts: 5, Gap: true})
		if records[0].Clusters != 3 || !records[0].Gap.Exists() || !(records[0].GapSE.Float() > 0) {
			t.Errorf("%s: %+v", method.Name, records[0])
		}
		records, _ = clusters(t, s, segment.ClusterOptions{Method: method, Items: []string{"age:scale"}, Clusters: []int{1, 2}, Starts: 5})
		if records[0].Clusters != 2 || records[1].Silhouette.Exists() {
			t.Errorf("%s: one cluster has a silhouette, or is chosen by it: %+v", method.Name, records)
		}
	}
}

// What is not there is not found again.
func TestNoiseIsNotStable(t *testing.T) {
	table := groups(2, 30, 8)
	random := rand.New(rand.NewPCG(1, 1))
	for _, name := range []string{"town", "opinion", "age"} {
		random.Shuffle(table.Rows, func(i, j int) {
			x := table.Lookup(name).Numbers
			a, b := x.At(i), x.At(j)
			x.Set(i, b)
			x.Set(j, a)
		})
	}
	records, _ := clusters(t, sampletest.Of(t, table, clustered), segment.ClusterOptions{Method: segment.KMeansMethod, Items: []string{"noise:scale", "opinion:ordinal"}, Clusters: []int{6}, Starts: 5, Resamples: 10})
	if r := records[0].Stability.AdjustedRand; r.Float() > 0.9 {
		t.Errorf("segments of noise are found again: %v", r.Float())
	}
}

// Sizes and answers are those that the estimators give for the new variable, by
// linearisation and by replicates.
func TestSegmentFiguresAreTheEstimators(t *testing.T) {
	table := groups(3, 16, 10)
	replicated, replicates := jackknifed(table)
	for _, d := range []struct {
		table  *survey.Table
		design survey.Design
		limits bool
	}{{table, clustered, true}, {replicated, replicates, false}} {
		records, solution := clusters(t, sampletest.Of(t, d.table, d.design), segment.ClusterOptions{Method: segment.KMedoidsMethod, Items: groupItems, Clusters: []int{3}, Starts: 3, Resamples: 2})
		with := d.table.With(solution.Variable("segment", ""))
		shares, err := sampletest.Of(t, with, d.design).Proportions([]string{"segment"})
		if err != nil {
			t.Fatal(err)
		}
		frame := sampletest.Of(t, with, d.design).Frame()
		for k, g := range records[0].Segments {
			sameFigures(t, "size", g.Size, shares[k], d.limits)
			near(t, "share", records[0].Shares[k], shares[k].Value, exact)
			inside := sampletest.Framed(t, with, frame, estimate.Options{Where: fmt.Sprintf("segment == %d", k+1)})
			towns, _ := inside.Proportions([]string{"town"})
			for c, want := range towns {
				sameFigures(t, "town", g.Answers[c], want, d.limits)
			}
			ages, _ := inside.Means([]string{"age"})
			sameFigures(t, "age", g.Answers[len(g.Answers)-1], ages[0], d.limits)
		}
	}
}

// Rows outside the domain and without a weight keep out of everything.
func TestDomainKeepsOut(t *testing.T) {
	table := groups(4, 20, 10)
	table.Lookup("weight").Numbers.Set(7, 0)
	whole := sampletest.Of(t, table, clustered)
	part := sampletest.Framed(t, table, whole.Frame(), estimate.Options{Where: "group != 2"})
	_, solution := clusters(t, part, segment.ClusterOptions{Method: segment.KMeansMethod, Items: groupItems, Clusters: []int{2}, Starts: 3})
	for i, k := range solution.Member {
		if out := table.Lookup("group").Numbers.At(i) == 2 || i == 7; out != (k < 0) {
			t.Fatalf("row %d: segment %d", i, k)
		}
	}
}

// placed are solutions of the ways that can assign others.
func placed(t testing.TB, table *survey.Table) []*segment.Solution {
	s := sampletest.Of(t, table, clustered)
	_, means := clusters(t, s, segment.ClusterOptions{Method: segment.KMeansMethod, Items: groupItems, Clusters: []int{3}, Starts: 3})
	_, medoids := clusters(t, s, segment.ClusterOptions{Method: segment.KMedoidsMethod, Items: groupItems, Clusters: []int{3}, Starts: 3})
	_, tree, err := segment.GrowTree(context.Background(), s, segment.CHAIDOptions{Target: "group:nominal", Items: groupItems})
	if err != nil {
		t.Fatal(err)
	}
	return []*segment.Solution{means, medoids, tree}
}

// A model that went through its file assigns as the fit did; whoever answered
// nothing has no cluster.
func TestModelFilesOfPlacesAssignAsTheFit(t *testing.T) {
	table := groups(5, 20, 10)
	for _, solution := range placed(t, table) {
		m := filed(t, solution.Model)
		again, err := m.Assign(table)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.Member, solution.Member) || !slices.Equal(again.Names, solution.Names) || again.Membership != nil {
			t.Errorf("%s: the model assigns other people than the fit", m.Method)
		}
		silent := table
		for _, name := range []string{"town", "opinion", "age"} {
			v := *table.Lookup(name)
			v.Numbers = survey.NewNumbers(slices.Clone(v.Numbers.Slice()))
			v.Numbers.Set(0, math.NaN())
			silent = silent.With(&v)
		}
		again, err = m.Assign(silent)
		if err != nil {
			t.Fatal(err)
		}
		if none := again.Member[0] < 0; none != (m.Method != segment.CHAIDMethod.Name) {
			t.Errorf("%s: who answered nothing is in %d", m.Method, again.Member[0])
		}
	}
}

// FuzzParsePlaces: a model file of clusters or a tree is refused, or assigns
// everybody to one of its segments.
func FuzzParsePlaces(f *testing.F) {
	table := groups(6, 8, 12)
	for _, solution := range placed(f, table) {
		good, err := json.Marshal(solution.Model)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(good))
		for _, cut := range [][2]string{{`"measure":"nominal"`, `"measure":""`}, {`"measure":"ordinal"`, `"measure":"scale"`}, {`"values":[1,`, `"values":[`}, {`"spread":`, `"spread":-`},
			{`"mean":[[`, `"mean":[[1,`}, {`"range":`, `"range":1e400,"r":`}, {`"value":[`, `"value":[null,`}, {`"child":[1`, `"child":[0`}, {`"child":[`, `"child":[1,`},
			{`"leaf":0`, `"leaf":9`}, {`"item":2`, `"item":3`}, {`"cuts":[`, `"cuts":[[2,1],`}, {`"nodes":[`, `"n":[`}, {`"method":"k-`, `"method":"m-`}} {
			f.Add(strings.Replace(string(good), cut[0], cut[1], 1))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		assignedBy(t, text, table)
	})
}

func TestClustersSayWhatIsWrong(t *testing.T) {
	s := sampletest.Of(t, groups(7, 6, 4), clustered)
	for _, c := range []struct {
		options segment.ClusterOptions
		want    string
	}{
		{segment.ClusterOptions{Method: segment.KMeansMethod, Items: []string{"twn", "oppinion"}, Clusters: []int{2}}, "opinion"},
		{segment.ClusterOptions{Method: segment.KMeansMethod, Items: []string{"town:nominal"}, Clusters: []int{9}}, "fewer different rows"},
		{segment.ClusterOptions{Method: segment.KMedoidsMethod, Items: []string{"town:nominal"}, Clusters: []int{9}}, "fewer different rows"},
		{segment.ClusterOptions{Method: segment.HierarchicalMethod, Items: []string{"town:nominal"}, Clusters: []int{9}}, "fewer different rows"},
	} {
		_, _, err := segment.Clusters(context.Background(), s, c.options)
		var problems survey.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.options.Method.Name, err)
		}
	}
	many := &survey.Table{Rows: cluster.MostRows + 5, Variables: []*survey.Variable{{Name: "x", Kind: survey.Number, Measure: survey.Scale, Numbers: survey.NewNumbers(make([]float64, cluster.MostRows+5))}}}
	for i := range many.Rows {
		many.Variables[0].Numbers.Set(i, float64(i))
	}
	_, _, err := segment.Clusters(context.Background(), sampletest.Of(t, many, survey.Design{}), segment.ClusterOptions{Method: segment.HierarchicalMethod, Items: []string{"x"}, Clusters: []int{2}})
	if err == nil || !strings.Contains(err.Error(), "0.8 GB") || !strings.Contains(err.Error(), "k-medoids") {
		t.Error(err)
	}
}

// A method that does not go by distance is an error, as is none at all.
func TestClustersGoByDistance(t *testing.T) {
	for _, m := range []*segment.Method{nil, segment.LatentClassMethod} {
		_, _, err := segment.Clusters(t.Context(), nil, segment.ClusterOptions{Method: m})
		if err == nil || !strings.Contains(err.Error(), "clusters need a method by distance") {
			t.Error(err)
		}
	}
}
