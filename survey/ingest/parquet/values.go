package parquet

import (
	"errors"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"surveykit/survey"
)

// target is a variable that is filled from the values of a column.
type target struct {
	*survey.Variable
	convert func(parquet.Value) float64 // nil for texts
	places  map[string]int32            // of each text in Texts.Values
	// Integers of 64 bits are kept beside their float64, for where it is not exact.
	wide     bool
	unsigned bool
	bits     []int64
	long     bool // one is beyond what a float64 holds
}

// newTarget settles what the values of a column become.
func newTarget(c *parquet.Column, v *survey.Variable) *target {
	t := &target{Variable: v}
	v.Kind = survey.Number
	logical := any(nil)
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	switch kind := c.Type().Kind(); kind {
	case parquet.Boolean:
		v.Codes = []survey.Code{{Value: survey.NumberValue(0), Label: "false"}, {Value: survey.NumberValue(1), Label: "true"}}
		t.convert = func(x parquet.Value) float64 { return map[bool]float64{true: 1}[x.Boolean()] }
	case parquet.Int32, parquet.Int64:
		t.integers(kind, logical)
	case parquet.Int96:
		v.Kind, t.convert = survey.DateTime, julian
	case parquet.Float:
		t.convert = func(x parquet.Value) float64 { return shortest(x.Float()) }
	case parquet.Double:
		t.convert = parquet.Value.Double
	default:
		if d, ok := logical.(*format.DecimalType); ok {
			t.convert = func(x parquet.Value) float64 { return decimal(signed(x.ByteArray()), d.Scale) }
			return t
		}
		v.Kind, v.Texts, t.places = survey.Text, &survey.TextColumn{Index: []int32{}}, map[string]int32{}
	}
	return t
}

// integers settles what an integer column means.
func (t *target) integers(kind parquet.Kind, logical any) {
	number := func(x parquet.Value) int64 {
		if kind == parquet.Int32 {
			return int64(x.Int32())
		}
		return x.Int64()
	}
	switch l := logical.(type) {
	case *format.DateType:
		t.Kind, t.convert = survey.Date, func(x parquet.Value) float64 { return float64(number(x)) }
	case *format.TimeType:
		t.Kind, t.convert = survey.TimeOfDay, func(x parquet.Value) float64 { return float64(number(x)) / perSecond(l.Unit) }
	case *format.TimestampType:
		t.Kind, t.convert = survey.DateTime, func(x parquet.Value) float64 { return float64(number(x)) / perSecond(l.Unit) }
	case *format.DecimalType:
		t.convert = func(x parquet.Value) float64 { return decimal(big.NewInt(number(x)), l.Scale) }
	default:
		i, ok := logical.(*format.IntType)
		t.wholes(number, ok && !i.IsSigned, kind)
	}
}

// wholes reads plain integers, exactly or, in the end, as texts.
func (t *target) wholes(number func(parquet.Value) int64, unsigned bool, kind parquet.Kind) {
	t.convert = func(x parquet.Value) float64 { return float64(number(x)) }
	t.wide, t.unsigned = kind == parquet.Int64, unsigned
	if unsigned && t.wide {
		t.convert = func(x parquet.Value) float64 { return float64(x.Uint64()) }
	} else if unsigned {
		t.convert = func(x parquet.Value) float64 { return float64(x.Uint32()) }
	}
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

// shortest is the float64 nearest to the shortest decimal that stands for x, so
// that 0.1 stays 0.1.
func shortest(x float32) float64 {
	wide, err := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64)
	if err != nil {
		return float64(x)
	}
	return wide
}

// julian reads a timestamp of Impala: nanoseconds of a day and the Julian day.
func julian(x parquet.Value) float64 {
	const epoch, daySeconds = 2440588, 86400 // 1970-01-01
	t := x.Int96()
	nanos := uint64(t[1])<<32 | uint64(t[0])
	return (float64(t[2])-epoch)*daySeconds + float64(nanos)/1e9
}

// decimal is the float64 nearest to n / 10^scale.
func decimal(n *big.Int, scale int32) float64 {
	x, err := strconv.ParseFloat(n.String()+"e"+strconv.Itoa(-int(scale)), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// signed reads a big-endian integer in two's complement.
func signed(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// addPage adds the values of a page, at most so many.
func (t *target) addPage(values parquet.ValueReader, most int64) (n int64, err error) {
	var buffer [256]parquet.Value
	for {
		k, err := values.ReadValues(buffer[:])
		if n += int64(k); n > most {
			return n, errors.New("it has more values than the file has rows")
		}
		for _, x := range buffer[:k] {
			t.add(x)
		}
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if k == 0 {
			return n, io.ErrNoProgress
		}
	}
}

// maxExact is 2^53: a float64 holds every integer up to it.
const maxExact = 1 << 53

func (t *target) add(x parquet.Value) {
	switch {
	case t.Kind == survey.Text && x.IsNull():
		t.Texts.Index = append(t.Texts.Index, -1)
	case t.Kind == survey.Text:
		t.addText(string(x.ByteArray()))
	case x.IsNull():
		t.Numbers = append(t.Numbers, math.NaN())
		t.keep(0)
	default:
		t.Numbers = append(t.Numbers, t.convert(x))
		if t.wide {
			t.keep(x.Int64())
		}
	}
}

// keep keeps an integer of 64 bits.
func (t *target) keep(n int64) {
	if !t.wide {
		return
	}
	t.bits = append(t.bits, n)
	t.long = t.long || n > maxExact || t.unsigned && n < 0 || n < -maxExact
}

func (t *target) addText(s string) {
	s = strings.ToValidUTF8(s, "\uFFFD")
	k, known := t.places[s]
	if !known {
		k = int32(len(t.Texts.Values))
		t.places[s] = k
		t.Texts.Values = append(t.Texts.Values, s)
	}
	t.Texts.Index = append(t.Texts.Index, k)
}

// finish turns integers that a float64 cannot hold into texts.
func (t *target) finish() {
	if t.Kind != survey.Text && t.Numbers == nil {
		t.Numbers = []float64{}
	}
	if !t.long {
		return
	}
	t.Kind, t.Texts, t.places = survey.Text, &survey.TextColumn{}, map[string]int32{}
	for i, n := range t.bits {
		if math.IsNaN(t.Numbers[i]) {
			t.Texts.Index = append(t.Texts.Index, -1)
			continue
		}
		if t.unsigned {
			t.addText(strconv.FormatUint(uint64(n), 10))
		} else {
			t.addText(strconv.FormatInt(n, 10))
		}
	}
	t.Numbers = nil
}
