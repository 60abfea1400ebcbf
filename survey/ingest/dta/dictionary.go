package dta

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

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

// layoutOf finds the layout of a release; ok is false for an unknown one.
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
		f.Fail(&raw.Fault{At: 0, Message: fmt.Sprintf("this is not a Stata file of the formats 105 to 119: it begins with %d", release),
			Remedy: "check that the file is a .dta file; save older and newer ones in Stata with saveold"})
		return
	}
	f.layout = l
	if release < 118 {
		f.decode = raw.Decoder{Encoding: charmap.Windows1252, Guess: true}
	}
	variables := int64(0)
	if f.tagged {
		variables = f.readTaggedHeader()
	} else {
		variables = f.readPlainHeader()
	}
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

// readPlainHeader returns the number of variables.
func (f *file) readPlainHeader() (variables int64) {
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
	variables = int64(f.Uint16(what))
	f.rows = int64(f.Uint32(what))
	f.noteLabel(f.Take(f.label, "the file's label"))
	f.Take(18, "the time stamp")
	return variables
}

// readTaggedHeader returns the number of variables.
func (f *file) readTaggedHeader() (variables int64) {
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
	// The map gives the places of the parts, which follow from their order.
	f.in("map", func() { f.Take(14*8, "the map") })
	return variables
}

func (f *file) noteLabel(b []byte) {
	if label := f.text(b); label != "" {
		f.Note(survey.NoticeRemark, nil, "file label: %s", label)
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
		f.Fail(raw.Damaged(at, "%s is missing: here is %q", tag, got))
	}
}

// readDictionary reads the descriptions of the variables, part by part.
func (f *file) readDictionary() {
	f.in("variable_types", f.readTypes)
	names := raw.Names{}
	f.each("varnames", f.name, func(c *column, i int, s string) { c.Name = names.Free(s, i+1, &f.Notices) })
	f.in("sortlist", func() {
		width := int64(2)
		if f.release == 119 {
			width = 4
		}
		f.Take(width*int64(len(f.columns)+1), "the sort list")
	})
	f.each("formats", f.format, func(c *column, _ int, s string) {
		if c.Format = s; c.IsText() {
			return
		}
		c.Kind = kindOf(s)
		if strings.HasPrefix(strings.ReplaceAll(s, "-", ""), "%tC") {
			f.Note(survey.NoticeInexact, []string{c.Name}, "%s counts leap seconds (%%tC), which are not taken off: its times are up to 27 seconds late", c.Name)
		}
	})
	f.each("value_label_names", f.name, func(c *column, _ int, s string) { c.labelName = s })
	f.each("variable_labels", f.label, func(c *column, _ int, s string) { c.Label = s })
	f.in("characteristics", f.readCharacteristics)
}

// each reads a text of the width for every variable.
func (f *file) each(tag string, width int64, use func(c *column, i int, s string)) {
	f.in(tag, func() {
		for i, c := range f.columns {
			b := f.Take(width, tag)
			if b == nil {
				return
			}
			use(c, i, f.text(b))
		}
	})
}

// readTypes reads how each variable is stored, and so the width of a row.
func (f *file) readTypes() {
	for i := range f.columns {
		at := f.At()
		code := 0
		if f.tagged {
			code = int(f.Uint16("the storage types"))
		} else {
			code = int(f.Uint8("the storage types"))
		}
		s, ok := storageOf(f.release, code)
		if f.Err() == nil && !ok {
			f.Fail(raw.Damaged(at, "there is no storage type %d", code))
		}
		if f.Err() != nil {
			return
		}
		v := &survey.Variable{Kind: survey.Number}
		if s.kind == asText || s.kind == asLongText {
			v.Kind = survey.Text
		}
		f.columns[i] = &column{Variable: v, storage: s, offset: f.rowBytes}
		f.rowBytes += s.width
	}
}

// kindOf reads a display format such as %td, %-td or %tcDD/NN/CCYY.
func kindOf(format string) survey.Kind {
	format = strings.Replace(format, "%-", "%", 1)
	switch {
	case strings.HasPrefix(format, "%td"), strings.HasPrefix(format, "%d"):
		return survey.Date
	case strings.HasPrefix(format, "%tc"), strings.HasPrefix(format, "%tC"):
		return survey.DateTime
	}
	return survey.Number
}

// Stata counts dates in days and date-times in milliseconds from 1960-01-01.
const (
	secondsPerDay = 86400
	epochDays     = 3653 // from 1960-01-01 to 1970-01-01
)

// fromFile turns a number as the file holds it into the kind's own unit.
func fromFile(kind survey.Kind, x float64) float64 {
	switch kind {
	case survey.Date:
		return x - epochDays
	case survey.DateTime:
		return x/1000 - epochDays*secondsPerDay
	}
	return x
}

// readCharacteristics keeps the notes on the data and on variables; each has the
// name of its owner, its own name, and its text.
func (f *file) readCharacteristics() {
	const what = "the characteristics"
	for f.Err() == nil {
		n := int64(0)
		switch {
		case f.tagged:
			if string(f.Peek(4)) != "<ch>" {
				return
			}
			f.expect("<ch>")
			n = int64(f.Uint32(what))
		default:
			kind := f.Uint8(what)
			if f.release <= 108 {
				n = int64(f.Uint16(what))
			} else {
				n = int64(f.Uint32(what))
			}
			if kind == 0 && n == 0 {
				return
			}
		}
		b := f.Take(n, what)
		if f.tagged {
			f.expect("</ch>")
		}
		if int64(len(b)) < 2*f.name {
			continue
		}
		owner, name, note := f.text(b[:f.name]), f.text(b[f.name:2*f.name]), f.text(b[2*f.name:])
		number, isNote := strings.CutPrefix(name, "note")
		switch {
		case !isNote || number == "0" || strings.Trim(number, "0123456789") != "":
		case owner == "_dta":
			f.Note(survey.NoticeRemark, nil, "note: %s", note)
		default:
			f.Note(survey.NoticeRemark, []string{owner}, "note on %s: %s", owner, note)
		}
	}
}
