// Package typing writes a typing tool as a workbook: a user picks a person's answers
// from lists and reads the person's segment, computed by formulas from the
// parameters of the model on a hidden sheet. It needs only a spreadsheet program.
package typing

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/brand"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// Tool is the content of the workbook.
type Tool struct {
	// Title of the form. Default "Which segment?".
	Title string
	Model *segment.Model
	// Typing says how good the tool is; nil leaves that sheet out.
	Typing *segment.Typing
	// Source is a line below the form.
	Source string
	// Synthetic marks simulated data; the form then says so.
	Synthetic bool
	Theme     survey.Theme
	// People is the number of lines on the sheet for many people. Default 1,000.
	People int
}

// The sheets.
const (
	formSheet    = "Typing tool"
	peopleSheet  = "Many people"
	qualitySheet = "How good it is"
	workSheet    = "Working"
	modelSheet   = "Model"
)

const defaultPeople = 1000

// mostItems keeps formulas under the 8,192 characters that spreadsheets allow.
const mostItems = 100

// Check is the error that Write would return: survey.Problems where the model has
// more items than formulas can hold.
func Check(t Tool) error {
	if n := len(t.Model.Items); n > mostItems {
		return survey.Problems{{Value: fmt.Sprint(n), Message: fmt.Sprintf("the tool has more than the %d items that a workbook's formulas can hold", mostItems), Remedy: "ask for fewer items"}}
	}
	return nil
}

// Write writes the workbook: a form for one person with lists of answers, a
// sheet for many people, and how good the tool is. Every answer may be left
// blank. The formulas are the model's: ln π_k + Σ ln p_jk(answer), minus the
// highest of them before the exponential, so that none overflows. The error
// is survey.Problems where the model has more items than formulas can hold.
func Write(w io.Writer, t Tool) error {
	if err := Check(t); err != nil {
		return err
	}
	b := &book{Tool: t, file: excelize.NewFile(), look: brand.Of(t.Theme)}
	defer b.file.Close()
	b.do(b.file.SetSheetName("Sheet1", formSheet))
	names := []string{peopleSheet, qualitySheet, workSheet, modelSheet}
	if b.Typing == nil {
		names = []string{peopleSheet, workSheet, modelSheet}
	}
	for _, name := range names {
		_, err := b.file.NewSheet(name)
		b.do(err)
	}
	always := true
	b.do(b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &always}))
	if b.People == 0 {
		b.People = defaultPeople
	}
	b.setStyles()
	b.writeModel()
	b.writeForm()
	b.writePeople()
	if b.Typing != nil {
		b.writeQuality()
	}
	for _, hidden := range []string{workSheet, modelSheet} {
		b.do(b.file.SetSheetVisible(hidden, false))
	}
	if b.err != nil {
		return b.err
	}
	return b.file.Write(w)
}

// book is a workbook while it is written; after a failure nothing more is written.
type book struct {
	Tool
	file   *excelize.File
	look   brand.Look
	styles map[string]int
	// blocks are the places of the items' parameters.
	blocks []block
	err    error
}

// do keeps the first error.
func (b *book) do(err error) {
	if b.err == nil {
		b.err = err
	}
}

// text, number and formula write one cell in a style; "" is none. A number that
// does not exist leaves its cell empty.
func (b *book) text(sheet, cell, text, style string) {
	b.do(b.file.SetCellStr(sheet, cell, text))
	b.style(sheet, cell, cell, style)
}

func (b *book) number(sheet, cell string, x float64, style string) {
	if !math.IsNaN(x) {
		b.do(b.file.SetCellFloat(sheet, cell, x, -1, 64))
	}
	b.style(sheet, cell, cell, style)
}

func (b *book) formula(sheet, cell, formula, style string) {
	b.do(b.file.SetCellFormula(sheet, cell, formula))
	b.style(sheet, cell, cell, style)
}

func (b *book) style(sheet, from, to, style string) {
	if style != "" {
		b.do(b.file.SetCellStyle(sheet, from, to, b.styles[style]))
	}
}

func (b *book) width(sheet, from, to string, width float64) {
	b.do(b.file.SetColWidth(sheet, from, to, width))
}

func (b *book) height(sheet string, row int, height float64) {
	b.do(b.file.SetRowHeight(sheet, row, height))
}

// at is the name of a cell, column and row from 1; fixed does not change when it is
// copied.
func at(column, row int) string { return name(column, row, false) }

func fixed(column, row int) string { return name(column, row, true) }

func name(column, row int, absolute bool) string {
	cell, _ := excelize.CoordinatesToCellName(column, row, absolute) // Write refuses what is too wide
	return cell
}

func column(n int) string {
	letters, _ := excelize.ColumnNumberToName(n)
	return letters
}

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
