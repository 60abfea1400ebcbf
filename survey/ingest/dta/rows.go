package dta

import (
	"surveykit/survey/ingest/raw"
)

// blockBytes is about how much of the rows is held outside the columns.
const blockBytes = 64 << 10

// readRows streams the rows into the columns.
func (f *file) readRows() {
	f.in("data", func() {
		if f.rows > f.Left()/int64(f.rowBytes) {
			f.Fail(raw.Damaged(f.At(), "the header promises %d rows of %d bytes, and %d bytes are left", f.rows, f.rowBytes, f.Left()))
			return
		}
		for _, c := range f.columns {
			c.sink = f.newSink(c)
		}
		block := make([]byte, f.rowBytes*max(1, blockBytes/f.rowBytes))
		for left := f.rows * int64(f.rowBytes); left > 0 && f.Err() == nil; left -= int64(len(block)) {
			block = block[:min(int64(len(block)), left)]
			if f.Fill(block, "the rows"); f.Err() != nil {
				return
			}
			for _, c := range f.columns {
				c.sink.add(block, f.rowBytes)
			}
		}
	})
}

// readLabels reads the sets of value labels.
func (f *file) readLabels() {
	f.labels = map[string][]code{}
	f.in("value_labels", func() {
		for f.Err() == nil && f.anotherSet() {
			switch {
			case f.release < 108:
				f.readOldLabelSet()
			case f.tagged:
				f.in("lbl", f.readLabelSet)
			default:
				f.readLabelSet()
			}
		}
	})
}

// anotherSet looks whether one more set of labels follows.
func (f *file) anotherSet() bool {
	if f.tagged {
		return string(f.Peek(5)) == "<lbl>"
	}
	return f.Left() > 0
}

// readLabelSet reads a set's name, the values with the places of their labels,
// and the labels one after another.
func (f *file) readLabelSet() {
	const what = "the value labels"
	at := f.At()
	f.Uint32(what) // the set's length, which the numbers below say again
	name := f.text(f.Take(f.name, what))
	f.Take(3, what)
	n, textBytes := int64(f.Uint32(what)), int64(f.Uint32(what))
	places, values := f.Take(4*n, what), f.Take(4*n, what)
	all := f.Take(textBytes, what)
	if f.Err() != nil {
		return
	}
	codes, labels, used := make([]code, n), map[uint32]string{}, 0
	for i := range codes {
		place := f.Order.Uint32(places[4*i:])
		if _, seen := labels[place]; !seen && int64(place) < textBytes {
			label := raw.UpToZero(all[place:])
			labels[place], used = f.decode.Text(label), used+len(label)
		}
		if int64(place) >= textBytes || used > len(all) {
			f.Fail(raw.Damaged(at, "the labels of the set %s overlap or begin behind its end", name))
			return
		}
		codes[i] = code{int32(f.Order.Uint32(values[4*i:])), labels[place]}
	}
	f.labels[name] = codes
}

// readOldLabelSet reads a set of the oldest formats: labels have eight bytes.
func (f *file) readOldLabelSet() {
	const what = "the value labels"
	n := int64(f.Uint16(what))
	name := f.text(f.Take(f.name, what))
	f.Take(1, what)
	values := f.Take(2*n, what)
	for i := range values[:len(values)/2] {
		value := int32(int16(f.Order.Uint16(values[2*i:])))
		f.labels[name] = append(f.labels[name], code{value, f.text(f.Take(8, what))})
	}
}
