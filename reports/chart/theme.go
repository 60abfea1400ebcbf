package chart

import (
	"errors"
	"image/color"
	"slices"

	"surveykit/survey"
	"surveykit/survey/appearance"
)

// look is a theme ready to draw with.
type look struct {
	series             [mostSeries]color.NRGBA
	positive, negative pole
	logo               *logo
}

// pole is one end of a two-sided scale: its own colour and that next to the middle.
type pole struct{ strong, light color.NRGBA }

// house is how charts look without a theme.
var house = look{
	series:   [mostSeries]color.NRGBA{navy, orange, teal, plum},
	positive: pole{navy, color.NRGBA{0x8F, 0xB3, 0xD1, 0xFF}},
	negative: pole{color.NRGBA{0xC2, 0x4A, 0x0E, 0xFF}, color.NRGBA{0xFB, 0xB5, 0x8D, 0xFF}},
}

// newLook fills the house's look in where a theme is silent. The house's
// colours follow a theme's own, so that there are always four series.
func newLook(t survey.Theme) (look, survey.Problems) {
	l, r := house, themeReader{}
	var colours []color.NRGBA
	for _, name := range t.Colours {
		colours = append(colours, r.colour(name))
	}
	if len(colours) > mostSeries {
		r.problems = append(r.problems, survey.Problem{Message: "the theme has more colours than readers tell apart", Remedy: "keep four"})
	}
	for _, c := range house.series {
		if !slices.Contains(colours, c) {
			colours = append(colours, c)
		}
	}
	copy(l.series[:], colours)
	if len(t.Colours) > 0 {
		l.positive = poleOf(l.series[0])
	}
	if t.Positive != "" {
		l.positive = poleOf(r.colour(t.Positive))
	}
	if t.Negative != "" {
		l.negative = poleOf(r.colour(t.Negative))
	}
	if len(t.LogoData) > 0 {
		picture, err := newLogo(t.LogoData)
		r.keep(err)
		l.logo = picture
	}
	return l, r.problems
}

func poleOf(c color.NRGBA) pole { return pole{c, tint(c, 0.57)} }

// themeReader collects what is wrong with a theme.
type themeReader struct{ problems survey.Problems }

func (r *themeReader) colour(name string) color.NRGBA {
	c, err := appearance.ParseColour(name)
	r.keep(err)
	return c
}

func (r *themeReader) keep(err error) {
	var p survey.Problem
	switch {
	case errors.As(err, &p):
		r.problems = append(r.problems, p)
	case err != nil:
		r.problems = append(r.problems, survey.Problem{Message: err.Error()})
	}
}
