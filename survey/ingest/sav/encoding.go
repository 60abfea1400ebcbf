package sav

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// decoder turns the file's bytes into text and removes the padding.
type decoder struct{ raw.Decoder }

func (d *decoder) text(s []byte) string { return d.Text(raw.TrimBlanks(s)) }

// The character codes of a machine record that are not Windows code pages.
const (
	codeEBCDIC   = 1
	codeASCII    = 2
	codeExtended = 3
)

// encodingByCode finds the encoding of a code page number.
func encodingByCode(code int32) (encoding.Encoding, bool) {
	name, known := map[int32]string{
		858: "IBM00858", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5",
		10000: "macintosh", 10007: "x-mac-cyrillic", 20127: "us-ascii", 20866: "koi8-r", 21866: "koi8-u",
		20932: "euc-jp", 51932: "euc-jp", 51936: "gbk", 51949: "euc-kr", 54936: "gb18030", 65001: "utf-8",
	}[code]
	switch {
	case known:
	case 1250 <= code && code <= 1258:
		name = fmt.Sprintf("windows-%d", code)
	case 28591 <= code && code <= 28606:
		name = fmt.Sprintf("iso-8859-%d", code-28590)
	default:
		name = fmt.Sprintf("IBM%d", code)
	}
	return encodingByName(name)
}

// encodingByName finds an encoding by any name that the web or IANA gives it, or
// by "cp" and a code page number; nil means UTF-8. Only encodings that
// contain ASCII are found, because names and formats are ASCII.
func encodingByName(name string) (enc encoding.Encoding, ok bool) {
	enc, err := htmlindex.Get(name)
	if err != nil {
		enc, err = ianaindex.IANA.Encoding(name)
	}
	if err != nil || enc == nil {
		lower := strings.ToLower(name)
		digits := strings.TrimLeft(lower, "abcdefghijklmnopqrstuvwxyz-_ ")
		code, err := strconv.ParseInt(digits, 10, 32)
		if err != nil || strings.HasPrefix(lower, "ibm") {
			return nil, false
		}
		return encodingByCode(int32(code))
	}
	if enc == unicode.UTF8 {
		return nil, true
	}
	ascii := []byte("\x1b")
	for b := byte(' '); b <= '~'; b++ {
		ascii = append(ascii, b)
	}
	out, err := enc.NewDecoder().Bytes(ascii)
	return enc, err == nil && bytes.Equal(out, ascii)
}

// chooseEncoding takes the encoding that the file names, else its code page.
// An old file that has neither is read as UTF-8 if its labels and long names are
// valid UTF-8, and as windows-1252 otherwise; where they are not all ASCII, a
// notice says which was taken.
func (d *records) chooseEncoding() decoder {
	if e, ok := d.extensions[extEncoding]; ok {
		name := strings.Trim(string(e.data), " \x00")
		if enc, ok := encodingByName(name); ok {
			return decoder{raw.Decoder{Encoding: enc}}
		}
		d.Note(survey.NoticeEncoding, nil, "the file names a character encoding that is not known, %q", name)
	}
	if code := d.characterCode(); code > codeExtended {
		if enc, ok := encodingByCode(code); ok {
			return decoder{raw.Decoder{Encoding: enc}}
		}
		d.Note(survey.NoticeEncoding, nil, "the file names a code page that is not known, %d", code)
	}
	var text []byte
	for _, v := range d.variables {
		text = append(append(text, v.label...), '\n')
	}
	for _, r := range d.labels {
		for _, label := range r.labels {
			text = append(append(text, label...), '\n')
		}
	}
	text = append(text, d.extensions[extLongNames].data...)
	switch {
	case raw.IsASCII(text):
		return decoder{raw.Decoder{Encoding: charmap.Windows1252}}
	case utf8.Valid(text):
		d.Note(survey.NoticeEncoding, nil, "the file does not say how its text is encoded: read as UTF-8")
		return decoder{}
	}
	d.Note(survey.NoticeEncoding, nil, "the file does not say how its text is encoded: read as windows-1252")
	return decoder{raw.Decoder{Encoding: charmap.Windows1252}}
}

// characterCode is the machine record's character code, 0 where there is none.
func (d *records) characterCode() int32 {
	machine := d.extensions[extMachine].data
	if len(machine) < 32 {
		return 0
	}
	return int32(d.order.Uint32(machine[28:]))
}
