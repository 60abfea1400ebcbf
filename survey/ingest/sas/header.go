package sas

import (
	"bytes"
	"encoding/binary"
	"io"

	"surveykit/survey/ingest/raw"
)

// magic begins every SAS file; the byte that is left out differs between the
// kinds of file.
const magic = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81"

// header is what the file's first bytes say of its layout.
type header struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	// wide is set where lengths and places have eight bytes instead of four.
	wide     bool
	encoding byte
	// pageStart is where the first of pages stands, pageSize the size of each.
	pageStart, pageSize, pages int64
}

// readHeader reads the header of a file of one kind, DATA or CATALOG.
func readHeader(r io.ReaderAt, size int64, kind string) (header, error) {
	const headerSize = 288
	b := make([]byte, min(size, headerSize))
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return header{}, err
	}
	if !bytes.HasPrefix(b, []byte(magic)) {
		return header{}, &raw.Fault{At: 0, Message: "this is no SAS file: it does not begin as one",
			Remedy: "check that it is a .sas7bdat, .sas7bcat or .xpt file; write files of CPORT again with the XPORT engine"}
	}
	if len(b) < headerSize {
		return header{}, raw.Damaged(int64(len(b)), "the file ends inside the header")
	}
	h := header{r: r, size: size, order: binary.BigEndian, wide: b[32] == '3', encoding: b[70]}
	if b[37] == 1 {
		h.order = binary.LittleEndian
	}
	if got := string(raw.TrimBlanks(b[156:164])); got != kind {
		return header{}, &raw.Fault{At: 156, Message: "the file holds " + got + ", not " + kind, Remedy: "give a data set, .sas7bdat, or a catalog of formats, .sas7bcat"}
	}
	at := 196
	if b[35] == '3' {
		at += 4
	}
	h.pageStart, h.pageSize = int64(h.order.Uint32(b[at:])), int64(h.order.Uint32(b[at+4:]))
	if h.wide {
		h.pages = int64(h.order.Uint64(b[at+8:]))
	} else {
		h.pages = int64(h.order.Uint32(b[at+8:]))
	}
	return h, h.check(int64(at))
}

func (h header) check(at int64) error {
	switch {
	case h.pageSize < 256 || h.pageSize > h.size || h.pageStart < 256 || h.pageStart > h.size:
		return raw.Damaged(at, "the header has %d bytes and pages %d, in a file of %d", h.pageStart, h.pageSize, h.size)
	case h.pages < 1 || h.pages > (h.size-h.pageStart)/h.pageSize:
		return raw.Damaged(at+8, "the header promises %d pages of %d bytes, and the file has %d bytes", uint64(h.pages), h.pageSize, h.size)
	}
	return nil
}

// word is the size of a length or place.
func (h header) word() int {
	if h.wide {
		return 8
	}
	return 4
}

// uint reads a length or place.
func (h header) uint(b []byte) uint64 {
	if h.wide {
		return h.order.Uint64(b)
	}
	return uint64(h.order.Uint32(b))
}

// page reads a page, counted from 0, into b.
func (h header) page(n int64, b []byte) error {
	return h.readAt(b[:h.pageSize], h.pageStart+n*h.pageSize)
}

// readAt fills b with bytes that the file has.
func (h header) readAt(b []byte, at int64) error {
	if n, err := h.r.ReadAt(b, at); n < len(b) {
		return err
	}
	return nil
}
