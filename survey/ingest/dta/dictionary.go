package dta

import (
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// readDictionary reads what the file says of its variables, part by part.
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
	f.each("formats", f.format, func(c *column, _ int, s string) { f.setFormat(c, s) })
	f.each("value_label_names", f.name, func(c *column, _ int, s string) { c.labelName = s })
	f.each("variable_labels", f.label, func(c *column, _ int, s string) { c.Label = s })
	f.in("characteristics", f.readCharacteristics)
}

// each reads a text of so many bytes for every variable.
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

// readTypes learns how each variable is stored, and so how wide a row is.
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
		if s.isText() {
			v.Kind = survey.Text
		}
		f.columns[i] = &column{Variable: v, storage: s, offset: f.rowBytes}
		f.rowBytes += s.width
	}
}

// setFormat takes the kind of a number from its display format.
func (f *file) setFormat(c *column, format string) {
	c.Format = format
	if c.IsText() {
		return
	}
	c.Kind = kindOf(format)
	if strings.HasPrefix(strings.ReplaceAll(format, "-", ""), "%tC") {
		f.Note(survey.NoticeInexact, []string{c.Name}, "%s counts leap seconds (%%tC): its times are read without taking them off, so they are up to 27 seconds late", c.Name)
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
			if n = int64(f.length(what)); kind == 0 && n == 0 {
				return
			}
		}
		f.noteCharacteristic(f.Take(n, what))
		if f.tagged {
			f.expect("</ch>")
		}
	}
}

func (f *file) noteCharacteristic(b []byte) {
	if int64(len(b)) < 2*f.name {
		return
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

// length reads a length that has two bytes in the oldest formats.
func (f *file) length(what string) uint32 {
	if f.release <= 108 {
		return uint32(f.Uint16(what))
	}
	return f.Uint32(what)
}
