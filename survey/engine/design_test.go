package engine

import (
	"slices"
	"testing"
)

// TestOrderOfIDs: ids of texts are in the order of the numbers in them.
func TestOrderOfIDs(t *testing.T) {
	want := []string{"", "2008:9", "2008:11", "2008:142", "2011:2", "a", "a1", "a01", "a001", "a01b", "a1c", "a2", "a2b", "a10"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, compareTexts)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
