package survey

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The values of a column come back as they were, and can be added to.
func TestBinaryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		distinct := rapid.SampledFrom([]int{1, 5, 300, 70_000}).Draw(t, "distinct")
		rows := rapid.IntRange(0, 2*distinct).Draw(t, "rows")
		numbers := &Variable{Kind: Number, Numbers: &NumberColumn{}}
		texts := &Variable{Kind: Text, Texts: &TextColumn{Values: []string{"", "a", "é\x00b"}}}
		for i := range rows {
			x := float64(i%distinct) / 8
			if i%7 == 3 {
				x = math.NaN()
			}
			numbers.Numbers.Append(x)
			texts.Texts.Index.Append(int32(i%4) - 1)
		}
		for _, v := range []*Variable{numbers, texts} {
			b := v.AppendBinary([]byte("before"))[len("before"):]
			back := &Variable{Kind: v.Kind}
			if err := back.ReadBinary(b); err != nil {
				t.Fatal(err)
			}
			if !v.IsText() {
				back.Numbers.Append(-1)
				v.Numbers.Append(-1)
			}
			if back.Len() != v.Len() {
				t.Fatalf("%d rows, not %d", back.Len(), v.Len())
			}
			for i := range v.Len() {
				x, ok := v.At(i)
				if y, given := back.At(i); ok != given || ok && x != y {
					t.Fatalf("row %d: %v, not %v", i, y, x)
				}
			}
			if v.IsText() {
				b = b[:rapid.IntRange(0, max(0, len(b)-1)).Draw(t, "cut")]
				if err := back.ReadBinary(b); err == nil {
					t.Fatal("a column that was cut off is read")
				}
			}
		}
	})
}
