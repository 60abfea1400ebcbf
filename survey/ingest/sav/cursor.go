package sav

import "surveykit/survey/ingest/raw"

// cursor reads the signed numbers of system files.
type cursor struct{ *raw.Cursor }

func (c cursor) int32(what string) int32 { return int32(c.Uint32(what)) }

func (c cursor) int64(what string) int64 { return int64(c.Uint64(what)) }

// count reads a number of things, which cannot be negative.
func (c cursor) count(what string) int32 {
	at, n := c.At(), c.int32(what)
	if n < 0 {
		c.Fail(raw.Damaged(at, "the number in %s is %d", what, n))
		return 0
	}
	return n
}

// octet reads the eight bytes in which a value stands.
func (c cursor) octet(what string) (o [8]byte) {
	c.Fill(o[:], what)
	return o
}

// roundUp is n taken up to the next multiple of m.
func roundUp[T int | int64](n, m T) T { return (n + m - 1) / m * m }
