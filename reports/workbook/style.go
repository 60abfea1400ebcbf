package workbook

import (
	"cmp"

	"surveykit/reports/brand"
	"surveykit/reports/ooxml"
)

// The house's looks.
const (
	fontSize = 10

	navy  = ooxml.Navy
	ink   = ooxml.Ink
	grey  = ooxml.Grey
	rule  = ooxml.Rule
	white = ooxml.White
	pale  = "E8EEF4"
	faint = "F5F7F9"
)

// look describes a cell's style; equal looks share one style of the file.
type look struct {
	size         float64
	bold, italic bool
	color, fill  string
	format       string
	align        string // left where empty
	indent       int
	wrap, middle bool
	under, above bool // a rule below, a rule above
	edge         bool // a rule on the left, where a group begins
	link         bool
}

// The looks that several sheets share.
var (
	plain    = look{}
	bold     = look{bold: true}
	wrapped  = look{wrap: true}
	title    = look{size: 14, bold: true, color: navy}
	headline = look{size: 20, bold: true, color: navy, wrap: true}
	section  = look{size: 12, bold: true, color: navy, under: true}
	linked   = look{color: ooxml.LinkColor, link: true}
	quiet    = look{color: grey, size: 9, wrap: true}
	alarm    = look{bold: true, color: ink, fill: "FDE3D5", middle: true}
	header   = look{bold: true, color: white, fill: navy, wrap: true, middle: true}
)

// edged is the look with a rule on its left, or without.
func (l look) edged(edge bool) look {
	l.edge = edge
	return l
}

// themed is the look with the client's shades in place of the house's.
func (l look) themed(b brand.Look) look {
	for _, c := range []*string{&l.color, &l.fill} {
		switch *c {
		case navy:
			*c = b.Strong
		case pale:
			*c = b.Pale
		}
	}
	return l
}

func (l look) style() ooxml.Style {
	s := ooxml.Style{
		Size: l.points(), Bold: l.bold, Italic: l.italic, Underline: l.link, Color: cmp.Or(l.color, ink), Fill: l.fill,
		Format: l.format, Align: l.align, Vertical: "top", Indent: l.indent, Wrap: l.wrap,
	}
	if l.middle {
		s.Vertical = "center"
	}
	if l.indent > 0 && l.align == "" {
		s.Align = "left" // an indent counts for nothing under general alignment
	}
	if l.under {
		s.Bottom = rule
	}
	if l.above {
		s.Top = rule
	}
	if l.edge {
		s.Left = rule
		if l.color == white {
			s.Left = white
		}
	}
	return s
}
