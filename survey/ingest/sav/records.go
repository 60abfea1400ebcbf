package sav

import (
	"encoding/binary"
	"math"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// The ways that cases are stored.
const (
	plainCases    = 0
	byteCodeCases = 1
	zlibCases     = 2
)

// header is the file's first 176 bytes.
type header struct {
	compression int32
	// weight is the 1-based dictionary element of the weight variable, 0 if none.
	weight int32
	// rows is the number of cases, -1 where the file does not say.
	rows int64
	// bias is subtracted from a byte code to give its number.
	bias  float64
	label []byte
}

const headerSize = 176

// readHeader checks the header and sets the cursor's byte order from it.
func readHeader(c cursor) (header, error) {
	first := c.Take(min(headerSize, c.Left()), "the header")
	if c.Err() != nil {
		return header{}, c.Err()
	}
	signature := string(first[:min(4, len(first))])
	switch {
	case len(first) >= 20 && string(first[8:20]) == "ENCRYPTEDSAV":
		return header{}, &raw.Fault{At: 0, Message: "the file is encrypted with a password", Remedy: "open it in SPSS and save it without a password"}
	case signature != "$FL2" && signature != "$FL3":
		return header{}, &raw.Fault{At: 0, Message: "this is not an SPSS system file: it does not begin with $FL2 or $FL3",
			Remedy: "check that the file is a .sav or .zsav; open portable files (.por) and mainframe files in SPSS and save them as .sav"}
	}
	if len(first) < headerSize {
		return header{}, raw.Damaged(int64(len(first)), "the file ends inside the header, which is %d bytes", headerSize)
	}
	c.Order = nil
	for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
		if n := order.Uint32(first[64:]); n == 2 || n == 3 {
			c.Order = order
		}
	}
	if c.Order == nil {
		return header{}, raw.Damaged(64, "the layout code is neither 2 nor 3 in any byte order")
	}
	word := func(at int) int32 { return int32(c.Order.Uint32(first[at:])) }
	h := header{
		compression: word(72),
		weight:      word(76),
		rows:        int64(word(80)),
		bias:        math.Float64frombits(c.Order.Uint64(first[84:])),
		label:       first[109:173],
	}
	switch {
	case h.compression < plainCases || h.compression > zlibCases:
		return h, raw.Damaged(72, "the compression code is %d, not 0, 1 or 2", h.compression)
	case (signature == "$FL3") != (h.compression == zlibCases):
		return h, raw.Damaged(72, "the signature %s does not go with compression code %d", signature, h.compression)
	case h.rows < -1:
		return h, raw.Damaged(80, "the number of cases is %d", h.rows)
	case h.compression != plainCases && !(math.Abs(h.bias) < 1<<31):
		return h, &raw.Fault{At: 84, Message: "the compression bias is not an ordinary IEEE number", Remedy: "save the file in SPSS on a PC or a Mac"}
	}
	return h, nil
}

// The types of dictionary record.
const (
	recVariable   = 2
	recLabels     = 3
	recLabelsFor  = 4
	recDocuments  = 6
	recExtension  = 7
	recEndOfDicts = 999
)

// records is the dictionary as it is in the file, with text still in bytes.
type records struct {
	order     binary.ByteOrder
	variables []variableRecord
	// elements gives each dictionary element (eight bytes of a case) its index
	// in variables, -1 for the further octets of a text.
	elements   []int
	labels     []labelRecord
	documents  [][]byte
	extensions map[int32]extension
	survey.Notices
}

// variableRecord is a record of type 2.
type variableRecord struct {
	at      int64
	element int
	// width is 0 for a number, else the bytes of a text.
	width         int
	name, label   []byte
	format        format
	missing       [][8]byte
	missingRanges bool
}

// labelRecord is a record of type 3 and the record of type 4 after it.
type labelRecord struct {
	at       int64
	values   [][8]byte
	labels   [][]byte
	elements []int32
}

// extension is a record of type 7.
type extension struct {
	at   int64
	data []byte
}

// The subtypes of extension record.
const (
	extMachine        = 3
	extFloats         = 4
	extVariableSets   = 5
	extTrends         = 6
	extSets           = 7
	extProduct        = 10
	extDisplay        = 11
	extLongNames      = 13
	extVeryLong       = 14
	extRows           = 16
	extFileAttributes = 17
	extAttributes     = 18
	extNewSets        = 19
	extEncoding       = 20
	extLongLabels     = 21
	extLongMissing    = 22
	extXML            = 24
)

// elementSizes has the subtypes that are read or can be ignored, and the size of
// an element of each.
var elementSizes = map[int32]int32{
	extMachine: 4, extFloats: 8, extVariableSets: 1, extTrends: 4, extSets: 1, extProduct: 1,
	extDisplay: 4, extLongNames: 1, extVeryLong: 1, extRows: 8, extFileAttributes: 1,
	extAttributes: 1, extNewSets: 1, extEncoding: 1, extLongLabels: 1, extLongMissing: 1, extXML: 1,
}

func readRecords(c cursor) (*records, error) {
	d := &records{order: c.Order, extensions: map[int32]extension{}}
	for c.Err() == nil {
		at := c.At()
		switch kind := c.int32("a dictionary record"); kind {
		case recVariable:
			d.readVariable(c, at)
		case recLabels:
			d.readLabels(c, at)
		case recDocuments:
			lines := int64(c.int32("the document record"))
			d.documents = append(d.documents, c.Take(80*lines, "the document record"))
		case recExtension:
			d.readExtension(c, at)
		case recEndOfDicts:
			c.int32("the end of the dictionary")
			if c.Err() == nil && len(d.variables) == 0 {
				c.Fail(raw.Damaged(at, "the file has no variables"))
			}
			return d, c.Err()
		default:
			c.Fail(raw.Damaged(at, "there is no record of type %d", kind))
		}
	}
	return nil, c.Err()
}

func (d *records) readVariable(c cursor, at int64) {
	width := c.int32("a variable record")
	labelled := c.int32("a variable record")
	missing := c.int32("a variable record")
	print := c.int32("a variable record")
	c.int32("a variable record")
	v := variableRecord{at: at, element: len(d.elements), width: int(width), format: format{code: byte(print >> 16), width: byte(print >> 8), decimals: byte(print)}}
	v.name = c.Take(8, "a variable record")
	switch {
	case width < 0 || width > 255:
		c.Fail(raw.Damaged(at, "the variable record's type is %d, not 0 to 255", width))
	case labelled != 0 && labelled != 1:
		c.Fail(raw.Damaged(at, "the variable record's label flag is %d", labelled))
	case missing < -3 || missing > 3 || missing == -1:
		c.Fail(raw.Damaged(at, "the variable record says that it has %d missing values", missing))
	}
	if c.Err() != nil {
		return
	}
	if labelled == 1 {
		n := int64(c.count("a variable label"))
		v.label = c.Take(roundUp(n, 4), "a variable label")
		v.label = v.label[:min(n, int64(len(v.label)))]
	}
	v.missingRanges = missing < 0
	for range max(missing, -missing) {
		v.missing = append(v.missing, c.octet("a missing value"))
	}
	d.elements = append(d.elements, len(d.variables))
	d.variables = append(d.variables, v)
	// Empty variable records follow for the second and further octets of a text.
	for range roundUp(max(v.width, 1), 8)/8 - 1 {
		at := c.At()
		kind, width := c.int32("a variable record"), c.int32("a variable record")
		if c.Take(24, "a variable record"); c.Err() != nil {
			return
		}
		if kind != recVariable || width != -1 {
			c.Fail(raw.Damaged(at, "text variable %s of %d bytes lacks a continuation record", printable(v.name), v.width))
			return
		}
		d.elements = append(d.elements, -1)
	}
}

func (d *records) readLabels(c cursor, at int64) {
	r := labelRecord{at: at}
	for range c.count("a value label record") {
		r.values = append(r.values, c.octet("a value label"))
		b := c.Take(1, "a value label")
		if c.Err() != nil {
			return
		}
		n := int(b[0])
		text := c.Take(int64(roundUp(n+1, 8)-1), "a value label")
		if c.Err() != nil {
			return
		}
		r.labels = append(r.labels, text[:n])
	}
	next := c.At()
	if kind := c.int32("a value label record"); kind != recLabelsFor && c.Err() == nil {
		c.Fail(raw.Damaged(next, "value labels must be followed by a record of type 4, not %d", kind))
	}
	for range c.count("a value label record") {
		r.elements = append(r.elements, c.int32("a value label record"))
		if c.Err() != nil {
			return
		}
	}
	d.labels = append(d.labels, r)
}

func (d *records) readExtension(c cursor, at int64) {
	what := "an extension record"
	subtype, size, count := c.int32(what), c.int32(what), c.int32(what)
	if c.Err() != nil {
		return
	}
	if size < 0 || count < 0 {
		c.Fail(raw.Damaged(at, "extension record %d has %d elements of %d bytes", subtype, count, size))
		return
	}
	want, known := elementSizes[subtype]
	if known && size != want && count > 0 {
		c.Fail(raw.Damaged(at, "the elements of extension record %d are %d bytes each, not %d", subtype, size, want))
		return
	}
	e := extension{at: c.At(), data: c.Take(int64(size)*int64(count), what)}
	if !known {
		d.Note(survey.NoticeUnread, nil, "extension record %d at byte %d is not known and was skipped", subtype, at)
		return
	}
	d.extensions[subtype] = e
}

// cursor reads the signed numbers of system files.
type cursor struct{ *raw.Cursor }

func (c cursor) int32(what string) int32 { return int32(c.Uint32(what)) }

func (c cursor) int64(what string) int64 { return int64(c.Uint64(what)) }

// count reads a number of things, which cannot be negative.
func (c cursor) count(what string) int32 {
	at, n := c.At(), c.int32(what)
	if n < 0 {
		c.Fail(raw.Damaged(at, "the number in %s is %d", what, n))
		return 0
	}
	return n
}

// octet reads the eight bytes of a value.
func (c cursor) octet(what string) (o [8]byte) {
	c.Fill(o[:], what)
	return o
}

// roundUp is n taken up to the next multiple of m.
func roundUp[T int | int64](n, m T) T { return (n + m - 1) / m * m }
