package engine

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func (a Wide) big() *big.Int {
	x := big.NewInt(int64(a[0]))
	for _, limb := range a[1:] {
		x.Lsh(x, 64).Add(x, new(big.Int).SetUint64(limb))
	}
	return x
}

// nearest is the float64 nearest to a whole number.
func nearest(x *big.Int) float64 {
	f, _ := new(big.Float).SetInt(x).Float64()
	return f
}

// TestWideNumbers compares whole numbers of 192 bits with package math/big.
func TestWideNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Wide {
			w := WideOf(rapid.Int64().Draw(t, name))
			return w.Left(rapid.IntRange(0, 64).Draw(t, name+" to the left")).Plus(WideOf(rapid.Int64().Draw(t, name+" added")))
		}
		a, b, x, n := draw("a"), draw("b"), rapid.Uint64Range(0, 1<<60).Draw(t, "x"), rapid.IntRange(0, 63).Draw(t, "n")
		for name, c := range map[string]struct {
			got  Wide
			want *big.Int
		}{
			"a + b":  {a.Plus(b), new(big.Int).Add(a.big(), b.big())},
			"-a":     {a.Minus(), new(big.Int).Neg(a.big())},
			"a · x":  {a.Times(x), new(big.Int).Mul(a.big(), new(big.Int).SetUint64(x))},
			"a · 2ⁿ": {a.Left(n), new(big.Int).Lsh(a.big(), uint(n))},
			"x²":     {Square(int64(x)), new(big.Int).Mul(new(big.Int).SetUint64(x), new(big.Int).SetUint64(x))},
		} {
			if c.got.big().Cmp(c.want) != 0 {
				t.Fatalf("%s = %v, want %v", name, c.got.big(), c.want)
			}
			if got, want := c.got.Float(100), math.Ldexp(nearest(c.want), -100); got != want {
				t.Fatalf("%s is nearest to %v, got %v", name, want, got)
			}
		}
	})
}

// TestProductsWithNumbers compares a whole weight times a number, of any size down to
// the span, with the product without rounding.
func TestProductsWithNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		largest := math.Ldexp(rapid.Float64Range(1, 2).Draw(t, "largest"), rapid.IntRange(-900, 900).Draw(t, "exponent"))
		x := math.Ldexp(largest, -rapid.IntRange(0, span-1).Draw(t, "smaller")) * rapid.Float64Range(-1, 1).Draw(t, "x")
		a := WideOf(rapid.Int64Range(0, 1<<62).Draw(t, "a"))
		want := new(big.Rat).Mul(new(big.Rat).SetInt(a.big()), new(big.Rat).SetFloat64(x))
		nearest, _ := want.Float64()
		got := product(a, x, unit(largest)).Float(-unit(largest))
		if size := math.Abs(x) * math.Ldexp(1, span-2); size >= largest && got != nearest && nearest < 1e300 {
			t.Fatalf("%v · %v = %v, want %v", a.big(), x, got, nearest)
		}
		if math.Abs(got-nearest) > math.Ldexp(largest, -52-span+62) {
			t.Fatalf("%v · %v = %v, want %v", a.big(), x, got, nearest)
		}
	})
}

// TestScatter compares the scatter of whole weights with their deviations from the
// mean, computed without rounding.
func TestScatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<Bits), 1, 50).Draw(t, "weights")
		var sum, square Wide
		mean := new(big.Rat)
		n := new(big.Rat).SetInt64(int64(len(weights)))
		for _, w := range weights {
			sum, square = sum.Plus(WideOf(w)), square.Plus(Square(w))
			mean.Add(mean, new(big.Rat).Quo(new(big.Rat).SetInt64(w), n))
		}
		want := new(big.Rat)
		for _, w := range weights {
			d := new(big.Rat).Sub(new(big.Rat).SetInt64(w), mean)
			want.Add(want, d.Mul(d, d))
		}
		f, _ := want.Float64()
		const rounding = 1e-15
		if got := scatter(len(weights), sum, square, 0); math.Abs(got-math.Sqrt(f)) > rounding*got {
			t.Fatalf("scatter %v, want %v", got, math.Sqrt(f))
		}
	})
}

// TestWholeNumbersOfWeights: a weight keeps its digits, beside one that is not much larger.
func TestWholeNumbersOfWeights(t *testing.T) {
	for largest, exponent := range map[float64]int{1: 61, 0.99: 62, 5: 59, 1e6: 42, 0: 0} {
		if got := Exponent(largest); got != exponent {
			t.Errorf("Exponent(%v) = %d, want %d", largest, got, exponent)
		}
	}
	for _, x := range []float64{1, 0.1, 3.7, 5} {
		if p := Exponent(5); WideOf(Whole(x, p)).Float(p) != x {
			t.Errorf("%v becomes %v", x, WideOf(Whole(x, p)).Float(p))
		}
	}
}
