package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/tidy"
)

// data writes every record as an Excel table named Results, ready for a pivot.
func (m *maker) data() error {
	widths := make([]float64, len(tidy.Fields))
	head := make([]any, len(tidy.Fields))
	for i, f := range tidy.Fields {
		widths[i] = 12
		if f.Figure == nil {
			widths[i] = 18
		}
	}
	s := m.open(dataSheet, page{widths: widths, frozenRows: 1, repeat: "$1:$1", tab: "28A197"})
	for i, f := range tidy.Fields {
		head[i] = s.cell(f.Name, header)
	}
	s.put(0, head...)
	records := tidy.Records(m.book)
	for _, r := range records {
		s.put(0, dataRow(r)...)
	}
	if len(records) > 0 {
		s.do(func() error {
			return s.stream.AddTable(&excelize.Table{
				Range: fmt.Sprintf("A1:%s", cellName(len(tidy.Fields), s.row)), Name: "Results", StyleName: "TableStyleLight1",
			})
		})
	}
	return s.close()
}

func dataRow(r tidy.Record) []any {
	row := make([]any, len(tidy.Fields))
	for i, f := range tidy.Fields {
		if f.Figure != nil {
			row[i] = existing(f.Figure(r))
		} else if text := f.Text(r); text != "" {
			row[i] = text
		}
	}
	return row
}
