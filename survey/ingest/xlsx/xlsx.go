// Package xlsx reads surveys from the sheets of Excel workbooks (.xlsx, .xlsm), and writes
// them.
//
// Numbers keep every digit of the workbook, however few the sheet shows; cells that are
// shown as dates become ISO dates. A sheet that is damaged anywhere is refused, so that
// rows are never lost.
package xlsx

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"surveykit/survey/ingest/office"
	"surveykit/survey/ingest/sheet"
)

// Open opens the workbook of size bytes in r, whose sheets are read from r later; path
// appears in problems only. The error is survey.Problems where the workbook is damaged or
// too large unpacked.
func Open(r io.ReaderAt, size int64, path string) (*sheet.Book, error) {
	b := &workbook{}
	sheets, err := b.open(r, size)
	if err != nil {
		return nil, sheet.Damaged(path, err)
	}
	return &sheet.Book{Path: path, Sheets: sheets, Limit: office.Limit(size)}, nil
}

// workbook is a workbook while it is read.
type workbook struct {
	*office.Package
	texts []string // that cells share
	looks []Look   // of the styles of cells, nil where the workbook has none
	mac   bool     // days are counted from 1904
}

// open reads what the sheets share, and lists the sheets.
func (b *workbook) open(r io.ReaderAt, size int64) (sheets []sheet.Sheet, err error) {
	if b.Package, err = office.Open(r, size); err != nil {
		return nil, err
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
	p, err := b.Part(main)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	for p.Next() {
		switch e := p.Element; {
		case p.End:
		case e.Name.Local == "workbookPr":
			value, _ := p.Attribute("date1904")
			b.mac = value == "1" || value == "true"
		case e.Name.Local == "sheet" && p.Parent() == "sheets":
			name, _ := p.Attribute("name")
			state, _ := p.Attribute("state")
			s := sheet.Sheet{Name: name, Hidden: state != "" && state != "visible", Rows: func(func(int, []string) error) error { return nil }}
			id, _ := p.Attribute("id")
			target := ""
			for _, l := range links {
				if l.id == id && l.is("worksheet") {
					target = l.target
					s.Rows = func(each func(int, []string) error) error { return b.rows(target, each) }
				}
			}
			if target != "" && !b.Has(target) {
				return nil, fmt.Errorf("its sheet %q is missing in the file", name)
			}
			sheets = append(sheets, s)
		}
	}
	if p.Err == nil && len(sheets) == 0 {
		p.Err = errors.New("it has no sheets")
	}
	return sheets, p.Err
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
	if !b.Has(at) {
		return nil, nil
	}
	p, err := b.Part(at)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	for p.Next() {
		if p.End || p.Element.Name.Local != "Relationship" {
			continue
		}
		var l link
		l.id, _ = p.Attribute("Id")
		l.kind, _ = p.Attribute("Type")
		l.target, _ = p.Attribute("Target")
		if l.target = strings.ReplaceAll(l.target, `\`, "/"); strings.HasPrefix(l.target, "/") {
			l.target = path.Clean(l.target)[1:]
		} else {
			l.target = path.Join(path.Dir(of), l.target)
		}
		all = append(all, l)
	}
	return all, p.Err
}

// readTexts reads the texts that cells share.
func (b *workbook) readTexts(target string) error {
	p, err := b.Part(target)
	if err != nil {
		return err
	}
	defer p.Close()
	var text strings.Builder
	for p.Next() {
		if p.Element.Name.Local != "si" {
			continue
		}
		if !p.End {
			text.Reset()
			readText(p, &text)
			b.texts = append(b.texts, unescaped(text.String()))
		}
	}
	return p.Err
}

// readLooks reads how the styles of cells show numbers.
func (b *workbook) readLooks(target string) error {
	p, err := b.Part(target)
	if err != nil {
		return err
	}
	defer p.Close()
	codes := map[string]string{}
	for p.Next() {
		if p.End {
			continue
		}
		switch id, _ := p.Attribute("numFmtId"); {
		case p.Element.Name.Local == "numFmt":
			codes[id], _ = p.Attribute("formatCode")
		case p.Element.Name.Local == "xf" && p.Parent() == "cellXfs":
			b.looks = append(b.looks, LookOf(number(id), codes[id]))
		}
	}
	return p.Err
}
