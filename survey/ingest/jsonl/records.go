package jsonl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"surveykit/survey"
)

// reader collects the cells of the records.
type reader struct {
	path   string
	data   []byte
	dec    *json.Decoder
	names  []string
	places map[string]int // of each name in names
	last   []int          // the last row, from 1, in which each name stood
	rows   [][]cell
	row    []cell // of the record that is being read
	faults survey.Problems
	broken bool // the text is not JSON from here on
}

type cell struct {
	column int
	text   string
}

// Bounds of what is told and of how deep objects may nest.
const (
	mostFaults = 20
	mostDeep   = 32
)

// records reads one object after another, within a list or without one.
func (rd *reader) records() {
	listed := bytes.HasPrefix(bytes.TrimSpace(rd.data), []byte("["))
	if listed {
		rd.dec.Token()
	}
	for !rd.broken && len(rd.faults) < mostFaults {
		if listed && !rd.dec.More() {
			break
		}
		t, err := rd.dec.Token()
		if err == io.EOF && !listed {
			return
		}
		if err != nil {
			rd.syntax(err)
			return
		}
		rd.row = nil
		if t == json.Delim('{') {
			rd.object("", 0)
		} else {
			rd.skip(t)
			rd.fault("", "the record is not an object", `write it as {"name": value, …}`)
		}
		rd.rows = append(rd.rows, rd.row)
	}
	if listed && !rd.broken && len(rd.faults) < mostFaults {
		rd.closeList()
	}
}

// closeList expects the end of the list of records, and of the file.
func (rd *reader) closeList() {
	if _, err := rd.dec.Token(); err != nil {
		rd.syntax(err)
	} else if _, err := rd.dec.Token(); err != io.EOF {
		rd.fault("", "more text follows the list of records", "keep one list in the file")
	}
}

// object reads an object behind its brace; before is what its keys' names begin with.
func (rd *reader) object(before string, depth int) {
	for !rd.broken && rd.dec.More() {
		key, ok := rd.token()
		if !ok {
			return
		}
		name := before + fmt.Sprint(key)
		value, ok := rd.token()
		if !ok {
			return
		}
		switch {
		case value == json.Delim('{') && depth < mostDeep:
			rd.object(name+".", depth+1)
		case value == json.Delim('{'):
			rd.skip(value)
			rd.fault(name, fmt.Sprintf("objects are nested more than %d deep", mostDeep), "flatten the record")
		case value == json.Delim('['):
			rd.list(name)
		default:
			rd.add(name, scalar(value))
		}
	}
	rd.token()
}

// list reads a list of simple values as one text.
func (rd *reader) list(name string) {
	var all []string
	for !rd.broken && rd.dec.More() {
		value, ok := rd.token()
		if !ok {
			return
		}
		text := scalar(value)
		if _, nested := value.(json.Delim); nested {
			rd.skip(value)
			rd.fault(name, "a list holds a list or an object", "give each of its answers a key of its own")
		} else if strings.Contains(text, ";") {
			rd.fault(name, "an answer in a list holds a semicolon, which parts answers", "write a comma in its place")
		}
		all = append(all, text)
	}
	rd.token()
	rd.add(name, strings.Join(all, ";"))
}

func (rd *reader) add(name, text string) {
	column, known := rd.places[name]
	if !known {
		column = len(rd.names)
		rd.places[name] = column
		rd.names, rd.last = append(rd.names, name), append(rd.last, 0)
	}
	if rd.last[column] == len(rd.rows)+1 {
		rd.fault(name, "the record has this key twice", "keep one of them")
	}
	rd.last[column] = len(rd.rows) + 1
	rd.row = append(rd.row, cell{column, text})
}

// scalar is a simple value as text, "" for null.
func scalar(value json.Token) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// token reads the next token; ok is false where the text is broken.
func (rd *reader) token() (t json.Token, ok bool) {
	t, err := rd.dec.Token()
	if err != nil {
		rd.syntax(err)
	}
	return t, err == nil
}

// skip steps behind the value that began with t.
func (rd *reader) skip(t json.Token) {
	depth := 0
	for {
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth <= 0 {
			return
		}
		var ok bool
		if t, ok = rd.token(); !ok {
			return
		}
	}
}

func (rd *reader) syntax(err error) {
	if rd.broken {
		return
	}
	rd.broken = true
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		rd.fault("", "the file ends within a record", "copy or export it again")
		return
	}
	rd.fault("", "this is not JSON: "+err.Error(), "export the file again, one object a line")
}

func (rd *reader) fault(name, message, remedy string) {
	line := 1 + bytes.Count(rd.data[:min(rd.dec.InputOffset(), int64(len(rd.data)))], []byte("\n"))
	rd.faults = append(rd.faults, survey.Problem{File: rd.path, Line: line, Row: len(rd.rows) + 1, Variable: name, Message: message, Remedy: remedy})
}
