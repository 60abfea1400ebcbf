package workbook

import (
	"fmt"

	"surveykit/reports/ooxml"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

// data writes every record as an Excel table named Results, ready for a pivot.
func (m *maker) data() error {
	widths := make([]float64, len(tidy.Fields))
	head, names := make([]ooxml.Cell, len(tidy.Fields)), make([]string, len(tidy.Fields))
	for i, f := range tidy.Fields {
		widths[i] = 12
		if f.Figure == nil {
			widths[i] = 18
		}
		names[i] = f.Name
	}
	n := 0
	for _, t := range m.book.Tables {
		n += len(t.Rows) * len(t.Columns)
	}
	if n >= ooxml.MaxRows {
		return fmt.Errorf("workbook, sheet %q: the book has %d figures and a sheet has room for %d: make two studies of it", dataSheet, n, ooxml.MaxRows-1)
	}
	s := m.open(dataSheet, ooxml.Layout{Widths: widths, FrozenRows: 1, Tab: "28A197"})
	s.PrintTitles(1, 1)
	for i, name := range names {
		head[i] = s.cell(name, header)
	}
	s.put(0, head...)
	if n > 0 {
		s.Table(ooxml.Table{Name: "Results", Style: "TableStyleLight1", Header: names, First: 1, Last: n + 1, Filter: true, Bands: true})
	}
	s.Stream()
	for _, t := range m.book.Tables {
		for _, r := range tidy.Records(&survey.Book{Tables: []*survey.Tabulation{t}}) {
			s.Add(0, dataRow(r)...)
		}
	}
	s.Close()
	return nil
}

func dataRow(r tidy.Record) []ooxml.Cell {
	row := make([]ooxml.Cell, len(tidy.Fields))
	for i, f := range tidy.Fields {
		if f.Figure != nil {
			row[i].Value = existing(f.Figure(r))
		} else {
			row[i].Value = f.Text(r)
		}
	}
	return row
}
