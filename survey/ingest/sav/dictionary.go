package sav

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// dictionary is what the records mean.
type dictionary struct {
	header
	*records
	decoder
	columns []*column
	// byRecord gives each variable record its column; the further segments of a
	// very long text share the first one's.
	byRecord []*column
	// byShort finds a column by its short name, byName by the name it goes by;
	// both in capitals.
	byShort, byName map[string]*column
	sets            []survey.MultipleResponse
	weightName      string
	problems        survey.Problems
}

// column is one variable and where its values are in a case.
type column struct {
	*survey.Variable
	record   *variableRecord
	short    string
	width    int
	segments []segment
	// swallowed marks a segment of a very long text before it.
	swallowed bool
}

// segment is a stretch of bytes in a case.
type segment struct{ offset, width int }

// resolve interprets the records in the one order that works: encoding, columns,
// names, and then everything that refers to them.
func resolve(h header, r *records, each raw.Blocks) (*dictionary, error) {
	d := &dictionary{header: h, records: r}
	if err := d.checkMachine(); err != nil {
		return nil, err
	}
	d.decoder = decoder{each.Decoder(r.chooseEncoding)}
	if e := d.extensions[extRows]; d.rows < 0 && len(e.data) >= 16 {
		// The header has no room for more than 2³¹−1 cases.
		d.rows = max(-1, int64(d.order.Uint64(e.data[8:])))
	}
	d.makeColumns()
	d.joinVeryLong()
	d.nameColumns()
	d.setMeasures()
	d.labelValues()
	d.labelLongValues()
	d.declareMissing()
	d.declareLongMissing()
	d.readReasons()
	d.readSets(extSets)
	d.readSets(extNewSets)
	d.findWeight()
	if label := d.text(d.label); label != "" {
		d.Note(survey.NoticeRemark, nil, "file label: %s", label)
	}
	for _, doc := range d.documents {
		var lines []string
		for ; len(doc) >= 80; doc = doc[80:] {
			lines = append(lines, d.text(doc[:80]))
		}
		d.Note(survey.NoticeRemark, nil, "document: %s", strings.Trim(strings.Join(lines, "\n"), "\n"))
	}
	return d, d.problems.Err()
}

// blame records a fault and lets the rest be checked.
func (d *dictionary) blame(at int64, format string, args ...any) {
	f := raw.Damaged(at, format, args...)
	d.problems = append(d.problems, survey.Problem{Message: f.Error(), Remedy: f.Remedy})
}

// checkMachine refuses the number formats and characters of old mainframes.
func (d *dictionary) checkMachine() error {
	e, ok := d.extensions[extMachine]
	if !ok || len(e.data) < 32 {
		return nil
	}
	remedy := "open it in SPSS on a PC or a Mac and save it there"
	if rep := d.order.Uint32(e.data[16:]); rep > 1 {
		return &raw.Fault{At: e.at + 16, Message: fmt.Sprintf("the file's numbers are not IEEE 754 (representation %d: IBM 370 or VAX)", rep), Remedy: remedy}
	}
	if d.characterCode() == codeEBCDIC {
		return &raw.Fault{At: e.at + 28, Message: "the file's text is EBCDIC", Remedy: remedy}
	}
	return nil
}

func (d *dictionary) makeColumns() {
	d.byShort = make(map[string]*column, len(d.variables))
	for i := range d.variables {
		r := &d.variables[i]
		v := &survey.Variable{Label: d.text(r.label), Kind: survey.Text}
		if r.width == 0 {
			v.Kind = r.format.kind()
		}
		c := &column{Variable: v, record: r, short: d.text(r.name), width: r.width}
		c.segments = []segment{{8 * r.element, max(r.width, 8)}}
		if r.width > 0 {
			c.segments[0].width = r.width
		}
		d.columns = append(d.columns, c)
		if key := strings.ToUpper(c.short); d.byShort[key] == nil {
			d.byShort[key] = c
		}
	}
	d.byRecord = append([]*column(nil), d.columns...)
}

// A text of more than 255 bytes is spread over variables of 255 bytes, one for
// each 252 bytes of its width.
const (
	veryLongUsed   = 255
	veryLongCounts = 252
)

// joinVeryLong makes one column of the segments of each very long text.
func (d *dictionary) joinVeryLong() {
	e := d.extensions[extVeryLong]
	for name, value := range pairs(e.data) {
		c := d.byShort[strings.ToUpper(d.text(name))]
		width, err := strconv.Atoi(string(bytes.Trim(value, "\x00 ")))
		if c == nil || err != nil || width < 1 {
			d.blame(e.at, "%s is not the name of a text variable and its width", printable(name))
			continue
		}
		if width > veryLongUsed {
			d.join(c, width)
		}
	}
	kept := d.columns[:0]
	for _, c := range d.columns {
		if !c.swallowed {
			kept = append(kept, c)
		}
	}
	d.columns = kept
}

func (d *dictionary) join(c *column, width int) {
	first := d.elements[c.record.element]
	n := (width + veryLongCounts - 1) / veryLongCounts
	if n > len(d.byRecord)-first {
		d.blame(c.record.at, "text %s of %d bytes has too few segments", c.short, width)
		return
	}
	c.width, c.segments = width, nil
	for i := range n {
		s := d.byRecord[first+i]
		used := min(veryLongUsed, width-i*veryLongUsed)
		if s.swallowed || used > s.record.width || i < n-1 && s.record.width != veryLongUsed {
			d.blame(s.record.at, "segment %d of text %s has a wrong width, %d", i+1, c.short, s.record.width)
			return
		}
		if used > 0 {
			c.segments = append(c.segments, segment{8 * s.record.element, used})
		}
		s.swallowed = i > 0
		d.byRecord[first+i] = c
	}
}

// nameColumns gives the columns their long names, and names that are unique.
func (d *dictionary) nameColumns() {
	for short, long := range pairs(d.extensions[extLongNames].data) {
		if c := d.byShort[strings.ToUpper(d.text(short))]; c != nil {
			c.Name = d.text(long)
		}
	}
	d.byName = make(map[string]*column, len(d.columns))
	names := raw.Names{}
	for i, c := range d.columns {
		c.Name = names.Free(cmp.Or(c.Name, c.short), i+1, &d.Notices)
		if key := strings.ToUpper(c.Name); d.byName[key] == nil {
			d.byName[key] = c
		}
		c.Format = c.record.format.String()
		if c.width > veryLongUsed {
			c.Format = fmt.Sprintf("A%d", c.width)
		}
	}
}

// setMeasures takes the levels of measurement from the display record, which has
// two or three integers for each variable record.
func (d *dictionary) setMeasures() {
	e := d.extensions[extDisplay]
	n := len(d.variables)
	each := len(e.data) / 4 / n
	if len(e.data) == 0 {
		return
	}
	if len(e.data)%(4*n) != 0 || each != 2 && each != 3 {
		d.Note(survey.NoticeLabels, nil, "the display record does not fit the variables: levels of measurement are not known")
		return
	}
	measures := []survey.Measure{survey.MeasureUnknown, survey.Nominal, survey.Ordinal, survey.Scale}
	for _, c := range d.columns {
		i := d.elements[c.record.element]
		if m := d.order.Uint32(e.data[4*each*i:]); int(m) < len(measures) {
			c.Measure = measures[m]
		}
	}
}

func (d *dictionary) findWeight() {
	if d.weight == 0 {
		return
	}
	c := d.at(d.weight)
	if c == nil || c.IsText() {
		d.blame(76, "the weight is element %d, which is not a numeric variable", d.weight)
		return
	}
	d.weightName = c.Name
}

// at finds the column of a 1-based dictionary element, nil where there is none.
func (d *dictionary) at(element int32) *column {
	if element < 1 || int(element) > len(d.elements) || d.elements[element-1] < 0 {
		return nil
	}
	return d.byRecord[d.elements[element-1]]
}

// number reads a value in the unit of the column's kind.
func (d *dictionary) number(c *column, octet [8]byte) float64 {
	return fromFile(c.Kind, math.Float64frombits(d.order.Uint64(octet[:])))
}

// find finds a column by its short name, which SPSS writes into most extensions,
// or else by its long one; nil where there is none.
func (d *dictionary) find(name []byte) *column {
	key := strings.ToUpper(d.text(name))
	if c := d.byShort[key]; c != nil {
		return c
	}
	return d.byName[key]
}

// table is the table as far as it is read.
func (d *dictionary) table() *survey.Table {
	t := &survey.Table{Rows: int(d.rows), Sets: d.sets, Weight: d.weightName, Notices: d.Notices}
	for _, c := range d.columns {
		t.Variables = append(t.Variables, c.Variable)
	}
	return t
}

// pairs iterates over "name=value" entries that are separated by tabs.
func pairs(data []byte) func(yield func(name, value []byte) bool) {
	return func(yield func(name, value []byte) bool) {
		for _, entry := range bytes.Split(data, []byte{'\t'}) {
			name, value, ok := bytes.Cut(entry, []byte{'='})
			if ok && !yield(name, value) {
				return
			}
		}
	}
}

// printable makes a raw name fit for a message.
func printable(name []byte) string {
	return strconv.QuoteToASCII(string(bytes.TrimRight(name, " \x00")))
}
