package raw

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
)

// Decoder turns a file's bytes into text.
type Decoder struct {
	// Encoding is nil for UTF-8.
	Encoding encoding.Encoding
	// Guess reads bytes beyond ASCII as UTF-8 wherever they are valid UTF-8, for
	// formats that do not name an encoding. Text in a one-byte encoding is
	// hardly ever valid UTF-8 by accident.
	Guess bool
	// Guessed counts the texts that Guess read as UTF-8; Spoiled those with bytes
	// that the encoding does not have.
	Guessed, Spoiled int
	// foreign counts the texts beyond ASCII that are valid UTF-8 though the encoding is
	// another one of single bytes, own the others.
	foreign, own int
}

// Text decodes s. Bytes that the encoding does not have become U+FFFD, but a
// UTF-8 character that is cut by the end of the field is dropped.
func (d *Decoder) Text(s []byte) string {
	switch {
	case IsASCII(s):
		return string(s)
	case d.Encoding == nil:
		return d.utf8(s)
	case d.Guess && utf8.Valid(s):
		d.Guessed++
		return string(s)
	}
	if _, single := d.Encoding.(*charmap.Charmap); single && utf8.Valid(s) {
		d.foreign++
	} else {
		d.own++
	}
	out, err := d.Encoding.NewDecoder().Bytes(s)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		d.Spoiled++
	}
	return string(out)
}

func (d *Decoder) utf8(s []byte) string {
	if utf8.Valid(s) {
		return string(s)
	}
	for n := 1; n < utf8.UTFMax && n < len(s); n++ {
		tail := s[len(s)-n:]
		if utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) && utf8.Valid(s[:len(s)-n]) {
			return string(TrimBlanks(s[:len(s)-n]))
		}
	}
	d.Spoiled++
	return strings.ToValidUTF8(string(s), "\uFFFD")
}

// IsASCII reports whether s has only ASCII bytes.
func IsASCII(s []byte) bool {
	for _, b := range s {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// TrimBlanks removes trailing blanks and zero bytes.
func TrimBlanks(b []byte) []byte {
	n := len(b)
	for n > 0 && (b[n-1] == ' ' || b[n-1] == 0) {
		n--
	}
	return b[:n]
}

// UpToZero is b before its first zero byte.
func UpToZero(b []byte) []byte {
	if n := bytes.IndexByte(b, 0); n >= 0 {
		return b[:n]
	}
	return b
}

// counted decodes the texts of a column. The decoder counts each text once.
type counted struct {
	decode *Decoder
	told   map[string]bool // the texts that the decoder counted
}

func (c *counted) text(raw []byte) string {
	if c.told[string(raw)] {
		again := *c.decode
		return again.Text(raw)
	}
	before := c.decode.Guessed + c.decode.Spoiled
	text := c.decode.Text(raw)
	if c.decode.Guessed+c.decode.Spoiled != before {
		c.told[string(raw)] = true
	}
	return text
}

// Texts builds a column of text.
type Texts struct {
	counted
	// codes finds a value by its bytes in the file, without making a string of
	// them; byText finds one beyond ASCII by its text where other bytes may mean
	// the same.
	codes, byText map[string]int32
	column        survey.TextColumn
}

// NewTexts is an empty column with room for capacity rows.
func NewTexts(d *Decoder, capacity int) *Texts {
	t := &Texts{counted: counted{d, map[string]bool{}}}
	t.begin(capacity)
	return t
}

// Add appends a row without its padding.
func (t *Texts) Add(raw []byte) {
	k, known := t.codes[string(raw)]
	if !known {
		k = t.learn(raw)
	}
	t.column.Index.Append(k)
}

// learn adds a value. Different bytes can be the same text where the encoding
// lacks some of them.
func (t *Texts) learn(raw []byte) int32 {
	text := t.text(raw)
	seen := t.codes
	if t.decode.Encoding != nil && !IsASCII(raw) {
		seen = t.byText
	}
	k, known := seen[text]
	if !known {
		k = int32(len(t.column.Values))
		t.column.Values = append(t.column.Values, text)
		seen[text] = k
	}
	if _, known := t.codes[string(raw)]; !known {
		t.codes[string(raw)] = k
	}
	return k
}

func (t *Texts) begin(capacity int) {
	t.codes, t.byText, t.column = map[string]int32{}, map[string]int32{}, survey.TextColumn{}
	t.column.Index.Grow(capacity)
}

// Column is the column of the rows so far. Those that are added later are in another one.
func (t *Texts) Column() *survey.TextColumn {
	out := t.column
	t.begin(0)
	return &out
}

// Unkept takes the texts of a column that is not read, for what the decoder has to
// say of them.
type Unkept struct{ counted }

// NewUnkept is a column whose texts are not kept.
func NewUnkept(d *Decoder) *Unkept { return &Unkept{counted{d, map[string]bool{}}} }

// Add looks at the text of a row, without its padding.
func (u *Unkept) Add(raw []byte) {
	if !IsASCII(raw) {
		u.text(raw)
	}
}
