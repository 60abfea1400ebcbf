package workbook

import (
	"github.com/xuri/excelize/v2"

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
	linked   = look{color: "0B5CAD", link: true}
	quiet    = look{color: grey, size: 9, wrap: true}
	alarm    = look{bold: true, color: ink, fill: "FDE3D5", middle: true}
	header   = look{bold: true, color: white, fill: navy, wrap: true, middle: true}
)

// edged is the look with a rule on its left, or without.
func (l look) edged(edge bool) look {
	l.edge = edge
	return l
}

// style is the id of the look's style in the file.
func (m *maker) style(l look) (int, error) {
	if id, ok := m.styles[l]; ok {
		return id, nil
	}
	id, err := m.file.NewStyle(l.themed(m.brand).excelize(m.brand.Font))
	if err == nil {
		m.styles[l] = id
	}
	return id, err
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

func (l look) excelize(font string) *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: font, Size: fontSize, Bold: l.bold, Italic: l.italic, Color: ink},
		Alignment: &excelize.Alignment{Horizontal: l.align, Indent: l.indent, WrapText: l.wrap, Vertical: "top"},
	}
	if l.size > 0 {
		s.Font.Size = l.size
	}
	if l.color != "" {
		s.Font.Color = l.color
	}
	if l.link {
		s.Font.Underline = "single"
	}
	if l.middle {
		s.Alignment.Vertical = "center"
	}
	if l.indent > 0 && l.align == "" {
		s.Alignment.Horizontal = "left" // an indent counts for nothing under general alignment
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.under {
		s.Border = append(s.Border, excelize.Border{Type: "bottom", Style: 1, Color: rule})
	}
	if l.above {
		s.Border = append(s.Border, excelize.Border{Type: "top", Style: 1, Color: rule})
	}
	if l.edge {
		color := rule
		if l.color == white {
			color = white
		}
		s.Border = append(s.Border, excelize.Border{Type: "left", Style: 1, Color: color})
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	return s
}
