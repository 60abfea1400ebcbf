package near

import (
	"slices"
	"testing"
)

// Two letters that change places are one slip; a name that holds the other counts
// after those that are spelt alike; what has nothing in common does not count.
func TestNames(t *testing.T) {
	names := []string{"gender", "age_bracket", "region", "ageing"}
	for name, want := range map[string][]string{"gendre": {"gender"}, "GENDER": {"gender"}, "brack": {"age_bracket"}, "weight": nil, "agein": {"ageing"}} {
		if got := Names(name, names, 1); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
