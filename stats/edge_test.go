package stats_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"surveykit/stats"
)

func pairOf(e0, e1, s0, s1, v1, difference, n, df float64) stats.SharePair {
	return stats.SharePair{From: stats.ShareSide{Share: s0, Effective: e0}, To: stats.ShareSide{Share: s1, Variance: v1, Effective: e1}, Variance: difference, N: n, DF: df}
}

// TestEdgeWorked holds worked comparisons at and near the edge against R 4.2.2: qt,
// qbeta and phyper, p at the edge against 40-digit arithmetic; the first has the
// quantile of t of many rows.
func TestEdgeWorked(t *testing.T) {
	srs := func(p, n float64) float64 { return p * (1 - p) / n }
	for name, c := range map[string]struct {
		pair         stats.SharePair
		edge         stats.Edge
		p, low, high float64
	}{
		"clustered":      {pairOf(121.8, 675.2, 0, 0.0525, 1.2e-4, 1.2e-4, 65888, 70), stats.AtEdge, 0.0281938857209727, 0.00734110675513248, 0.0791211917488389},
		"0/60, 12/940":   {pairOf(60, 940, 0, 12./940, srs(12./940, 940), 0, 1000, 998), stats.AtEdge, 0.473904515321118, -0.0363241689287649, 0.0221932983427724},
		"0/80, 80/80":    {pairOf(80, 80, 0, 1, 0, 0, 160, 158), stats.AtEdge, 1.09812904609063e-47, 0.948016763080703, 1},
		"0/170, 28/940":  {pairOf(170, 940, 0, 28./940, srs(28./940, 940), 0, 1110, 1108), stats.AtEdge, 0.00893926642929359, 0.00970696384650442, 0.0427645895378995},
		"1/60, 94/940":   {pairOf(60, 940, 1./60, 0.1, srs(0.1, 940), srs(1./60, 60)+srs(0.1, 940), 1000, 998), stats.NearEdge, 0.0180334337859048, 0.00830138032593618, 0.109868462649641},
		"3% clustered":   {pairOf(121.8, 675.2, 0.03, 0.12, 0, 8e-4, 1110, 70), stats.NearEdge, 0.039607951052721, 0.00138166272905059, 0.13874355161583},
		"near 100%":      {pairOf(300, 500, 0.97, 0.992, 0, 2e-4, 900, 40), stats.NearEdge, 0.0855369046787605, -0.00638383773938749, 0.0623674307224785},
		"4/60, 6/9000":   {pairOf(60, 9000, 4./60, 6./9000, 0, 1e-9, 9060, 9058), stats.NearEdge, 3.56948953872323e-07, -0.161321024446597, -0.0177887383860972},
		"far from edges": {pairOf(100, 100, 0.4, 0.5, 0.003, 0.006, 200, 198), stats.Inside, math.NaN(), math.NaN(), math.NaN()},
		"both at 0":      {pairOf(100, 100, 0, 0, 0, 0, 200, 198), stats.SameEdge, math.NaN(), math.NaN(), math.NaN()},
		"both at 1":      {pairOf(100, 100, 1, 1, 0, 0, 200, 198), stats.SameEdge, math.NaN(), math.NaN(), math.NaN()},
		"no df":          {pairOf(60, 940, 0, 0.1, srs(0.1, 940), 0, 1000, 0), stats.AtEdge, math.NaN(), math.NaN(), math.NaN()},
	} {
		low, high := c.pair.Limits(0.95)
		if got := c.pair.Edge(); got != c.edge {
			t.Errorf("%s: edge %v, want %v", name, got, c.edge)
		}
		for what, f := range map[string][2]float64{"p": {c.pair.P(), c.p}, "low": {low, c.low}, "high": {high, c.high}} {
			if math.IsNaN(f[0]) != math.IsNaN(f[1]) || math.Abs(f[0]-f[1]) > 1e-12*math.Abs(f[1]) {
				t.Errorf("%s: %s is %v, want %v", name, what, f[0], f[1])
			}
		}
	}
}

// anyPair draws two shares at or near an edge.
func anyPair(t *rapid.T) stats.SharePair {
	side := func(name string) stats.ShareSide {
		n := rapid.IntRange(5, 400).Draw(t, name)
		x := rapid.IntRange(0, n).Draw(t, name+" yes")
		if rapid.Bool().Draw(t, name+" rare") {
			x = min(x, 3)
		}
		s, deff := float64(x)/float64(n), rapid.Float64Range(0.5, 3).Draw(t, name+" deff")
		return stats.ShareSide{Share: s, Variance: deff * s * (1 - s) / float64(n), Effective: float64(n)}
	}
	p := stats.SharePair{From: side("from"), To: side("to"), N: 800, DF: float64(rapid.IntRange(2, 700).Draw(t, "df"))}
	p.Variance = p.From.Variance + p.To.Variance
	return p
}

// TestEdgeProperties: the test does not depend on which side comes first or on
// what is called yes; the limits follow, hold the difference and are within −1
// and 1; p is in (0, 1]; what both sides show alike has none.
func TestEdgeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPair(t)
		low, high := p.Limits(0.95)
		if edge := p.Edge(); edge == stats.Inside || edge == stats.SameEdge {
			if !math.IsNaN(p.P()) || !math.IsNaN(low) || !math.IsNaN(high) {
				t.Fatalf("edge %v has p %v, limits %v to %v", edge, p.P(), low, high)
			}
			return
		}
		d := p.To.Share - p.From.Share
		if !(p.P() > 0 && p.P() <= 1) || !(low <= d && d <= high) || low < -1 || high > 1 {
			t.Fatalf("p %v, difference %v in %v to %v", p.P(), d, low, high)
		}
		if math.Abs(p.From.Fewest()-p.To.Fewest()) < 1e-9 || p.From.Share == 0.5 || p.To.Share == 0.5 {
			return // rounding a half may go either way
		}
		back, no := p, p
		back.From, back.To = p.To, p.From
		no.From.Share, no.To.Share = 1-p.From.Share, 1-p.To.Share
		for _, q := range []stats.SharePair{back, no} {
			l, h := q.Limits(0.95)
			if q.Edge() != p.Edge() || math.Abs(q.P()-p.P()) > 1e-9*p.P() || math.Abs(l+high) > 1e-9 || math.Abs(h+low) > 1e-9 {
				t.Fatalf("p %v and %v, limits %v to %v and %v to %v", p.P(), q.P(), low, high, l, h)
			}
		}
	})
}

// TestMidPAgainstFractions: without a design effect the p-value near an edge is
// the doubled mid-p of the table, here by exact fractions over its whole range.
func TestMidPAgainstFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n0, n1 := rapid.IntRange(10, 300).Draw(t, "n0"), rapid.IntRange(10, 300).Draw(t, "n1")
		x0, x1 := rapid.IntRange(1, 4).Draw(t, "x0"), rapid.IntRange(1, n1-1).Draw(t, "x1")
		p := pairOf(float64(n0), float64(n1), float64(x0)/float64(n0), float64(x1)/float64(n1), 0, 0, 1e12, math.Inf(1))
		low, high := new(big.Rat), new(big.Rat)
		choose := func(n, k int) *big.Int { return new(big.Int).Binomial(int64(n), int64(k)) }
		for x := max(0, x0+x1-n1); x <= min(n0, x0+x1); x++ {
			at := new(big.Rat).SetFrac(new(big.Int).Mul(choose(n0, x), choose(n1, x0+x1-x)), choose(n0+n1, x0+x1))
			half := new(big.Rat).Mul(at, big.NewRat(1, 2))
			switch {
			case x < x0:
				low.Add(low, at)
			case x > x0:
				high.Add(high, at)
			default:
				low.Add(low, half)
				high.Add(high, half)
			}
		}
		a, _ := low.Float64()
		b, _ := high.Float64()
		if want := math.Min(1, 2*math.Min(a, b)); math.Abs(p.P()-want) > 1e-12*want {
			t.Fatalf("%d of %d and %d of %d: %v, want %v", x0, n0, x1, n1, p.P(), want)
		}
	})
}

// Nobody of 60 and 12 of 940 say yes in a simple random sample. The t test of
// the difference gives p = 0.0005, for the variance of the first share is 0.
func ExampleSharePair() {
	p := 12.0 / 940
	pair := stats.SharePair{
		From: stats.ShareSide{Share: 0, Effective: 60},
		To:   stats.ShareSide{Share: p, Variance: p * (1 - p) / 940, Effective: 940},
		N:    1000, DF: 998,
	}
	low, high := pair.Limits(0.95)
	fmt.Printf("p = %.3f, %+.2f to %+.2f points\n", pair.P(), 100*low, 100*high)
	// Output: p = 0.474, -3.63 to +2.22 points
}
