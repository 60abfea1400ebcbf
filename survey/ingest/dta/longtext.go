package dta

import (
	"encoding/binary"

	"surveykit/survey/ingest/raw"
)

// textKey is the variable and the observation under which a long text (strL)
// stands once, behind the rows.
type textKey struct{ variable, observation uint64 }

// longTexts is the sink of a strL variable, whose rows hold keys of eight bytes.
type longTexts struct {
	*column
	file  *file
	cells [][8]byte
}

func (s *longTexts) add(block []byte, rowBytes int) {
	for at := s.offset; at < len(block); at += rowBytes {
		s.cells = append(s.cells, [8]byte(block[at:]))
	}
}

// keyWidths are how many of a row's eight bytes hold the variable's number. The
// second width is wrong, and written by R haven 2.5.
var keyWidths = map[int][]int{117: {4}, 118: {2}, 119: {3, 2}}

// find gives the text of a row.
func (f *file) find(texts map[textKey][]byte, cell [8]byte) (text []byte, ok bool) {
	for _, n := range keyWidths[f.release] {
		if text, ok = texts[textKey{f.unsigned(cell[:n]), f.unsigned(cell[n:])}]; ok {
			return text, true
		}
	}
	return nil, false
}

// unsigned reads a number of any width in the file's order.
func (f *file) unsigned(b []byte) (x uint64) {
	var full [8]byte
	if f.Order == binary.LittleEndian {
		copy(full[:], b)
	} else {
		copy(full[8-len(b):], b)
	}
	return f.Order.Uint64(full[:])
}

// readLongTexts reads the long texts and gives each row its own.
func (f *file) readLongTexts() {
	if !f.tagged {
		return
	}
	texts := map[textKey][]byte{{}: nil}
	f.in("strls", func() {
		for f.Err() == nil && string(f.Peek(3)) == "GSO" {
			k, text := f.readLongText()
			texts[k] = text
		}
	})
	if f.Err() != nil {
		return
	}
	for _, c := range f.columns {
		if s, ok := c.sink.(*longTexts); ok {
			s.resolve(texts)
		}
	}
}

func (f *file) readLongText() (textKey, []byte) {
	const what = "a long text"
	f.expect("GSO")
	k := textKey{variable: uint64(f.Uint32(what))}
	if f.release == 117 {
		k.observation = uint64(f.Uint32(what))
	} else {
		k.observation = f.Uint64(what)
	}
	f.Uint8(what) // 129 for binary, 130 for text
	return k, raw.UpToZero(f.Take(int64(f.Uint32(what)), what))
}

// resolve puts the texts in the place of their keys; a zero key is the empty text.
func (s *longTexts) resolve(texts map[textKey][]byte) {
	column := raw.NewTexts(&s.file.decode, len(s.cells))
	for i, cell := range s.cells {
		text, known := s.file.find(texts, cell)
		if !known {
			s.file.Fail(raw.Damaged(s.file.At(), "row %d of %s refers to a long text that is not in the file", i+1, s.Name))
			return
		}
		column.Add(text)
	}
	s.Texts = column.Column()
}

// finish has nothing left to do after resolve.
func (s *longTexts) finish() {}
