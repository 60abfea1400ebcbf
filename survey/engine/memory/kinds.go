package memory

import (
	"surveykit/survey"
)

const (
	// fewKinds of rows are numbered by an array of all that there may be.
	fewKinds = 1 << 22
	// perKind rows of each kind, on average, make it worth to look at one of each only.
	perKind = 4
)

// kinds numbers the rows that are alike in some columns, by the order of the first row of
// each kind. first is nil where too few rows are alike.
func (e *Engine) kinds(columns []string) (kind survey.Places, first []int32) {
	if e.table.Rows < perKind {
		return kind, nil
	}
	var held []survey.Held
	for _, name := range columns {
		h, ok := e.table.Lookup(name).Held()
		if !ok || h.Count > e.table.Rows/perKind {
			return kind, nil
		}
		held = append(held, h)
	}
	for kinds := 1; first == nil || len(held) > 0; kinds = len(first) {
		// As many columns as fit an array are put together with the kinds so far.
		size, n := kinds, 0
		for n < len(held) && float64(size)*float64(held[n].Count) <= fewKinds {
			size *= held[n].Count
			n++
		}
		if n == 0 && len(held) > 0 {
			return kind, nil
		}
		kind, first = e.divided(kind, kinds, held[:n], size)
		if held = held[n:]; len(first) > e.table.Rows/perKind {
			return kind, nil
		}
	}
	return kind, first
}

// divided divides kinds of rows, one without rows for all, by columns; there may be size of
// them.
func (e *Engine) divided(of survey.Places, kinds int, columns []survey.Held, size int) (kind survey.Places, first []int32) {
	number := make([]int32, size) // of each combination, plus 1
	kind.Grow(e.table.Rows)
	var keys, block [4096]int32
	for from := 0; from < e.table.Rows; from += len(block) {
		to := min(from+len(block), e.table.Rows)
		key := keys[:to-from]
		clear(key)
		if kinds > 1 {
			copy(key, of.Rows(from, to, block[:]))
		}
		for _, c := range columns {
			for i, k := range c.Rows(from, to, block[:]) {
				key[i] = key[i]*int32(c.Count) + k
			}
		}
		for i, k := range key {
			n := number[k]
			if n == 0 {
				first = append(first, int32(from+i))
				n = int32(len(first))
				number[k] = n
			}
			key[i] = n - 1
		}
		kind.AppendAll(key)
	}
	return kind, first
}
