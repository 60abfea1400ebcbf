package survey

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A column is a slice, however many distinct numbers it holds: few, more than 8 bits
// number, and more than are held once.
func TestNumberColumn(t *testing.T) {
	same := func(a, b float64) bool {
		return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
	}
	for _, distinct := range []int{1, 3, 300, 5000, 70000} {
		want, c := make([]float64, 3*distinct), &NumberColumn{}
		for i := range want {
			switch want[i] = float64(i%distinct) / 4; i % 7 {
			case 3:
				want[i] = math.NaN()
			case 5:
				want[i] = math.Copysign(0, -1)
			}
			c.Append(want[i])
		}
		for i := 0; i < len(want); i += 2 {
			want[i] = -1.5
			c.Set(i, -1.5)
		}
		if !slices.EqualFunc(c.Slice(), want, same) || !c.Equal(NewNumbers(want)) || !c.Equal(c.Clone()) {
			t.Errorf("a column of %d distinct numbers is not the slice", distinct)
		}
		by := make([]float64, len(want))
		for i, x := range want {
			by[i] = math.Abs(x)
		}
		if !c.Map(math.Abs).Equal(NewNumbers(by)) {
			t.Errorf("the absolute values of %d distinct numbers are others", distinct)
		}
		occurs := map[float64]bool{}
		for _, x := range want {
			occurs[x] = !math.IsNaN(x)
		}
		v := Variable{Kind: Number, Numbers: c}
		for x := range v.Values() {
			if !occurs[x.Number] {
				t.Fatalf("no row of %d distinct numbers has %v", distinct, x)
			}
		}
		if c.Contains(0.3) || !c.Contains(-1.5) {
			t.Errorf("of %d distinct numbers others are found", distinct)
		}
	}
}

// Places are a slice of integers at every width.
func TestPlaces(t *testing.T) {
	to := make([]int32, 1<<16+2)
	for k := range to {
		to[k] = int32(len(to) - k - 2)
	}
	rapid.Check(t, func(t *rapid.T) {
		edge := rapid.SampledFrom([]int32{-1, 0, math.MaxUint8 - 1, math.MaxUint8, math.MaxUint16 - 1, math.MaxUint16})
		want := rapid.SliceOfN(edge, 1, 10).Draw(t, "integers")
		p := NewPlaces(want)
		i, k := rapid.IntRange(0, len(want)-1).Draw(t, "row"), edge.Draw(t, "integer")
		p.Set(i, k)
		want[i] = k
		if got := p.Slice(); !slices.Equal(got, want) || !p.Equal(NewPlaces(want)) {
			t.Fatalf("got %v, want %v", got, want)
		}
		mapped := p.Map(to)
		for i, k := range want {
			if k >= 0 {
				k = to[k]
			}
			if mapped.At(i) != k {
				t.Fatalf("row %d is at %d, not %d", i, mapped.At(i), k)
			}
		}
	})
}
