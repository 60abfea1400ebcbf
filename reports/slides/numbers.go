package slides

import (
	"bytes"

	"surveykit/reports/ooxml"
	"surveykit/survey"
)

// numbersSheet is the sheet of a chart's own workbook.
const numbersSheet = "Numbers"

// numbersOf is a workbook that holds the cells of a chart.
func numbersOf(c *ooxml.Chart, theme survey.Theme) []byte {
	w := ooxml.NewWorkbook(theme)
	s := w.Sheet(numbersSheet, ooxml.Layout{})
	for _, values := range c.Block() {
		row := make([]ooxml.Cell, len(values))
		for k, value := range values {
			row[k].Value = value
		}
		s.Add(0, row...)
	}
	s.Close()
	var b bytes.Buffer
	_ = w.Save(&b) // a chart's rows are fewer than a sheet's, and a buffer takes everything
	return b.Bytes()
}
