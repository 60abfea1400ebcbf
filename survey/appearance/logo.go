package appearance

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Logo is the format and size of a logo's picture.
type Logo struct {
	// Vector is true for SVG, false for PNG.
	Vector bool
	// Width and Height are in the picture's own units, above zero.
	Width, Height float64
}

// ParseLogo recognises a PNG or SVG picture. The error is a survey.Problem: it is
// neither, it cannot be read, or it has no size.
func ParseLogo(data []byte) (Logo, error) {
	if bytes.HasPrefix(data, []byte("\x89PNG")) {
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return Logo{}, survey.Problem{Message: "the logo's PNG cannot be read: " + err.Error(), Remedy: "save it again as PNG"}
		}
		size := picture.Bounds().Size()
		return Logo{Width: float64(size.X), Height: float64(size.Y)}, nil
	}
	root, err := firstElement(data)
	if err != nil || root.Name.Local != "svg" {
		return Logo{}, survey.Problem{Message: "the logo is neither PNG nor SVG", Remedy: "save it as PNG or SVG"}
	}
	width, height := sizeOf(root)
	if width <= 0 || height <= 0 {
		return Logo{}, survey.Problem{Message: "the logo's SVG has no size", Remedy: `give its <svg> a viewBox="0 0 WIDTH HEIGHT"`}
	}
	return Logo{Vector: true, Width: width, Height: height}, nil
}

func firstElement(data []byte) (xml.StartElement, error) {
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if e, ok := token.(xml.StartElement); ok {
			return e, nil
		}
	}
}

// sizeOf is an SVG's viewBox, or its width and height in pixels.
func sizeOf(root xml.StartElement) (width, height float64) {
	attributes := map[string]string{}
	for _, a := range root.Attr {
		attributes[a.Name.Local] = a.Value
	}
	var x, y float64
	box := strings.ReplaceAll(attributes["viewBox"], ",", " ")
	if n, _ := fmt.Sscan(box, &x, &y, &width, &height); n == 4 {
		return width, height
	}
	pixels := func(name string) float64 {
		size, err := strconv.ParseFloat(strings.TrimSuffix(attributes[name], "px"), 64)
		if err != nil {
			return 0
		}
		return size
	}
	return pixels("width"), pixels("height")
}
