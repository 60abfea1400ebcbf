package typeset_test

import (
	"bytes"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/go-text/typesetting/font"

	"surveykit/reports/chart/typeset"
)

// rounding is the noise of outlines that are placed by adding up widths, each
// of them rounded to 1/2048 of a pixel.
const rounding = 0.02

// files is a source of a few small fonts.
type files []*font.Face

func (f files) Face(r rune, _ bool, _ string) *font.Face {
	for _, face := range f {
		if _, ok := face.NominalGlyph(r); ok {
			return face
		}
	}
	return nil
}

// noto has the letters क्षमानि, سلام and 世界.
func noto(t testing.TB) typeset.Source {
	t.Helper()
	var all files
	for _, name := range []string{"devanagari.ttf", "arabic.ttf", "han.otf"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		face, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, face)
	}
	return all
}

func set(s *typeset.Setter, text string) typeset.Line {
	return s.Line(typeset.Span{Text: text, Size: 16})
}

// left is the left edge of an outline.
func left(g typeset.Glyph) float64 {
	x := math.Inf(1)
	for _, s := range g.Segments {
		for _, p := range s.Points {
			x = min(x, p.X)
		}
	}
	return x
}

// same reports whether two outlines are one, but for where they stand.
func same(a, b typeset.Glyph) bool {
	if len(a.Segments) != len(b.Segments) {
		return false
	}
	move := left(b) - left(a)
	for i, s := range a.Segments {
		for k, p := range s.Points {
			if q := b.Segments[i].Points[k]; s.Move != b.Segments[i].Move || math.Abs(p.X+move-q.X) > rounding || math.Abs(p.Y-q.Y) > rounding {
				return false
			}
		}
	}
	return true
}

// read says which of the letters a line shows, from left to right.
func read(t *testing.T, s *typeset.Setter, line typeset.Line, letters string) string {
	t.Helper()
	glyphs := slices.Clone(line.Glyphs)
	slices.SortStableFunc(glyphs, func(a, b typeset.Glyph) int { return int(math.Copysign(1, left(a)-left(b))) })
	seen := ""
	for _, g := range glyphs {
		found := "?"
		for _, r := range letters {
			if same(set(s, string(r)).Glyphs[0], g) {
				found = string(r)
			}
		}
		seen += found
	}
	return seen
}

// What is read from right to left stands so, numbers and Latin words within it
// do not, and brackets open towards what they hold. The orders are those of
// Unicode Annex 9, by hand.
func TestVisualOrder(t *testing.T) {
	s := typeset.New(nil)
	for _, c := range []struct{ text, want string }{
		{"abc אבג", "abcגבא"},
		{"אבג abc", "abcגבא"},
		{"אבג 12 דה", "הד12גבא"},
		{"abc אבג 12 דה xyz", "abcהד12גבאxyz"},
		{"אב (abc) גד", "דג(abc)בא"},
		{"אב (גד)", "(דג)בא"},
		{"\u200fabc אב", "באabc"},
		{"\u200eאב abc", "באabc"},
	} {
		if got := read(t, s, set(s, c.text), "abcxyz12()אבגדה"); got != c.want {
			t.Errorf("%q is seen as %q, want %q", c.text, got, c.want)
		}
	}
}

// Spans keep their letters wherever these stand.
func TestSpansKeepTheirLetters(t *testing.T) {
	s := typeset.New(nil)
	line := s.Line(typeset.Span{Text: "אב ", Size: 16}, typeset.Span{Text: "(n)", Size: 14, Bold: true})
	var spans []int
	for _, g := range line.Glyphs {
		spans = append(spans, g.Span)
	}
	if !slices.Equal(spans, []int{1, 1, 1, 0, 0}) {
		t.Errorf("from left to right the letters are of spans %v", spans)
	}
}

func TestShaping(t *testing.T) {
	s := typeset.New(noto(t))
	t.Run("letters join", func(t *testing.T) {
		glyphs := set(s, "سلام").Glyphs
		if len(glyphs) != 3 { // seen, lam-alef, meem
			t.Fatalf("%d outlines", len(glyphs))
		}
		if !same(glyphs[0], set(s, "م").Glyphs[0]) {
			t.Error("the last letter does not stand on the left")
		}
		if same(glyphs[2], set(s, "س").Glyphs[0]) {
			t.Error("the first letter does not join the next")
		}
	})
	t.Run("consonants stack", func(t *testing.T) {
		if n := len(set(s, "क्ष").Glyphs); n != 1 {
			t.Errorf("%d outlines", n)
		}
	})
	t.Run("a vowel goes before its consonant", func(t *testing.T) {
		glyphs := set(s, "नि").Glyphs
		if len(glyphs) != 2 || !same(glyphs[1], set(s, "न").Glyphs[0]) {
			t.Errorf("%d outlines, the consonant is not the last", len(glyphs))
		}
	})
	t.Run("fonts are mixed", func(t *testing.T) {
		if got := read(t, s, set(s, "a世1界"), "a世1界"); got != "a世1界" {
			t.Errorf("seen %q", got)
		}
	})
}

// A line is as wide as its parts, at any size, and ends after its last letter.
func TestWidth(t *testing.T) {
	s := typeset.New(noto(t))
	if got := s.Width(typeset.Span{Text: "世界", Size: 16}); math.Abs(got-32) > rounding {
		t.Errorf("two East Asian letters of 16 pixels are %v wide", got)
	}
	for _, text := range []string{"", "世界 abc", "אבג", "سلام", "क्षमा"} {
		small, large := s.Width(typeset.Span{Text: text, Size: 10}), s.Line(typeset.Span{Text: text, Size: 30})
		if math.Abs(3*small-large.Width) > rounding {
			t.Errorf("%q: %v at 10 pixels, %v at 30", text, small, large.Width)
		}
		for _, g := range large.Glyphs {
			if left(g) > large.Width {
				t.Errorf("%q: a letter at %v of a line of %v", text, left(g), large.Width)
			}
		}
	}
}

func TestLacking(t *testing.T) {
	none, some := typeset.New(nil), typeset.New(noto(t))
	for r, want := range map[rune]bool{'世': true, 'ب': true, 'a': false, 'א': false, ' ': false, '\u200d': false, '\ufe0f': false} {
		if none.Lacking(r, false) != want {
			t.Errorf("without other fonts, %q lacks: %v", r, !want)
		}
	}
	if some.Lacking('世', true) || !some.Lacking('日', true) {
		t.Error("a font's letters are lacking, or others are not")
	}
	if got := len(set(none, "世").Glyphs); got != 1 {
		t.Errorf("a lacking letter has %d outlines, not one box", got)
	}
}

// A text is plain where the built-in letters in their order are all of it.
func TestPlain(t *testing.T) {
	s := typeset.New(nil)
	for text, want := range map[string]bool{"": true, "Größe – 18 %": true, "Ελληνικά, русский": true, "n\u00a0=\u00a01": true,
		"世": false, "עברית": false, "e\u0301": false, "a\u200fb": false, "a\u0000b": false} {
		if s.Plain(text) != want {
			t.Errorf("%q is plain: %v", text, !want)
		}
	}
	for r := rune(0); r < 0x250; r++ {
		if unicode.IsPrint(r) && s.Lacking(r, false) {
			t.Errorf("the built-in font lacks %q, which counts as plain", r)
		}
	}
}

func TestRightToLeft(t *testing.T) {
	for text, want := range map[string]bool{"": false, "12": false, "12 אב abc": true, "abc אב": false, "العربية": true, "\u200f1": true} {
		if typeset.RightToLeft(text) != want {
			t.Errorf("%q runs from right to left: %v", text, !want)
		}
	}
}

func TestBreakable(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"concerned", "concerned"},
		{"個人情報。保護", "個|人|情|報。|保|護"},
		{"「個人」（氏名）", "「個|人」|（氏|名）"},
		{"2026年GDPR法", "2026|年|GDPR|法"},
		{"개인정보", "개인정보"},
		{"ภาษา\u200bไทย", "ภาษา\u200b|ไทย"},
		{"18–24/a", "18–24/a"},
	} {
		if got := strings.Join(typeset.Breakable(c.word), "|"); got != c.want {
			t.Errorf("%q breaks as %q, want %q", c.word, got, c.want)
		}
	}
}

func TestLetters(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"abc", "a|b|c"}, {"e\u0301te", "e\u0301|t|e"}, {"เพียง", "เพี|ย|ง"}, {"👨‍👩‍👧a", "👨‍👩‍👧|a"},
	} {
		if got := strings.Join(typeset.Letters(c.word), "|"); got != c.want {
			t.Errorf("%q has the letters %q, want %q", c.word, got, c.want)
		}
	}
}

func TestScript(t *testing.T) {
	for r, want := range map[rune]string{'世': "Han", 'ア': "Katakana", 'क': "Devanagari", '1': "Common", '\ue000': ""} {
		if got := typeset.Script(r); got != want {
			t.Errorf("%q is of script %q, want %q", r, got, want)
		}
	}
}

// Lines that are set at the same time are the same.
func TestConcurrent(t *testing.T) {
	s := typeset.New(noto(t))
	want := set(s, "سلام 世界")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if got := set(s, "سلام 世界"); got.Width != want.Width || len(got.Glyphs) != len(want.Glyphs) {
					t.Errorf("width %v, want %v", got.Width, want.Width)
				}
			}
		})
	}
	all.Wait()
}

// A font of this machine has the letter that it is chosen for.
func TestSystem(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	face := typeset.System().Face('世', false, "zh")
	if face == nil {
		t.Skip("this machine has no font of East Asian letters")
	}
	id, ok := face.NominalGlyph('世')
	if outline, drawn := face.GlyphDataOutline(id); !ok || !drawn || len(outline.Segments) == 0 {
		t.Error("the font does not have the letter")
	}
}

func BenchmarkLine(b *testing.B) {
	s := typeset.New(noto(b))
	for b.Loop() {
		set(s, "世界 18–24")
	}
}
