package stats

import (
	"math"
	"testing"
)

// TestPooledZ by hand: 50 of 100 against 70 of 200 pool to 0.4, whose error is
// √(0.24·(1/100 + 1/200)) = 0.06.
func TestPooledZ(t *testing.T) {
	a, b := Share{0.5, 100, 100}, Share{0.35, 200, 200}
	se, z := PooledZ(a, b)
	near(t, "se", se, 0.06, tailTolerance)
	near(t, "z", z, 2.5, tailTolerance)
	if _, back := PooledZ(b, a); back != -z {
		t.Errorf("turned around %v, want %v", back, -z)
	}
	for name, s := range map[string]Share{"nobody answers": {0, 100, 100}, "everybody": {1, 100, 100}, "one person": {0.5, 1, 1}} {
		if _, z := PooledZ(a, s); !math.IsNaN(z) {
			t.Errorf("%s: z = %v, want none", name, z)
		}
	}
}

// TestPooledZUsesEffectiveBases: the weighted base does not count.
func TestPooledZUsesEffectiveBases(t *testing.T) {
	_, z := PooledZ(Share{0.5, 9000, 100}, Share{0.35, 1, 200})
	near(t, "z", z, 2.5, tailTolerance)
}

// TestOverlapT by hand. Without overlap, and weighted bases in the ratio of the
// effective ones, the variance is that of PooledZ times 300/299. With 50 people
// in both columns 1/100 + 1/200 − 2·50/20000 = 0.01.
func TestOverlapT(t *testing.T) {
	a, b := Share{0.5, 150, 100}, Share{0.35, 300, 200}
	se, x, df := OverlapT(a, b, 0)
	near(t, "se", se, 0.06*math.Sqrt(300.0/299), tailTolerance)
	near(t, "t", x, 0.15/se, tailTolerance)
	near(t, "df", df, 299, 0)
	se, _, df = OverlapT(a, b, 50)
	near(t, "se with overlap", se, math.Sqrt(0.24*0.01*300/299), tailTolerance)
	near(t, "df with overlap", df, 249, 0)
	// pooled over weighted bases: (0.5·300 + 0.35·150)/450 = 0.45
	se, _, _ = OverlapT(Share{0.5, 300, 100}, Share{0.35, 150, 200}, 0)
	near(t, "se, other weights", se, math.Sqrt(0.45*0.55*0.015*300/299), tailTolerance)
	if _, x, _ := OverlapT(a, a, 100); !math.IsNaN(x) {
		t.Errorf("the same people twice: t = %v, want none", x)
	}
}
