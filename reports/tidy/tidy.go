// Package tidy writes results for programs: one record a figure, in full
// precision, as JSON and as CSV. Nothing is rounded and nothing is laid out.
package tidy

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"surveykit/survey"
	"surveykit/survey/analysis/correspondence"
)

// Schema names the version of the JSON that WriteJSON writes.
const Schema = "surveykit/1"

// Record is one cell of a table: its Estimate, with Table set, and its place.
type Record struct {
	survey.Estimate
	// Row and Column are the labels of the cell's row and column, RowGroup and
	// ColumnGroup those of the blocks that they are in.
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
				cell := t.Cells[r][c]
				e := Withhold(cell.Estimate)
				e.Table = t.ID
				records = append(records, Record{
					Estimate: e,
					RowGroup: row.Group, Row: row.Label,
					ColumnGroup: column.Group, Column: column.Label,
					Letters: cell.Letters, Synthetic: b.Synthetic,
				})
			}
		}
	}
	return records
}

// Withhold empties the figures of a hidden estimate: value, standard
// error, limits, design effect and test. Any other estimate comes back as it
// is, save that its flags are never nil.
func Withhold(e survey.Estimate) survey.Estimate {
	if e.Flags == nil {
		e.Flags = []string{}
	}
	if e.Hidden() {
		var none survey.Figure
		e.Value, e.SE, e.Low, e.High, e.Deff, e.T, e.P = none, none, none, none, none, none, none
	}
	return e
}

// Results is the object that every command prints with --json and that a run
// writes to results.json. T is the command's record.
type Results[T any] struct {
	Results    []T
	Warnings   survey.Notices
	Provenance Provenance
}

// WriteJSON writes r as {"schema", "results", "warnings", "provenance"} with
// one record a line: numbers as the shortest decimals that read back exactly,
// figures that do not exist as null, lists that are empty as [].
func WriteJSON[T any](w io.Writer, r Results[T]) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "{\n\"schema\": %q,\n\"results\": ", Schema)
	if err := writeList(out, r.Results); err != nil {
		return err
	}
	out.WriteString(",\n\"warnings\": ")
	if err := writeList(out, r.Warnings); err != nil {
		return err
	}
	provenance, err := marshal(r.Provenance)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, ",\n\"provenance\": %s\n}\n", provenance)
	return out.Flush()
}

func writeList[T any](out *bufio.Writer, items []T) error {
	if len(items) == 0 {
		_, err := out.WriteString("[]")
		return err
	}
	for i, item := range items {
		b, err := marshal(item)
		if err != nil {
			return fmt.Errorf("record %d: %w", i+1, err)
		}
		if i == 0 {
			out.WriteString("[\n")
		} else {
			out.WriteString(",\n")
		}
		out.Write(b)
	}
	_, err := out.WriteString("\n]")
	return err
}

// marshal leaves < > & as they are: labels are read by people too.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// WriteWeighting writes what weighting did and cost as one JSON object.
func WriteWeighting(w io.Writer, x *survey.WeightingReport) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(x)
}

// WritePoints writes the points of a map as CSV, a line a point in full precision.
func WritePoints(w io.Writer, points []correspondence.Point) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"kind", "variable", "label", "axis_1", "se_1", "axis_2", "se_2", "covariance", "mass", "inertia", "contribution_1", "contribution_2", "quality",
		"ellipse_major", "ellipse_minor", "ellipse_angle", "n"}}
	for _, p := range points {
		x, y := p.Coordinates[0], p.Coordinates[1]
		line := []string{string(p.Kind), survey.Guarded(p.Variable), survey.Guarded(p.Label)}
		of := make([]survey.Figure, 2)
		copy(of, p.Contributions)
		for _, f := range []survey.Figure{x.Value, x.SE, y.Value, y.SE, p.Covariance, p.Mass, p.Inertia, of[0], of[1], p.Quality, p.Ellipse.Major, p.Ellipse.Minor, p.Ellipse.Angle} {
			text := ""
			if f.Exists() {
				text = strconv.FormatFloat(f.Float(), 'g', -1, 64)
			}
			line = append(line, text)
		}
		lines = append(lines, append(line, strconv.Itoa(x.N)))
	}
	if err := out.WriteAll(lines); err != nil {
		return err
	}
	return out.Error()
}
