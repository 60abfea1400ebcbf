package typeset

import (
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
)

// System takes letters from the fonts that the machine has, Noto's first. The
// fonts are looked for when a letter is first asked for; what was found is
// remembered in the user's cache folder.
func System() Source { return &system{found: map[wanted]*font.Face{}} }

type system struct {
	fonts  *fontscan.FontMap // nil where there are none
	looked bool
	found  map[wanted]*font.Face
}

type wanted struct {
	letter   rune
	bold     bool
	language string
}

// Face is the face of the best font that has an outline of the letter.
func (s *system) Face(r rune, bold bool, language string) *font.Face {
	w := wanted{r, bold, language}
	if face, ok := s.found[w]; ok {
		return face
	}
	if !s.looked {
		s.fonts, s.looked = scan(), true
	}
	if s.fonts != nil {
		s.found[w] = s.find(w)
	}
	return s.found[w]
}

func (s *system) find(w wanted) *font.Face {
	q := fontscan.Query{Families: append(families(w), "Noto Sans", fontscan.SansSerif)}
	if q.Aspect.Weight = font.WeightNormal; w.bold {
		q.Aspect.Weight = font.WeightBold
	}
	s.fonts.SetQuery(q)
	s.fonts.SetScript(language.LookupScript(w.letter))
	face := s.fonts.ResolveFace(w.letter)
	if face == nil {
		return nil
	}
	id, ok := face.NominalGlyph(w.letter)
	if _, drawn := face.GlyphDataOutline(id); !ok || !drawn { // a font of bitmaps
		return nil
	}
	return face
}

// families are the fonts that are best for a letter.
func families(w wanted) []string {
	if unicode.In(w.letter, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) {
		return []string{"Noto Sans CJK " + map[string]string{"ja": "JP", "ko": "KR"}[w.language], "Noto Sans CJK SC"}
	}
	return []string{"Noto Sans " + strings.ReplaceAll(Script(w.letter), "_", " ")}
}

// scan looks for fonts.
func scan() *fontscan.FontMap {
	folder, err := cache()
	if err != nil {
		if folder, err = os.MkdirTemp("", "fonts"); err != nil {
			return nil
		}
		defer os.RemoveAll(folder)
	}
	fonts := fontscan.NewFontMap(log.New(io.Discard, "", 0))
	if fonts.UseSystemFonts(folder) != nil {
		return nil
	}
	return fonts
}

// cache is a folder that can be written to.
func cache() (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder = filepath.Join(folder, "surveykit")
	return folder, os.MkdirAll(folder, 0o700)
}
