package main

import (
	"bytes"
	"strings"
	"testing"

	"surveykit/survey/coverage"
)

// The same seed prints the same, another one something else; all kinds of letters
// and the power are there.
func TestLettersAreSeeded(t *testing.T) {
	print := func(seed string) string {
		var out, messages bytes.Buffer
		if status := Main(t.Context(), []string{"check", "--letters", "--samples", "1", "--seed", seed}, &out, &messages); status != exitDone {
			t.Fatalf("exit status %d: %s", status, messages.String())
		}
		return out.String()
	}
	first := print("3")
	for _, kind := range coverage.LetterKinds {
		if !strings.Contains(first, string(kind)) {
			t.Errorf("nothing about %q in\n%s", kind, first)
		}
	}
	if !strings.Contains(first, "0% of 60 and 15% of 360 are told apart in") || strings.Contains(first, "NaN") {
		t.Errorf("printed\n%s", first)
	}
	if print("3") != first {
		t.Error("the same seed prints something else")
	}
	if print("4") == first {
		t.Error("another seed prints the same")
	}
}

// Settings with 20 PSUs a column are held against the limit, those with 8 are not,
// and a rate counts as above 6% from three simulation errors over it.
func TestLargestRates(t *testing.T) {
	settings := []letterSetting{
		{psus: 0, counts: []coverage.LetterCount{{Compared: 1000, Told: 50}, {Compared: 1000, Told: 82}, {}}},
		{psus: 20, counts: []coverage.LetterCount{{Compared: 1000, Told: 83}}},
		{psus: 8, counts: []coverage.LetterCount{{Compared: 1000, Told: 200}}},
	}
	// 0.06 + 3·√(0.06·0.94/1000) = 0.0825
	var out bytes.Buffer
	printLargest(&out, "Enough", settings, letterSetting.enough)
	if got, want := out.String(), "Enough: 7.2% on average, 8.3% ± 0.9% at most; 1 of 4 rates are above 6% by more than 3 simulation errors\n"; got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestOneSimulationAtATime(t *testing.T) {
	for _, args := range [][]string{{"--coverage", "--letters"}, {"--letters", "--samples", "0"}} {
		var out, messages bytes.Buffer
		if status := Main(t.Context(), append([]string{"check"}, args...), &out, &messages); status != exitUsage {
			t.Errorf("%v: exit status %d: %s", args, status, messages.String())
		}
	}
}
