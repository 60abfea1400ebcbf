package workbook

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"surveykit/reports/tidy"
	"surveykit/survey"
)

// data writes every record as an Excel table named Results, ready for a pivot.
func (m *maker) data() error {
	widths := make([]float64, len(tidy.Fields))
	head, names := make([]any, len(tidy.Fields)), make([]string, len(tidy.Fields))
	for i, f := range tidy.Fields {
		widths[i] = 12
		if f.Figure == nil {
			widths[i] = 18
		}
		names[i] = f.Name
	}
	s := m.open(dataSheet, page{widths: widths, frozenRows: 1, repeat: "$1:$1", tab: "28A197"})
	for i, name := range names {
		head[i] = s.cell(name, header)
	}
	s.put(0, head...)
	if n := m.records(); n >= excelize.TotalRows {
		return fmt.Errorf("the book has %d figures and a sheet has room for %d: make two studies of it", n, excelize.TotalRows-1)
	} else if n > 0 {
		s.addTable(table{name: "Results", style: "TableStyleLight1", header: names, first: 1, last: n + 1, filter: true, bands: true})
	}
	s.head.rows = []func(io.Writer) error{m.dataRows}
	return s.close()
}

// records counts the figures of the book.
func (m *maker) records() int {
	n := 0
	for _, t := range m.book.Tables {
		n += len(t.Rows) * len(t.Columns)
	}
	return n
}

// dataRows writes the records from the second row on. They are too many to be
// held until the file is written.
func (m *maker) dataRows(w io.Writer) error {
	rows, n := rowWriter{to: w}, 1
	for _, t := range m.book.Tables {
		for _, r := range tidy.Records(&survey.Book{Tables: []*survey.Tabulation{t}}) {
			n++
			if err := rows.add(n, 0, dataRow(r)); err != nil {
				return err
			}
		}
	}
	return nil
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
