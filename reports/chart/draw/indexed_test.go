package draw

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// A PNG of a byte a pixel shows what was painted: areas, lines and letters in
// their own colours and no edge visibly changed, in less than half the bytes.
func TestIndexedPNG(t *testing.T) {
	p, fill := labelled("Trusts companies", "Does not trust them", "Has read the policy", "Has not read it", "Says nothing", "Does not know"), color.NRGBA{0x12, 0x43, 0x6D, 0xFF}
	p.Add(Rectangle(150, 10, 280, 110, fill))
	painted := p.paint()
	small, err := encodePNG(painted)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := png.Decode(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := decoded.(*image.Paletted); !ok {
		t.Fatalf("the image is a %T", decoded)
	}
	exact := map[color.RGBA]bool{}
	shades := shadesOf(painted)
	for _, s := range shades[:countAreas(shades)] {
		exact[s.RGBA] = true
	}
	if !exact[color.RGBA(fill)] {
		t.Error("the colour of a cell is not kept")
	}
	for y := range painted.Rect.Dy() {
		for x := range painted.Rect.Dx() {
			was, is := painted.RGBAAt(x, y), color.RGBAModel.Convert(decoded.At(x, y)).(color.RGBA)
			if d := distance(was, is); d > unseen || exact[was] && d > 0 {
				t.Fatalf("%v at %d, %d became %v", was, x, y, is)
			}
		}
	}
	var full bytes.Buffer
	if err := png.Encode(&full, painted); err != nil {
		t.Fatal(err)
	}
	if 2*len(small) > full.Len() {
		t.Errorf("%d bytes, %d in full colour", len(small), full.Len())
	}
}

// A picture of too many colours stays as it is.
func TestPhotographIsNotIndexed(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 100, 100))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		if noise.Pix[i] = uint8(r.Uint32()); i%4 == 3 {
			noise.Pix[i] = 0xFF
		}
	}
	data, err := encodePNG(noise)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := decoded.(*image.RGBA); !ok || !bytes.Equal(got.Pix, noise.Pix) {
		t.Errorf("the image became a %T", decoded)
	}
}
