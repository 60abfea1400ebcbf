package draw

import (
	"image/color"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"surveykit/reports/chart/typeset"
)

// Style is how a text is set; its size is in CSS pixels.
type Style struct {
	Size   float64
	Bold   bool
	Colour color.NRGBA
}

var (
	regular = sync.OnceValue(func() *opentype.Font { return parse(liberationsansregular.TTF) })
	bold    = sync.OnceValue(func() *opentype.Font { return parse(liberationsansbold.TTF) })
)

// parse reads a font that is part of the program.
func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("draw: the built-in font cannot be read: " + err.Error())
	}
	return f
}

func (s Style) face() font.Face {
	f := font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(s.Size)}, Face: regular()}
	if s.Bold {
		f.Font.Weight, f.Face = xfont.WeightBold, bold()
	}
	return f
}

// Setter sets what letters beside each other do not make up, with the fonts of this
// machine. Tests replace it, to be the same on all machines.
var Setter = typeset.New(typeset.System())

// Width is how wide the text is, in pixels.
func (s Style) Width(words string) float64 {
	if Setter.Plain(words) {
		face := s.face()
		return face.Width(words).Points()
	}
	return Setter.Width(s.span(words))
}

func (s Style) span(words string) typeset.Span {
	return typeset.Span{Text: words, Size: s.Size, Bold: s.Bold}
}

// Wrap breaks the text into lines no wider than limit: at spaces, between
// East Asian letters, and inside a word only where the word alone is wider.
// A text that is longer than can be shown is shortened. Lines are evened out, so
// that no word is left alone on the last one, and all of them are read in the
// text's direction.
func (s Style) Wrap(words string, limit float64) []string {
	words = Shortened(words, LongestText)
	pieces := s.pieces(words, limit)
	lines := fill(pieces, limit)
	low, high := 0.0, limit
	for _, p := range pieces {
		low = max(low, p.width)
	}
	for len(lines) > 1 && high-low > 1 {
		if mid := (low + high) / 2; len(fill(pieces, mid)) > len(lines) {
			low = mid
		} else {
			high = mid
		}
	}
	return directed(fill(pieces, high), typeset.RightToLeft(words))
}

// directed marks the lines that alone would be read in the other direction.
func directed(lines []string, rightToLeft bool) []string {
	mark := typeset.LeftToRightMark
	if rightToLeft {
		mark = typeset.RightToLeftMark
	}
	for i, l := range lines {
		if typeset.RightToLeft(l) != rightToLeft {
			lines[i] = mark + l
		}
	}
	return lines
}

// LongestText is how many letters of a title, a question or a note are drawn.
const LongestText = 1500

// Shortened is the text, or its beginning and an ellipsis where it has more than
// most letters. Files can bring labels of any length.
func Shortened(words string, most int) string {
	if len(words) <= most {
		return words
	}
	letters := 0
	for at := range words {
		if letters == most {
			return strings.TrimSpace(words[:at]) + "…"
		}
		letters++
	}
	return words
}

// piece is text that stays on one line, and how wide it is without and with
// the space, if there is one, that parts it from the piece before.
type piece struct {
	words         string
	space         string
	width, indent float64
}

// pieces cuts a text where a line may end, and words that are wider than a
// line between any two letters.
func (s Style) pieces(words string, limit float64) []piece {
	var pieces []piece
	for word := range strings.FieldsFuncSeq(words, breaks) {
		space := " "
		for _, part := range typeset.Breakable(word) {
			for _, fitting := range s.fitting(part, limit) {
				pieces = append(pieces, piece{fitting, space, s.Width(fitting), s.Width(space)})
				space = ""
			}
		}
	}
	return pieces
}

// fitting cuts a word into as few parts as fit in a line.
func (s Style) fitting(word string, limit float64) []string {
	if s.Width(word) <= limit {
		return []string{word}
	}
	var parts []string
	part := ""
	for _, letter := range typeset.Letters(word) {
		if part != "" && s.Width(part+letter) > limit {
			parts, part = append(parts, part), ""
		}
		part += letter
	}
	return append(parts, part)
}

func breaks(r rune) bool { return unicode.IsSpace(r) && r != noBreak }

// noBreak is a space at which no line ends.
const noBreak = '\u00a0'

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

// Short is the text, or what of it fits and an ellipsis.
func (s Style) Short(words string, limit float64) string {
	const more = "…"
	if s.Width(words) <= limit {
		return words
	}
	room := limit - s.Width(more)
	return fill(s.pieces(words, room), room)[0] + more
}

// Widest is the width of the widest line.
func (s Style) Widest(lines []string) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, s.Width(l))
	}
	return w
}
