package delimited

import (
	"runtime"
	"sync"

	"surveykit/survey"
)

// fill reads the cells of the rows into the columns; nil columns are passed over.
// Long texts are shared out, a stretch of rows for each processor; the columns do
// not depend on how many there are.
func (rd *reader) fill(rows []int, columns []*column) {
	for _, c := range columns {
		if c != nil {
			c.reset(len(rows))
		}
	}
	all := stretches(rows, columns)
	var readers sync.WaitGroup
	for _, s := range all {
		readers.Go(func() {
			defer func() { s.fault = recover() }()
			rd.fillStretch(s)
		})
	}
	readers.Wait()
	for i, s := range all {
		if s.fault != nil {
			panic(s.fault)
		}
		if i > 0 {
			s.join(columns)
		}
	}
}

// stretch is a run of rows and where their cells go.
type stretch struct {
	first   int // row
	rows    []int
	columns []*column
	fault   any // of a panic
}

// rowsWorthSharing is how many rows a processor must get to be of use.
const rowsWorthSharing = 10000

// stretches part the rows. The first stretch fills the columns themselves, the
// others the same numbers and texts with dictionaries of their own.
func stretches(rows []int, columns []*column) []*stretch {
	n := max(1, min(runtime.GOMAXPROCS(0), len(rows)/rowsWorthSharing))
	all := make([]*stretch, n)
	for i := range all {
		from, to := i*len(rows)/n, (i+1)*len(rows)/n
		all[i] = &stretch{first: from, rows: rows[from:to], columns: columns}
		if i > 0 {
			all[i].columns = make([]*column, len(columns))
			for j, c := range columns {
				all[i].columns[j] = c.share()
			}
		}
	}
	return all
}

// share is a column that fills c's rows.
func (c *column) share() *column {
	if c == nil {
		return nil
	}
	own := &column{numbers: c.numbers, missing: map[string]int{}}
	if c.texts != nil {
		own.texts, own.places = &survey.TextColumn{Index: c.texts.Index}, map[string]int32{}
	}
	return own
}

// join adds what the stretch learned to the columns, which know what stands
// before it: so texts come in order of their first appearance.
func (s *stretch) join(columns []*column) {
	for j, c := range columns {
		if c == nil {
			continue
		}
		own := s.columns[j]
		c.failed = c.failed || own.failed
		for token, n := range own.missing {
			c.missing[token] += n
		}
		if c.texts == nil {
			continue
		}
		places := make([]int32, len(own.texts.Values))
		for k, text := range own.texts.Values {
			place, known := c.places[text]
			if !known {
				place = c.learn(text)
			}
			places[k] = place
		}
		index := c.texts.Index[s.first : s.first+len(s.rows)]
		for i, k := range index {
			if k >= 0 {
				index[i] = places[k]
			}
		}
	}
}

// fillStretch reads the cells of a stretch.
func (rd *reader) fillStretch(stretch *stretch) {
	d := &rd.dialect
	s := newScanner(rd.text, *d)
	var scratch []byte
	for i, start := range stretch.rows {
		s.pos = start
		row := stretch.first + i
		for _, c := range stretch.columns {
			if c == nil || c.failed {
				s.next()
				continue
			}
			if c.texts != nil {
				cell, _ := s.next()
				c.addText(row, s.content(cell, &scratch), d)
				continue
			}
			if d.missing == nil {
				if x, ok := s.integer(); ok {
					c.numbers[row] = x
					continue
				}
			}
			cell, _ := s.next()
			c.addNumber(row, s.content(cell, &scratch), d)
		}
	}
}
