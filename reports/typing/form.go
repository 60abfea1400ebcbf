package typing

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// The form's columns: question, answer, remark, after a margin.
const (
	questionColumn = 2
	answerColumn   = 3
	remarkColumn   = 4
)

// The form's widths, in characters of the body's font.
const (
	questionWidth = 62
	answerWidth   = 38
	remarkWidth   = 24
)

// The form's rows; the questions begin at firstQuestion.
const (
	titleRow      = 2
	leadRow       = 3
	resultRow     = 5
	certaintyRow  = 6
	headRow       = 8
	firstQuestion = 9
)

// writeForm writes the sheet for one person.
func (b *book) writeForm() {
	s := formSheet
	b.width(s, "A", "A", 2.5)
	b.width(s, column(questionColumn), column(questionColumn), questionWidth)
	b.width(s, column(answerColumn), column(answerColumn), answerWidth)
	b.width(s, column(remarkColumn), column(remarkColumn), remarkWidth)
	p := person{sheet: workSheet, row: 2, first: 1, segments: len(b.Model.Names)}
	for j := range b.Model.Items {
		p.inputs = append(p.inputs, fmt.Sprintf("'%s'!%s", formSheet, fixed(answerColumn, firstQuestion+j)))
	}
	b.working(p)
	b.formHead(p)
	for j, item := range b.Model.Items {
		s, row := formSheet, firstQuestion+j
		b.text(s, at(questionColumn, row), fmt.Sprintf("%d.  %s", j+1, item.Label), "question")
		b.height(s, row, 15*lines(item.Label, questionWidth-8)+9)
		style, remark := "answer", "not an answer in the list"
		if b.blocks[j].scale() {
			style, remark = "answerNumber", "not a number"
		}
		b.style(s, at(answerColumn, row), at(answerColumn, row), style)
		b.formula(s, at(remarkColumn, row), fmt.Sprintf(`IF(AND(%s<>"",%s!%s=0),%q,"")`, at(answerColumn, row), workSheet, p.place(j), remark), "remark")
		b.validate(s, at(answerColumn, row), j)
	}
	row := b.chances(firstQuestion+len(b.Model.Items)+1, p)
	var notes []string
	if b.Synthetic {
		notes = append(notes, wording.Synthetic)
	}
	if b.Typing != nil {
		notes = append(notes, "How good it is: "+b.Quality())
	}
	notes = append(notes, fmt.Sprintf("Sure: a probability of %s or more; fairly sure: %s or more. A result that is not sure is a guess: the person may belong to one of several segments.",
		figure.Percent(sure, 0), figure.Percent(fairlySure, 0)))
	if b.Source != "" {
		notes = append(notes, b.Source)
	}
	for _, note := range notes {
		b.text(s, at(questionColumn, row), note, "note")
		b.do(b.file.MergeCell(s, at(questionColumn, row), at(remarkColumn, row)))
		b.height(s, row, 14*lines(note, questionWidth+answerWidth+remarkWidth)+4)
		row++
	}
	sheet, no, portrait, one, a4 := formSheet, false, "portrait", 1, 9
	b.do(b.file.SetSheetView(sheet, 0, &excelize.ViewOptions{ShowGridLines: &no}))
	b.do(b.file.ProtectSheet(sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
	fit := true
	b.do(b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	b.do(b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &portrait, FitToWidth: &one, FitToHeight: &one, Size: &a4}))
	margin := 0.5 // inches
	b.do(b.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin}))
}

func (b *book) formHead(p person) {
	s := formSheet
	title := b.Title
	if title == "" {
		title = "Which segment?"
	}
	b.text(s, at(questionColumn, titleRow), title, "title")
	b.text(s, at(questionColumn, leadRow), "Pick an answer to each question. Leave blank what was not asked or answered; the result uses the other answers.", "lead")
	b.do(b.file.MergeCell(s, at(questionColumn, leadRow), at(remarkColumn, leadRow)))
	b.height(s, titleRow, 30)
	b.height(s, leadRow, 20)
	b.result(resultRow, "Segment", p.result(workSheet+"!", "–", p.segment(workSheet+"!")), "result")
	top := fmt.Sprintf("%s!%s", workSheet, p.probabilities())
	sentence := fmt.Sprintf(`%s&" – probability "&TEXT(MAX(%s),"0%%")&", from "&%s!%s&" of %d answers"`,
		p.certainty(workSheet+"!"), top, workSheet, p.answered(), len(b.Model.Items))
	b.result(certaintyRow, "How certain", p.result(workSheet+"!", "No question is answered yet", sentence), "certainty")
	tall := 1.0
	for _, name := range b.Model.Names {
		tall = max(tall, lines(name, (answerWidth+remarkWidth)*0.72))
	}
	b.height(s, resultRow, 18*tall+8)
	b.height(s, certaintyRow, 22)
	for n, head := range []string{"Question", "Answer", ""} {
		b.text(s, at(questionColumn+n, headRow), head, "head")
	}
	b.height(s, headRow, 20)
}

// lines is about how many lines a text takes in a column.
func lines(text string, width float64) float64 {
	return math.Ceil(float64(len([]rune(text))+1) / width)
}

func (b *book) result(row int, label, formula, style string) {
	s := formSheet
	b.text(s, at(questionColumn, row), label, style+"Label")
	b.do(b.file.MergeCell(s, at(answerColumn, row), at(remarkColumn, row)))
	b.formula(s, at(answerColumn, row), formula, style)
	b.style(s, at(remarkColumn, row), at(remarkColumn, row), style)
}

// validate offers the answers of an item in cells, or accepts only numbers.
func (b *book) validate(sheet, cells string, j int) {
	v := excelize.NewDataValidation(true)
	v.Sqref = cells
	if x := b.blocks[j]; x.scale() {
		b.do(v.SetRange(-1e12, 1e12, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
		v.SetError(excelize.DataValidationErrorStyleStop, "Not a number", "Type a number, or leave the cell blank.")
	} else {
		v.SetSqrefDropList(x.listed(labelColumn))
		v.SetError(excelize.DataValidationErrorStyleStop, "Not an answer", "Pick an answer from the list, or leave the cell blank.")
	}
	b.do(b.file.AddDataValidation(sheet, v))
}

// chances lists the probability of each segment with a bar; next is the row after.
func (b *book) chances(row int, p person) (next int) {
	s := formSheet
	for n, head := range []string{"Segment", "Probability", ""} {
		b.text(s, at(questionColumn+n, row), head, "head")
	}
	b.height(s, row, 20)
	first := row + 1
	for k, name := range b.Model.Names {
		row++
		b.text(s, at(questionColumn, row), name, "question")
		b.formula(s, at(answerColumn, row), p.result(workSheet+"!", "", workSheet+"!"+p.probability(k)), "chance")
		b.style(s, at(remarkColumn, row), at(remarkColumn, row), "remark")
		b.height(s, row, 15*lines(name, questionWidth-4)+9)
	}
	b.do(b.file.SetConditionalFormat(s, at(answerColumn, first)+":"+at(answerColumn, row), []excelize.ConditionalFormatOptions{{
		Type: "data_bar", Criteria: "=", MinType: "num", MinValue: "0", MaxType: "num", MaxValue: "1", BarColor: "#" + b.look.Tint,
	}}))
	return row + 2
}

// Quality says how often the tool is right.
func (t Tool) Quality() string {
	a, questions := t.Typing.Accuracy, "question"
	if len(t.Typing.Items) != 1 {
		questions = "questions"
	}
	return fmt.Sprintf("in the survey, its %d %s put %s of people (%s) into their segment, tried on people who had no part in choosing the questions.",
		len(t.Typing.Items), questions, figure.Percent(a.Value.Float(), 1), figure.Interval(survey.RowShare, a.Low.Float(), a.High.Float(), 1))
}
