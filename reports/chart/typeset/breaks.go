package typeset

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/text/width"
)

// zeroWidthSpace marks in Thai, Khmer and other scripts without spaces where a
// line may end.
const zeroWidthSpace = '\u200b'

// Breakable cuts a word where a line may end inside it: at spaces of no width,
// and between East Asian characters as their rules of punctuation allow
// (Unicode Annex 14), but not inside words of hangul, which have spaces
// between them.
func Breakable(word string) []string {
	if !strings.ContainsFunc(word, func(r rune) bool { return wide(r) || r == zeroWidthSpace }) {
		return []string{word}
	}
	var seg segmenter.Segmenter
	seg.Init([]rune(word))
	var parts []string
	before := rune(0)
	for lines := seg.LineIterator(); lines.Next(); {
		text := lines.Line().Text
		if len(parts) > 0 && !wide(before) && !wide(text[0]) && before != zeroWidthSpace {
			parts[len(parts)-1] += string(text)
		} else {
			parts = append(parts, string(text))
		}
		before = text[len(text)-1]
	}
	return parts
}

// Letters cuts a word into what a reader takes for its letters, each with its
// marks (Unicode Annex 29); vowels that Thai and Lao write before their
// consonant stay with it.
func Letters(word string) []string {
	var seg segmenter.Segmenter
	seg.Init([]rune(word))
	var letters []string
	leads := false
	for all := seg.GraphemeIterator(); all.Next(); {
		letter := all.Grapheme().Text
		if leads {
			letters[len(letters)-1] += string(letter)
		} else {
			letters = append(letters, string(letter))
		}
		leads = unicode.Is(unicode.Logical_Order_Exception, letter[0])
	}
	return letters
}

// wide reports whether a letter is one of the East Asian ones between which
// lines may end.
func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return (k == width.EastAsianWide || k == width.EastAsianFullwidth) && !unicode.Is(unicode.Hangul, r)
}
