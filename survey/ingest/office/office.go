// Package office reads the XML parts of files of office programs, which are ZIP files. A part
// that is damaged anywhere gives an error with its place, and none unpacks to more than
// a file of survey data has.
package office

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// A file may unpack to a hundred times its size, far more than any workbook of survey data,
// and to AlwaysAllowed bytes more.
const (
	mostExpansion = 100
	AlwaysAllowed = 64 << 20
)

// Limit is the most bytes that a part of a file of some size may unpack to.
func Limit(size int64) int64 { return mostExpansion*size + AlwaysAllowed }

// Package is a file of parts.
type Package struct {
	parts map[string]*zip.File // by their names in lower case
	limit int64                // the most bytes of a part, unpacked
}

// Open opens the package of size bytes in r, from which its parts are read later.
func Open(r io.ReaderAt, size int64) (*Package, error) {
	files, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	p := &Package{parts: make(map[string]*zip.File, len(files.File)), limit: Limit(size)}
	for _, f := range files.File {
		p.parts[strings.ToLower(path.Clean(strings.ReplaceAll(f.Name, `\`, "/")))] = f
	}
	return p, nil
}

// Has reports whether there is a part of that name; capitals do not matter.
func (b *Package) Has(name string) bool { return b.parts[strings.ToLower(name)] != nil }

// Part is an XML part while it is read. Elements are known by their names without a prefix:
// programs choose the prefixes freely.
type Part struct {
	// Element is the current element, without attributes at its End.
	Element xml.StartElement
	End     bool
	// Err is the failure, nil at the end of a part that is whole.
	Err     error
	name    string
	file    io.ReadCloser
	decoder *xml.Decoder
	open    []string // the elements around the current place, with the current one
}

// mostDepth is far more than the elements of a workbook are inside each other.
const mostDepth = 100

// Part opens a part by its name.
func (b *Package) Part(name string) (*Part, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, fmt.Errorf("its part %s is missing", name)
	}
	file, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("its part %s is damaged: %w", name, err)
	}
	p := &Part{name: name, file: file}
	in := bufio.NewReaderSize(&rationed{file, b.limit}, 1<<16)
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

// Close closes the part.
func (p *Part) Close() { p.file.Close() }

// rationed reads at most the bytes left.
type rationed struct {
	r    io.Reader
	left int64
}

var errTooLarge = errors.New("it unpacks to far more than a workbook of survey data, beyond the limit")

func (r *rationed) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// Token is the next token of the part; names are checked to end in the order in which they
// began. It is nil at the end and after a failure.
func (p *Part) Token() xml.Token {
	if p.Err != nil {
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
func (p *Part) fail(err error) {
	line, _ := p.decoder.InputPos()
	p.Err = fmt.Errorf("%s, line %d: %w", p.name, line, err)
}

// Next goes on to the next beginning or end of an element.
func (p *Part) Next() bool {
	for {
		switch t := p.Token().(type) {
		case nil:
			return false
		case xml.StartElement:
			p.Element, p.End = t, false
			return true
		case xml.EndElement:
			p.Element, p.End = xml.StartElement{Name: t.Name}, true
			return true
		}
	}
}

// Parent is the element around the one that has just begun, "" for none.
func (p *Part) Parent() string {
	if len(p.open) < 2 {
		return ""
	}
	return p.open[len(p.open)-2]
}

// In is the current element's name, "" outside of all.
func (p *Part) In() string {
	if len(p.open) == 0 {
		return ""
	}
	return p.open[len(p.open)-1]
}

// Depth is the number of elements around the current place, with the current one.
func (p *Part) Depth() int { return len(p.open) }

// Attribute is an attribute of the current element, by its name without a prefix.
func (p *Part) Attribute(name string) (value string, there bool) {
	for _, a := range p.Element.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}
