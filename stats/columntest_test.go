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

// TestMeansOfColumns by hand: 1, 2, 3 against 4, 6, 8 pool to (2 + 8)/4 = 2.5, so
// that se is √(2.5·2/3) on 4 degrees of freedom. With a third column of two
// answers 0 and 4 SPSS pools (2 + 8 + 8)/5.
func TestMeansOfColumns(t *testing.T) {
	a, b := Moments{2, 2, 3, 3}, Moments{6, 8, 3, 3}
	for name, test := range map[string]func() (se, x, df float64){
		"SPSS":    func() (float64, float64, float64) { return PooledT(a, b, []Moments{a, b}) },
		"Quantum": func() (float64, float64, float64) { return OverlapMeanT(a, b, 0) },
	} {
		se, x, df := test()
		near(t, name+" se", se, math.Sqrt(5.0/3), tailTolerance)
		near(t, name+" t", x, -4/math.Sqrt(5.0/3), tailTolerance)
		near(t, name+" df", df, 4, 0)
	}
	se, _, df := PooledT(a, b, []Moments{a, b, {2, 8, 2, 2}})
	near(t, "se over three columns", se, math.Sqrt(18.0/5*2/3), tailTolerance)
	near(t, "df over three columns", df, 5, 0)
	// one of three people is in both columns: 1/3 + 1/3 − 2/9
	se, _, df = OverlapMeanT(a, b, 1)
	near(t, "se with overlap", se, math.Sqrt(2.5*4/9), tailTolerance)
	near(t, "df with overlap", df, 3, 0)
	if _, x, _ := OverlapMeanT(a, a, 3); !math.IsNaN(x) {
		t.Errorf("the same people twice: t = %v, want none", x)
	}
	if _, x, _ := PooledT(Moments{1, 0, 5, 5}, Moments{2, 0, 5, 5}, []Moments{{1, 0, 5, 5}, {2, 0, 5, 5}}); !math.IsNaN(x) {
		t.Errorf("nothing varies: t = %v, want none", x)
	}
}
