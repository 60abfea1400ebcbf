package workbook

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"surveykit/reports/ooxml"
)

// textWidth is the width of s in digits of the default font: Arial's letters in
// a few classes, with some room to spare. An East Asian character takes two.
func textWidth(s string) float64 {
	n := 0.0
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		case strings.ContainsRune("ijltf .,;:'|!()[]’", r):
			n += 0.55
		case strings.ContainsRune("mwMW%@—…", r):
			n += 1.6
		case unicode.IsUpper(r):
			n += 1.3
		default:
			n++
		}
	}
	return n
}

// lines counts the lines that text takes in a cell of the given width, broken
// between words and inside words that are longer than a line.
func lines(text string, room float64) int {
	const space = 0.55
	room = max(room, 2)
	n := 0
	for _, line := range strings.Split(text, "\n") {
		n++
		used := 0.0
		for _, word := range strings.Fields(line) {
			w := textWidth(word)
			if used > 0 && used+space+w > room {
				n++
				used = 0
			} else if used > 0 {
				used += space
			}
			for used+w > room {
				n++
				w -= room - used
				used = 0
			}
			used += w
		}
	}
	return n
}

// longestWord is the width of the widest word of any of the texts.
func longestWord(texts ...string) float64 {
	widest := 0.0
	for _, text := range texts {
		for _, word := range strings.Fields(text) {
			widest = max(widest, textWidth(word))
		}
	}
	return widest
}

// rowHeight is the height in points of a row of n lines in a font size, at
// most what a row can have.
func rowHeight(n int, size float64) float64 {
	return min(float64(n)*size*1.3+3, ooxml.MaxHeight)
}

// points is the font size of the look.
func (l look) points() float64 {
	if l.size > 0 {
		return l.size
	}
	return fontSize
}
