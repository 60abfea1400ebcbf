// Package xlsx reads surveys from the sheets of Excel workbooks (.xlsx, .xlsm), and writes
// them.
//
// Numbers keep every digit of the workbook, however few the sheet shows; cells that are
// shown as dates become ISO dates. A sheet that is damaged anywhere is refused, so that
// rows are never lost.
package xlsx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/sheet"
)

// A workbook may unpack to a hundred times its size, far more than any workbook of
// survey data, and to alwaysAllowed bytes more.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
)

// Read reads the workbook of size bytes in r; path appears in problems only.
// The sheet is given by its name or by its position from 1; "" takes the one with the
// table: see sheet.Book. The error is survey.Problems where the workbook is damaged or
// too large unpacked, where there is no such sheet, or where the sheet has no table.
func Read(r io.ReaderAt, size int64, path, sheet string) (*survey.Table, error) {
	return ReadAs(r, size, path, sheet, nil)
}

// ReadAs is Read for a caller who knows which columns are text, whatever their
// cells look like: those for whose names text returns true.
func ReadAs(r io.ReaderAt, size int64, path, sheet string, text func(name string) bool) (*survey.Table, error) {
	b, err := Open(r, size, path)
	if err != nil {
		return nil, err
	}
	return b.Read(sheet, text)
}

// Open opens the workbook of size bytes in r, whose sheets are read from r later.
func Open(r io.ReaderAt, size int64, path string) (*sheet.Book, error) {
	b := &workbook{left: mostExpansion*size + alwaysAllowed}
	sheets, err := b.open(r, size)
	if err != nil {
		return nil, sheet.Damaged(path, err)
	}
	return &sheet.Book{Path: path, Sheets: sheets, Limit: mostExpansion*size + alwaysAllowed}, nil
}

// workbook is a workbook while it is read.
type workbook struct {
	parts map[string]*zip.File // by their names in lower case
	left  int64                // how many bytes may still be unpacked
	texts []string             // that cells share
	looks []look               // of the styles of cells, nil where the workbook has none
	mac   bool                 // days are counted from 1904
}

// open reads what the sheets share, and lists the sheets.
func (b *workbook) open(r io.ReaderAt, size int64) (sheets []sheet.Sheet, err error) {
	files, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	b.parts = make(map[string]*zip.File, len(files.File))
	for _, f := range files.File {
		b.parts[strings.ToLower(path.Clean(strings.ReplaceAll(f.Name, `\`, "/")))] = f
	}
	main := "xl/workbook.xml"
	links, err := b.links("")
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		if l.is("officeDocument") {
			main = l.target
		}
	}
	if links, err = b.links(main); err != nil {
		return nil, err
	}
	for _, l := range links {
		switch {
		case l.is("sharedStrings"):
			err = b.readTexts(l.target)
		case l.is("styles"):
			err = b.readLooks(l.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.list(main, links)
}

// list reads the names of the sheets in the main part.
func (b *workbook) list(main string, links []link) (sheets []sheet.Sheet, err error) {
	p, err := b.part(main)
	if err != nil {
		return nil, err
	}
	defer p.close()
	for p.next() {
		switch e := p.element; {
		case p.end:
		case e.Name.Local == "workbookPr":
			value, _ := attribute(e, "date1904")
			b.mac = value == "1" || value == "true"
		case e.Name.Local == "sheet" && p.parent() == "sheets":
			name, _ := attribute(e, "name")
			state, _ := attribute(e, "state")
			s := sheet.Sheet{Name: name, Hidden: state != "" && state != "visible", Rows: func(func(int, []string) error) error { return nil }}
			id, _ := attribute(e, "id")
			target := ""
			for _, l := range links {
				if l.id == id && l.is("worksheet") {
					target = l.target
					s.Rows = func(each func(int, []string) error) error { return b.rows(target, each) }
				}
			}
			if _, there := b.parts[strings.ToLower(target)]; target != "" && !there {
				return nil, fmt.Errorf("its sheet %q is missing in the file", name)
			}
			sheets = append(sheets, s)
		}
	}
	if p.err == nil && len(sheets) == 0 {
		p.err = errors.New("it has no sheets")
	}
	return sheets, p.err
}

// link is a relation of a part to another.
type link struct{ id, kind, target string }

// is reports whether a link is of a kind: the ends of their names are the same in all
// versions of the format.
func (l link) is(kind string) bool { return path.Base(l.kind) == kind }

// links are the relations of a part, none where it has none; those of "" are the
// package's.
func (b *workbook) links(of string) (all []link, err error) {
	at := path.Join(path.Dir(of), "_rels", path.Base(of)+".rels")
	if of == "" {
		at = "_rels/.rels"
	}
	if b.parts[strings.ToLower(at)] == nil {
		return nil, nil
	}
	p, err := b.part(at)
	if err != nil {
		return nil, err
	}
	defer p.close()
	for p.next() {
		if p.end || p.element.Name.Local != "Relationship" {
			continue
		}
		var l link
		l.id, _ = attribute(p.element, "Id")
		l.kind, _ = attribute(p.element, "Type")
		l.target, _ = attribute(p.element, "Target")
		if l.target = strings.ReplaceAll(l.target, `\`, "/"); strings.HasPrefix(l.target, "/") {
			l.target = path.Clean(l.target)[1:]
		} else {
			l.target = path.Join(path.Dir(of), l.target)
		}
		all = append(all, l)
	}
	return all, p.err
}

// readTexts reads the texts that cells share.
func (b *workbook) readTexts(target string) error {
	p, err := b.part(target)
	if err != nil {
		return err
	}
	defer p.close()
	var text strings.Builder
	for p.next() {
		if p.element.Name.Local != "si" {
			continue
		}
		if !p.end {
			text.Reset()
			p.readText(&text)
			b.texts = append(b.texts, unescaped(text.String()))
		}
	}
	return p.err
}

// readLooks reads how the styles of cells show numbers.
func (b *workbook) readLooks(target string) error {
	p, err := b.part(target)
	if err != nil {
		return err
	}
	defer p.close()
	codes := map[string]string{}
	for p.next() {
		if p.end {
			continue
		}
		switch id, _ := attribute(p.element, "numFmtId"); {
		case p.element.Name.Local == "numFmt":
			codes[id], _ = attribute(p.element, "formatCode")
		case p.element.Name.Local == "xf" && p.parent() == "cellXfs":
			b.looks = append(b.looks, lookOf(number(id), codes[id]))
		}
	}
	return p.err
}
