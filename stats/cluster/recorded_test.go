package cluster

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/stats"
	"surveykit/stats/recorded"
)

// byR are the answers of R's packages cluster, mclust and stats on sixty people:
// testdata/cluster.R.
type byR struct {
	People struct {
		Town, Agree, Age, Income []*float64
	}
	Distances []float64
	Medoids   []struct {
		K           int
		Within      float64
		Best        *float64
		Member      []int32
		Silhouette  float64
		Silhouettes []float64
	}
	Trees []struct {
		Name          Linkage
		Heights, Rand []float64
		Member        [][]int32
	}
	Numbers [][]float64
	Gap     struct {
		LogW     []float64 `json:"log_w"`
		Expected []float64
		Gap      []float64
		Error    []float64
	}
	Rules []struct {
		Gap, Error []float64
		Chosen     int
	}
}

func read(t *testing.T) (a byR, people []Item) {
	t.Helper()
	recorded.Read(t, "cluster.json", &a)
	for j, answer := range [][]*float64{a.People.Town, a.People.Agree, a.People.Age, a.People.Income} {
		x := Item{}
		if j == 0 {
			x.Categories = 4 // towns are numbered from 1
		}
		for _, v := range answer {
			if v == nil {
				x.Value = append(x.Value, math.NaN())
			} else {
				x.Value = append(x.Value, *v)
			}
		}
		people = append(people, x)
	}
	return a, people
}

// TestGowerIsDaisys: distances below the diagonal, column by column.
func TestGowerIsDaisys(t *testing.T) {
	a, people := read(t)
	d, n := Gower(people, Ranges(people, ones(60))), 0
	for j := range 60 {
		for i := j + 1; i < 60; i++ {
			near(t, "distance", d(i, j), a.Distances[n], printed)
			n++
		}
	}
}

// TestMedoidsArePams: as near as pam's swaps come or nearer, the best of all
// where that was looked for, and the same people where the sums are the same.
func TestMedoidsArePams(t *testing.T) {
	a, people := read(t)
	for _, want := range a.Medoids {
		f, err := FitKMedoids(context.Background(), people, ones(60), want.K, Options{Starts: 20, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if f.Within > want.Within+single {
			t.Errorf("%d medoids: %.9f, by pam %.9f", want.K, f.Within, want.Within)
		}
		if want.Best != nil {
			near(t, "best of all", f.Within, *want.Best, single)
		}
		if math.Abs(f.Within-want.Within) < single {
			near(t, "adjusted Rand", stats.AdjustedRand(f.Member, want.Member, ones(60)), 1, rounding)
		}
	}
}

func TestSilhouettesAreRs(t *testing.T) {
	a, people := read(t)
	d := Gower(people, Ranges(people, ones(60)))
	for _, want := range a.Medoids {
		s, err := Silhouettes(context.Background(), d, [][]int32{want.Member}, ones(60), 60, 1)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", s[0].Mean, want.Silhouette, printed)
		for k, width := range want.Silhouettes {
			near(t, "of a cluster", s[0].Clusters[k], width, printed)
		}
	}
}

// TestTreesAreHclusts: every height, the clusters of each cut, and their adjusted
// Rand index with pam's, which mclust gives.
func TestTreesAreHclusts(t *testing.T) {
	a, people := read(t)
	for _, want := range a.Trees {
		d, err := Agglomerate(context.Background(), people, ones(60), want.Name)
		if err != nil {
			t.Fatal(err)
		}
		for i, height := range want.Heights {
			near(t, string(want.Name), d.Merges[i].Height, height, single)
		}
		for i, by := range want.Member {
			member, err := d.Cut(i + 2)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "the same clusters", stats.AdjustedRand(member, by, ones(60)), 1, rounding)
			near(t, "adjusted Rand", stats.AdjustedRand(member, a.Medoids[i].Member, ones(60)), want.Rand[i], printed)
		}
	}
}

// TestGapsAreClusGaps: W of the data is clusGap's but for the size of the data and
// its ½ (of more clusters than there are, 20 starts do not find the best: no larger),
// and gaps over other sets drawn lie within four of their errors.
func TestGapsAreClusGaps(t *testing.T) {
	a, _ := read(t)
	items, clusters := []Item{{Value: a.Numbers[0]}, {Value: a.Numbers[1]}}, []int{1, 2, 3, 4, 5}
	units := Spreads(items, ones(60))
	const sets = 200
	gaps, err := Gaps(context.Background(), items, ones(60), clusters, sets, 1, func(items []Item, w []float64, k int) (float64, error) {
		f, err := FitKMeans(context.Background(), items, w, k, Options{Starts: 10, Units: units})
		if err != nil {
			return 0, err
		}
		return f.Within, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range clusters {
		f, err := FitKMeans(context.Background(), items, ones(60), k, Options{Starts: 2000})
		if err != nil {
			t.Fatal(err)
		}
		if got := math.Log(60 * f.Within / 2); k <= 3 || got > a.Gap.LogW[i] {
			near(t, "ln W", got, a.Gap.LogW[i], printed)
		}
		if e := gaps[i].Error * math.Sqrt(1./sets+1./1000); math.Abs(gaps[i].Value-a.Gap.Gap[i]) > 4*e {
			t.Errorf("%d clusters: gap %.4f ± %.4f, by clusGap %.4f", k, gaps[i].Value, e, a.Gap.Gap[i])
		}
		// a standard deviation over 200 sets has an error of 5%
		near(t, "error", gaps[i].Error/a.Gap.Error[i], 1, 0.2)
	}
}

// TestChoiceByGapIsMaxSEs: the rule "Tibs2001SEmax" on numbers drawn at random.
func TestChoiceByGapIsMaxSEs(t *testing.T) {
	a, _ := read(t)
	var got, want []int
	for _, r := range a.Rules {
		var gaps []Gap
		for k := range r.Gap {
			gaps = append(gaps, Gap{Clusters: k + 1, Value: r.Gap[k], Error: r.Error[k]})
		}
		got, want = append(got, gaps[ChooseByGap(gaps)].Clusters), append(want, r.Chosen)
	}
	if !slices.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}
