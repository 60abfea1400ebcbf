package xlsx

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// part is an XML part of a workbook while it is read. Elements are known by their names
// without a prefix: programs choose the prefixes freely.
type part struct {
	name    string
	file    io.ReadCloser
	decoder *xml.Decoder
	element xml.StartElement // the current element
	end     bool             // of it
	open    []string         // the elements around the current place, with the current one
	err     error            // nil at the end of a part that is whole
}

// mostDepth is far more than the elements of a workbook are inside each other.
const mostDepth = 100

// part opens a part by its name.
func (b *workbook) part(name string) (*part, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, fmt.Errorf("its part %s is missing", name)
	}
	file, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("its part %s is damaged: %w", name, err)
	}
	p := &part{name: name, file: file}
	in := bufio.NewReaderSize(&rationed{file, &b.left}, 1<<16)
	p.decoder = xml.NewDecoder(in)
	p.decoder.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(in), nil
	}
	if mark, _ := in.Peek(2); bytes.Equal(mark, []byte("\xff\xfe")) || bytes.Equal(mark, []byte("\xfe\xff")) {
		p.decoder = xml.NewDecoder(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in))
		p.decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	}
	return p, nil
}

func (p *part) close() { p.file.Close() }

// rationed reads at most the bytes left.
type rationed struct {
	r    io.Reader
	left *int64
}

var errTooLarge = errors.New("it unpacks to far more than a workbook of survey data, beyond the limit")

func (r *rationed) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if *r.left -= int64(n); *r.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// token is the next token of the part; names are checked to end in the order in which they
// began. It is nil at the end and after a failure.
func (p *part) token() xml.Token {
	if p.err != nil {
		return nil
	}
	t, err := p.decoder.RawToken()
	switch {
	case err == io.EOF && len(p.open) > 0:
		p.fail(fmt.Errorf("it ends inside <%s>", p.open[len(p.open)-1]))
	case err == io.EOF:
	case err != nil:
		p.fail(err)
	}
	if err != nil {
		return nil
	}
	switch e := t.(type) {
	case xml.StartElement:
		if p.open = append(p.open, e.Name.Local); len(p.open) > mostDepth {
			p.fail(errors.New("its elements are too deep inside each other"))
			return nil
		}
	case xml.EndElement:
		last := len(p.open) - 1
		if last < 0 || p.open[last] != e.Name.Local {
			p.fail(fmt.Errorf("</%s> ends what has not begun", e.Name.Local))
			return nil
		}
		p.open = p.open[:last]
	}
	return t
}

// fail makes err the failure, with its place.
func (p *part) fail(err error) {
	line, _ := p.decoder.InputPos()
	p.err = fmt.Errorf("%s, line %d: %w", p.name, line, err)
}

// next goes on to the next beginning or end of an element.
func (p *part) next() bool {
	for {
		switch t := p.token().(type) {
		case nil:
			return false
		case xml.StartElement:
			p.element, p.end = t, false
			return true
		case xml.EndElement:
			p.element, p.end = xml.StartElement{Name: t.Name}, true
			return true
		}
	}
}

// parent is the element around the one that has just begun, "" for none.
func (p *part) parent() string {
	if len(p.open) < 2 {
		return ""
	}
	return p.open[len(p.open)-2]
}

// readText adds the text of the current element: all of <t> in it, but no phonetic
// readings.
func (p *part) readText(text *strings.Builder) {
	depth, phonetic := len(p.open), 0
	for len(p.open) >= depth {
		switch t := p.token().(type) {
		case nil:
			return
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				phonetic = len(p.open)
			}
		case xml.EndElement:
			if len(p.open) < phonetic {
				phonetic = 0
			}
		case xml.CharData:
			if phonetic == 0 && p.open[len(p.open)-1] == "t" {
				text.Write(t)
			}
		}
	}
}

// readValue adds the characters of the current element.
func (p *part) readValue(text *strings.Builder) {
	for depth := len(p.open); len(p.open) >= depth; {
		switch t := p.token().(type) {
		case nil:
			return
		case xml.CharData:
			text.Write(t)
		}
	}
}

func attribute(e xml.StartElement, name string) (string, bool) {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// number is a whole number that is not negative, else -1.
func number(s string) int {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return -1
	}
	return int(n)
}

// unescaped is a text of which characters that XML cannot have are written as _xHHHH_.
// Line ends become \n.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		k := strings.Index(s, "_x")
		if k < 0 || len(s) < k+7 {
			break
		}
		code, err := strconv.ParseUint(s[k+2:k+6], 16, 16)
		if r := rune(code); err != nil || s[k+6] != '_' || !utf8.ValidRune(r) || r == 0 {
			b.WriteString(s[:k+2])
			s = s[k+2:]
			continue
		}
		b.WriteString(s[:k])
		b.WriteRune(rune(code))
		s = s[k+7:]
	}
	b.WriteString(s)
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b.String())
}
