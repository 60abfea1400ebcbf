package sav

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

	"surveykit/survey"
)

// Options say how Write packs a file.
type Options struct {
	// Zlib writes a .zsav. Default: a byte-code compressed .sav, which every
	// version of SPSS reads.
	Zlib bool
}

// Write writes the table as an SPSS system file in UTF-8: values, labels,
// missing rules, levels of measurement, multiple-response sets, weight. Reasons of
// missing values are in the attribute MissingReasons of a variable, where Read
// finds them. The same table gives the same bytes: the file's date is always
// 1970-01-01.
//
// What SPSS cannot hold and an analysis can do without is changed, and the notices say
// what: names that are not allowed are mended, labels are cut to 256 bytes (of a
// variable) and 120 bytes (of a value), missing texts become empty. Trailing
// blanks of a text are not kept. What would change an answer's meaning gives
// survey.Problems and writes nothing: more than three missing values, or more than
// one with a range; missing texts of more than 8 bytes; texts of more than 32,767
// bytes.
func Write(w io.Writer, t *survey.Table, opts Options) (notices survey.Notices, err error) {
	p, err := plan(t)
	if err != nil {
		return nil, err
	}
	head := p.encode(opts.Zlib)
	if _, err := w.Write(head); err != nil {
		return nil, err
	}
	if opts.Zlib {
		z := &blockWriter{start: int64(len(head))}
		if err := p.writeCases(z); err != nil {
			return nil, err
		}
		return p.Notices, z.finish(w)
	}
	out := bufio.NewWriterSize(w, blockBytes)
	if err := p.writeCases(out); err != nil {
		return nil, err
	}
	return p.Notices, out.Flush()
}

// writtenBias is the bias of the byte codes; every program uses 100.
const writtenBias = 100

// recordBuffer gathers records in little-endian order.
type recordBuffer struct{ bytes.Buffer }

func (b *recordBuffer) int32s(xs ...int32) {
	for _, x := range xs {
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(x)))
	}
}

func (b *recordBuffer) int64s(xs ...int64) {
	for _, x := range xs {
		b.Write(binary.LittleEndian.AppendUint64(nil, uint64(x)))
	}
}

func (b *recordBuffer) float64(x float64) { b.int64s(int64(math.Float64bits(x))) }

// padded writes s and blanks up to n bytes.
func (b *recordBuffer) padded(s string, n int) {
	b.WriteString(s)
	b.WriteString(strings.Repeat(" ", max(0, n-len(s))))
}

// counted writes the length of s and s.
func (b *recordBuffer) counted(s string) {
	b.int32s(int32(len(s)))
	b.WriteString(s)
}

// extension writes a record of type 7, unless it would be empty.
func (b *recordBuffer) extension(subtype int32, data []byte) {
	if len(data) == 0 {
		return
	}
	size := elementSizes[subtype]
	b.int32s(recExtension, subtype, size, int32(len(data))/size)
	b.Write(data)
}

// encode lays out everything before the cases.
func (p *layout) encode(zlib bool) []byte {
	b := &recordBuffer{}
	signature, compression := "$FL2", int32(byteCodeCases)
	if zlib {
		signature, compression = "$FL3", zlibCases
	}
	rows, weight, octets := int32(-1), int32(0), 0
	if p.table.Rows <= math.MaxInt32 {
		rows = int32(p.table.Rows)
	}
	if f := p.byName[p.table.Weight]; f != nil {
		weight = int32(f.element)
	}
	for _, f := range p.fields {
		octets += f.octets()
	}
	b.WriteString(signature)
	b.padded("@(#) SPSS DATA FILE surveykit", 60)
	b.int32s(2, int32(octets), compression, weight, rows)
	b.float64(writtenBias)
	b.WriteString("01 Jan 7000:00:00")
	b.padded("", 64+3)
	for _, f := range p.fields {
		p.variable(b, f)
	}
	for _, f := range p.fields {
		if len(f.Codes) == 0 || f.width > maxShortText {
			continue
		}
		b.int32s(recLabels, int32(len(f.Codes)))
		for _, c := range f.Codes {
			label := p.shorten(f, c.Label, maxValueLabel)
			f.octet(b, c.Value)
			b.WriteByte(byte(len(label)))
			b.padded(label, roundUp(len(label)+1, 8)-1)
		}
		b.int32s(recLabelsFor, 1, int32(f.element))
	}
	p.extensions(b)
	b.int32s(recEndOfDicts, 0)
	if n := len(p.cutLabels); n > 0 {
		p.Note(survey.NoticeNotKept, p.cutLabels, "%d labels were cut to the %d bytes of a variable's label or the %d of a value's, the first at variable %s",
			n, maxLabel, maxValueLabel, p.cutLabels[0])
	}
	return b.Bytes()
}

// variable writes the records of a field: the first with label and missing
// values, the other segments of a very long text bare.
func (p *layout) variable(b *recordBuffer, f *field) {
	for i, part := range f.parts {
		packed := f.format.pack()
		labelled, missing := int32(0), int32(0)
		if i == 0 && f.Label != "" {
			labelled = 1
		}
		if i == 0 && f.width <= maxShortText {
			// A range makes the number negative. Those of long texts are in an extension.
			missing = int32(len(f.single))
			if f.ranged != nil {
				missing = -(missing + maxMissingRange)
			}
		}
		if len(f.parts) > 1 {
			packed = format{code: formatA, width: byte(part.width)}.pack()
		}
		b.int32s(recVariable, int32(part.width), labelled, missing, packed, packed)
		b.padded(part.short, 8)
		if labelled == 1 {
			label := p.shorten(f, f.Label, maxLabel)
			b.int32s(int32(len(label)))
			b.padded(label, roundUp(len(label), 4))
		}
		if r := f.ranged; r != nil && missing != 0 {
			b.float64(max(toFile(f.Kind, r.Low), lowest))
			b.float64(min(toFile(f.Kind, r.High), highest))
		}
		if missing != 0 {
			for _, m := range f.single {
				f.octet(b, survey.Value{Number: m.Low, Text: m.Text, IsText: m.IsText})
			}
		}
		for range part.octets() - 1 {
			b.int32s(recVariable, -1, 0, 0, 0, 0)
			b.padded("", 8)
		}
	}
}

// shorten cuts a label to n bytes.
func (p *layout) shorten(f *field, label string, n int) string {
	short := cut(label, n)
	if short != label {
		p.cutLabels = append(p.cutLabels, f.Variable.Name)
	}
	return short
}

// octet writes a value in eight bytes.
func (f *field) octet(b *recordBuffer, v survey.Value) {
	if f.IsText() {
		b.padded(v.Text, 8)
		return
	}
	b.float64(toFile(f.Kind, v.Number))
}

func (p *layout) extensions(b *recordBuffer) {
	const version, unknownMachine, ieee, compressed, littleEndian, utf8 = 1, -1, 1, 1, 2, 65001
	var data recordBuffer
	add := func(subtype int32, fill func(b *recordBuffer)) {
		data.Reset()
		fill(&data)
		b.extension(subtype, data.Bytes())
	}
	add(extMachine, func(b *recordBuffer) {
		b.int32s(version, 0, 0, unknownMachine, ieee, compressed, littleEndian, utf8)
	})
	add(extFloats, func(b *recordBuffer) {
		b.float64(systemMissing)
		b.float64(highest)
		b.float64(lowest)
	})
	add(extSets, p.sets)
	add(extDisplay, p.display)
	add(extLongNames, p.longNames)
	add(extVeryLong, p.veryLong)
	add(extRows, func(b *recordBuffer) { b.int64s(1, int64(p.table.Rows)) })
	add(extAttributes, p.reasons)
	add(extEncoding, func(b *recordBuffer) { b.WriteString("UTF-8") })
	add(extLongLabels, p.longLabels)
	add(extLongMissing, p.longMissing)
}

func (p *layout) sets(b *recordBuffer) {
	for _, set := range p.table.Sets {
		fmt.Fprintf(b, "$%s=", allowed(strings.TrimPrefix(set.Name, "$")))
		if set.Counted == nil {
			b.WriteString("C ")
		} else {
			v := *set.Counted
			v.Number = toFile(p.byName[set.Variables[0]].Kind, v.Number)
			fmt.Fprintf(b, "D%d %s ", len(v.String()), v)
		}
		fmt.Fprintf(b, "%d %s", len(set.Label), set.Label)
		for _, name := range set.Variables {
			fmt.Fprintf(b, " %s", strings.ToLower(p.byName[name].parts[0].short))
		}
		b.WriteByte('\n')
	}
}

func (p *layout) display(b *recordBuffer) {
	const left, right, columns = 0, 1, 8
	measures := map[survey.Measure]int32{survey.Nominal: 1, survey.Ordinal: 2, survey.Scale: 3}
	for _, f := range p.fields {
		align := int32(right)
		if f.IsText() {
			align = left
		}
		for range f.parts {
			b.int32s(measures[f.Measure], columns, align)
		}
	}
}

func (p *layout) longNames(b *recordBuffer) {
	for i, f := range p.fields {
		if i > 0 {
			b.WriteByte('\t')
		}
		fmt.Fprintf(b, "%s=%s", f.parts[0].short, f.name)
	}
}

func (p *layout) veryLong(b *recordBuffer) {
	for _, f := range p.fields {
		if len(f.parts) > 1 {
			fmt.Fprintf(b, "%s=%05d\x00\t", f.parts[0].short, f.width)
		}
	}
}

func (p *layout) longLabels(b *recordBuffer) {
	for _, f := range p.fields {
		if len(f.Codes) == 0 || f.width <= maxShortText {
			continue
		}
		b.counted(f.name)
		b.int32s(int32(f.width), int32(len(f.Codes)))
		for _, c := range f.Codes {
			b.int32s(int32(f.width))
			b.padded(c.Value.Text, f.width)
			b.counted(p.shorten(f, c.Label, maxValueLabel))
		}
	}
}

func (p *layout) longMissing(b *recordBuffer) {
	for _, f := range p.fields {
		if len(f.single) == 0 || f.width <= maxShortText {
			continue
		}
		b.counted(f.name)
		b.WriteByte(byte(len(f.single)))
		b.int32s(maxShortText)
		for _, m := range f.single {
			b.padded(m.Text, maxShortText)
		}
	}
}

// writeCases writes all rows in byte codes.
func (p *layout) writeCases(w io.Writer) error {
	c := &coder{w: w}
	for row := range p.table.Rows {
		for _, f := range p.fields {
			if !f.IsText() {
				x := toFile(f.Kind, f.Numbers.At(row))
				code := x + writtenBias
				switch {
				case math.IsNaN(x):
					c.put(codeMissing)
				case code == math.Trunc(code) && code > codeNothing && code < codeEnd && code-writtenBias == x:
					c.put(byte(code))
				default:
					binary.LittleEndian.PutUint64(c.literal(), math.Float64bits(x))
					c.put(codeLiteral)
				}
				continue
			}
			text := ""
			if k := f.Texts.Index.At(row); k >= 0 {
				text = f.Texts.Values[k]
			}
			for _, part := range f.parts {
				used := min(len(text), part.width)
				s := text[:used]
				octets := part.octets()
				for range octets {
					n := min(len(s), 8)
					if blank := s[:n] == "        "[:n]; blank {
						c.put(codeBlanks)
					} else {
						copy(c.literal(), s[:n]+"        ")
						c.put(codeLiteral)
					}
					s = s[n:]
				}
				text = text[used:]
			}
		}
	}
	c.flush()
	return c.err
}

// coder is the inverse of expander. The first failure of w sticks.
type coder struct {
	w io.Writer
	// group is the eight codes, of which n are set, and then their literals.
	group [72]byte
	n     int
	size  int
	err   error
}

// literal is the space for the next literal; a put of codeLiteral must follow.
func (c *coder) literal() []byte { return c.group[8+c.size : 8+c.size+8] }

func (c *coder) put(code byte) {
	c.group[c.n] = code
	c.n++
	if code == codeLiteral {
		c.size += 8
	}
	if c.n == 8 {
		c.flush()
	}
}

func (c *coder) flush() {
	clear(c.group[c.n:8])
	if c.n > 0 && c.err == nil {
		_, c.err = c.w.Write(c.group[:8+c.size])
	}
	c.n, c.size = 0, 0
}

// writtenBlock is how many bytes of byte codes go into a zlib block.
const writtenBlock = 0x3ff000

// blockWriter packs what is written to it into zlib blocks, and keeps them until
// finish, because the place of their list is written before them.
type blockWriter struct {
	// start is the place of the zlib header in the file.
	start  int64
	raw    bytes.Buffer
	packed bytes.Buffer
	list   []block
}

const zlibHeaderSize = 24

func (z *blockWriter) Write(p []byte) (int, error) {
	z.raw.Write(p)
	for z.raw.Len() >= writtenBlock {
		if err := z.pack(z.raw.Next(writtenBlock)); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (z *blockWriter) pack(raw []byte) error {
	before := z.packed.Len()
	d := zlib.NewWriter(&z.packed)
	if _, err := d.Write(raw); err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	z.list = append(z.list, block{
		at:     z.start + zlibHeaderSize + int64(before),
		packed: int64(z.packed.Len() - before),
		size:   int64(len(raw)),
	})
	return nil
}

// finish writes the zlib header, the blocks and their list.
func (z *blockWriter) finish(w io.Writer) error {
	if z.raw.Len() > 0 {
		if err := z.pack(z.raw.Bytes()); err != nil {
			return err
		}
	}
	var head, list recordBuffer
	list.int64s(-writtenBias, 0)
	list.int32s(writtenBlock, int32(len(z.list)))
	unpacked := z.start
	for _, b := range z.list {
		list.int64s(unpacked, b.at)
		list.int32s(int32(b.size), int32(b.packed))
		unpacked += b.size
	}
	head.int64s(z.start, z.start+zlibHeaderSize+int64(z.packed.Len()), int64(list.Len()))
	for _, part := range []*bytes.Buffer{&head.Buffer, &z.packed, &list.Buffer} {
		if _, err := w.Write(part.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
