package survey

import (
	"slices"
	"testing"
)

func TestPlaceholders(t *testing.T) {
	text := "{Very | Total}, {alone} and {a|b|c}"
	want := []Placeholder{{"{Very | Total}", "Very", "Total"}, {"{alone}", "alone", ""}}
	if got := Placeholders(text); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got := Fill(text, func(p Placeholder) string { return p.Row + "@" + p.Column }); got != "Very@Total, {alone} and {a|b|c}" {
		t.Errorf("filled %q", got)
	}
}

func TestNamed(t *testing.T) {
	c := Column{Group: "Age", Label: "18-24 + 25-34", Merged: []string{"18-24", "25-34"}}
	for name, want := range map[string]bool{"18-24": true, "25-34": true, "18-24 + 25-34": true, "Age: 18-24 + 25-34": true, "Age": false, "35-44": false} {
		if c.Named(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
