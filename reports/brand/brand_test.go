package brand

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/appearance"
)

func TestTheHouse(t *testing.T) {
	l := Of(survey.Theme{})
	if l.Strong != "12436D" || l.Font != "Arial" || l.Logo != nil {
		t.Errorf("%+v", l)
	}
	if unread := Of(survey.Theme{Colours: []string{"red"}, LogoData: []byte("no picture")}); unread.Strong != l.Strong || unread.Logo != nil {
		t.Errorf("%+v", unread)
	}
}

// Any colour that a theme may have can be read as text, in light and in dark,
// and its tint carries dark text.
func TestAnyColourCanBeRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := fmt.Sprintf("#%06X", rapid.IntRange(0, 0xFFFFFF).Draw(rt, "colour"))
		c, err := appearance.ParseColour(name)
		if err != nil {
			rt.Skip("too light for a theme")
		}
		l := Of(survey.Theme{Colours: []string{name}})
		strong, _ := appearance.ParseColour("#" + l.Strong)
		if got := appearance.Contrast(strong, lightPaper); got < textContrast {
			rt.Errorf("%s: headings %s have a contrast of %.2f", name, l.Strong, got)
		}
		if appearance.Contrast(c, lightPaper) >= textContrast && "#"+l.Strong != name {
			rt.Errorf("%s is readable and became %s", name, l.Strong)
		}
		dark, _ := appearance.ParseColour("#" + l.Dark) // an error says that it is light, as it should be
		if got := appearance.Contrast(dark, darkPaper); got < textContrast {
			rt.Errorf("%s: headings in the dark, %s, have a contrast of %.2f", name, l.Dark, got)
		}
		ink := color.NRGBA{R: 0x1F, G: 0x1F, B: 0x1F, A: 0xFF}
		for _, fill := range []string{l.Pale, l.Tint} {
			if ground, _ := appearance.ParseColour("#" + fill); appearance.Contrast(ground, ink) < textContrast {
				rt.Errorf("%s: dark text has a contrast of %.2f on %s", name, appearance.Contrast(ground, ink), fill)
			}
		}
	})
}

func TestFit(t *testing.T) {
	l := Look{Size: appearance.Logo{Width: 400, Height: 100}}
	for _, c := range []struct{ width, height, wantW, wantH float64 }{{200, 200, 200, 50}, {800, 50, 200, 50}} {
		if w, h := l.Fit(c.width, c.height); math.Abs(w-c.wantW)+math.Abs(h-c.wantH) > 1e-12 {
			t.Errorf("%v × %v in %v × %v", w, h, c.width, c.height)
		}
	}
}
