// Package ods reads surveys from the sheets of OpenDocument spreadsheets (.ods).
//
// Numbers keep every digit of the file, however few the sheet shows; dates and times are as
// the file has them, in ISO 8601.
package ods

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"surveykit/survey/ingest/office"
	"surveykit/survey/ingest/sheet"
	"surveykit/survey/pattern"
)

// Open opens the spreadsheet of size bytes in r, whose sheets are read from r later; path
// appears in problems only. The error is survey.Problems where the file is damaged,
// encrypted or too large unpacked.
func Open(r io.ReaderAt, size int64, path string) (*sheet.Book, error) {
	d := &document{}
	err := d.open(r, size)
	if err != nil {
		return nil, sheet.Damaged(path, err)
	}
	return &sheet.Book{Path: path, Sheets: d.sheets, Limit: office.Limit(size)}, nil
}

type document struct {
	*office.Package
	sheets []sheet.Sheet
}

const content = "content.xml"

// open lists the sheets.
func (d *document) open(r io.ReaderAt, size int64) (err error) {
	if d.Package, err = office.Open(r, size); err != nil {
		return err
	}
	if err := d.checkEncryption(); err != nil {
		return err
	}
	p, err := d.Part(content)
	if err != nil {
		return err
	}
	defer p.Close()
	style, hidden := "", map[string]bool{}
	for p.Next() {
		switch name := p.Element.Name.Local; {
		case p.End:
		case name == "style":
			style, _ = p.Attribute("name")
		case name == "table-properties":
			if shown, _ := p.Attribute("display"); shown == "false" {
				hidden[style] = true
			}
		case name == "table" && p.Parent() == "spreadsheet":
			k := len(d.sheets)
			named, _ := p.Attribute("name")
			style, _ := p.Attribute("style-name")
			d.sheets = append(d.sheets, sheet.Sheet{Name: named, Hidden: hidden[style], Rows: func(each func(int, []string) error) error { return d.rows(k, each) }})
		}
	}
	if p.Err == nil && len(d.sheets) == 0 {
		return errors.New("it has no sheets")
	}
	return p.Err
}

// checkEncryption refuses a file that is encrypted.
func (d *document) checkEncryption() error {
	const manifest = "META-INF/manifest.xml"
	if !d.Has(manifest) {
		return nil
	}
	p, err := d.Part(manifest)
	if err != nil {
		return err
	}
	defer p.Close()
	for p.Next() {
		if p.Element.Name.Local == "encryption-data" {
			return errors.New("it is protected by a password; save it without one")
		}
	}
	return p.Err
}

// rows calls each for the rows of sheet k, in their order.
func (d *document) rows(k int, each func(row int, cells []string) error) error {
	p, err := d.Part(content)
	if err != nil {
		return err
	}
	defer p.Close()
	at, row := -1, 0
	for p.Next() {
		switch name := p.Element.Name.Local; {
		case name == "table" && !p.End && p.Parent() == "spreadsheet":
			at++
		case name == "table" && p.End && p.In() == "spreadsheet" && at == k:
			return nil
		case name == "table-row" && !p.End && at == k:
			times, cells, err := readRow(p)
			if err != nil {
				return fmt.Errorf("row %d: %w", row+1, err)
			}
			for n := 0; n < times && len(cells) > 0; n++ {
				if err := each(row+n, cells); err != nil {
					return err
				}
			}
			row += times
		}
	}
	return fmt.Errorf("after row %d: %w", row, p.Err)
}

// readRow reads the row that has just begun, and how often it is repeated. Its cells end with
// the last that is not empty.
func readRow(p *office.Part) (times int, cells []string, err error) {
	if times, err = repeated(p, "number-rows-repeated", sheet.MostRows); err != nil {
		return 0, nil, err
	}
	depth, column := p.Depth(), 0
	for p.Depth() >= depth && p.Next() {
		name := p.Element.Name.Local
		if p.End || name != "table-cell" && name != "covered-table-cell" {
			continue
		}
		n, err := repeated(p, "number-columns-repeated", sheet.MostColumns)
		if err != nil {
			return 0, nil, err
		}
		text, err := readCell(p)
		if err != nil {
			return 0, nil, fmt.Errorf("the cell in column %d: %w", column+1, err)
		}
		if column += n; text == "" {
			continue
		}
		if column > sheet.MostColumns {
			return 0, nil, fmt.Errorf("it has more than %d columns", sheet.MostColumns)
		}
		cells = append(cells, make([]string, column-n-len(cells))...)
		cells = append(cells, slices.Repeat([]string{text}, n)...)
	}
	return times, cells, p.Err
}

// repeated is how often the current element is there.
func repeated(p *office.Part, name string, most int) (int, error) {
	text, given := p.Attribute(name)
	if !given {
		return 1, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("it is repeated %q times", text)
	}
	return n, nil
}

// duration is a time of day or longer as XML Schema has it.
var duration = pattern.Lazy(`^PT(\d+)H(\d+)M(\d+)([.,]\d+)?S$`)

// readCell reads the cell that has just begun.
func readCell(p *office.Part) (string, error) {
	kind, _ := p.Attribute("value-type")
	value, given := "", false
	switch kind {
	case "float", "percentage", "currency":
		if value, given = p.Attribute("value"); given {
			if _, err := strconv.ParseFloat(value, 64); err != nil {
				return "", errors.New("it is to be a number, and is none")
			}
		}
	case "date":
		value, given = p.Attribute("date-value")
	case "time":
		value, given = p.Attribute("time-value")
		if m := duration().FindStringSubmatch(value); m != nil {
			value = fmt.Sprintf("%02s:%02s:%02s%s", m[1], m[2], m[3], strings.Replace(m[4], ",", ".", 1))
		}
	case "boolean":
		value, given = p.Attribute("boolean-value")
		value = map[string]string{"true": "1", "false": "0"}[value]
	case "string":
		value, given = p.Attribute("string-value")
	}
	shown := readParagraphs(p)
	if given {
		return value, p.Err
	}
	return shown, p.Err
}

// readParagraphs reads the text of the current cell, a line each paragraph, without
// comments.
func readParagraphs(p *office.Part) string {
	var text strings.Builder
	depth, paragraphs, comment := p.Depth(), 0, 0
	inText := func() bool { return paragraphs > 0 && comment == 0 && p.Depth() > depth }
	for p.Depth() >= depth {
		switch t := p.Token().(type) {
		case nil:
			return text.String()
		case xml.StartElement:
			switch name := t.Name.Local; {
			case name == "annotation" && comment == 0:
				comment = p.Depth()
			case name == "p" && comment == 0:
				if paragraphs++; paragraphs > 1 {
					text.WriteByte('\n')
				}
			case name == "s" && inText():
				n := 1
				for _, a := range t.Attr {
					if k, err := strconv.Atoi(a.Value); a.Name.Local == "c" && err == nil {
						n = min(max(k, 0), 1<<15)
					}
				}
				text.WriteString(strings.Repeat(" ", n))
			case name == "tab" && inText():
				text.WriteByte('\t')
			case name == "line-break" && inText():
				text.WriteByte('\n')
			}
		case xml.EndElement:
			if p.Depth() < comment {
				comment = 0
			}
		case xml.CharData:
			if inText() {
				text.Write(t)
			}
		}
	}
	return text.String()
}
