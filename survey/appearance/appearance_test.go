package appearance

import (
	"image/color"
	"math"
	"strings"
	"testing"
)

func TestParseColour(t *testing.T) {
	if c, err := ParseColour("#12436d"); err != nil || c != (color.NRGBA{0x12, 0x43, 0x6D, 0xFF}) {
		t.Errorf("got %v, %v", c, err)
	}
	for value, want := range map[string]string{
		"": "not a colour", "navy": "not a colour", "#12436": "not a colour", "#12436G": "not a colour", "12436D0": "not a colour", "#+2436D": "not a colour",
		"#FFD700": "contrast against white is 1.4:1", "#959595": "is 2.9:1",
	} {
		if _, err := ParseColour(value); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v does not say %q", value, err, want)
		}
	}
}

// WCAG 2.1: black on white is 21:1; #767676 is the lightest grey with 4.5:1.
func TestContrast(t *testing.T) {
	white, black, grey := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 255}, color.NRGBA{0x76, 0x76, 0x76, 255}
	if got := Contrast(black, white); math.Abs(got-21) > 1e-12 {
		t.Errorf("black on white: %v", got)
	}
	if got := Contrast(white, grey); math.Abs(got-4.54) > 0.005 {
		t.Errorf("white on #767676: %v, want 4.54", got)
	}
}

func TestParseLogo(t *testing.T) {
	for source, want := range map[string]Logo{
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"/>`:                 {true, 120, 40},
		`<?xml version="1.0"?><!-- mark --><svg viewBox="0,0,12.5,40" width="99"></svg>`: {true, 12.5, 40},
		`<svg width="30px" height="10"/>`:                                                {true, 30, 10},
	} {
		if got, err := ParseLogo([]byte(source)); err != nil || got != want {
			t.Errorf("%s: %v, %v", source, got, err)
		}
	}
	for source, want := range map[string]string{
		"": "neither", "GIF89a": "neither", "<html/>": "neither", "<svg/>": "no size", `<svg viewBox="0 0 -3 4"/>`: "no size", `<svg width="50%" height="9"/>`: "no size",
		"\x89PNG\r\n\x1a\nrest": "cannot be read",
	} {
		if _, err := ParseLogo([]byte(source)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v does not say %q", source, err, want)
		}
	}
}
