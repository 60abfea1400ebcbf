package main

import "testing"

// TestReferenceAnswers holds the whole command line against the recorded
// answers of the reference program: every case agrees.
func TestReferenceAnswers(t *testing.T) {
	families, err := checkCases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, f := range families {
		cases += f.cases
		if f.agree < f.cases {
			t.Errorf("%s: %d of %d agree; %s", f.name, f.agree, f.cases, f.fault)
		}
	}
	if cases != 270 {
		t.Errorf("%d cases ran, want 270", cases)
	}
}
