package html

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// textContrast is what WCAG 2.2 (1.4.3, AA) asks of small text.
const textContrast = 4.5

var property = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]+);`)

// TestColoursCanBeRead checks every colour of text on every ground it stands
// on, in light and in dark.
func TestColoursCanBeRead(t *testing.T) {
	light, dark, found := strings.Cut(string(style), "prefers-color-scheme: dark")
	if !found {
		t.Fatal("the style has no dark colours")
	}
	dark, _, _ = strings.Cut(dark, "figure svg")
	for name, css := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]float64{}
		for _, m := range property.FindAllStringSubmatch(css, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for _, pair := range [][2]string{
			{"ink", "paper"}, {"ink", "tint"}, {"quiet", "paper"}, {"quiet", "tint"},
			{"accent", "paper"}, {"accent", "tint"}, {"alarm", "alarm-paper"},
		} {
			text, textKnown := colours[pair[0]]
			ground, groundKnown := colours[pair[1]]
			if !textKnown || !groundKnown {
				t.Errorf("%s has no colours %v", name, pair)
				continue
			}
			if ratio := (max(text, ground) + 0.05) / (min(text, ground) + 0.05); ratio < textContrast {
				t.Errorf("%s: %s on %s has a contrast of %.2f", name, pair[0], pair[1], ratio)
			}
		}
	}
}

// luminance is WCAG's relative luminance of a colour of three or six digits.
func luminance(t *testing.T, digits string) float64 {
	t.Helper()
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		x := float64(v) / 255
		if x <= 0.04045 {
			sum += weight * x / 12.92
		} else {
			sum += weight * math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return sum
}
