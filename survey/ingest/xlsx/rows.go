package xlsx

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"surveykit/survey/ingest/office"
	"surveykit/survey/ingest/sheet"
)

// rows calls each for the rows of a worksheet, in their order.
func (b *workbook) rows(target string, each func(row int, cells []string) error) error {
	p, err := b.Part(target)
	if err != nil {
		return err
	}
	defer p.Close()
	s := &worksheet{workbook: b, Part: p, row: -1}
	whole := false
	for p.Next() {
		switch name := p.Element.Name.Local; {
		case name == "sheetData" && p.End:
			whole = true
		case name == "row" && !p.End && p.Parent() == "sheetData":
			if err := s.readRow(); err != nil {
				return fmt.Errorf("row %d: %w", s.row+1, err)
			}
			if err := each(s.row, s.cells); err != nil {
				return err
			}
		}
	}
	switch {
	case p.Err != nil:
		return fmt.Errorf("after row %d: %w", s.row+1, p.Err)
	case !whole:
		return errors.New("it has no rows")
	}
	return nil
}

// worksheet is a sheet while it is read.
type worksheet struct {
	*workbook
	*office.Part
	row   int // the current one, from 0
	cells []string
	text  strings.Builder
}

// readRow reads the row that has just begun.
func (s *worksheet) readRow() error {
	before := s.row
	s.row++
	if given, ok := s.Attribute("r"); ok {
		if s.row = number(given) - 1; s.row < 0 || s.row <= before {
			at := s.row + 1
			s.row = before + 1
			return fmt.Errorf("its number is %d, after row %d", at, before+1)
		}
	}
	s.cells = s.cells[:0]
	for s.Next() {
		switch name := s.Element.Name.Local; {
		case name == "row" && s.End:
			return nil
		case name == "c" && !s.End:
			if err := s.readCell(); err != nil {
				return err
			}
		}
	}
	return s.Err
}

// readCell reads the cell that has just begun.
func (s *worksheet) readCell() error {
	column, style, kind := len(s.cells), -1, ""
	for _, a := range s.Element.Attr {
		switch a.Name.Local {
		case "r":
			at, err := columnOf(a.Value, s.row)
			if err != nil {
				return err
			}
			if at < column {
				return fmt.Errorf("the cell %s is there twice, or not in its order", a.Value)
			}
			column = at
		case "s":
			if style = number(a.Value); style < 0 || s.looks != nil && style >= len(s.looks) {
				return fmt.Errorf("the cell in column %d has a style that the workbook does not have", column+1)
			}
		case "t":
			kind = a.Value
		}
	}
	if column >= sheet.MostColumns {
		return fmt.Errorf("it has more than %d columns", sheet.MostColumns)
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, "")
	}
	text, err := s.content(kind)
	if err != nil {
		return fmt.Errorf("the cell in column %d: %w", column+1, err)
	}
	if (kind == "" || kind == "n") && style >= 0 && style < len(s.looks) {
		if date, ok := ISO(text, s.looks[style], s.mac); ok {
			text = date
		}
	}
	s.cells = append(s.cells, text)
	return nil
}

// content is the text of a cell of a kind.
func (s *worksheet) content(kind string) (string, error) {
	s.text.Reset()
	for s.Next() {
		switch name := s.Element.Name.Local; {
		case name == "c" && s.End:
			return s.value(kind)
		case name == "v" && !s.End:
			readValue(s.Part, &s.text)
		case name == "is" && !s.End:
			readText(s.Part, &s.text)
		}
	}
	return "", s.Err
}

func (s *worksheet) value(kind string) (string, error) {
	text := s.text.String()
	switch kind {
	case "s":
		text = strings.TrimSpace(text)
		if text == "" {
			return "", nil
		}
		k := number(text)
		if k < 0 || k >= len(s.texts) {
			return "", errors.New("it has a text that the workbook does not have")
		}
		return s.texts[k], nil
	case "str", "inlineStr":
		return unescaped(text), nil
	case "", "n":
		if text = strings.TrimSpace(text); text == "" {
			return "", nil
		}
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "", errors.New("it is to be a number, and is none")
		}
	}
	return text, nil
}

// columnOf is the column of a cell such as B7, from 0. The row must be the one it is in.
func columnOf(at string, row int) (int, error) {
	letters := 0
	column := 0
	for letters < len(at) && letters < 4 {
		c := at[letters] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		column = column*26 + int(c-'a') + 1
		letters++
	}
	if letters == 0 || number(at[letters:]) != row+1 {
		return 0, fmt.Errorf("it has the cell %q", at)
	}
	return column - 1, nil
}
