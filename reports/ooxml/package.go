// Package ooxml writes Office Open XML (ECMA-376): elements, the package that
// holds the parts of a file, workbooks, and the native charts that workbooks and
// slides share. The same calls give the same bytes.
package ooxml

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Namespaces.
const (
	RelationML    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	DrawingML     = "http://schemas.openxmlformats.org/drawingml/2006/main"
	ChartML       = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	SpreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

	packageML = "http://schemas.openxmlformats.org/package/2006/"
)

// Content types. Office begins the names of those that have no constant here.
const (
	Office = "application/vnd.openxmlformats-officedocument."
	PNG    = "image/png"

	spreadsheetType = Office + "spreadsheetml."
	chartType       = Office + "drawingml.chart+xml"
)

// Package is an Office Open XML file in the making. Parts are compressed as
// they come, so that only their compressed bytes are held. The zero value is
// empty.
type Package struct {
	parts []*part
	// open is the last part while it is written, nil at first; deflate compresses it.
	open    *part
	deflate *flate.Writer
	// related are the parts that each part refers to, by the name of the one that
	// refers: Relationship elements.
	related map[string][]Element
}

// part is one file of the package.
type part struct {
	name, contentType string
	crc               uint32
	size              uint64
	compressed        bytes.Buffer
	deflate           *flate.Writer
}

// Create starts a part of a content type. Writing to an earlier one is over
// then. Writing never fails.
func (p *Package) Create(name, contentType string) io.Writer {
	p.finish()
	if p.deflate == nil {
		p.deflate, _ = flate.NewWriter(io.Discard, flate.BestSpeed) // a level that there is
	}
	p.open = &part{name: name, contentType: contentType, deflate: p.deflate}
	p.deflate.Reset(&p.open.compressed)
	p.parts = append(p.parts, p.open)
	return p.open
}

// Put adds a whole part.
func (p *Package) Put(name, contentType string, content []byte) {
	_, _ = p.Create(name, contentType).Write(content) // a buffer takes everything
}

// finish ends the last part.
func (p *Package) finish() {
	if p.open != nil {
		_ = p.deflate.Close() // into a buffer
		p.open = nil
	}
}

func (p *part) Write(b []byte) (int, error) {
	p.crc = crc32.Update(p.crc, crc32.IEEETable, b)
	p.size += uint64(len(b))
	return p.deflate.Write(b)
}

// Relate makes a part refer to another one as its chart, image and so on, and
// returns the id by which its elements name it. The package itself, from "",
// refers to the main part. A kind without a scheme is one of RelationML.
func (p *Package) Relate(from, kind, to string) (id string) {
	if !strings.Contains(kind, "://") {
		kind = RelationML + "/" + kind
	}
	target, _ := filepath.Rel(path.Join("/", path.Dir(from)), "/"+to) // both are absolute
	id = fmt.Sprintf("rId%d", len(p.related[from])+1)
	if p.related == nil {
		p.related = map[string][]Element{}
	}
	p.related[from] = append(p.related[from], El("Relationship").With("Id", id).With("Type", kind).With("Target", filepath.ToSlash(target)))
	return id
}

// Properties name the document. A date would make the bytes differ from run to
// run, so that it is a fixed one: the manifest of a run says when it was made.
type Properties struct{ Title, Subject, Description, Keywords string }

// fixedDate is the date of every document.
const fixedDate = "2000-01-01T00:00:00Z"

// Describe adds the document's properties.
func (p *Package) Describe(of Properties) {
	const core, extended = "docProps/core.xml", "docProps/app.xml"
	text := func(name, text string) Element {
		if text == "" {
			return Element{}
		}
		return Text(name, text)
	}
	date := func(name string) Element { return Text(name, fixedDate).With("xsi:type", "dcterms:W3CDTF") }
	p.Put(core, "application/vnd.openxmlformats-package.core-properties+xml", El("cp:coreProperties",
		text("dc:title", of.Title), text("dc:subject", of.Subject), Text("dc:creator", "surveykit"), text("dc:description", of.Description),
		text("cp:keywords", of.Keywords), Text("dc:language", "en-GB"), Text("cp:lastModifiedBy", "surveykit"), date("dcterms:created"), date("dcterms:modified")).
		With("xmlns:cp", packageML+"metadata/core-properties").With("xmlns:dc", "http://purl.org/dc/elements/1.1/").
		With("xmlns:dcterms", "http://purl.org/dc/terms/").With("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance").Part())
	p.Put(extended, Office+"extended-properties+xml", El("Properties", Text("Application", "surveykit")).
		With("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties").Part())
	p.Relate("", packageML+"relationships/metadata/core-properties", core)
	p.Relate("", "extended-properties", extended)
}

// bind adds the content types of all parts, by extension for those that are not
// XML, and the lists of what each refers to.
func (p *Package) bind() {
	const relationsType = "application/vnd.openxmlformats-package.relationships+xml"
	for from, of := range p.related {
		folder, file := path.Split(from)
		p.Put(folder+"_rels/"+file+".rels", relationsType, El("Relationships", of...).With("xmlns", packageML+"relationships").Part())
	}
	kinds := map[string]string{"rels": relationsType}
	var overrides []Element
	slices.SortFunc(p.parts, func(a, b *part) int { return strings.Compare(a.name, b.name) })
	for _, part := range p.parts {
		if extension := strings.TrimPrefix(path.Ext(part.name), "."); extension != "xml" {
			kinds[extension] = part.contentType
		} else {
			overrides = append(overrides, El("Override").With("PartName", "/"+part.name).With("ContentType", part.contentType))
		}
	}
	var defaults []Element
	for extension, kind := range kinds {
		defaults = append(defaults, El("Default").With("Extension", extension).With("ContentType", kind))
	}
	slices.SortFunc(defaults, func(a, b Element) int { return cmp.Compare(a.attrs[1], b.attrs[1]) })
	p.Put("[Content_Types].xml", "", El("Types", append(defaults, overrides...)...).With("xmlns", packageML+"content-types").Part())
	p.finish()
}

// firstDay is 1 January 1980 as a zip file writes it: the oldest day it can hold.
const firstDay = 1<<5 | 1

// Save writes the file, once: its content types, which have to be first, then
// the parts in the order of their names under a fixed time.
func (p *Package) Save(w io.Writer) error {
	p.bind()
	slices.SortFunc(p.parts, func(a, b *part) int { return strings.Compare(a.name, b.name) })
	out := zip.NewWriter(w)
	for _, part := range p.parts {
		header := &zip.FileHeader{
			//lint:ignore SA1019 CreateRaw writes the DOS date as it is given, and no other
			Name: part.name, Method: zip.Deflate, ModifiedDate: firstDay, CRC32: part.crc,
			UncompressedSize64: part.size, CompressedSize64: uint64(part.compressed.Len()),
		}
		raw, err := out.CreateRaw(header)
		if err != nil {
			return err
		}
		if _, err := raw.Write(part.compressed.Bytes()); err != nil {
			return err
		}
	}
	return out.Close()
}
