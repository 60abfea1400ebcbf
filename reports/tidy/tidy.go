// Package tidy writes results for programs: one record a figure, in full
// precision, as JSON and as CSV. Nothing is rounded and nothing is laid out.
package tidy

import (
	"surveykit/survey"
)

// Schema names the version of the JSON that WriteJSON writes.
const Schema = "surveykit/1"

// Record is one cell of a table: its Estimate, with Table set, and its place.
type Record struct {
	survey.Estimate
	// Row and Column are the labels of the cell's row and column, RowGroup and
	// ColumnGroup those of the blocks that they stand in.
	RowGroup    string `json:"row_group"`
	Row         string `json:"row"`
	ColumnGroup string `json:"column_group"`
	Column      string `json:"column"`
	// Letters name the columns that the cell differs from.
	Letters string `json:"letters"`
	// Synthetic marks a figure of simulated data.
	Synthetic bool `json:"synthetic"`
}

// Provenance says what results were made from. It holds no times and no
// command, so that the same input gives the same bytes.
type Provenance struct {
	Program string          `json:"program"`
	Version string          `json:"version"`
	Sources []survey.Source `json:"sources"`
	// Study is the study file; nil where the command had none.
	Study *survey.Source `json:"study,omitempty"`
	// Design and Methods are the book's sentences on how the numbers were made.
	Design  []string `json:"design,omitempty"`
	Methods []string `json:"methods,omitempty"`
}

// FromBook is the provenance of a book made by the given version of the program.
func FromBook(b *survey.Book, version string) Provenance {
	p := Provenance{Program: "surveykit", Version: version, Sources: b.Sources, Design: b.Design, Methods: b.Methods}
	if b.StudyFile.Path != "" {
		p.Study = &b.StudyFile
	}
	return p
}

// Records lists every cell of the book, table by table, row by row. A
// suppressed cell keeps its bases and flags and loses its figures, and so does
// its place in any other output.
func Records(b *survey.Book) []Record {
	records := []Record{}
	for _, t := range b.Tables {
		for r, row := range t.Rows {
			for c, column := range t.Columns {
				made := record(t.ID, row, column, t.Cells[r][c])
				made.Synthetic = b.Synthetic
				records = append(records, made)
			}
		}
	}
	return records
}

func record(table string, row survey.Row, column survey.Column, cell survey.Cell) Record {
	e := Withhold(cell.Estimate)
	e.Table = table
	return Record{
		Estimate: e,
		RowGroup: row.Group, Row: row.Label,
		ColumnGroup: column.Group, Column: column.Label,
		Letters: cell.Letters,
	}
}

// Withhold empties the figures of a hidden estimate: value, standard
// error, limits, design effect and test. Any other estimate comes back as it
// is, save that its flags are never nil.
func Withhold(e survey.Estimate) survey.Estimate {
	if e.Flags == nil {
		e.Flags = []string{}
	}
	if e.Hidden() {
		none := survey.NoFigure()
		e.Value, e.SE, e.Low, e.High, e.Deff, e.T, e.P = none, none, none, none, none, none, none
	}
	return e
}
