// Package typeset sets lines of type in any script: it shapes ligatures and
// marks, puts runs from right to left in the order in which they are read, and
// takes letters that the built-in typeface lacks from the fonts of the machine.
package typeset

import (
	"bytes"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// Span is a stretch of a line in one size (pixels) and weight.
type Span struct {
	Text string
	Size float64
	Bold bool
}

// Line is a line of type, from left to right whatever its scripts.
type Line struct {
	// Width is how far the line reaches, in pixels.
	Width float64
	// Glyphs are the shapes of the letters, from left to right. The line begins
	// at 0 on its baseline; y grows downwards.
	Glyphs []Glyph
}

// Glyph is the outline of a letter, a mark or a ligature, in the colour of its span.
type Glyph struct {
	Span     int
	Segments []Segment
}

// Segment goes on from where the last one ended: it begins a contour there (one
// point), is a straight line (one) or a Bézier curve (two or three, the last of
// them its end).
type Segment struct {
	Move   bool
	Points []Point
}

// Point is in pixels.
type Point struct{ X, Y float64 }

// Source finds a face that has a letter. A source is asked by one goroutine at a time.
type Source interface {
	// Face is the face for a letter in text of the language (a BCP 47 tag, ""
	// where the letter does not depend on it), nil where there is none.
	Face(r rune, bold bool, language string) *font.Face
}

// Setter sets lines. It is safe for concurrent use.
type Setter struct {
	mu        sync.Mutex
	paragraph bidi.Paragraph
	segmenter shaping.Segmenter
	shaper    shaping.HarfbuzzShaper
	source    Source
}

// New makes a setter that uses the built-in typeface, and the source for what
// that lacks. Without a source such letters are empty boxes.
func New(source Source) *Setter {
	return &Setter{source: source}
}

// The built-in typeface is read when the first text is set: most commands set none.
var (
	builtIn     = sync.OnceValue(func() *font.Face { return parse(liberationsansregular.TTF) })
	builtInBold = sync.OnceValue(func() *font.Face { return parse(liberationsansbold.TTF) })
)

// parse reads a font that is part of the program.
func parse(ttf []byte) *font.Face {
	f, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		panic("typeset: the built-in font cannot be read: " + err.Error())
	}
	return f
}

// Line sets the spans one after the other as one line. Its direction is that
// of its first letter that has one.
func (s *Setter) Line(spans ...Span) Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	pieces := s.shape(spans)
	var l Line
	for _, p := range pieces {
		scale := pixels(p.Size) / float64(p.Face.Upem())
		for _, g := range p.Glyphs {
			at := Point{l.Width + pixels(g.XOffset), -pixels(g.YOffset)}
			if o, ok := p.Face.GlyphDataOutline(g.GlyphID); ok && len(o.Segments) > 0 {
				l.Glyphs = append(l.Glyphs, Glyph{p.span, place(o.Segments, at, scale)})
			}
			l.Width += pixels(g.Advance)
		}
	}
	return l
}

// Width is how wide the line of a span is, in pixels.
func (s *Setter) Width(span Span) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	width := 0.0
	for _, p := range s.shape([]Span{span}) {
		width += pixels(p.Advance)
	}
	return width
}

// shape turns spans into pieces, from left to right.
func (s *Setter) shape(spans []Span) []piece {
	var text []rune
	var owner []int
	for i, span := range spans {
		for _, r := range span.Text {
			text, owner = append(text, r), append(owner, i)
		}
	}
	if len(text) == 0 {
		return nil
	}
	var pieces []piece
	runs := s.paragraph.Segment(text, bidi.Neutral)
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		for _, in := range s.inputs(text, owner, spans, run) {
			pieces = append(pieces, piece{s.shaper.ShapeNoExtents(in), int(run.Level), owner[in.RunStart]})
		}
	}
	inOrder(pieces)
	return pieces
}

// inputs cuts a run of one direction where span, script or face change.
func (s *Setter) inputs(text []rune, owner []int, spans []Span, run bidi.Run) []shaping.Input {
	direction := di.DirectionLTR
	if !run.IsLeftToRight() {
		direction = di.DirectionRTL
	}
	language := languageOf(text)
	var all []shaping.Input
	for from := run.Start; from < run.End; {
		to := from
		for to < run.End && owner[to] == owner[from] {
			to++
		}
		span := spans[owner[from]]
		in := shaping.Input{Text: text, RunStart: from, RunEnd: to, Direction: direction, Size: fixed.Int26_6(span.Size*64*finer + 0.5)}
		for _, part := range s.segmenter.Split(in, &faces{s, span.Bold, language}) {
			part.Direction = direction // a part alone may look otherwise
			all = append(all, part)
		}
		from = to
	}
	return all
}

// piece is a shaped stretch of a line; its level is even where it runs from
// left to right and odd where it runs from right to left.
type piece struct {
	shaping.Output
	level, span int
}

// inOrder puts pieces from the order in which they are read into that from
// left to right (Unicode Annex 9, rule L2): from the highest level down,
// whatever is at a level or above is turned around.
func inOrder(pieces []piece) {
	highest := 0
	for _, p := range pieces {
		highest = max(highest, p.level)
	}
	for level := highest; level > 0; level-- {
		for from := 0; from < len(pieces); {
			to := from
			for to < len(pieces) && pieces[to].level >= level {
				to++
			}
			for a, b := from, to-1; a < b; a, b = a+1, b-1 {
				pieces[a], pieces[b] = pieces[b], pieces[a]
			}
			from = to + 1
		}
	}
}

// finer is how many times larger than asked lines are shaped: the shaper rounds
// each letter to a 64th of a pixel, which adds up.
const finer = 32

func pixels(x fixed.Int26_6) float64 { return float64(x) / 64 / finer }

// place moves an outline, which is in units of its font with y upwards.
func place(outline []opentype.Segment, at Point, scale float64) []Segment {
	segments := make([]Segment, len(outline))
	for i, o := range outline {
		args := o.ArgsSlice()
		segments[i] = Segment{o.Op == opentype.SegmentOpMoveTo, make([]Point, len(args))}
		for k, p := range args {
			segments[i].Points[k] = Point{at.X + scale*float64(p.X), at.Y - scale*float64(p.Y)}
		}
	}
	return segments
}
