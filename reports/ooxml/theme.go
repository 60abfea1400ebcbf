package ooxml

import (
	"fmt"
	"slices"

	"surveykit/reports/brand"
	"surveykit/survey"
)

// Theme is the part that programs take the colours and the font from for what is
// added to a document later: the client's, or the house's.
func Theme(theme survey.Theme) []byte {
	look := brand.Of(theme)
	colors := El("a:clrScheme").With("name", "surveykit")
	add := func(name, color string) { colors = colors.Add(El(name, Val("a:srgbClr", color))) }
	add("a:dk1", Ink)
	add("a:lt1", White)
	add("a:dk2", look.Strong)
	add("a:lt2", look.Pale)
	for i, color := range Palette(theme) {
		add(fmt.Sprintf("a:accent%d", i+1), color)
	}
	add("a:hlink", LinkColor)
	add("a:folHlink", LinkColor)
	typeface := func(name string) Element {
		return El(name, El("a:latin").With("typeface", look.Font), El("a:ea").With("typeface", ""), El("a:cs").With("typeface", ""))
	}
	// Three of each, as the schema asks: the shape's own colour and no effect.
	fills := slices.Repeat([]Element{El("a:solidFill", Val("a:schemeClr", "phClr"))}, 3)
	var lines []Element
	for _, width := range []int{9525, 12700, 19050} {
		lines = append(lines, El("a:ln", fills[0]).With("w", width))
	}
	effects := slices.Repeat([]Element{El("a:effectStyle", El("a:effectLst"))}, 3)
	return El("a:theme", El("a:themeElements", colors,
		El("a:fontScheme", typeface("a:majorFont"), typeface("a:minorFont")).With("name", "surveykit"),
		El("a:fmtScheme", El("a:fillStyleLst", fills...), El("a:lnStyleLst", lines...), El("a:effectStyleLst", effects...), El("a:bgFillStyleLst", fills...)).
			With("name", "surveykit"))).
		With("xmlns:a", DrawingML).With("name", "surveykit").Part()
}
