package sav

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
	"surveykit/survey/ingest/charset"
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

// chooseEncoding takes the encoding that the file names, else its code page. What the names and labels show overrules a file that names the wrong one,
// and decides where it names none; a notice says so.
func (d *records) chooseEncoding() raw.Decoder {
	text := bytes.Join(d.texts(), []byte("\n"))
	enc, name := d.named()
	_, single := enc.(*charmap.Charmap)
	switch {
	case name == "" && raw.IsASCII(text):
		return raw.Decoder{Encoding: charmap.Windows1252}
	case name == "" && utf8.Valid(text):
		d.Note(survey.NoticeEncoding, nil, "the file does not say how its text is encoded: read as UTF-8")
		return raw.Decoder{}
	case name == "":
		guess := charset.Guess(text)
		d.Note(survey.NoticeEncoding, nil, "the file does not say how its text is encoded: read as %s, a guess; the encoding that is given overrules it", guess)
		enc, _ = charset.Named(guess)
		return raw.Decoder{Encoding: enc}
	case single && !raw.IsASCII(text) && utf8.Valid(text):
		// Text of an encoding of single bytes is hardly ever valid UTF-8 by chance.
		d.Note(survey.NoticeEncoding, nil, "the file says that its text is %s, and it can only be UTF-8: read as such; the encoding that is given overrules it", name)
		return raw.Decoder{}
	case name != "" && enc == nil && d.mostlyOther():
		guess := charset.Guess(text)
		d.Note(survey.NoticeEncoding, nil, "the file says that its text is %s, and it is not: read as %s, a guess; the encoding that is given overrules it", name, guess)
		enc, _ = charset.Named(guess)
		return raw.Decoder{Encoding: enc}
	}
	return raw.Decoder{Encoding: enc}
}

// named is the encoding that the file names, and its name, "" where it names none that is
// known.
func (d *records) named() (encoding.Encoding, string) {
	if e, ok := d.extensions[extEncoding]; ok {
		name := strings.Trim(string(e.data), " \x00")
		if enc, ok := charset.Named(name); ok {
			return enc, name
		}
		d.Note(survey.NoticeEncoding, nil, "the file names a character encoding that is not known, %q", name)
	}
	if code := d.characterCode(); code > codeExtended {
		if enc, ok := charset.CodePage(code); ok {
			return enc, fmt.Sprintf("code page %d", code)
		}
		d.Note(survey.NoticeEncoding, nil, "the file names a code page that is not known, %d", code)
	}
	return nil, ""
}

// texts are the labels and long names.
func (d *records) texts() (all [][]byte) {
	for _, v := range d.variables {
		all = append(all, v.label)
	}
	for _, r := range d.labels {
		all = append(all, r.labels...)
	}
	for _, pair := range bytes.Split(d.extensions[extLongNames].data, []byte("\t")) {
		// The short name may end within a character.
		_, long, _ := bytes.Cut(pair, []byte("="))
		all = append(all, long)
	}
	return all
}

// mostlyOther reports whether most texts beyond ASCII are not UTF-8, and more than a byte
// of them is not. The end of a field may cut a character in two.
func (d *records) mostlyOther() bool {
	sound, spoiled, others := 0, 0, 0
	for _, text := range d.texts() {
		decode := raw.Decoder{}
		decode.Text(raw.TrimBlanks(text))
		switch {
		case raw.IsASCII(text):
		case decode.Spoiled > 0:
			spoiled++
			for _, b := range text {
				others += int(b >> 7)
			}
		default:
			sound++
		}
	}
	return spoiled > sound && others > 1
}

// characterCode is the machine record's character code, 0 where there is none.
func (d *records) characterCode() int32 {
	machine := d.extensions[extMachine].data
	if len(machine) < 32 {
		return 0
	}
	return int32(d.order.Uint32(machine[28:]))
}
