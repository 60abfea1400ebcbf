package sas

import (
	"bytes"
	"errors"
)

// errPacked is the fault of packed bytes that point outside themselves.
var errPacked = errors.New("its bytes do not follow the format")

// unpackRuns appends to dst what COMPRESS=CHAR packed: commands, in the high half
// of a byte, to copy bytes or to repeat one. The low half is part of the length. It
// stops at more than most bytes.
func unpackRuns(dst, src []byte, most int) ([]byte, error) {
	for len(src) > 0 {
		command, low := src[0]>>4, int(src[0]&15)
		src = src[1:]
		long := command < 8 && command != 2
		n := low
		if long {
			if len(src) == 0 {
				return nil, errPacked
			}
			n = low<<8 + int(src[0])
			src = src[1:]
		}
		var err error
		if dst, src, err = run(dst, src, command, n); err != nil {
			return nil, err
		}
		if len(dst) > most {
			return nil, errPacked
		}
	}
	return dst, nil
}

// copies and repeats say how much longer than its number a run is, by command.
var (
	copies  = map[byte]int{0x0: 64, 0x1: 64 + 4096, 0x2: 96, 0x8: 1, 0x9: 17, 0xa: 33, 0xb: 49}
	repeats = map[byte]int{0x4: 18, 0x5: 17, 0x6: 17, 0x7: 17, 0xc: 3, 0xd: 2, 0xe: 2, 0xf: 2}
	// repeated are the bytes of the commands that name none.
	repeated = map[byte]byte{0x5: '@', 0x6: ' ', 0x7: 0, 0xd: '@', 0xe: ' ', 0xf: 0}
)

// run carries out one command with the number n.
func run(dst, src []byte, command byte, n int) (out, rest []byte, err error) {
	if more, ok := copies[command]; ok {
		if n += more; n > len(src) {
			return nil, nil, errPacked
		}
		return append(dst, src[:n]...), src[n:], nil
	}
	more, ok := repeats[command]
	b, named := repeated[command]
	if !named {
		if !ok || len(src) == 0 {
			return nil, nil, errPacked
		}
		b, src = src[0], src[1:]
	}
	return append(dst, bytes.Repeat([]byte{b}, n+more)...), src, nil
}

// unpackPatterns appends to dst what COMPRESS=BINARY packed by Ross Data
// Compression: sixteen bits tell of the next sixteen items whether each is a byte
// or a command to repeat a byte or bytes that came before.
func unpackPatterns(dst, src []byte, most int) ([]byte, error) {
	var bits, left int
	for len(src) > 0 {
		if left == 0 {
			if len(src) < 2 {
				return nil, errPacked
			}
			bits, left, src = int(src[0])<<8|int(src[1]), 16, src[2:]
			continue
		}
		bits, left = bits<<1, left-1
		if bits&0x10000 == 0 {
			dst, src = append(dst, src[0]), src[1:]
			continue
		}
		var err error
		if dst, src, err = pattern(dst, src); err != nil {
			return nil, err
		}
		if len(dst) > most {
			return nil, errPacked
		}
	}
	return dst, nil
}

// pattern carries out one command: its kind, or the length of a short pattern, is
// in the high half of the first byte, a length or distance in the low half and on.
func pattern(dst, src []byte) (out, rest []byte, err error) {
	kind, low := int(src[0]>>4), int(src[0]&15)
	need := 2
	if kind == 1 || kind == 2 {
		need = 3
	}
	if len(src) < need {
		return nil, nil, errPacked
	}
	next, rest := int(src[1]), src[need:]
	switch kind {
	case 0:
		return append(dst, bytes.Repeat(src[1:2], low+3)...), rest, nil
	case 1:
		return append(dst, bytes.Repeat(src[2:3], low+next<<4+19)...), rest, nil
	}
	n := kind
	if kind == 2 {
		n = int(src[2]) + 16
	}
	distance := low + 3 + next<<4
	if distance > len(dst) {
		return nil, nil, errPacked
	}
	for range n { // a pattern may reach into what it makes
		dst = append(dst, dst[len(dst)-distance])
	}
	return dst, rest, nil
}
