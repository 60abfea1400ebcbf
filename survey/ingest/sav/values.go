package sav

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
)

// labelValues gives the variables the codes of the label records. Variables that
// share a record share the slice of codes.
func (d *dictionary) labelValues() {
	for _, r := range d.labels {
		made := map[survey.Kind][]survey.Code{}
		for _, element := range r.elements {
			c := d.at(element)
			if c == nil {
				d.blame(r.at, "value labels are given to element %d, where no variable begins", element)
				break
			}
			if c.IsText() && c.width > 8 {
				d.Note(survey.NoticeLabels, []string{c.Name}, "value labels of the long text %s stand in the wrong record and were left out", c.Name)
				continue
			}
			if _, ok := made[c.Kind]; !ok {
				made[c.Kind] = d.codes(c, r)
			}
			c.addCodes(made[c.Kind])
		}
	}
}

func (d *dictionary) codes(c *column, r labelRecord) []survey.Code {
	codes := make([]survey.Code, 0, len(r.values))
	place := make(map[survey.Value]int, len(r.values))
	for i, octet := range r.values {
		v := d.value(c, octet)
		code := survey.Code{Value: v, Label: d.text(r.labels[i])}
		if k, again := place[v]; again {
			codes[k] = code
			continue
		}
		place[v] = len(codes)
		codes = append(codes, code)
	}
	return codes
}

// value reads an octet as the column's kind has it.
func (d *dictionary) value(c *column, octet [8]byte) survey.Value {
	if c.IsText() {
		return survey.TextValue(d.text(octet[:]))
	}
	return survey.NumberValue(d.number(c, octet))
}

// addCodes adds labelled values; a later label takes the place of an earlier one.
func (c *column) addCodes(codes []survey.Code) {
	if len(c.Codes) == 0 {
		c.Codes = slices.Clip(codes)
		return
	}
	place := make(map[survey.Value]int, len(c.Codes))
	merged := append([]survey.Code(nil), c.Codes...)
	for i, code := range merged {
		place[code.Value] = i
	}
	for _, code := range codes {
		if i, again := place[code.Value]; again {
			merged[i] = code
			continue
		}
		merged = append(merged, code)
	}
	c.Codes = merged
}

// declareMissing takes the missing values from the variable records.
func (d *dictionary) declareMissing() {
	for _, c := range d.columns {
		r := c.record
		single := r.missing
		if r.missingRanges && !c.IsText() {
			c.Missing = append(c.Missing, d.missingRange(c, r.missing[0], r.missing[1]))
			single = r.missing[2:]
		}
		for _, octet := range single {
			if c.IsText() {
				c.Missing = append(c.Missing, survey.MissingText(d.text(octet[:min(8, c.width)]), survey.ReasonUnknown))
				continue
			}
			c.Missing = append(c.Missing, survey.MissingNumber(d.number(c, octet), survey.ReasonUnknown))
		}
	}
}

// missingRange opens the ends that stand for LO and HI.
func (d *dictionary) missingRange(c *column, low, high [8]byte) survey.Missing {
	m := survey.Missing{Low: d.number(c, low), High: d.number(c, high)}
	if math.Float64frombits(d.order.Uint64(low[:])) <= lowest {
		m.Low = math.Inf(-1)
	}
	if math.Float64frombits(d.order.Uint64(high[:])) >= highest {
		m.High = math.Inf(1)
	}
	return m
}

// fields reads an extension's own parts; running over its end gives nil.
type fields struct {
	data  []byte
	at    int64
	order binary.ByteOrder
	short bool
}

func (d *dictionary) fields(subtype int32) *fields {
	e := d.extensions[subtype]
	return &fields{data: e.data, at: e.at, order: d.order}
}

func (f *fields) take(n int) []byte {
	if n < 0 || n > len(f.data) {
		f.short, f.data = true, nil
		return nil
	}
	b := f.data[:n]
	f.data, f.at = f.data[n:], f.at+int64(n)
	return b
}

func (f *fields) int32() int {
	b := f.take(4)
	if b == nil {
		return 0
	}
	return int(int32(f.order.Uint32(b)))
}

// labelLongValues reads the labels of texts of more than eight bytes: name,
// width, number of labels, and then each value and label with its length.
func (d *dictionary) labelLongValues() {
	f := d.fields(extLongLabels)
	for len(f.data) > 0 {
		name := f.take(f.int32())
		f.int32()
		var codes []survey.Code
		for n := f.int32(); n > 0 && !f.short; n-- {
			value := survey.TextValue(d.text(f.take(f.int32())))
			codes = append(codes, survey.Code{Value: value, Label: d.text(f.take(f.int32()))})
		}
		if f.short {
			d.blame(f.at, "the labels of long text values end too early")
			return
		}
		if c := d.longText(name); c != nil {
			c.addCodes(codes)
		}
	}
}

// declareLongMissing reads the missing values of texts of more than eight bytes:
// name, their number in one byte, their length, and the values. Old programs
// repeat the length before each value.
func (d *dictionary) declareLongMissing() {
	f := d.fields(extLongMissing)
	for len(f.data) > 0 {
		name := f.take(f.int32())
		count := f.take(1)
		length := f.int32()
		var values []survey.Missing
		for i := 0; !f.short && i < int(count[0]); i++ {
			if i > 0 && len(f.data) >= 4 && int(f.order.Uint32(f.data)) == length {
				f.take(4)
			}
			values = append(values, survey.MissingText(d.text(f.take(length)), survey.ReasonUnknown))
		}
		if f.short {
			d.blame(f.at, "the missing values of long texts end too early")
			return
		}
		if c := d.longText(name); c != nil {
			c.Missing = append(c.Missing, values...)
		}
	}
}

// longText finds the text column that an extension names; one that is not there
// is noted and passed over.
func (d *dictionary) longText(raw []byte) *column {
	name := d.text(raw)
	c := d.byName[strings.ToUpper(name)]
	if c == nil {
		c = d.byShort[strings.ToUpper(name)]
	}
	if c == nil || !c.IsText() {
		d.Note(survey.NoticeLabels, nil, "labels or missing values are given to %q, which is no text variable: they were left out", name)
		return nil
	}
	return c
}
