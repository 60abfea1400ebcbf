package dta

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// layout is what differs between the formats: the widths of fields, in bytes.
type layout struct {
	release int
	name    int64
	format  int64
	label   int64
	// tagged formats have each part between tags.
	tagged bool
}

// layoutOf finds the layout of a release; ok is false for one that is not read.
func layoutOf(release int) (l layout, ok bool) {
	l = layout{release: release, name: 33, format: 49, label: 81}
	switch release {
	case 105:
		l.name, l.format, l.label = 9, 12, 32
	case 106, 107, 108:
		l.name, l.format = 9, 12
	case 110, 111, 112, 113:
		l.format = 12
	case 114, 115:
	case 117:
		l.tagged = true
	case 118, 119:
		l.tagged = true
		l.name, l.format, l.label = 129, 57, 321
	default:
		return l, false
	}
	return l, true
}

const opening = "<stata_dta><header><release>"

// readHeader finds format, byte order and size of the data.
func (f *file) readHeader() {
	release := 0
	if string(f.Peek(len(opening))) == opening {
		f.expect(opening)
		release, _ = strconv.Atoi(string(f.Take(3, "the release")))
		f.expect("</release>")
	} else {
		release = int(f.Uint8("the header"))
	}
	if f.Err() != nil {
		return
	}
	l, ok := layoutOf(release)
	if !ok {
		f.Fail(&raw.Fault{At: 0, Message: fmt.Sprintf("this is no Stata file of the formats 105 to 119: it begins with %d", release),
			Remedy: "check that the file is a .dta file; save older and newer ones in Stata with saveold"})
		return
	}
	f.layout = l
	if release < 118 {
		f.decode = raw.Decoder{Encoding: charmap.Windows1252, Guess: true}
	}
	if f.tagged {
		f.readTaggedHeader()
		return
	}
	f.readPlainHeader()
}

func (f *file) readPlainHeader() {
	const what = "the header"
	at := f.At()
	switch f.Uint8(what) {
	case 1:
		f.Order = binary.BigEndian
	case 2:
		f.Order = binary.LittleEndian
	default:
		f.Fail(raw.Damaged(at, "the byte order is neither 1 nor 2"))
	}
	f.Take(2, what) // file type and padding
	variables := int64(f.Uint16(what))
	f.rows = int64(f.Uint32(what))
	f.noteLabel(f.Take(f.label, "the file's label"))
	f.Take(18, "the time stamp")
	f.makeColumns(variables)
}

func (f *file) readTaggedHeader() {
	f.in("byteorder", func() {
		switch at, order := f.At(), string(f.Take(3, "the byte order")); order {
		case "MSF":
			f.Order = binary.BigEndian
		case "LSF":
			f.Order = binary.LittleEndian
		default:
			f.Fail(raw.Damaged(at, "the byte order is %q, neither MSF nor LSF", order))
		}
	})
	var variables int64
	f.in("K", func() {
		if f.release == 119 {
			variables = int64(f.Uint32("the number of variables"))
			return
		}
		variables = int64(f.Uint16("the number of variables"))
	})
	f.in("N", func() {
		if f.release == 117 {
			f.rows = int64(f.Uint32("the number of rows"))
			return
		}
		f.rows = int64(f.Uint64("the number of rows"))
	})
	f.in("label", func() {
		if f.release == 117 {
			f.noteLabel(f.Take(int64(f.Uint8("the file's label")), "the file's label"))
			return
		}
		f.noteLabel(f.Take(int64(f.Uint16("the file's label")), "the file's label"))
	})
	f.in("timestamp", func() { f.Take(int64(f.Uint8("the time stamp")), "the time stamp") })
	f.expect("</header>")
	// The map repeats where the parts begin, which their order says already.
	f.in("map", func() { f.Take(14*8, "the map") })
	f.makeColumns(variables)
}

func (f *file) noteLabel(b []byte) {
	if label := f.text(b); label != "" {
		f.Note(survey.NoticeRemark, nil, "file label: %s", label)
	}
}

// makeColumns checks the numbers in the header before room is made for them.
func (f *file) makeColumns(variables int64) {
	switch {
	case f.Err() != nil:
	case variables == 0:
		f.Fail(raw.Damaged(f.At(), "the file has no variables"))
	case f.rows < 0:
		f.Fail(raw.Damaged(f.At(), "the header promises %d rows", uint64(f.rows)))
	case variables*f.name > f.Left():
		f.Fail(raw.Damaged(f.At(), "the header promises %d variables, and %d bytes are left", variables, f.Left()))
	default:
		f.columns = make([]*column, variables)
	}
}

// in reads a part, between its tags where the format has tags.
func (f *file) in(tag string, read func()) {
	if f.tagged {
		f.expect("<" + tag + ">")
	}
	if f.Err() == nil {
		read()
	}
	if f.tagged {
		f.expect("</" + tag + ">")
	}
}

// expect reads a tag.
func (f *file) expect(tag string) {
	at := f.At()
	if got := f.Take(int64(len(tag)), tag); got != nil && string(got) != tag {
		f.Fail(raw.Damaged(at, "here should be %s, and it is %q", tag, got))
	}
}
