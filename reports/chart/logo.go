package chart

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"

	"surveykit/survey/appearance"

	"gonum.org/v1/plot/vg"
)

// The room of a logo, in the upper right corner.
const logoWidth, logoHeight = 160.0, 48.0

// logo is a client's mark, scaled to its room.
type logo struct {
	data          []byte
	vector        bool
	picture       image.Image // nil where the logo is a vector drawing
	at            point       // its upper left corner
	width, height float64
}

func newLogo(data []byte) (*logo, error) {
	size, err := appearance.ParseLogo(data)
	if err != nil {
		return nil, err
	}
	l := &logo{data: data, vector: size.Vector}
	if !l.vector {
		if l.picture, err = png.Decode(bytes.NewReader(data)); err != nil {
			return nil, err
		}
	}
	scale := min(logoWidth/size.Width, logoHeight/size.Height)
	l.width, l.height = scale*size.Width, scale*size.Height
	return l, nil
}

// writeSVG embeds the file. A vector drawing inside an image runs no scripts
// and loads nothing.
func (l *logo) writeSVG(w *svgWriter) {
	kind := "png"
	if l.vector {
		kind = "svg+xml"
	}
	w.printf(`<image x="%s" y="%s" width="%s" height="%s" href="data:image/%s;base64,%s"/>`+"\n",
		decimal(l.at.x), decimal(l.at.y), decimal(l.width), decimal(l.height), kind, base64.StdEncoding.EncodeToString(l.data))
}

func (l *logo) paint(c *pngCanvas) {
	if l.vector {
		return
	}
	low, high := c.point(point{l.at.x, l.at.y + l.height}), c.point(point{l.at.x + l.width, l.at.y})
	c.DrawImage(vg.Rectangle{Min: low, Max: high}, l.picture)
}
