package main

import (
	"slices"
	"testing"
)

// TestReferenceAnswers holds the whole command line against the recorded
// answers of the reference program: every case agrees, but for those that
// differences names, and each of those does differ.
func TestReferenceAnswers(t *testing.T) {
	families, err := checkCases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	var known []string
	for _, f := range families {
		cases += f.cases
		known = append(known, f.known...)
		if f.agree+len(f.known) < f.cases {
			t.Errorf("%s: %d of %d agree; %s", f.name, f.agree, f.cases, f.fault)
		}
	}
	for id := range differences {
		if !slices.Contains(known, id) {
			t.Errorf("%s agrees: take it out of differences", id)
		}
	}
	if cases != 270 {
		t.Errorf("%d cases ran, want 270", cases)
	}
}
