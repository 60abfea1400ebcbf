// Package typing writes a typing tool as a workbook: somebody picks a person's
// answers from lists and reads the person's segment, computed by live formulas
// from the parameters of the model on a hidden sheet. It needs no program but a
// spreadsheet.
package typing

import (
	"fmt"
	"io"
	"math"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/brand"
	"surveykit/survey"
	"surveykit/survey/analysis/segment"
)

// Tool is what the workbook is made from.
type Tool struct {
	// Title stands over the form; "Which segment?" where it is empty.
	Title string
	Model *segment.Model
	// Typing says how good the tool is; nil leaves that sheet out.
	Typing *segment.Typing
	// Source is the line under the form.
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

// mostItems keeps formulas under the 8,192 characters that spreadsheets take.
const mostItems = 100

// Check is the error that Write would have: survey.Problems where the model has
// more items than formulas can hold.
func Check(t Tool) error {
	if n := len(t.Model.Items); n > mostItems {
		return survey.Problems{{Value: fmt.Sprint(n), Message: fmt.Sprintf("items are more than the %d that a workbook's formulas can hold", mostItems), Remedy: "ask for fewer items"}}
	}
	return nil
}

// Write writes the workbook: a form for one person with lists of answers, a
// sheet for many people, and how good the tool is. Every answer may be left
// blank. The formulas are the model's: ln π_k + Σ ln p_jk(answer), less the
// highest of them before it is exponentiated, so that none overflows. The error
// is survey.Problems where the model has more items than formulas can hold.
func Write(w io.Writer, t Tool) error {
	if err := Check(t); err != nil {
		return err
	}
	b := &book{Tool: t, file: excelize.NewFile(), look: brand.Of(t.Theme)}
	defer b.file.Close()
	b.sheets()
	b.layOut()
	if b.err != nil {
		return b.err
	}
	return b.file.Write(w)
}

// book is a workbook in the making; after a failure nothing more is written.
type book struct {
	Tool
	file   *excelize.File
	look   brand.Look
	styles map[string]int
	// blocks are the places of the items' parameters.
	blocks []block
	err    error
}

func (b *book) sheets() {
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
}

func (b *book) layOut() {
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

// at is the name of a cell, column and row from 1; fixed does not move when it
// is copied.
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
