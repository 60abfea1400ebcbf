package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"surveykit/stats"
)

// TestSilhouetteByHand: 0 and 1 against 4: row 0 has a = 1 and b = 4, row 1
// a = 1 and b = 3, and the last is alone.
func TestSilhouetteByHand(t *testing.T) {
	d := func(i, j int) float64 { x := []float64{0, 1, 4}; return math.Abs(x[i] - x[j]) }
	s, err := Silhouettes(context.Background(), d, [][]int32{{0, 0, 1}, {0, 0, 0}}, []float64{1, 2, 1}, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", s[0].Mean, (3.0/4+2*2.0/3)/4, rounding)
	near(t, "first", s[0].Clusters[0], (3.0/4+2*2.0/3)/3, rounding)
	near(t, "error", s[0].Error, 0, rounding)
	if !math.IsNaN(s[1].Mean) {
		t.Error("a single cluster has a silhouette")
	}
}

// TestSampledSilhouettes: over 200 samples of 100 of 400 rows, the errors are
// as large as the means spread (within a third: the spread of 200 has an error of 5%).
func TestSampledSilhouettes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	x, member, weights := make([]float64, 400), make([]int32, 400), make([]float64, 400)
	for i := range x {
		member[i] = int32(i % 2)
		x[i], weights[i] = random.NormFloat64()+2*float64(member[i]), 0.5+random.Float64()
	}
	d := func(i, j int) float64 { return math.Abs(x[i] - x[j]) }
	all, _ := Silhouettes(context.Background(), d, [][]int32{member}, weights, 400, 1)
	var square, errors float64
	for seed := range 200 {
		s, _ := Silhouettes(context.Background(), d, [][]int32{member}, weights, 100, uint64(seed))
		square += (s[0].Mean - all[0].Mean) * (s[0].Mean - all[0].Mean) / 200
		errors += s[0].Error / 200
	}
	if ratio := errors / math.Sqrt(square); ratio < 0.67 || ratio > 1.5 {
		t.Errorf("errors are %.2f times the spread", ratio)
	}
}

// TestGapFindsThree: three far clusters of numbers.
func TestGapFindsThree(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	items := []Item{{Value: make([]float64, 150)}, {Value: make([]float64, 150)}}
	for i := range 150 {
		items[0].Value[i] = random.NormFloat64() + 10*float64(i%3)
		items[1].Value[i] = random.NormFloat64() + 10*float64(i%3%2)
	}
	gaps, err := Gaps(context.Background(), items, ones(150), []int{1, 2, 3, 4, 5}, 20, 1, func(items []Item, w []float64, k int) (float64, error) {
		f, err := FitKMeans(context.Background(), items, w, k, Options{Starts: 5, Units: []float64{8, 5}})
		if err != nil {
			return 0, err
		}
		return f.Within, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if at := ChooseByGap(gaps); gaps[at].Clusters != 3 {
		t.Errorf("%+v", gaps)
	}
}

// TestJaccardByHand: {1,2,3} and {4,5,6} against {1,2}, {3,4}, {5,6}, the third
// counting twice: the largest are 2 of 4 and 2 of 3.
func TestJaccardByHand(t *testing.T) {
	a, b := []int32{0, 0, 0, 1, 1, 1, -1}, []int32{0, 0, 1, 1, 2, 2, 0}
	c := Cross(a, b, []float64{1, 1, 2, 1, 1, 1, 1}, 3, 3)
	near(t, "first", c.Jaccard()[0], 2.0/4, rounding)
	near(t, "second", c.Jaccard()[1], 2.0/3, rounding)
	if !math.IsNaN(c.Jaccard()[2]) {
		t.Error("a cluster without anybody is found again")
	}
}

// TestRandSlopes holds the derivative to a difference quotient: a cell's slope
// is what a little more weight there adds to the index.
func TestRandSlopes(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 9))
	const n, step = 4000, 0.01
	a, b, w := make([]int32, n), make([]int32, n), ones(n)
	for i := range a {
		a[i] = int32(random.IntN(3))
		b[i] = (a[i] + int32(random.IntN(2))) % 3
	}
	c := Cross(a, b, w, 3, 3)
	base, slopes := stats.AdjustedRand(a, b, w), c.RandSlopes()
	for _, i := range []int{0, 1, 2, 3, 4, 5} {
		w[i] += step
		got := (stats.AdjustedRand(a, b, w) - base) / step * n
		w[i] -= step
		near(t, "slope", got, slopes[a[i]][b[i]], 0.01) // terms of order 1/n differ
	}
}

// TestLargeFits: with more than 4,000 rows the sample leads to the clusters
// that the data were made of.
func TestLargeFits(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	const n = 9000
	truth, weights := make([]int32, n), make([]float64, n)
	items := []Item{{Value: make([]float64, n)}, {Value: make([]float64, n)}, {Categories: 3, Value: make([]float64, n)}}
	for i := range n {
		truth[i], weights[i] = int32(random.IntN(3)), 0.5+random.Float64()
		items[0].Value[i] = random.NormFloat64() + 8*float64(truth[i])
		items[1].Value[i] = random.NormFloat64() - 8*float64(truth[i])
		items[2].Value[i] = float64(truth[i])
	}
	a, err := FitKMeans(context.Background(), items, weights, 3, Options{Starts: 5})
	if err != nil {
		t.Fatal(err)
	}
	b, err := FitKMedoids(context.Background(), items, weights, 3, Options{Starts: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range [][]int32{a.Member, b.Member} {
		if r := stats.AdjustedRand(truth, member, weights); r < 0.99 {
			t.Errorf("adjusted Rand %v", r)
		}
	}
	if b.Searched != sampled {
		t.Errorf("searched %d", b.Searched)
	}
}
