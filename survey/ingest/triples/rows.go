package triples

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
)

// The most cells of a table: a hundred for each byte of its data, and always
// this many.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
	mostFaults    = 20
)

// table reads the records of the data that lie at path.
func (p *plan) table(data []byte, path string) (*survey.Table, error) {
	text := p.decode(data)
	records := bytes.Count(data, []byte("\n")) + 1
	if cells := int64(records) * int64(len(p.result.Variables)); cells > mostExpansion*int64(len(data))+alwaysAllowed {
		return nil, problem(path, fmt.Sprintf("the definition has %d columns for %d short records", len(p.result.Variables), records),
			"check that the definition belongs to the data")
	}
	p.path = path
	if p.record.csv() {
		p.separated(text)
	} else {
		p.fixed(text)
	}
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	for _, f := range p.fields {
		for code, n := range f.strange {
			p.Note(survey.NoticeMissing, []string{f.Name}, "%s: the code %s (%s) is no number and is read as missing in %s records", f.Name, code, f.labels[code], survey.FormatCount(n))
		}
	}
	p.result.Notices = p.Notices
	return &p.result, nil
}

// decode makes the data UTF-8: the encoding is windows-1252 unless the
// definition or a byte order mark says otherwise.
func (p *plan) decode(data []byte) string {
	if bare, marked := bytes.CutPrefix(data, []byte("\uFEFF")); marked || strings.EqualFold(p.record.Encoding, "utf-8") {
		return strings.ToValidUTF8(string(bare), "\uFFFD")
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(text)
}

// fixed reads records of fixed columns, one a line. What a short line lacks is blank.
func (p *plan) fixed(text string) {
	text = strings.TrimRight(text, "\r\n\x1a")
	for i, line := range strings.Split(text, "\n") {
		if i < p.record.Skip || len(p.faults) >= mostFaults || text == "" {
			continue
		}
		columns := []rune(strings.TrimSuffix(line, "\r"))
		for _, f := range p.fields {
			from, to := min(f.Position.Start-1, len(columns)), min(f.Position.Finish, len(columns))
			p.add(f, i+1, []string{string(columns[from:to])})
		}
		p.result.Rows++
	}
}

// separated reads records of CSV.
func (p *plan) separated(text string) {
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	for i := 0; len(p.faults) < mostFaults; i++ {
		cells, err := in.Read()
		if err == io.EOF {
			return
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			p.faults = append(p.faults, survey.Problem{File: p.path, Line: broken.Line, Column: broken.Column,
				Message: "this is not CSV: " + broken.Err.Error(), Remedy: "mend the quotes, or export the data again"})
			return
		}
		if i < p.record.Skip {
			continue
		}
		line, _ := in.FieldPos(0)
		for _, f := range p.fields {
			if f.Position.Finish > len(cells) {
				p.fault(f, line, "", fmt.Sprintf("the record has %d fields, and this variable is in field %d", len(cells), f.Position.Finish))
				continue
			}
			p.add(f, line, cells[f.Position.Start-1:f.Position.Finish])
		}
		p.result.Rows++
	}
}

// add puts what the record holds of a variable into its columns.
func (p *plan) add(f *field, line int, cells []string) {
	if fault := f.add(cells, p.record.csv()); fault != "" {
		p.fault(f, line, strings.Join(cells, ","), fault)
	}
}

func (p *plan) fault(f *field, line int, value, message string) {
	p.faults = append(p.faults, survey.Problem{File: p.path, Line: line, Row: p.result.Rows + 1, Variable: f.Name, Value: value,
		Message: message, Remedy: "mend the data, or check that the definition belongs to them"})
}
