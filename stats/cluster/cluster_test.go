package cluster

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"surveykit/stats"
)

const (
	// rounding is what sums of a few hundred numbers lose.
	rounding = 1e-12
	// printed is the precision of recorded answers.
	printed = 1e-9
	// single is what distances of 4 bytes lose.
	single = 1e-6
)

// cars are four columns of R 4.2.2's mtcars: mpg, hp, wt, qsec.
func cars() []Item {
	return []Item{
		{Value: []float64{21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4}},
		{Value: []float64{110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109}},
		{Value: []float64{2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78}},
		{Value: []float64{16.46, 17.02, 18.61, 19.44, 17.02, 20.22, 15.84, 20, 22.9, 18.3, 18.9, 17.4, 17.6, 18, 17.98, 17.82, 17.42, 19.47, 18.52, 19.9, 20.01, 16.87, 17.3, 15.41, 17.05, 18.9, 16.7, 16.9, 14.5, 15.5, 14.6, 18.6}},
	}
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

func near(t interface{ Errorf(string, ...any) }, what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func sizes(member []int32) []int {
	var out []int
	for _, k := range member {
		for int(k) >= len(out) {
			out = append(out, 0)
		}
		if k >= 0 {
			out[k]++
		}
	}
	return out
}

// TestKMeansIsRs: tot.withinss/32 and sizes of R 4.2.2's
// kmeans(scale(x)*sqrt(32/31), k, nstart = 200) on these columns of mtcars.
func TestKMeansIsRs(t *testing.T) {
	for k, want := range map[int]struct {
		within float64
		sizes  []int
	}{2: {1.89568301253218, []int{17, 15}}, 3: {1.40774825143614, []int{15, 11, 6}}, 4: {1.0528727225799, []int{11, 10, 6, 5}}} {
		f, err := FitKMeans(context.Background(), cars(), ones(32), k, Options{Starts: 100, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "within", f.Within, want.within, printed)
		near(t, "total", f.Total, 4, rounding)
		if diff := cmp.Diff(want.sizes, sizes(f.Member)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(f.Member, f.Assign(cars())); diff != "" {
			t.Error("assigned otherwise than fitted:", diff)
		}
	}
}

// TestTreesAreRs: the last heights and the sizes of four clusters of R 4.2.2's
// hclust on Manhattan distances over ranges of the same columns.
func TestTreesAreRs(t *testing.T) {
	for linkage, want := range map[Linkage]struct {
		heights []float64
		sizes   []int
	}{
		Average:  {[]float64{0.171458430026, 0.200477710640, 0.246466893668, 0.246629130389, 0.352468151414}, []int{12, 11, 6, 3}},
		Complete: {[]float64{0.243522750625, 0.365672410674, 0.371761812179, 0.505031355288, 0.708222965436}, []int{19, 6, 4, 3}},
		Ward:     {[]float64{0.654469416402, 0.822393231820, 0.849094962292, 1.034276495094, 1.679060661963}, []int{12, 11, 6, 3}},
	} {
		d, err := Agglomerate(context.Background(), cars(), ones(32), linkage)
		if err != nil {
			t.Fatal(err)
		}
		for i, height := range want.heights {
			near(t, string(linkage), d.Merges[26+i].Height, height, single)
		}
		member, err := d.Cut(4)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.sizes, sizes(member)); diff != "" {
			t.Error(linkage, diff)
		}
	}
}

// drawItems draws a nominal item and two numbers with missing answers.
func drawItems(t *rapid.T, n int) []Item {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "data"), 0))
	items := []Item{{Categories: 3, Value: make([]float64, n)}, {Value: make([]float64, n)}, {Value: make([]float64, n)}}
	for i := range n {
		items[0].Value[i] = float64(random.IntN(3))
		items[1].Value[i] = random.NormFloat64() + 3*float64(i%2)
		items[2].Value[i] = random.NormFloat64()
		if random.IntN(6) == 0 {
			items[random.IntN(3)].Value[i] = math.NaN()
		}
	}
	return items
}

// repeat gives each row as often as its weight says.
func repeat(items []Item, weights []float64) []Item {
	out := make([]Item, len(items))
	for j, x := range items {
		out[j].Categories = x.Categories
		for i, v := range x.Value {
			for range int(weights[i]) {
				out[j].Value = append(out[j].Value, v)
			}
		}
	}
	return out
}

// TestWeightsAreRepetitions holds all three ways to data in which each row
// stands as often as its weight says.
func TestWeightsAreRepetitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t, 14)
		weights := make([]float64, 14)
		for i := range weights {
			weights[i] = float64(rapid.IntRange(0, 3).Draw(t, "w"))
		}
		weights[0], weights[1], weights[2] = 1, 2, 1
		many := repeat(items, weights)
		all := ones(len(many[0].Value))
		o := Options{Starts: 60, Seed: 3}
		ctx := context.Background()
		a, errA := FitKMeans(ctx, items, weights, 2, o)
		b, errB := FitKMeans(ctx, many, all, 2, o)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		near(t, "k-means", a.Within, b.Within, rounding)
		near(t, "total", a.Total, b.Total, rounding)
		c, errA := FitKMedoids(ctx, items, weights, 2, o)
		d, errB := FitKMedoids(ctx, many, all, 2, o)
		if errA != nil || errB != nil {
			t.Skip("two rows that differ by missing answers only")
		}
		near(t, "k-medoids", c.Within, d.Within, single)
		for _, linkage := range Linkages {
			e, errA := Agglomerate(ctx, items, weights, linkage)
			f, errB := Agglomerate(ctx, many, all, linkage)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			scale := 1.0
			if linkage == Ward { // its heights are in weights of a mean of 1
				scale = math.Sqrt(float64(len(all)) / float64(len(counted(items, weights))))
			}
			for i, m := range e.Merges {
				near(t, string(linkage), m.Height*scale, f.Merges[len(f.Merges)-len(e.Merges)+i].Height, single)
			}
		}
	})
}

// TestOrderOfRowsAndNames: rows in another order fall into the same clusters,
// where these lie apart so that every search finds them.
func TestOrderOfRowsAndNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := drawItems(t, 20)
		for i := range 20 {
			items[1].Value[i] = math.Abs(items[1].Value[i]) + 20*float64(i%3)
			if math.IsNaN(items[1].Value[i]) {
				items[1].Value[i] = 20 * float64(i%3)
			}
			items[0].Value[i] = float64(i % 3)
			items[2].Value[i] += 30 * float64(i%3%2)
		}
		weights := make([]float64, 20)
		for i := range weights {
			weights[i] = rapid.Float64Range(0.2, 3).Draw(t, "w")
		}
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)).Perm(20)
		moved, movedWeights := make([]Item, len(items)), make([]float64, 20)
		for j, x := range items {
			moved[j] = Item{Categories: x.Categories, Value: make([]float64, 20)}
			for i, from := range order {
				moved[j].Value[i] = x.Value[from]
				movedWeights[i] = weights[from]
			}
		}
		o := Options{Starts: 20, Seed: 5}
		a, errA := FitKMeans(context.Background(), items, weights, 3, o)
		b, errB := FitKMeans(context.Background(), moved, movedWeights, 3, o)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		near(t, "within", a.Within, b.Within, rounding)
		again := make([]int32, 20)
		for i, from := range order {
			again[from] = b.Member[i]
		}
		near(t, "adjusted Rand", stats.AdjustedRand(a.Member, again, weights), 1, rounding)
	})
}

// TestMoreStartsAndClustersFitBetter: W falls with the number of clusters and
// never rises with that of starts.
func TestMoreStartsAndClustersFitBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, weights := drawItems(t, 30), ones(30)
		few, _ := FitKMeans(context.Background(), items, weights, 3, Options{Starts: 2, Seed: 1})
		many, _ := FitKMeans(context.Background(), items, weights, 3, Options{Starts: 40, Seed: 1})
		more, _ := FitKMeans(context.Background(), items, weights, 4, Options{Starts: 100, Seed: 1})
		if many.Within > few.Within || more.Within > many.Within || many.Within > many.Total {
			t.Fatalf("%v with 2 starts, %v with 40, %v with 4 clusters, %v with 1", few.Within, many.Within, more.Within, many.Total)
		}
	})
}

// TestMedoidsCannotBeSwapped: no medoid can be replaced to any gain, and W and
// the members are those of the medoids.
func TestMedoidsCannotBeSwapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items, k := drawItems(t, 15), rapid.IntRange(1, 4).Draw(t, "k")
		weights := make([]float64, 15)
		for i := range weights {
			weights[i] = rapid.Float64Range(0.2, 3).Draw(t, "w")
		}
		f, err := FitKMedoids(context.Background(), items, weights, k, Options{Starts: 3, Seed: 1})
		if err != nil {
			t.Skip(err)
		}
		d := Gower(items, Ranges(items, weights))
		within := func(medoid []int32) (mean float64) {
			var all float64
			for i, w := range weights {
				least := math.Inf(1)
				for _, m := range medoid {
					least = min(least, d(i, int(m)))
				}
				mean, all = mean+w*least, all+w
			}
			return mean / all
		}
		near(t, "within", f.Within, within(f.Rows), rounding)
		for at := range f.Rows {
			for i := range int32(15) {
				other := slices.Clone(f.Rows)
				other[at] = i
				if w := within(other); w < f.Within-single {
					t.Fatalf("%v gives %v, %v gives %v", f.Rows, f.Within, other, w)
				}
			}
		}
		if diff := cmp.Diff(f.Member, f.Assign(items)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestAverageLinkageByBruteForce joins by the mean distance of the people.
func TestAverageLinkageByBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 9
		items, weights := drawItems(t, n)[1:], make([]float64, n)
		for i := range weights {
			weights[i] = rapid.Float64Range(0.5, 2).Draw(t, "w")
			if math.IsNaN(items[0].Value[i]) { // without common items distances tie
				items[0].Value[i] = 0.1 * float64(i*i)
			}
		}
		d := Gower(items, Ranges(items, weights))
		tree, err := Agglomerate(context.Background(), items, weights, Average)
		if err != nil {
			t.Fatal(err)
		}
		clusters := make([][]int, n)
		for i := range clusters {
			clusters[i] = []int{i}
		}
		for _, m := range tree.Merges {
			least, a, b := math.Inf(1), 0, 0
			for i := range clusters {
				for j := range i {
					var sum, weight float64
					for _, x := range clusters[i] {
						for _, y := range clusters[j] {
							sum += weights[x] * weights[y] * d(x, y)
							weight += weights[x] * weights[y]
						}
					}
					if sum/weight < least {
						least, a, b = sum/weight, i, j
					}
				}
			}
			near(t, "height", m.Height, least, single)
			clusters[b] = append(clusters[b], clusters[a]...)
			clusters = slices.Delete(clusters, a, a+1)
		}
	})
}

// TestGowerByHand: ages 20 and 40 of a range of 40, different towns, and one
// item that only the first answered: (0.5 + 1)/2.
func TestGowerByHand(t *testing.T) {
	nan := math.NaN()
	items := []Item{{Value: []float64{20, 40, 60}}, {Categories: 2, Value: []float64{0, 1, nan}}, {Value: []float64{3, nan, nan}}}
	ranges := Ranges(items, ones(3))
	if diff := cmp.Diff([]float64{40, 1, 1}, ranges); diff != "" {
		t.Fatal(diff)
	}
	near(t, "distance", Gower(items, ranges)(0, 1), 0.75, rounding)
	apart := []Item{{Value: []float64{1, nan}}, {Value: []float64{nan, 1}}}
	near(t, "nothing shared", Gower(apart, Ranges(apart, ones(2)))(0, 1), 1, rounding)
	// Towns have a variance of 1/2 (two shares of 1/2), so a mismatch is 2/(1/2).
	near(t, "euclidean", Euclidean(items[1:2], Spreads(items[1:2], ones(3)))(0, 1), 2, rounding)
}

// TestAnyNumberOfProcessors: the same to the last bit on one and on more.
func TestAnyNumberOfProcessors(t *testing.T) {
	fit := func() (*KMeansFit, *KMedoidsFit) {
		a, _ := FitKMeans(context.Background(), cars(), ones(32), 3, Options{Seed: 2})
		b, _ := FitKMedoids(context.Background(), cars(), ones(32), 3, Options{Seed: 2})
		return a, b
	}
	a, b := fit()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c, d := fit()
	if diff := cmp.Diff(a, c) + cmp.Diff(b, d); diff != "" {
		t.Error(diff)
	}
}

func TestTooFewAndTooMany(t *testing.T) {
	ctx, items := context.Background(), []Item{{Value: []float64{1, 1, 2, math.NaN()}}}
	if _, err := FitKMeans(ctx, items, ones(4), 3, Options{}); !errors.Is(err, ErrTooFew) {
		t.Error(err)
	}
	if _, err := FitKMedoids(ctx, items, ones(4), 3, Options{}); !errors.Is(err, ErrTooFew) {
		t.Error(err)
	}
	if _, err := Agglomerate(ctx, items, make([]float64, 4), Average); !errors.Is(err, ErrTooFew) {
		t.Error(err)
	}
	many := []Item{{Value: make([]float64, MostRows+1)}}
	for i := range many[0].Value {
		many[0].Value[i] = float64(i)
	}
	var large TooManyRowsError
	if _, err := Agglomerate(ctx, many, ones(MostRows+1), Average); !errors.As(err, &large) || large.Rows != MostRows+1 {
		t.Error(err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := FitKMeans(stopped, items, ones(4), 2, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
