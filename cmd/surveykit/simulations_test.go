package main

import (
	"bytes"
	"strings"
	"testing"

	"surveykit/survey/coverage"
)

// The same seed prints the same, another one something else.
func TestCoverageIsSeeded(t *testing.T) {
	print := func(args ...string) string {
		var out, messages bytes.Buffer
		if status := Main(t.Context(), append([]string{"check", "--coverage", "--samples", "20"}, args...), &out, &messages); status != exitDone {
			t.Fatalf("exit status %d: %s", status, messages.String())
		}
		return out.String()
	}
	first := print("--seed", "3")
	if !strings.Contains(first, "20 samples of each size") || !strings.Contains(first, "rare, small domain") {
		t.Errorf("printed\n%s", first)
	}
	if print("--seed", "3") != first {
		t.Error("the same seed prints something else")
	}
	if print("--seed", "4") == first {
		t.Error("another seed prints the same")
	}
}

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
	if !strings.Contains(first, "0% of 60 and 15% of 360 differ significantly in") || strings.Contains(first, "NaN") {
		t.Errorf("printed\n%s", first)
	}
	if print("3") != first {
		t.Error("the same seed prints something else")
	}
	if print("4") == first {
		t.Error("another seed prints the same")
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
