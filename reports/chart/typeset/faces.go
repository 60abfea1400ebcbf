package typeset

import (
	"unicode"

	"github.com/go-text/typesetting/font"
)

// faces choose the face for each letter of a span.
type faces struct {
	*Setter
	bold     bool
	language string
}

// ResolveFace is the built-in face where it has the letter or no other face does.
func (f *faces) ResolveFace(r rune) *font.Face {
	face, _ := f.face(r, f.bold, f.language)
	return face
}

// face finds a face for a letter, and whether it has it.
func (s *Setter) face(r rune, bold bool, language string) (face *font.Face, found bool) {
	face = builtIn()
	if bold {
		face = builtInBold()
	}
	if _, ok := face.NominalGlyph(r); ok {
		return face, true
	}
	if s.source != nil {
		if other := s.source.Face(r, bold, language); other != nil {
			return other, true
		}
	}
	return face, false
}

// Lacking reports whether no font has the letter, so that it is an empty box.
// Letters that are never seen, such as joiners and marks of direction, are not lacking.
func (s *Setter) Lacking(r rune, bold bool) bool {
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, found := s.face(r, bold, languageOf([]rune{r}))
	return !found
}

// languageOf finds by the letters beside them how East Asian characters are
// drawn: as in Japanese beside kana, as in Korean beside hangul, else as in
// Chinese. It is "" without such characters.
func languageOf(text []rune) string {
	language := ""
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "ja"
		case unicode.Is(unicode.Hangul, r):
			return "ko"
		case unicode.In(r, unicode.Han, unicode.Bopomofo):
			language = "zh"
		}
	}
	return language
}

// Script is the name of the script that a letter is of: "Han", "Devanagari";
// "Common" for signs that many scripts share, "" for what is no letter at all.
func Script(r rune) string {
	name := ""
	for n, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			name = n
		}
	}
	return name
}
