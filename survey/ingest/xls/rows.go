package xls

import (
	"errors"
	"fmt"
	"strconv"

	"surveykit/survey/ingest/sheet"
	"surveykit/survey/ingest/xlsx"
)

// rows calls each for the rows of the sheet whose records begin at a place.
func (w *workbook) rows(at int, each func(row int, cells []string) error) error {
	s := &worksheet{workbook: w, each: each, row: -1, waiting: -1}
	for depth := 0; ; {
		r, next, err := w.next(at)
		if err != nil {
			return fmt.Errorf("after row %d: %w", s.row+1, err)
		}
		switch r.kind {
		case recordBOF:
			depth++ // charts are within sheets
		case recordEOF:
			if depth--; depth <= 0 {
				return s.flush()
			}
		default:
			if depth == 0 {
				return errors.New("its records do not begin where the workbook says")
			}
			if depth == 1 {
				if err := s.read(r); err != nil {
					return fmt.Errorf("row %d: %w", s.row+1, err)
				}
			}
		}
		at = next
	}
}

// worksheet is a sheet while it is read.
type worksheet struct {
	*workbook
	each    func(row int, cells []string) error
	row     int // the current one, from 0
	cells   []string
	waiting int // the column of a formula whose text follows, -1 for none
}

// read reads a record of cells.
func (s *worksheet) read(r record) error {
	b := cells{data: r.data()}
	put := func(text string) error { return s.put(b.uint16(0), b.uint16(2), text) }
	var err error
	switch r.kind {
	case recordText:
		k := int(b.uint32(6))
		if k >= len(s.texts) {
			return errors.New("a cell has a text that the workbook does not have")
		}
		err = put(s.texts[k])
	case recordLabel, recordRString:
		in := reader{parts: append([][]byte{b.from(6)}, r.parts[1:]...)}
		text := in.text(in.uint16())
		b.short = b.short || in.short
		err = put(text)
	case recordNumber:
		err = put(s.shownAs(b.float(6), b.uint16(4)))
	case recordRK:
		err = put(s.shownAs(rk(b.uint32(6)), b.uint16(4)))
	case recordMulRK:
		for k := 0; 4+6*k+6 <= len(b.data)-2 && err == nil; k++ {
			err = s.put(b.uint16(0), b.uint16(2)+k, s.shownAs(rk(b.uint32(4+6*k+2)), b.uint16(4+6*k)))
		}
	case recordBool:
		err = put(boolean(b.byte(6), b.byte(7) == 1))
	case recordFormula:
		if b.uint16(12) != 0xffff {
			err = put(s.shownAs(b.float(6), b.uint16(4)))
			break
		}
		switch b.byte(6) {
		case 0:
			err = put("")
			s.waiting = b.uint16(2)
		case 1:
			err = put(boolean(b.byte(8), false))
		case 2:
			err = put(boolean(b.byte(8), true))
		}
	case recordString:
		if s.waiting >= 0 {
			in := reader{parts: r.parts}
			s.cells[s.waiting] = in.text(in.uint16())
			b.short, s.waiting = in.short, -1
		}
	}
	if b.short && err == nil {
		err = errors.New("a record of cells is cut")
	}
	return err
}

// boolean is a truth value, or the error of a formula.
func boolean(x byte, failed bool) string {
	if !failed {
		return strconv.Itoa(int(x))
	}
	return map[byte]string{0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}[x] + map[bool]string{true: "#N/A"}[x == 42]
}

// shownAs is a number, or the date that it is shown as in a style.
func (s *worksheet) shownAs(x float64, style int) string {
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if style < len(s.shown) {
		if date, ok := xlsx.ISO(text, s.shown[style], s.mac); ok {
			return date
		}
	}
	return text
}

// put adds a cell.
func (s *worksheet) put(row, column int, text string) error {
	switch {
	case row < s.row, row == s.row && column < len(s.cells):
		return fmt.Errorf("the cell in row %d and column %d is there twice, or not in its order", row+1, column+1)
	case column >= sheet.MostColumns:
		return fmt.Errorf("it has more than %d columns", sheet.MostColumns)
	case row > s.row:
		if err := s.flush(); err != nil {
			return err
		}
		s.row = row
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, "")
	}
	s.cells = append(s.cells, text)
	return nil
}

// flush hands on the current row.
func (s *worksheet) flush() error {
	if s.waiting = -1; s.row < 0 {
		return nil
	}
	err := s.each(s.row, s.cells)
	s.cells = s.cells[:0]
	return err
}
