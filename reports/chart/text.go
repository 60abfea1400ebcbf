package chart

import (
	"image/color"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// style is how a text is set; its size is in CSS pixels.
type style struct {
	size   float64
	bold   bool
	colour color.NRGBA
}

var (
	regular = sync.OnceValue(func() *opentype.Font { return parse(liberationsansregular.TTF) })
	bold    = sync.OnceValue(func() *opentype.Font { return parse(liberationsansbold.TTF) })
)

// parse reads a font that is part of the program.
func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("chart: the built-in font cannot be read: " + err.Error())
	}
	return f
}

func (s style) face() font.Face {
	f := font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(s.size)}, Face: regular()}
	if s.bold {
		f.Font.Weight, f.Face = xfont.WeightBold, bold()
	}
	return f
}

// width is how wide the text stands, in pixels. Unprintable letters count as
// one em: most of them are East Asian.
func (s style) width(words string) float64 {
	face, total := s.face(), 0.0
	var known strings.Builder
	for _, r := range words {
		switch {
		case !unprintable(r):
			known.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			total += s.size
		}
	}
	return total + face.Width(known.String()).Points()
}

// unprintable reports whether the built-in font lacks the letter, or the
// letter is written from right to left, which painting does not know.
func unprintable(r rune) bool {
	i, err := regular().GlyphIndex(nil, r)
	p, _ := bidi.LookupRune(r)
	return err != nil || i == 0 || p.Class() == bidi.R || p.Class() == bidi.AL
}

// wrap breaks the text into lines no wider than limit: at spaces, between
// East Asian letters, and inside a word only where the word alone is wider.
// Lines are evened out, so that no word is left alone on the last one.
func (s style) wrap(words string, limit float64) []string {
	pieces := s.pieces(words, limit)
	lines := fill(pieces, limit)
	if len(lines) < 2 {
		return lines
	}
	low, high := 0.0, limit
	for _, p := range pieces {
		low = max(low, p.width)
	}
	for high-low > 1 {
		if mid := (low + high) / 2; len(fill(pieces, mid)) > len(lines) {
			low = mid
		} else {
			high = mid
		}
	}
	return fill(pieces, high)
}

// piece is text that stays on one line, and how wide it is without and with
// the space, if there is one, that parts it from the piece before.
type piece struct {
	words         string
	space         string
	width, indent float64
}

// pieces cuts a text where a line may end, and words that are wider than a
// line anywhere.
func (s style) pieces(words string, limit float64) []piece {
	var pieces []piece
	add := func(words, space string) {
		pieces = append(pieces, piece{words, space, s.width(words), s.width(space)})
	}
	for word := range strings.FieldsFuncSeq(words, breaks) {
		space, begin, before := " ", 0, rune(0)
		for i, r := range word {
			parts := (wide(r) || wide(before)) && !unicode.IsPunct(r)
			if i > begin && (parts || s.width(word[begin:i+utf8.RuneLen(r)]) > limit) {
				add(word[begin:i], space)
				space, begin = "", i
			}
			before = r
		}
		add(word[begin:], space)
	}
	return pieces
}

func breaks(r rune) bool { return unicode.IsSpace(r) && r != noBreak }

// noBreak is a space at which no line ends.
const noBreak = '\u00a0'

func wide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// fill puts as many pieces on each line as go. It gives one line at least.
func fill(pieces []piece, limit float64) []string {
	lines, line, used := []string{}, "", 0.0
	for i, p := range pieces {
		switch {
		case i == 0:
			line, used = p.words, p.width
		case used+p.indent+p.width <= limit:
			line, used = line+p.space+p.words, used+p.indent+p.width
		default:
			lines = append(lines, line)
			line, used = p.words, p.width
		}
	}
	return append(lines, line)
}

// short is the text, or what of it fits and an ellipsis.
func (s style) short(words string, limit float64) string {
	const more = "…"
	if s.width(words) <= limit {
		return words
	}
	room := limit - s.width(more)
	return fill(s.pieces(words, room), room)[0] + more
}

// widest is the width of the widest line.
func (s style) widest(lines []string) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, s.width(l))
	}
	return w
}
