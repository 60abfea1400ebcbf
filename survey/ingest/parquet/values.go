package parquet

import (
	"errors"
	"math"
	"math/big"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"surveykit/survey"
	"surveykit/survey/ingest/columnar"
)

// target is a variable that is filled from the pages of a column.
type target struct {
	*columnar.Column
	logical  any
	scale    float64 // units of the file in one of ours: microseconds in a second
	unsigned bool
	full     byte // the definition level of a value that is there
	terms    terms
	scratch  []int32
}

// terms are the values of the last dictionary, in its order.
type terms struct {
	of     parquet.Dictionary
	values *columnar.Column
	places []int32 // of each text in the column, unplaced where no row has had it
	// numbers are the places of each number in the column; nil where it does not hold them
	// once.
	numbers []int32
}

const unplaced = -1

// again are the terms for a column that has no texts yet.
func (t terms) again() terms {
	t.places, t.numbers = slices.Repeat([]int32{unplaced}, len(t.places)), nil
	return t
}

// newTarget settles what the values of a column become.
func newTarget(c *parquet.Column, name string, rows int) *target {
	t := &target{Column: columnar.NewColumn(name, rows), full: byte(c.MaxDefinitionLevel()), scale: 1}
	if l := c.Type().LogicalType(); l != nil {
		t.logical = l.Value
	}
	_, decimals := t.logical.(*format.DecimalType)
	switch c.Type().Kind() {
	case parquet.Boolean:
		t.Codes = []survey.Code{{Value: survey.NumberValue(0), Label: "false"}, {Value: survey.NumberValue(1), Label: "true"}}
	case parquet.Int32, parquet.Int64:
		switch l := t.logical.(type) {
		case *format.DateType:
			t.Kind = survey.Date
		case *format.TimeType:
			t.Kind, t.scale = survey.TimeOfDay, perSecond(l.Unit)
		case *format.TimestampType:
			t.Kind, t.scale = survey.DateTime, perSecond(l.Unit)
		case *format.IntType:
			t.unsigned = !l.IsSigned
		}
	case parquet.Int96:
		t.Kind = survey.DateTime
	case parquet.ByteArray, parquet.FixedLenByteArray:
		if !decimals {
			t.MakeText()
		}
	}
	return t
}

func perSecond(unit format.TimeUnit) float64 {
	switch unit.Value.(type) {
	case *format.MilliSeconds:
		return 1e3
	case *format.MicroSeconds:
		return 1e6
	}
	return 1e9
}

// addPage adds the values of a page.
func (t *target) addPage(page parquet.Page) error {
	levels := page.DefinitionLevels()
	present := int(page.NumValues())
	if levels != nil {
		present = 0
		for _, d := range levels {
			if d == t.full {
				present++
			}
		}
	}
	s := slots{levels, t.full, present}
	if d := page.Dictionary(); d != nil {
		return t.addIndexed(d, page.Data(), s)
	}
	return t.add(page.Data(), s)
}

// slots are the rows of a page, of which some have a value.
type slots struct {
	levels  []byte // nil where all have one
	full    byte
	present int
}

var errShort = errors.New("a page has fewer values than it says")

// each calls value for each row that has one, and null for the others.
func (s slots) each(value func(k int), null func()) {
	if s.levels == nil {
		for k := range s.present {
			value(k)
		}
		return
	}
	k := 0
	for _, d := range s.levels {
		if d != s.full {
			null()
			continue
		}
		value(k)
		k++
	}
}

// numbers appends the numbers of a page, NaN where there is none.
func numbers[T any](to *survey.NumberColumn, s slots, from []T, number func(T) float64) error {
	if len(from) < s.present {
		return errShort
	}
	s.each(func(k int) { to.Append(number(from[k])) }, func() { to.Append(math.NaN()) })
	return nil
}

// add adds plain values.
func (t *target) add(values encoding.Values, s slots) (err error) {
	switch values.Kind() {
	case encoding.Boolean:
		bits := values.Boolean()
		if 8*len(bits) < s.present {
			return errShort
		}
		s.each(func(k int) { t.Number(float64(bits[k/8] >> (k % 8) & 1)) }, t.Null)
		return nil
	case encoding.Int32:
		if t.plain() && t.unsigned {
			err = numbers(t.Numbers, s, values.Uint32(), func(x uint32) float64 { return float64(x) })
			return err
		}
		err = numbers(t.Numbers, s, values.Int32(), func(x int32) float64 { return t.measured(int64(x)) })
	case encoding.Int64:
		return t.addWholes64(values.Int64(), s)
	case encoding.Int96:
		err = numbers(t.Numbers, s, values.Int96(), julian)
	case encoding.Float:
		err = numbers(t.Numbers, s, values.Float(), columnar.Shortest)
	case encoding.Double:
		err = numbers(t.Numbers, s, values.Double(), func(x float64) float64 { return x })
	case encoding.ByteArray:
		data, ends := values.ByteArray()
		return t.addBytes(s, len(ends)-1, func(k int) []byte { return data[ends[k]:ends[k+1]] })
	case encoding.FixedLenByteArray:
		data, size := values.FixedLenByteArray()
		return t.addBytes(s, len(data)/max(size, 1), func(k int) []byte { return data[k*size : (k+1)*size] })
	default:
		if s.present > 0 {
			return errShort
		}
		s.each(nil, t.Null)
	}
	return err
}

// plain reports whether integers are just numbers: no decimals, no units.
func (t *target) plain() bool {
	_, decimals := t.logical.(*format.DecimalType)
	return !decimals && t.scale == 1
}

// measured is a whole number in its unit.
func (t *target) measured(n int64) float64 {
	if d, ok := t.logical.(*format.DecimalType); ok {
		return columnar.Decimal(big.NewInt(n), d.Scale)
	}
	return float64(n) / t.scale
}

// addWholes64 adds integers of 64 bits: quickly where a float64 holds all of them.
func (t *target) addWholes64(values []int64, s slots) (err error) {
	if len(values) < s.present {
		return errShort
	}
	if !t.plain() {
		err = numbers(t.Numbers, s, values, t.measured)
		return err
	}
	const maxExact = 1 << 53
	long, lowest := t.IsText(), int64(-maxExact)
	if t.unsigned {
		lowest = 0 // below it is beyond what an int64 holds
	}
	for _, n := range values[:s.present] {
		long = long || n > maxExact || n < lowest
	}
	switch {
	case !long:
		err = numbers(t.Numbers, s, values, func(n int64) float64 { return float64(n) })
	case t.unsigned:
		s.each(func(k int) { t.Unsigned(uint64(values[k])) }, t.Null)
	default:
		s.each(func(k int) { t.Whole(values[k]) }, t.Null)
	}
	return err
}

// addBytes adds n texts, or decimals of many digits.
func (t *target) addBytes(s slots, n int, bytes func(k int) []byte) error {
	if n < s.present {
		return errShort
	}
	if d, ok := t.logical.(*format.DecimalType); ok {
		s.each(func(k int) { t.Number(columnar.Decimal(columnar.Signed(bytes(k)), d.Scale)) }, t.Null)
		return nil
	}
	s.each(func(k int) { t.Text(bytes(k)) }, t.Null)
	return nil
}

// addIndexed adds values that are places in a dictionary.
func (t *target) addIndexed(d parquet.Dictionary, values encoding.Values, s slots) error {
	if err := t.learn(d); err != nil {
		return err
	}
	index := values.Int32()
	if len(index) < s.present {
		return errShort
	}
	for _, k := range index[:s.present] {
		if k < 0 || int(k) >= t.terms.values.Len() {
			return errors.New("a page points outside its dictionary")
		}
	}
	// A row's place in the dictionary is made that in the column.
	var place func(k int32) int32
	switch terms := t.terms.values; {
	case !t.IsText() && t.terms.numbers != nil && t.Numbers.Keeps():
		place = func(k int32) int32 { return t.terms.numbers[k] }
	case !t.IsText():
		return numbers(t.Numbers, s, index, func(k int32) float64 { return terms.Numbers.At(int(k)) })
	case terms.IsText():
		place = t.place
	default:
		s.each(func(k int) { t.Whole(int64(terms.Numbers.At(int(index[k])))) }, t.Null)
		return nil
	}
	places := t.scratch[:0]
	s.each(func(k int) { places = append(places, place(index[k])) }, func() { places = append(places, -1) })
	if t.scratch = places; t.IsText() {
		t.Texts.Index.AppendAll(places, int32(len(t.Texts.Values)-1))
	} else {
		t.Numbers.AppendPlaces(places)
	}
	return nil
}

// place is where the column holds a text of the dictionary.
func (t *target) place(k int32) int32 {
	p := &t.terms.places[k]
	if *p == unplaced {
		*p = t.Place([]byte(t.terms.values.Texts.Values[t.terms.values.Texts.Index.At(int(k))]))
	}
	return *p
}

// learn reads a dictionary that is not known yet.
func (t *target) learn(d parquet.Dictionary) error {
	if t.terms.of == d {
		return nil
	}
	own := *t
	own.Column = columnar.NewColumn("", d.Len())
	if t.Texts != nil && (d.Type().Kind() == parquet.ByteArray || d.Type().Kind() == parquet.FixedLenByteArray) {
		own.MakeText()
	}
	if err := own.add(d.Page().Data(), slots{present: d.Len()}); err != nil {
		return err
	}
	t.terms = terms{of: d, values: own.Column, places: make([]int32, d.Len())}
	for k := range t.terms.places {
		t.terms.places[k] = unplaced
	}
	if own.IsText() && !t.IsText() {
		t.MakeText()
	}
	t.know()
	return nil
}

// know finds the places of the numbers of a dictionary in the column.
func (t *target) know() {
	if t.terms.of != nil && !t.IsText() {
		t.terms.numbers = t.Numbers.Know(t.terms.values.Numbers.Slice())
	}
}

// julian reads a timestamp of Impala: nanoseconds of a day and the Julian day.
func julian(t deprecated.Int96) float64 {
	const epoch, daySeconds = 2440588, 86400 // 1970-01-01
	nanos := uint64(t[1])<<32 | uint64(t[0])
	return (float64(t[2])-epoch)*daySeconds + float64(nanos)/1e9
}
