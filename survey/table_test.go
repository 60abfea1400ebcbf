package survey

import "testing"

func TestScale(t *testing.T) {
	for _, c := range []struct {
		v    Variable
		want Polarity
	}{{Variable{Measure: Nominal}, Unordered}, {Variable{Measure: Ordinal}, OneSided}, {Variable{Measure: Ordinal, Polarity: Falling}, Falling}} {
		if got := c.v.Scale(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.v, got, c.want)
		}
	}
}
