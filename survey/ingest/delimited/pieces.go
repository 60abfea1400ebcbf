package delimited

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// pieces cuts a text into pieces of whole records, so that it is never held as a whole.
type pieces struct {
	text    io.ReaderAt
	at, end int64 // what is not read yet
	dialect dialect
	least   int64  // is read at once
	rest    []byte // what was read after the last whole record
}

const pieceBytes = 1 << 20

// next reads the next piece into room; it is empty at the end.
func (p *pieces) next(room []byte) ([]byte, error) {
	room = append(room[:0], p.rest...)
	for size := p.least; ; size *= 2 {
		from, n := len(room), int(min(size, p.end-p.at))
		room = slices.Grow(room, n)[:from+n]
		read, err := p.text.ReadAt(room[from:], p.at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		p.at += int64(read)
		if read < n { // somebody made the file shorter, which Open reports
			p.end, room = p.at, room[:from+read]
		}
		if p.at == p.end {
			p.rest = nil
			return room, nil
		}
		if k := p.dialect.lastRecord(room); k > 0 {
			p.rest = append(p.rest[:0], room[k:]...)
			return room[:k], nil
		}
	}
}

// lastRecord is where the last record of a text ends that is surely whole, 0 for none.
// Lines before the first quote are records; the scanner steps over one with quotes.
func (d dialect) lastRecord(text []byte) (end int) {
	s := newScanner(text, d)
	plain := !hasLoneCR(bytes.TrimSuffix(text, []byte("\r")))
	for {
		quote := len(text)
		if k := bytes.IndexByte(text[end:], d.quote); d.quote != 0 && k >= 0 {
			quote = end + k
		}
		if plain {
			end += bytes.LastIndexByte(text[end:quote], '\n') + 1
			if quote == len(text) {
				return end
			}
		}
		s.pos = end
		if s.skipRecord(); s.pos == len(text) {
			return end
		}
		end = s.pos
	}
}

// hasLoneCR finds the line end of old Macs, for which lines are read the careful way.
func hasLoneCR(text []byte) bool {
	return bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n"))
}

// piece is what was read of one piece of a text. Its rows count from 0.
type piece struct {
	text      []byte
	rows      int
	left      left
	lines     int
	stretches []stretch
	faults    faults
	invalid   bool // not UTF-8
	panic     any
}

// errNotUTF8 means that a text must be decoded first.
var errNotUTF8 = errors.New("not UTF-8")

// fill reads the cells of all rows into the columns, which may be nil: pieces of the
// text on all processors, joined in the order of the text. What the columns hold
// does not depend on the number of processors. Blocks may take the rows out of them.
func (rd *reader) fill(columns []*column, each raw.Blocks) error {
	type job struct {
		text []byte
		done chan *piece
	}
	readers := max(1, min(runtime.GOMAXPROCS(0), int((rd.pieces.end-rd.pieces.at)/pieceBytes)))
	todo, order := make(chan job), make(chan job, readers)
	free := make(chan *piece, 2*readers+2)
	rooms := make(chan []byte, cap(free))
	for range cap(free) {
		free <- &piece{stretches: make([]stretch, len(columns))}
		rooms <- nil
	}
	var stop atomic.Bool
	var failed, refused error
	invalid, handed := false, 0
	var all sync.WaitGroup
	all.Go(func() {
		defer close(todo)
		defer close(order)
		for text := rd.pieces; !stop.Load(); {
			part, err := text.next(<-rooms)
			if failed = err; err != nil || len(part) == 0 {
				return
			}
			j := job{part, make(chan *piece, 1)}
			order <- j
			todo <- j
		}
	})
	for range readers {
		all.Go(func() {
			own := make([]stretch, len(columns))
			for j := range todo {
				p := <-free
				p.read(rd, j.text, columns, own)
				j.done <- p
			}
		})
	}
	var fault any
	rd.rows = 0
	for j := range order {
		p := <-j.done
		if p.panic != nil || p.invalid {
			fault, invalid = p.panic, true
			stop.Store(true)
		} else if !stop.Load() {
			if rd.join(p, columns); each.Full(rd.rows - handed) {
				refused = rd.hand(columns, handed, each)
				handed = rd.rows
				stop.Store(refused != nil)
			}
		}
		rooms <- p.text
		free <- p
	}
	all.Wait()
	switch {
	case fault != nil:
		panic(fault)
	case invalid:
		return errNotUTF8
	case refused != nil || failed != nil:
		return cmp.Or(refused, failed)
	case each.Each == nil:
		return nil
	}
	refused = rd.hand(columns, handed, each)
	for _, c := range columns {
		if c != nil {
			c.list()
		}
	}
	return refused
}

// hand hands on the rows in the columns, with some before them.
func (rd *reader) hand(columns []*column, before int, each raw.Blocks) error {
	var cells []*survey.Variable
	for j, c := range columns {
		if c != nil {
			v := c.take(before)
			v.Name = cmp.Or(rd.names[j], unnamed(j))
			cells = append(cells, v)
		}
	}
	return each.Hand(rd.rows-before, cells)
}

// read reads the records of a text; own are the dictionaries of the reader.
func (p *piece) read(rd *reader, text []byte, columns []*column, own []stretch) {
	defer func() { p.panic = recover() }()
	*p = piece{text: text, stretches: p.stretches, invalid: !utf8.Valid(text)}
	needed := 0
	for j, c := range columns {
		if c != nil {
			needed = j + 1
			p.stretches[j].begin(&own[j], c)
		}
	}
	zeros := bytes.IndexByte(text, 0) >= 0
	careful := zeros || hasLoneCR(text)
	s := newScanner(text, rd.dialect)
	for s.pos < len(text) {
		start := s.pos
		if (careful || !s.skipPlainLine(len(rd.names))) && !p.checkRow(rd, &s, zeros) {
			continue
		}
		end := s.pos
		s.pos = start
		p.fillRow(&s, columns[:needed], &rd.dialect)
		s.pos = end
		p.rows++
	}
	p.lines = lineEnds(text)
	for j, c := range columns {
		if c != nil {
			p.stretches[j].entries = p.stretches[j].known.entries
		}
	}
}

func (p *piece) fillRow(s *scanner, columns []*column, d *dialect) {
	var scratch []byte
	ended := false
	for j, c := range columns {
		switch {
		case ended && c != nil:
			p.stretches[j].addWhole(-1, d)
			continue
		case ended:
			continue
		case c == nil:
			_, ended = s.next()
			continue
		}
		if d.missing == nil {
			if n, ok := s.small(); ok {
				p.stretches[j].addWhole(n, d)
				continue
			}
		}
		var in cell
		in, ended = s.next()
		p.stretches[j].add(s.content(in, &scratch), in.quoted, d)
	}
}

// join adds a piece to the columns, and its faults to those before it.
func (rd *reader) join(p *piece, columns []*column) {
	for _, f := range p.faults.list {
		f.Row, f.Line = f.Row+rd.rows, f.Line+rd.lines
		rd.faults.add(f)
	}
	rd.faults.more += p.faults.more
	rd.left.add(p.left)
	rd.rows, rd.lines = rd.rows+p.rows, rd.lines+p.lines
	for j, c := range columns {
		if c != nil {
			c.join(&p.stretches[j])
		}
	}
}

// fault adds a problem at a place in the piece.
func (p *piece) fault(rd *reader, pos int, f survey.Problem) {
	if len(p.faults.list) < mostFaults {
		f.File, f.Row, f.Line = rd.path, p.rows+1, lineEnds(p.text[:pos])+1
	}
	p.faults.add(f)
}

// skipPlainLine steps over a line without quotes that has the number of cells, which
// it counts quickly; it leaves every other line to checkRow.
func (s *scanner) skipPlainLine(cells int) bool {
	end := bytes.IndexByte(s.text[s.pos:], '\n')
	if end < 0 {
		return false
	}
	line := s.text[s.pos : s.pos+end]
	if bytes.IndexByte(line, s.quote) >= 0 || bytes.Count(line, []byte{s.delim}) != cells-1 || cells > 1 && isBlank(line, s.delim) {
		return false
	}
	s.pos += end + 1
	return true
}

// checkRow steps over a row and reports its faults; it is false for what is no row: a
// comment, and a line without anything but delimiters and blanks where there are several
// columns. A quoted cell is something.
func (p *piece) checkRow(rd *reader, s *scanner, zeros bool) bool {
	start, cells, sound := s.pos, 0, true
	blank, beyond := true, false // beyond means that a cell after the last column is filled
	for last := false; !last; cells++ {
		var c cell
		c, last = s.next()
		filled := len(trim(s.text[c.from:c.to])) > 0
		blank = blank && !filled && !c.quoted
		beyond = beyond || filled && cells >= len(rd.names)
		if c.fault == noFault && !zeros {
			continue
		}
		if f := s.faultOf(c); f != nil {
			f.Variable, sound = rd.nameAt(cells), false
			p.fault(rd, c.from, *f)
		}
	}
	switch {
	case blank && len(rd.names) > 1:
		p.left.blanks++
		return false
	case !sound || cells == len(rd.names):
	case s.text[start] == '#' && len(rd.names) > 1:
		p.left.comments++
		return false
	case cells < len(rd.names) && !slices.ContainsFunc(rd.names[cells:], func(name string) bool { return name != "" }):
	case cells > len(rd.names) && !beyond:
		p.left.longer++
	default:
		p.fault(rd, start, rd.wrongCells(cells))
	}
	return true
}

// wrongCells is the problem of a row with another number of cells than there are names.
func (rd *reader) wrongCells(cells int) survey.Problem {
	f := survey.Problem{
		Message: fmt.Sprintf("the row has %s, the first line names %s",
			count(cells, "cell", "cells"), count(len(rd.names), "column", "columns")),
		Remedy: "put text that contains the delimiter in quotes"}
	if cells < len(rd.names) {
		f.Variable = rd.nameAt(cells)
		f.Remedy = "add empty cells at the end of the row"
	}
	return f
}

func lineEnds(text []byte) int {
	return bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r")) - bytes.Count(text, []byte("\r\n"))
}
