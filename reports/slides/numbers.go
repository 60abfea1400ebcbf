package slides

import (
	"bytes"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// numbersSheet is the sheet of a chart's own workbook.
const numbersSheet = "Numbers"

// numbers is the smallest workbook that holds the cells of a chart.
func numbers(c *ooxml.Chart) ([]byte, error) {
	const office = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	rows := el("sheetData")
	for i, values := range c.Block() {
		row := el("row").With("r", i+1)
		for k, value := range values {
			row = row.Add(cell(ooxml.CellName(k+1, i+1), value))
		}
		rows = rows.Add(row)
	}
	var p ooxml.Package
	for _, part := range []struct {
		name    string
		content []byte
	}{
		{"[Content_Types].xml", el("Types",
			el("Default").With("Extension", "rels").With("ContentType", "application/vnd.openxmlformats-package.relationships+xml"),
			el("Override").With("PartName", "/xl/workbook.xml").With("ContentType", office+"sheet.main+xml"),
			el("Override").With("PartName", "/xl/sheet1.xml").With("ContentType", office+"worksheet+xml")).
			With("xmlns", packageML+"content-types").Part()},
		{"_rels/.rels", relations(relation{"officeDocument", "xl/workbook.xml"})},
		{"xl/_rels/workbook.xml.rels", relations(relation{"worksheet", "sheet1.xml"})},
		{"xl/workbook.xml", el("workbook", el("sheets", el("sheet").With("name", numbersSheet).With("sheetId", 1).With("r:id", "rId1"))).
			With("xmlns", spreadsheetML).With("xmlns:r", relationML).Part()},
		{"xl/sheet1.xml", el("worksheet", rows).With("xmlns", spreadsheetML).Part()},
	} {
		if err := p.Put(part.name, part.content); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err := p.Save(&b)
	return b.Bytes(), err
}

// cell is a number, a text that stays one whatever it starts with, or nothing.
func cell(name string, value any) ooxml.Element {
	switch x := value.(type) {
	case float64:
		return el("c", text("v", survey.FormatNumber(x))).With("r", name)
	case string:
		return el("c", el("is", text("t", x))).With("r", name).With("t", "inlineStr")
	}
	return ooxml.Element{}
}
