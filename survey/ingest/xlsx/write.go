package xlsx

import (
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"surveykit/survey"
	"surveykit/survey/ingest/codebook"
	"surveykit/survey/ingest/sheet"
)

// The limits of a sheet.
const (
	mostRows    = sheet.MostRows - 1 // below the names
	mostColumns = sheet.MostColumns
	mostText    = 32767 // UTF-16 code units in a cell
)

// dataSheet is the sheet of the values that Write writes.
const dataSheet = "data"

// Write writes a workbook of two sheets: the values below their names, and the
// codebook. Numbers carry full precision, dates and times are dates of Excel to
// the millisecond, missing cells are empty, and text stays text, whatever it
// begins with. The notices say what is not kept. What a sheet cannot hold is
// survey.Problems: too many rows or columns, texts of more than 32,767
// characters, infinite numbers, dates before 1900-03-01 and negative times.
func Write(w io.Writer, t *survey.Table) (notices survey.Notices, err error) {
	if t.Rows > mostRows || len(t.Variables) > mostColumns {
		return nil, survey.Problems{{Message: fmt.Sprintf("a sheet can have %d rows and %d columns, and the data have %d and %d", mostRows, mostColumns, t.Rows, len(t.Variables)), Remedy: "use .csv or .sav"}}
	}
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", dataSheet); err != nil {
		return nil, err
	}
	if err := writeData(f, t); err != nil {
		return nil, err
	}
	if err := writeCodebook(f, t); err != nil {
		return nil, err
	}
	empty := 0
	for i := range t.Rows {
		if !slices.ContainsFunc(t.Variables, func(v *survey.Variable) bool { _, ok := v.At(i); return ok }) {
			empty++
		}
	}
	if empty > 0 {
		notices.Note(survey.NoticeNotKept, nil, "rows without any value are blank rows of the sheet, which readers skip: %d", empty)
	}
	return notices, f.Write(w)
}

func writeData(f *excelize.File, t *survey.Table) error {
	out, err := f.NewStreamWriter(dataSheet)
	if err != nil {
		return err
	}
	styles := map[survey.Kind]int{}
	for kind, code := range map[survey.Kind]string{survey.Date: "yyyy-mm-dd", survey.DateTime: "yyyy-mm-dd hh:mm:ss", survey.TimeOfDay: "[hh]:mm:ss"} {
		if styles[kind], err = f.NewStyle(&excelize.Style{CustomNumFmt: &code}); err != nil {
			return err
		}
	}
	cells := make([]any, len(t.Variables))
	for j, name := range t.Names() {
		cells[j] = name
	}
	if err := out.SetRow("A1", cells); err != nil {
		return err
	}
	for i := range t.Rows {
		for j, v := range t.Variables {
			cell, fault := cellOf(v, i)
			if fault != "" {
				x, _ := v.At(i)
				return survey.Problems{{Row: i + 1, Variable: v.Name, Value: shorten(x.String()), Message: fault, Remedy: "recode it, or use .csv or .sav"}}
			}
			if style, dated := styles[v.Kind]; dated {
				cell = excelize.Cell{StyleID: style, Value: cell}
			}
			cells[j] = cell
		}
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cellOf is a value for excelize, nil where it is missing.
func cellOf(v *survey.Variable, row int) (cell any, fault string) {
	x, ok := v.At(row)
	if !ok {
		return nil, ""
	}
	const daySeconds = 86400
	switch number := x.Number; v.Kind {
	case survey.Text:
		if len(utf16.Encode([]rune(x.Text))) > mostText {
			return nil, fmt.Sprintf("a cell can have %d characters", mostText)
		}
		return x.Text, ""
	case survey.Date:
		return serial(number)
	case survey.DateTime:
		return serial(number / daySeconds)
	case survey.TimeOfDay:
		if number < 0 || math.IsInf(number, 0) {
			return nil, "a cell cannot have a negative or infinite time"
		}
		return number / daySeconds, ""
	default:
		if math.IsInf(number, 0) {
			return nil, "a cell cannot have an infinite number"
		}
		return number, ""
	}
}

// serial is the number of a day in Excel.
func serial(day float64) (cell any, fault string) {
	x := day - epoch1900
	const lastDay = 2958466 // 10000-01-01
	if !(x > leapDay && x < lastDay) {
		return nil, "a cell can have dates from 1900-03-01 to 9999-12-31"
	}
	return x, ""
}

func shorten(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func writeCodebook(f *excelize.File, t *survey.Table) error {
	if _, err := f.NewSheet(sheet.CodebookName); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet.CodebookName)
	if err != nil {
		return err
	}
	for i, row := range append([][]string{codebook.Columns}, codebook.Rows(t)...) {
		cells := make([]any, len(row))
		for j, s := range row {
			cells[j] = s
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}
