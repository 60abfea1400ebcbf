package survey

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// AppendBinary appends the values of a variable, without its dictionary, as ReadBinary
// reads them: 9 bytes, then a byte, two or four for the place of each row's value and the
// distinct values once, or a number of 8 bytes a row.
func (v *Variable) AppendBinary(b []byte) []byte {
	if v.IsText() {
		b = v.Texts.Index.appendBinary(b)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(v.Texts.Values)))
		for _, text := range v.Texts.Values {
			b = binary.AppendUvarint(b, uint64(len(text)))
			b = append(b, text...)
		}
		return b
	}
	if c := v.Numbers; c.rows == nil {
		b = c.places.appendBinary(b)
		return appendNumbers(b, c.values)
	}
	return appendNumbers(append(b, spelledOut), v.Numbers.rows)
}

// What the rows of a column are written as: the bytes of each place, or numbers.
const (
	inBytes    = 1
	inShorts   = 2
	inLongs    = 4
	spelledOut = 8
)

var errCut = errors.New("a column was cut off")

// ReadBinary gives a variable, whose kind is known, the values that AppendBinary wrote. An
// error is of bytes that it did not write.
func (v *Variable) ReadBinary(b []byte) (err error) {
	if !v.IsText() && len(b) > 0 && b[0] == spelledOut {
		c := &NumberColumn{}
		c.rows, err = readNumbers(b[1:])
		v.Numbers = c
		return err
	}
	places, b, err := readPlaces(b)
	if err != nil {
		return err
	}
	if !v.IsText() {
		c := &NumberColumn{places: places}
		c.values, err = readNumbers(b)
		v.Numbers = c
		return err
	}
	if len(b) < 4 {
		return errCut
	}
	t := &TextColumn{Index: places}
	n := binary.LittleEndian.Uint32(b)
	all := string(b[4:]) // the texts share its memory
	for b = b[4:]; n > 0; n-- {
		size, width := binary.Uvarint(b)
		if width <= 0 || size > uint64(len(b)-width) {
			return errCut
		}
		b, all = b[width+int(size):], all[width:]
		t.Values, all = append(t.Values, all[:size]), all[size:]
	}
	v.Texts = t
	return nil
}

func (p *Places) appendBinary(b []byte) []byte {
	n := uint32(p.Len())
	switch {
	case p.longs != nil:
		b = binary.LittleEndian.AppendUint32(append(b, inLongs), n)
		for _, k := range p.longs {
			b = binary.LittleEndian.AppendUint32(b, k)
		}
	case p.shorts != nil:
		b = binary.LittleEndian.AppendUint32(append(b, inShorts), n)
		for _, k := range p.shorts {
			b = binary.LittleEndian.AppendUint16(b, k)
		}
	default:
		b = binary.LittleEndian.AppendUint32(append(b, inBytes), n)
		b = append(b, p.bytes...)
	}
	return b
}

func readPlaces(b []byte) (p Places, rest []byte, err error) {
	const head = 5
	if len(b) < head {
		return p, nil, errCut
	}
	width, n := int(b[0]), int(binary.LittleEndian.Uint32(b[1:]))
	if b = b[head:]; n > len(b)/max(width, 1) {
		return p, nil, errCut
	}
	switch width {
	case inBytes:
		p.bytes = slices.Clone(b[:n])
	case inShorts:
		p.shorts = make([]uint16, n)
		for i := range p.shorts {
			p.shorts[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
	case inLongs:
		p.longs = make([]uint32, n)
		for i := range p.longs {
			p.longs[i] = binary.LittleEndian.Uint32(b[4*i:])
		}
	default:
		return p, nil, errCut
	}
	return p, b[width*n:], nil
}

func appendNumbers(b []byte, x []float64) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(x)))
	for _, x := range x {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

func readNumbers(b []byte) ([]float64, error) {
	if len(b) < 4 || int(binary.LittleEndian.Uint32(b)) > len(b[4:])/8 {
		return nil, errCut
	}
	out := make([]float64, binary.LittleEndian.Uint32(b))
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[4+8*i:]))
	}
	return out, nil
}
