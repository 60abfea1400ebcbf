package sas

import (
	"surveykit/survey/ingest/raw"
)

// page is a stretch of the file with a head, subheaders (pieces of the
// dictionary, or packed rows) and plain rows.
type page struct {
	data []byte
	// at is the page's place in the file, head the size of its head.
	at   int64
	head int
	// kind is the page's type without the flag for deleted rows.
	kind    uint16
	deleted bool
	// blocks counts subheaders and rows together.
	blocks, subheaders int
}

// The types of page that hold rows or parts of the dictionary.
const (
	metaPage  = 0x0000
	dataPage  = 0x0100
	mixPage   = 0x0200
	amendPage = 0x0400
	metaPage2 = 0x4000

	deletedFlag = 0x0080
)

// eachPage gives every page that matters to use, one after another.
func (f *dataFile) eachPage(use func(p *page) error) error {
	buffer := make([]byte, f.pageSize)
	head := 2*f.word() + 8
	if f.wide {
		head += 8
	}
	for n := range f.pages {
		if err := f.page(n, buffer); err != nil {
			return err
		}
		kind := f.order.Uint16(buffer[head:])
		p := &page{data: buffer, at: f.pageStart + n*f.pageSize, head: head + 8, kind: kind &^ deletedFlag, deleted: kind&deletedFlag != 0,
			blocks: int(f.order.Uint16(buffer[head+2:])), subheaders: int(f.order.Uint16(buffer[head+4:]))}
		switch p.kind {
		case metaPage, metaPage2, amendPage, dataPage, mixPage:
			if err := use(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// subheader is a piece of a page. Packed is the code that says how it is packed.
type subheader struct {
	data         []byte
	at           int64
	packed, kind byte
}

// The codes of packing: not at all, left out, and packed.
const (
	unpacked  = 0
	truncated = 1
	packed    = 4
)

// eachSubheader follows the pointers behind the page's head.
func (f *dataFile) eachSubheader(p *page, use func(s subheader) error) error {
	w := f.word()
	if p.head+p.subheaders*f.pointer() > len(p.data) {
		return raw.Damaged(p.at, "the page has more subheaders, %d, than fit", p.subheaders)
	}
	for i := range p.subheaders {
		b := p.data[p.head+i*f.pointer():]
		at, n := f.uint(b), f.uint(b[w:])
		s := subheader{at: p.at + int64(at), packed: b[2*w], kind: b[2*w+1]}
		if n == 0 || s.packed == truncated {
			continue
		}
		if at > uint64(len(p.data)) || n > uint64(len(p.data))-at {
			return raw.Damaged(p.at, "subheader %d lies outside its page", i+1)
		}
		s.data = p.data[at : at+n]
		if err := use(s); err != nil {
			return err
		}
	}
	return nil
}

// pointer is the size of a pointer to a subheader.
func (f *dataFile) pointer() int { return 3 * f.word() }
