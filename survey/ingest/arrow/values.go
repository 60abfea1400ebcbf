package arrow

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
	"surveykit/survey/ingest/raw"
)

// mostCodes is the most values of an unordered dictionary that is read as the
// categories of a question; a longer one only packs texts.
const mostCodes = 200

// target is a column that is read, and its field.
type target struct {
	*columnar.Column
	field *field
	// categories are all values of the column's dictionaries.
	categories *columnar.Column
}

// target makes the columns of a field, and notes what is left out.
func (rd *reader) target(f *field, before string, names raw.Names) {
	name := strings.ToValidUTF8(before+f.name, "\uFFFD")
	switch {
	case f.kind == structType && f.encoding == nil:
		for _, c := range f.children {
			rd.target(c, name+".", names)
		}
	case f.readable():
		t := &target{Column: newColumn(f, names.Free(name, len(names)+1, &rd.Notices)), field: f}
		if f.encoding != nil && f.texts() {
			t.categories = newColumn(f, "")
		}
		rd.columns = append(rd.columns, t)
		f.target = t
	default:
		rd.skipped = append(rd.skipped, name)
	}
}

func kindOf(f *field) survey.Kind {
	switch {
	case f.texts():
		return survey.Text
	case f.kind == dateType:
		return survey.Date
	case f.kind == timeType:
		return survey.TimeOfDay
	case f.kind == timestampType:
		return survey.DateTime
	}
	return survey.Number
}

// read adds the rows of a batch.
func (t *target) read(b *body, present bits) error {
	f := t.field
	if f.encoding == nil {
		return b.column(f, present, func(cell []byte) error {
			put(f, t.Column, cell)
			return nil
		}, t.Null)
	}
	dictionary := b.rd.dictionaries[f.encoding.id]
	if dictionary == nil {
		dictionary = newColumn(f, "")
	}
	if dictionary.IsText() && !t.IsText() {
		t.MakeText()
	}
	if t.categories != nil {
		for _, s := range dictionary.Texts.Values {
			t.categories.Place([]byte(s))
		}
	}
	texts := make([]int32, dictionary.Len())
	for k := range texts {
		texts[k] = unplaced
	}
	return b.column(f.encoding.index, present, func(cell []byte) error {
		k := integer(cell, f.encoding.index.unsigned)
		if k < 0 || k >= int64(dictionary.Len()) {
			return fmt.Errorf("there is no value %d in its dictionary of %d", k, dictionary.Len())
		}
		x, ok := dictionary.At(int(k))
		switch {
		case !ok:
			t.Null()
		case !t.IsText():
			t.Number(x.Number)
		default:
			if texts[k] == unplaced {
				texts[k] = t.Place([]byte(x.String()))
			}
			t.Texts.Index.Append(texts[k])
		}
		return nil
	}, t.Null)
}

// unplaced marks a value of a dictionary that no row has yet.
const unplaced = -1

// finish is the finished column, with the categories of its dictionary.
func (t *target) finish() *survey.Variable {
	v := t.Variable
	if t.categories == nil {
		return v
	}
	all, ordered := t.categories.Texts.Values, t.field.encoding.ordered
	if len(all) > mostCodes && !ordered {
		return v
	}
	for _, s := range all {
		v.Codes = append(v.Codes, survey.Code{Value: survey.TextValue(s), Label: s})
	}
	if v.Measure = survey.Nominal; ordered {
		v.Measure = survey.Ordinal
	}
	return v
}

// column reads the rows of the next field, whose values have the type of f:
// put receives the bytes of a value, null is called for a missing one.
func (b *body) column(f *field, present bits, put func(cell []byte) error, null func()) error {
	if f.kind == nullType {
		for range b.rows {
			null()
		}
		return nil
	}
	n, err := b.buffers(f)
	if err != nil {
		return err
	}
	own, err := b.bits()
	if err != nil {
		return err
	}
	present = present.and(own)
	content := make([][]byte, n-1)
	for k := range content {
		if content[k], err = b.next(); err != nil {
			return err
		}
	}
	cell, err := f.cells(content, int(b.rows))
	if err != nil {
		return err
	}
	for i := range int(b.rows) {
		if !present.at(i) {
			null()
			continue
		}
		value := cell(i)
		if value == nil {
			return errors.New("a text is outside its buffer")
		}
		if err := put(value); err != nil {
			return err
		}
	}
	return nil
}

// cells finds the bytes of a row's value in the field's buffers: nil where they
// are outside.
func (f *field) cells(content [][]byte, rows int) (func(i int) []byte, error) {
	data := content[0]
	switch f.kind {
	case boolType:
		if len(data) < (rows+7)/8 {
			return nil, errShort
		}
		both := []byte{0, 1}
		return func(i int) []byte { k := data[i/8] >> (i % 8) & 1; return both[k : k+1] }, nil
	case textType, binaryType:
		return between(data, content[1], 4, rows)
	case largeTextType, largeBinaryType:
		return between(data, content[1], 8, rows)
	case textViewType, binaryViewType:
		return viewed(data, content[1:], rows)
	}
	if rows > 0 && len(data)/rows < f.width {
		return nil, errShort
	}
	return func(i int) []byte { return slices.Clip(data[i*f.width : (i+1)*f.width]) }, nil
}

var errShort = errors.New("it has fewer values than rows")

// between finds texts by their beginnings and ends.
func between(places, data []byte, width, rows int) (func(i int) []byte, error) {
	if rows > 0 && len(places)/width < rows+1 {
		return nil, errShort
	}
	return func(i int) []byte {
		from, to := integer(places[i*width:(i+1)*width], false), integer(places[(i+1)*width:(i+2)*width], false)
		return part(data, from, to)
	}, nil
}

// viewed finds texts by views: short ones are in the view itself.
func viewed(views []byte, data [][]byte, rows int) (func(i int) []byte, error) {
	const width, short = 16, 12
	if rows > 0 && len(views)/rows < width {
		return nil, errShort
	}
	return func(i int) []byte {
		view := views[i*width : (i+1)*width]
		n := integer(view[:4], false)
		if n <= short {
			return part(view, 4, 4+n)
		}
		k, at := integer(view[8:12], false), integer(view[12:], false)
		if k < 0 || k >= int64(len(data)) {
			return nil
		}
		return part(data[k], at, at+n)
	}, nil
}

// part is data[from:to], nil where that is outside.
func part(data []byte, from, to int64) []byte {
	if from < 0 || to < from || to > int64(len(data)) {
		return nil
	}
	if from == to {
		return []byte{}
	}
	return data[from:to]
}

// integer reads a whole number of 1 to 8 bytes.
func integer(b []byte, unsigned bool) int64 {
	n := uint64(0)
	for k := len(b) - 1; k >= 0; k-- {
		n = n<<8 | uint64(b[k])
	}
	if shift := 64 - 8*len(b); !unsigned {
		return int64(n<<shift) >> shift
	}
	return int64(n)
}

// put adds a value to the column.
func put(f *field, c *columnar.Column, cell []byte) {
	switch f.kind {
	case intType:
		if n := integer(cell, f.unsigned); f.unsigned && n < 0 {
			c.Unsigned(uint64(n))
		} else {
			c.Whole(n)
		}
	case boolType:
		c.Number(float64(cell[0]))
	case floatType:
		c.Number(float(cell))
	case decimalType:
		slices.Reverse(cell)
		c.Number(columnar.Decimal(columnar.Signed(cell), f.scale))
	case dateType:
		const dayMillis = 86400000
		days := float64(integer(cell, false))
		if f.unit == unitMilli {
			days /= dayMillis
		}
		c.Number(days)
	case timeType, timestampType, durationType:
		c.Number(float64(integer(cell, false)) / [...]float64{1, 1e3, 1e6, 1e9}[f.unit])
	default:
		c.Text(cell)
	}
}

// float reads a number of 2, 4 or 8 bytes.
func float(b []byte) float64 {
	switch len(b) {
	case 8:
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	case 4:
		return columnar.Shortest(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	const exponents, fractions = 0x1f, 0x3ff
	half := binary.LittleEndian.Uint16(b)
	exponent, fraction := int(half>>10&exponents), float64(half&fractions)
	x := math.Ldexp(fraction/1024+1, exponent-15)
	switch {
	case exponent == 0:
		x = math.Ldexp(fraction, -24)
	case exponent == exponents && fraction > 0:
		return math.NaN()
	case exponent == exponents:
		x = math.Inf(1)
	}
	return math.Copysign(x, float64(1)-2*float64(half>>15))
}
