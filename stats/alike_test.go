package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

// lotted is a stage of units of which some are alike, with two influences of
// each lot.
type lotted struct {
	stage stats.Stage
	lots  []stats.Alike
	a, b  []float64
	// za and zb are the influences unit by unit.
	za, zb []float64
}

func drawLotted(t *rapid.T) lotted {
	var l lotted
	for h := range int32(rapid.IntRange(1, 4).Draw(t, "strata")) {
		l.stage.Sampled = append(l.stage.Sampled, 0)
		l.stage.Fraction = append(l.stage.Fraction, rapid.Float64Range(0, 0.9).Draw(t, "fraction"))
		l.enter(h, 0, 0, make([]float64, rapid.IntRange(0, 3).Draw(t, "outside")))
		for range rapid.IntRange(1, 4).Draw(t, "lots") {
			e := rapid.Float64Range(-100, 100)
			l.lot(h, e.Draw(t, "a"), e.Draw(t, "b"), rapid.SliceOfN(rapid.Float64Range(0.1, 10), 1, 5).Draw(t, "weights"))
		}
	}
	return l
}

// lot adds units that are alike.
func (l *lotted) lot(group int32, a, b float64, weights []float64) {
	mean, square := 0.0, 0.0
	for _, w := range weights {
		mean += w / float64(len(weights))
	}
	for _, w := range weights {
		square += (w - mean) * (w - mean)
	}
	l.lots = append(l.lots, stats.Alike{Group: group, Units: len(weights), Mean: mean, Scatter: math.Sqrt(square)})
	l.a, l.b = append(l.a, a), append(l.b, b)
	l.enter(group, a, b, weights)
}

func (l *lotted) enter(group int32, a, b float64, weights []float64) {
	for _, w := range weights {
		l.stage.Sampled[group]++
		l.stage.Group = append(l.stage.Group, group)
		l.za, l.zb = append(l.za, w*a), append(l.zb, w*b)
	}
}

// The covariances of lots are those of their units under every policy, stratum
// by stratum.
func TestAlikeUnitsHaveTheCovariancesOfTheUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLotted(t)
		lonely := rapid.SampledFrom([]stats.LonelyPSU{stats.LonelyCertainty, stats.LonelyAdjust, stats.LonelyAverage}).Draw(t, "lonely")
		a, b := l.stage.AlikeDeviations(l.lots, l.a, lonely, nil), l.stage.AlikeDeviations(l.lots, l.b, lonely, nil)
		da, db := l.stage.Deviations(l.za, nil, lonely, nil), l.stage.Deviations(l.zb, nil, lonely, nil)
		near(t, "variance", variance(a), variance(da))
		near(t, "covariance", stats.Dot(a, b), stats.Dot(da, db))
		got, want := make([]float64, l.stage.Groups()), make([]float64, l.stage.Groups())
		for k, g := range l.stage.AlikeGroups(l.lots) {
			got[g] += a[k] * b[k]
		}
		for j, g := range l.stage.Group {
			want[g] += da[j] * db[j]
		}
		for g := range want {
			near(t, "covariance in a stratum", got[g], want[g])
		}
	})
}

// Two units of weights 1 and 3 with e = 2 beside one outside: z = 2, 6, 0 around
// 8/3, so V = 3/2·(4/9 + 100/9 + 64/9) = 28.
func TestAlikeByHand(t *testing.T) {
	s := stats.Stage{Sampled: []int{3}}
	near(t, "variance", variance(s.AlikeDeviations([]stats.Alike{{Units: 2, Mean: 2, Scatter: math.Sqrt2}}, []float64{2}, stats.LonelyFail, nil)), 28)
}
