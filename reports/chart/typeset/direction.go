package typeset

import (
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// The marks that give a line a direction which its letters do not: they are
// not seen and have no width.
const (
	LeftToRightMark = "\u200e"
	RightToLeftMark = "\u200f"
)

// RightToLeft reports whether a text is read from right to left: whether its
// first letter that has a direction does (Unicode Annex 9, rules P2 and P3).
func RightToLeft(text string) bool {
	for _, r := range text {
		switch class(r) {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// Plain reports whether the built-in letters of a text, one beside the other
// from left to right, are all that it takes to set it.
func (s *Setter) Plain(text string) bool {
	for _, r := range text {
		if r < 0x250 && unicode.IsPrint(r) { // Latin, which every typeface has
			continue
		}
		c := class(r)
		if c == bidi.R || c == bidi.AL || unicode.In(r, unicode.M, unicode.C) {
			return false
		}
		if _, ok := builtIn().Font.NominalGlyph(r); !ok {
			return false
		}
	}
	return true
}

func class(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}
