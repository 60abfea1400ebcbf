// Package ooxml holds what workbooks and slides have in common as Office Open
// XML (ECMA-376): elements, the package that parts are put into, and native
// charts. The same parts give the same bytes.
package ooxml

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"io"
	"slices"
	"strings"
)

// Package is an Office Open XML file in the making. Parts are compressed as
// they come, so that only their compressed bytes are held; Save puts them
// into the order of their names under a fixed time. The zero value is empty.
type Package struct {
	parts []*part
	// deflate compresses the last part while it is open; nil at first.
	deflate *flate.Writer
	open    bool
}

// part is one file of the package.
type part struct {
	name       string
	crc        uint32
	size       uint64
	compressed bytes.Buffer
	deflate    *flate.Writer
}

// Create starts a part; writing to an earlier one is over then. A part of the
// same name takes its place.
func (p *Package) Create(name string) (io.Writer, error) {
	if err := p.finish(); err != nil {
		return nil, err
	}
	if p.deflate == nil {
		var err error
		if p.deflate, err = flate.NewWriter(io.Discard, flate.BestSpeed); err != nil {
			return nil, err
		}
	}
	p.parts = slices.DeleteFunc(p.parts, func(other *part) bool { return other.name == name })
	next := &part{name: name, deflate: p.deflate}
	p.deflate.Reset(&next.compressed)
	p.parts, p.open = append(p.parts, next), true
	return next, nil
}

// Put adds a whole part.
func (p *Package) Put(name string, content []byte) error {
	w, err := p.Create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}

// finish ends the last part.
func (p *Package) finish() error {
	if !p.open {
		return nil
	}
	p.open = false
	return p.deflate.Close()
}

func (p *part) Write(b []byte) (int, error) {
	p.crc = crc32.Update(p.crc, crc32.IEEETable, b)
	p.size += uint64(len(b))
	return p.deflate.Write(b)
}

// firstDay is 1 January 1980 as a zip file writes it: the oldest day it can hold.
const firstDay = 1<<5 | 1

// Save writes the file. [Content_Types].xml, which has to be first, sorts so.
func (p *Package) Save(w io.Writer) error {
	if err := p.finish(); err != nil {
		return err
	}
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
