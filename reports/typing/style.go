package typing

import (
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"
)

// The form's neutral colours.
const (
	white = "FFFFFF"
	ink   = "1F1F1F"
	grey  = "595959"
	line  = "C9CED3"
	plum  = "801650"
)

// setStyles makes the styles of cells by name.
func (b *book) setStyles() {
	l := b.look
	font := func(size float64, colour string, bold bool) *excelize.Font {
		return &excelize.Font{Family: l.Font, Size: size, Color: colour, Bold: bold}
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	under := []excelize.Border{{Type: "bottom", Color: line, Style: 1}}
	box := []excelize.Border{{Type: "left", Color: l.Strong, Style: 1}, {Type: "right", Color: l.Strong, Style: 1}, {Type: "top", Color: l.Strong, Style: 1}, {Type: "bottom", Color: l.Strong, Style: 1}}
	wrap := &excelize.Alignment{Vertical: "center", WrapText: true}
	inset := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true, Indent: 1}
	left := &excelize.Alignment{Horizontal: "left", Vertical: "center", Indent: 1, WrapText: true}
	right := &excelize.Alignment{Horizontal: "right", Vertical: "center"}
	open := &excelize.Protection{Locked: false}
	percent, asText := 9, 49 // 0% and @: text stays as it was typed
	low := &excelize.Alignment{Vertical: "bottom", WrapText: true}
	b.styles = map[string]int{}
	styles := map[string]*excelize.Style{
		"title":          {Font: font(20, l.Strong, true), Alignment: &excelize.Alignment{Vertical: "center"}},
		"lead":           {Font: font(10.5, grey, false), Alignment: wrap},
		"resultLabel":    {Font: font(11, white, false), Fill: fill(l.Strong), Alignment: inset},
		"result":         {Font: font(14, white, true), Fill: fill(l.Strong), Alignment: left},
		"certaintyLabel": {Font: font(11, l.Strong, false), Fill: fill(l.Pale), Alignment: inset},
		"certainty":      {Font: font(11, l.Strong, false), Fill: fill(l.Pale), Alignment: left},
		"head":           {Font: font(10, l.Strong, true), Border: []excelize.Border{{Type: "bottom", Color: l.Strong, Style: 2}}, Alignment: low},
		"headNumber":     {Font: font(10, l.Strong, true), Border: []excelize.Border{{Type: "bottom", Color: l.Strong, Style: 2}}, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "bottom", WrapText: true}},
		"headInset":      {Font: font(10, l.Strong, true), Border: []excelize.Border{{Type: "bottom", Color: l.Strong, Style: 2}}, Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1, Vertical: "bottom", WrapText: true}},
		"question":       {Font: font(11, ink, false), Border: under, Alignment: wrap},
		"answer":         {Font: font(11, ink, false), Fill: fill(l.Pale), Border: box, Alignment: left, Protection: open, NumFmt: asText},
		"answerNumber":   {Font: font(11, ink, false), Fill: fill(l.Pale), Border: box, Alignment: left, Protection: open},
		"remark":         {Font: font(10, plum, false), Alignment: left},
		"chance":         {Font: font(11, ink, false), Border: under, Alignment: right, NumFmt: percent},
		"note":           {Font: font(9.5, grey, false), Alignment: wrap},
		"cell":           {Font: font(10, ink, false), Fill: fill(l.Pale), Border: under, NumFmt: asText, Alignment: &excelize.Alignment{Horizontal: "left"}},
		"cellNumber":     {Font: font(10, ink, false), Fill: fill(l.Pale), Border: under, Alignment: &excelize.Alignment{Horizontal: "left"}},
		"person":         {Font: font(10, grey, false), Border: under},
		"found":          {Font: font(10, ink, true), Border: under, Alignment: left},
		"foundPercent":   {Font: font(10, ink, false), Border: under, NumFmt: percent},
		"plain":          {Font: font(10, ink, false), Border: under, Alignment: left},
	}
	for _, name := range slices.Sorted(maps.Keys(styles)) {
		id, err := b.file.NewStyle(styles[name])
		b.do(err)
		b.styles[name] = id
	}
}
