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

// kinds numbers the rows that are alike in some columns. first is one row of each kind; it
// is nil where too few rows are alike.
func (e *Engine) kinds(columns []string) (kind survey.Places, first []int32) {
	most := e.table.Rows / perKind
	if most == 0 {
		return kind, nil
	}
	var held []survey.Held
	for _, name := range columns {
		h, err := e.held.get(name, func() (*survey.Held, error) {
			if h, ok := e.table.Lookup(name).Held(most); ok {
				return &h, nil
			}
			return nil, nil
		})
		if h == nil || err != nil {
			return kind, nil
		}
		held = append(held, *h)
	}
	for first == nil || len(held) > 0 {
		// As many columns as fit an array are put together with the kinds so far.
		size, n := max(1, len(first)), 0
		for n < len(held) && float64(size)*float64(held[n].Count) <= fewKinds {
			size *= held[n].Count
			n++
		}
		if n == 0 && len(held) > 0 {
			return kind, nil
		}
		if kind, first = e.divided(kind, held[:n], size); len(first) > most {
			return kind, nil
		}
		held = held[n:]
	}
	return kind, first
}

// divided divides kinds of rows, one of all rows where there is none yet, by columns; size
// are all combinations.
func (e *Engine) divided(of survey.Places, columns []survey.Held, size int) (kind survey.Places, first []int32) {
	place := make([]int32, size) // of each combination among those that occur, plus 1
	kind.Grow(e.table.Rows)
	var keys, block [4096]int32
	for from := 0; from < e.table.Rows; from += len(block) {
		to := min(from+len(block), e.table.Rows)
		key := keys[:to-from]
		if clear(key); of.Len() > 0 {
			of.Rows(from, to, key)
		}
		for _, c := range columns {
			count := int32(c.Count)
			for i, k := range c.Rows(from, to, block[:]) {
				key[i] = key[i]*count + k
			}
		}
		for i, k := range key {
			if place[k] == 0 {
				first = append(first, int32(from+i))
				place[k] = int32(len(first))
			}
		}
		if len(first) > e.table.Rows/perKind {
			return kind, first // too many, whatever comes
		}
		kind.AppendAll(key, int32(size-1))
	}
	for k := range place {
		place[k]--
	}
	return kind.Map(place), first
}
