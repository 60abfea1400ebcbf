// Package jsonl reads surveys from JSON lines: an object for each respondent, or one
// list of such objects.
//
// The objects' keys name the columns, in the order in which they first appear;
// a respondent without a key has no value there. An object inside an object
// gives columns named outer.inner, a list of simple values one text with
// semicolons between them. Kinds and missing cells follow the
// rules of delimited text.
package jsonl

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/ingest/delimited"
)

// The most cells of a table: a hundred for each byte of the file, and always
// this many. Only a file whose objects hardly share a key has more.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
)

// Read reads the JSON of size bytes in r, records one after another, in a list, or in a list
// within an object, as survey platforms give them; path appears in problems only. The
// error is survey.Problems where the file is not JSON in UTF-8, and for all
// records that are not objects, have a key twice, or nest lists in lists.
func Read(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	data := make([]byte, size)
	n, err := r.ReadAt(data, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	data = bytes.TrimPrefix(data[:n], []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return nil, survey.Problems{{File: path, Message: "the file is not UTF-8, as JSON must be", Remedy: "export it again as UTF-8"}}
	}
	rd := &reader{path: path, data: data, places: map[string]int{}, unread: map[string]bool{}}
	rd.dec = json.NewDecoder(bytes.NewReader(data))
	rd.dec.UseNumber()
	rd.records()
	if err := rd.faults.Err(); err != nil {
		return nil, err
	}
	if cells := int64(len(rd.rows)) * int64(len(rd.names)); cells > mostExpansion*size+alwaysAllowed {
		return nil, survey.Problems{{File: path, Message: fmt.Sprintf("%d records have %d different keys, more than a table can have", len(rd.rows), len(rd.names)),
			Remedy: "name the same answers by the same keys"}}
	}
	return rd.table()
}

// table reads the cells as delimited text.
func (rd *reader) table() (*survey.Table, error) {
	if len(rd.names) == 0 {
		return nil, survey.Problems{{File: rd.path, Message: "the file has no records", Remedy: "export it again"}}
	}
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	out.Write(rd.names)
	record := make([]string, len(rd.names))
	for _, row := range rd.rows {
		clear(record)
		for _, c := range row {
			record[c.column] = c.text
		}
		if out.Write(record); len(row) == 0 {
			// A line without anything but delimiters is not a row.
			out.Flush()
			text.Truncate(text.Len() - len(record))
			text.WriteString(`""` + strings.Repeat(",", len(record)-1) + "\n")
		}
	}
	out.Flush()
	t, err := delimited.Read(bytes.NewReader(text.Bytes()), int64(text.Len()), rd.path,
		&survey.DelimitedOptions{Delimiter: ",", Quote: `"`, Encoding: "utf-8", HeaderRow: 1, HeaderRows: 1})
	var found survey.Problems
	if errors.As(err, &found) {
		for i := range found {
			found[i].Line, found[i].Column = 0, 0 // they are of the text made here
		}
	}
	if err == nil {
		t = rd.labelled(t)
	}
	return t, err
}

// labelsBefore begins the names under which Qualtrics gives the labels of answers.
const labelsBefore = "labels."

// labelled is a table with the labels of an envelope on the answers that they are of, where
// each answer has one label; and with a notice of what was not read.
func (rd *reader) labelled(t *survey.Table) *survey.Table {
	if !rd.enveloped {
		return t
	}
	out := *t
	out.Variables, out.Notices = nil, slices.Clone(t.Notices)
	for _, v := range t.Variables {
		if of, is := strings.CutPrefix(v.Name, labelsBefore); is && v.IsText() && t.Lookup(of) != nil {
			if codes, ok := codesOf(t.Lookup(of), v); ok {
				w := *t.Lookup(of)
				w.Codes = codes
				out.Variables[slices.IndexFunc(out.Variables, func(v *survey.Variable) bool { return v.Name == of })] = &w
				continue
			}
		}
		out.Variables = append(out.Variables, v)
	}
	if names := slices.Sorted(maps.Keys(rd.unread)); len(names) > 0 {
		out.Notices.Note(survey.NoticeUnread, nil, "lists of records within a record were left out: %s", strings.Join(names, ", "))
	}
	return &out
}

// codesOf are the labels of a variable's values, in their order; ok is false where a value
// has several, or several values at once.
func codesOf(v, labels *survey.Variable) (codes []survey.Code, ok bool) {
	label := map[survey.Value]string{}
	for i := range v.Len() {
		x, there := v.At(i)
		text, named := labels.At(i)
		if !named {
			continue
		}
		if before, seen := label[x]; !there || seen && before != text.Text || x.IsText {
			return nil, false
		}
		label[x] = text.Text
	}
	for x, text := range label {
		codes = append(codes, survey.Code{Value: x, Label: text})
	}
	slices.SortFunc(codes, func(a, b survey.Code) int { return cmp.Compare(a.Value.Number, b.Value.Number) })
	return codes, true
}

// reader collects the cells of the records.
type reader struct {
	path   string
	data   []byte
	dec    *json.Decoder
	names  []string
	places map[string]int // of each name in names
	last   []int          // the last row, from 1, with each name
	rows   [][]cell
	row    []cell // of the current record
	faults survey.Problems
	broken bool // the text is not JSON from here on
	// enveloped is true where the records are a list in an object, from a place on; unread are
	// the lists of lists or objects in them, such as repeated groups and attachments.
	enveloped bool
	from      int64
	unread    map[string]bool
}

type cell struct {
	column int
	text   string
}

// mostFaults is how many problems are listed, mostDeep how deep objects may nest.
const (
	mostFaults = 20
	mostDeep   = 32
)

// envelopes are the names under which platforms give the list of records: Qualtrics,
// KoboToolbox, and others.
var envelopes = []string{"responses", "results", "data", "records", "submissions", "items", "value"}

// openEnvelope goes to the list of records within the only object of the file, if it is one
// that has such a list.
func (rd *reader) openEnvelope() {
	dec := json.NewDecoder(bytes.NewReader(rd.data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return
	}
	from, to := int64(-1), int64(-1)
	for dec.More() {
		key, err := dec.Token()
		var value json.RawMessage
		if err != nil || dec.Decode(&value) != nil {
			return
		}
		name, _ := key.(string)
		if inner, list := bytes.CutPrefix(value, []byte("[")); list && slices.Contains(envelopes, name) && bytes.HasPrefix(bytes.TrimSpace(inner), []byte("{")) {
			if from >= 0 {
				return
			}
			to = dec.InputOffset()
			from = to - int64(len(value))
		}
	}
	dec.Token()
	if _, err := dec.Token(); err != io.EOF || from < 0 {
		return
	}
	rd.enveloped, rd.from = true, from
	rd.dec = json.NewDecoder(bytes.NewReader(rd.data[from:to]))
	rd.dec.UseNumber()
}

// records reads one object after another, within a list or without one.
func (rd *reader) records() {
	rd.openEnvelope()
	listed := bytes.HasPrefix(bytes.TrimSpace(rd.data[rd.from:]), []byte("["))
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
		// The list and the file must end here.
		if _, err := rd.dec.Token(); err != nil {
			rd.syntax(err)
		} else if _, err := rd.dec.Token(); err != io.EOF {
			rd.fault("", "more text follows the list of records", "keep one list in the file")
		}
	}
}

// object reads an object after its brace; before is the beginning of its names.
func (rd *reader) object(before string, depth int) {
	for !rd.broken && rd.dec.More() {
		key, ok := rd.token()
		if !ok {
			return
		}
		name := before + fmt.Sprint(key)
		if rd.enveloped {
			// Qualtrics gives the answers among others that each respondent could have given.
			if name == "displayedFields" || name == "displayedValues" {
				rd.unread[name] = true
				if value, ok := rd.token(); ok {
					rd.skip(value)
				}
				continue
			}
			name = strings.TrimPrefix(name, "values.")
		}
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
			if rd.enveloped {
				rd.unread[name] = true
				continue
			}
			rd.fault(name, "a list contains a list or an object", "give each of its answers a key")
		} else if strings.Contains(text, ";") {
			rd.fault(name, "an answer in a list contains a semicolon, which separates answers", "write a comma instead")
		}
		all = append(all, text)
	}
	if rd.token(); !rd.unread[name] {
		rd.add(name, strings.Join(all, ";"))
	}
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

// skip steps over the value that began with t.
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
	line := 1 + bytes.Count(rd.data[:min(rd.from+rd.dec.InputOffset(), int64(len(rd.data)))], []byte("\n"))
	rd.faults = append(rd.faults, survey.Problem{File: rd.path, Line: line, Row: len(rd.rows) + 1, Variable: name, Message: message, Remedy: remedy})
}
