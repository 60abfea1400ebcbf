package draw

import (
	"bytes"
	"image/color"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"

	"surveykit/reports/chart/typeset"
)

// oneFont is a source with the letters of a small font: 世 and 界.
type oneFont struct{ face *font.Face }

func (f oneFont) Face(r rune, _ bool, _ string) *font.Face {
	if _, ok := f.face.NominalGlyph(r); ok {
		return f.face
	}
	return nil
}

// withHan has tests draw with a font of two East Asian letters.
func withHan(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile("../typeset/testdata/han.otf")
	if err != nil {
		t.Fatal(err)
	}
	face, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	before := Setter
	Setter = typeset.New(oneFont{face})
	t.Cleanup(func() { Setter = before })
}

// labelled is a picture of lines of text under each other.
func labelled(labels ...string) *Picture {
	p := &Picture{Scene: Scene{Width: 300, Height: 40 * float64(len(labels)+1)}}
	for i, l := range labels {
		p.Write(Pt(20, 40*float64(i+1)), Start, Style{16, false, color.NRGBA{A: 0xFF}}, l)
	}
	return p
}

// Letters that no font has are told by their script, once, with a remedy.
func TestLacking(t *testing.T) {
	p := labelled("世界の", "हिन्दी", "Привет, עברית", "\U0001F600")
	want := []string{"Devanagari", "Han", "Hiragana", "other signs"}
	if got := p.Lacking(); !slices.Equal(got, want) {
		t.Errorf("lacking are %q, want %q", got, want)
	}
	if n := LackingNotice(want); !strings.Contains(n, "Devanagari, Han") || !strings.Contains(n, "install") {
		t.Errorf("the notice is %q", n)
	}
	withHan(t)
	if got := labelled("世界").Lacking(); len(got) > 0 || LackingNotice(got) != "" {
		t.Errorf("lacking are %q with a font of theirs", got)
	}
}

// A font of the machine paints the letters that the built-in one lacks, in
// every format the same at every time.
func TestOtherFontsArePainted(t *testing.T) {
	boxes := files(t, labelled("世界"))
	withHan(t)
	for k, painted := range files(t, labelled("世界")) {
		if bytes.Equal(painted, boxes[k]) {
			t.Errorf("format %d shows boxes", k)
		}
		if !bytes.Equal(painted, files(t, labelled("世界"))[k]) {
			t.Errorf("format %d differs the second time", k)
		}
	}
}

// files are a picture as PNG and PDF.
func files(t *testing.T, p *Picture) [2][]byte {
	t.Helper()
	png, err := p.PNG()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return [2][]byte{png, pdf}
}

// A line that begins with a word of the other direction is marked.
func TestLinesKeepTheirDirection(t *testing.T) {
	got := directed([]string{"אב", "Google", "12"}, true)
	if want := []string{"אב", "\u200fGoogle", "\u200f12"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := directed([]string{"Google", "אב"}, false); got[1] != "\u200eאב" {
		t.Errorf("%q", got)
	}
}
