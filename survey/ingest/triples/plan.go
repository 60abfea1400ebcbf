package triples

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// plan is how the records of a survey become a table.
type plan struct {
	survey.Notices
	path   string
	record *record
	names  raw.Names
	fields []*field
	result survey.Table
	faults survey.Problems
}

// field is a variable of the definition and the columns that it becomes.
type field struct {
	*variable
	columns []*column
	labels  map[string]string // of codes
	width   int               // of a subfield, 0 where there is one field
	strange map[string]int    // labelled codes that are not numbers
}

// farthest is the last column of data, and the limit of a definition's other numbers.
const farthest = 1 << 20

func newPlan(d *document, path string) (*plan, error) {
	p := &plan{path: path, record: &d.Survey.Record, names: raw.Names{}}
	if len(p.record.Variables) == 0 {
		return nil, problem(path, "the definition has no variables", "export it again")
	}
	scores, filters := 0, 0
	for i := range p.record.Variables {
		v := &p.record.Variables[i]
		v.Type = strings.ToLower(v.Type)
		if message := v.check(p.record.csv()); message != "" {
			p.faults = append(p.faults, survey.Problem{File: path, Variable: v.Name, Message: message, Remedy: "correct the definition, or export it again"})
			continue
		}
		p.fields = append(p.fields, p.field(v, d.Lang))
		if v.Use == "weight" && p.result.Weight == "" {
			p.result.Weight = p.fields[len(p.fields)-1].columns[0].Name
		}
		if v.Filter != "" {
			filters++
		}
		for _, x := range v.Values {
			if x.Score != "" {
				scores++
			}
		}
	}
	if filters > 0 {
		p.Note(survey.NoticeNotKept, nil, "the filters of %d variables, which say who was asked, are not kept", filters)
	}
	if scores > 0 {
		p.Note(survey.NoticeNotKept, nil, "the scores of %d answers are not kept", scores)
	}
	return p, p.faults.Err()
}

// check says what is wrong with a variable's definition.
func (v *variable) check(csv bool) string {
	pos := v.Position
	switch {
	case pos == nil:
		return "the variable has no position"
	case pos.Start < 1 || pos.Finish > farthest || pos.Start > farthest || pos.Finish != 0 && pos.Finish < pos.Start:
		return fmt.Sprintf("the position %d to %d does not exist", pos.Start, pos.Finish)
	}
	if pos.Finish == 0 {
		pos.Finish = pos.Start
	}
	length := pos.Finish - pos.Start + 1
	switch v.Type {
	case "single", "quantity", "character", "logical", "date", "time":
		return ""
	case "multiple":
	default:
		return fmt.Sprintf("there is no type %q", v.Type)
	}
	if v.Spread != nil {
		if n := v.Spread.Subfields; n < 1 || n > farthest || !csv && (length%n != 0 || v.Spread.Width != 0 && v.Spread.Width*n != length) {
			return fmt.Sprintf("%d columns cannot hold %d subfields", length, n)
		}
		return ""
	}
	for _, x := range v.Values {
		code, err := strconv.Atoi(x.Code)
		if err != nil || code < 1 || code > farthest || !csv && code > length {
			return fmt.Sprintf("there is no bit for the code %q", x.Code)
		}
	}
	return ""
}

// literal reports whether the codes are texts.
func (v *variable) literal() bool { return strings.EqualFold(v.Format, "literal") }

// field makes the columns of a variable.
func (p *plan) field(v *variable, lang string) *field {
	f := &field{variable: v, labels: map[string]string{}, strange: map[string]int{}}
	label := v.Label.in(lang)
	var codes []survey.Code
	for _, x := range v.Values {
		f.labels[x.Code] = x.Label.in(lang)
		if v.literal() {
			codes = append(codes, survey.Code{Value: survey.TextValue(x.Code), Label: f.labels[x.Code]})
		} else if number, ok := parseNumber(x.Code); ok && kindOf(v) == survey.Number {
			codes = append(codes, survey.Code{Value: survey.NumberValue(number), Label: f.labels[x.Code]})
		}
	}
	if v.Type == "multiple" {
		p.set(f, label, codes)
		return f
	}
	one := p.column(v.Name, label, kindOf(v))
	one.Codes = codes
	switch v.Type {
	case "single", "logical", "character":
		one.Measure = survey.Nominal
	case "quantity", "date", "time":
		one.Measure = survey.Scale
	}
	f.columns = []*column{one}
	return f
}

func kindOf(v *variable) survey.Kind {
	switch {
	case v.Type == "character", v.literal():
		return survey.Text
	case v.Type == "date":
		return survey.Date
	case v.Type == "time":
		return survey.TimeOfDay
	}
	return survey.Number
}

// set makes the columns of a multiple question, and declares its set.
func (p *plan) set(f *field, label string, codes []survey.Code) {
	set := survey.MultipleResponse{Name: f.Name, Label: label}
	if f.Spread != nil {
		f.width = f.Spread.Width
		if length := f.Position.Finish - f.Position.Start + 1; f.width == 0 {
			f.width = max(1, length/f.Spread.Subfields)
		}
		for k := range f.Spread.Subfields {
			c := p.column(fmt.Sprintf("%s_%d", f.Name, k+1), label, kindOf(f.variable))
			c.Codes, c.Measure = codes, survey.Nominal
			f.columns = append(f.columns, c)
		}
	} else {
		chosen := survey.NumberValue(1)
		set.Counted = &chosen
		for _, x := range f.Values {
			c := p.column(f.Name+"_"+x.Code, f.labels[x.Code], survey.Number)
			c.Measure = survey.Nominal
			f.columns = append(f.columns, c)
		}
	}
	for _, c := range f.columns {
		set.Variables = append(set.Variables, c.Name)
	}
	p.result.Sets = append(p.result.Sets, set)
}

func (p *plan) column(name, label string, kind survey.Kind) *column {
	place := len(p.result.Variables) + 1
	c := &column{Variable: &survey.Variable{Name: p.names.Free(strings.TrimSpace(name), place, &p.Notices), Label: label, Kind: kind}}
	if kind == survey.Text {
		c.Texts, c.places = &survey.TextColumn{Index: survey.NewPlaces([]int32{})}, map[string]int32{}
	} else {
		c.Numbers = &survey.NumberColumn{}
	}
	p.result.Variables = append(p.result.Variables, c.Variable)
	return c
}

// The most cells of a table: a hundred for each byte of its data, and always
// this many.
const (
	mostExpansion = 100
	alwaysAllowed = 64 << 20
	mostFaults    = 20
)

// table reads the records of the data at path. Their encoding is windows-1252 unless
// the definition or a byte order mark says UTF-8.
func (p *plan) table(data []byte, path string) (*survey.Table, error) {
	text := ""
	if bare, marked := bytes.CutPrefix(data, []byte("\uFEFF")); marked || strings.EqualFold(p.record.Encoding, "utf-8") {
		text = strings.ToValidUTF8(string(bare), "\uFFFD")
	} else if decoded, err := charmap.Windows1252.NewDecoder().Bytes(data); err == nil {
		text = string(decoded)
	} else {
		text = strings.ToValidUTF8(string(data), "\uFFFD")
	}
	records := bytes.Count(data, []byte("\n")) + 1
	if cells := int64(records) * int64(len(p.result.Variables)); cells > mostExpansion*int64(len(data))+alwaysAllowed {
		return nil, problem(path, fmt.Sprintf("the definition has %d columns for %d short records", len(p.result.Variables), records),
			"check that the definition belongs to the data")
	}
	p.path = path
	if p.record.csv() {
		p.separated(text)
	} else {
		text = strings.TrimRight(text, "\r\n\x1a")
		for i, line := range strings.Split(text, "\n") {
			if i < p.record.Skip || len(p.faults) >= mostFaults || text == "" {
				continue
			}
			columns := []rune(strings.TrimSuffix(line, "\r"))
			for _, f := range p.fields {
				from, to := min(f.Position.Start-1, len(columns)), min(f.Position.Finish, len(columns))
				p.add(f, i+1, []string{string(columns[from:to])})
			}
			p.result.Rows++
		}
	}
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	for _, f := range p.fields {
		for code, n := range f.strange {
			p.Note(survey.NoticeMissing, []string{f.Name}, "%s: the code %s (%s) is not a number and is read as missing in %s records", f.Name, code, f.labels[code], survey.FormatCount(n))
		}
	}
	p.result.Notices = p.Notices
	return &p.result, nil
}

// separated reads records of CSV.
func (p *plan) separated(text string) {
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	for i := 0; len(p.faults) < mostFaults; i++ {
		cells, err := in.Read()
		if err == io.EOF {
			return
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			p.faults = append(p.faults, survey.Problem{File: p.path, Line: broken.Line, Column: broken.Column,
				Message: "this is not CSV: " + broken.Err.Error(), Remedy: "correct the quotes, or export the data again"})
			return
		}
		if i < p.record.Skip {
			continue
		}
		line, _ := in.FieldPos(0)
		for _, f := range p.fields {
			if f.Position.Finish > len(cells) {
				p.fault(f, line, "", fmt.Sprintf("the record has %d fields, and this variable is in field %d", len(cells), f.Position.Finish))
				continue
			}
			p.add(f, line, cells[f.Position.Start-1:f.Position.Finish])
		}
		p.result.Rows++
	}
}

// add puts the cells of a variable into its columns.
func (p *plan) add(f *field, line int, cells []string) {
	if fault := f.add(cells, p.record.csv()); fault != "" {
		p.fault(f, line, strings.Join(cells, ","), fault)
	}
}

func (p *plan) fault(f *field, line int, value, message string) {
	p.faults = append(p.faults, survey.Problem{File: p.path, Line: line, Row: p.result.Rows + 1, Variable: f.Name, Value: value,
		Message: message, Remedy: "correct the data, or check that the definition belongs to them"})
}

// column is a variable that grows by one value a record.
type column struct {
	*survey.Variable
	places map[string]int32 // of each text in Texts.Values
}

func (c *column) addNumber(x float64) { c.Numbers.Append(x) }

// add reads the record's cells of a variable and returns what is wrong with them.
func (f *field) add(cells []string, csv bool) (fault string) {
	switch {
	case f.Type != "multiple":
		return f.addOne(f.columns[0], strings.Join(cells, ""), csv)
	case f.Spread == nil:
		bits := strings.TrimSpace(strings.Join(cells, ""))
		if strings.Trim(bits, "01") != "" {
			return "a bit is neither 0 nor 1"
		}
		for k, x := range f.Values {
			code, _ := strconv.Atoi(x.Code) // checked with the definition
			switch {
			case bits == "":
				f.columns[k].addNumber(math.NaN())
			case code > len(bits):
				return fmt.Sprintf("%d bits are too few for the code %d", len(bits), code)
			default:
				f.columns[k].addNumber(float64(bits[code-1] - '0'))
			}
		}
		return ""
	case len(cells) == f.Spread.Subfields:
		return f.addCodes(cells)
	}
	joined := []rune(strings.TrimRight(strings.Join(cells, ""), " "))
	parts := make([]string, f.Spread.Subfields)
	for k := range parts {
		parts[k] = string(joined[min(k*f.width, len(joined)):min((k+1)*f.width, len(joined))])
	}
	if len(joined) > f.Spread.Subfields*f.width {
		return fmt.Sprintf("%d characters are more than %d subfields of %d", len(joined), f.Spread.Subfields, f.width)
	}
	return f.addCodes(parts)
}

func (f *field) addOne(c *column, cell string, csv bool) (fault string) {
	bare := strings.TrimSpace(cell)
	if c.Kind == survey.Text {
		if f.Type == "character" {
			bare = strings.TrimRight(cell, " ")
		}
		k, known := c.places[bare]
		if bare == "" {
			k = -1
		} else if !known {
			k = int32(len(c.Texts.Values))
			c.places[bare] = k
			c.Texts.Values = append(c.Texts.Values, bare)
		}
		c.Texts.Index.Append(k)
		return ""
	}
	if bare == "" {
		c.addNumber(math.NaN())
		return ""
	}
	x, ok := 0.0, false
	switch f.Type {
	case "date":
		x, ok = parseDay(bare)
	case "time":
		x, ok = parseClock(bare, csv)
	default:
		x, ok = parseNumber(bare)
		if _, labelled := f.labels[bare]; !ok && labelled {
			f.strange[bare]++
			x, ok = math.NaN(), true
		}
	}
	if !ok {
		return "this is not a " + f.Type
	}
	c.addNumber(x)
	return ""
}

// addCodes reads a multiple question of one subfield an answer. A 0 that is not a
// code means an empty subfield.
func (f *field) addCodes(parts []string) (fault string) {
	for k, part := range parts {
		bare := strings.TrimSpace(part)
		if _, labelled := f.labels[bare]; !labelled && strings.Trim(bare, "0") == "" && !f.literal() {
			bare = ""
		}
		if told := f.addOne(f.columns[k], bare, false); told != "" {
			fault = told
		}
	}
	if fault != "" {
		return "a subfield does not have a code"
	}
	return ""
}

// parseNumber reads a decimal number.
func parseNumber(s string) (x float64, ok bool) {
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// parseDay reads yyyymmdd as days since 1970-01-01; zeros mean none.
func parseDay(s string) (x float64, ok bool) {
	if s == "00000000" {
		return math.NaN(), true
	}
	day, err := time.Parse("20060102", s)
	const daySeconds = 86400
	return float64(day.Unix()) / daySeconds, err == nil
}

// parseClock reads hhmmss as seconds; CSV may lack the leading zeros.
func parseClock(s string, csv bool) (x float64, ok bool) {
	if csv && len(s) < 6 {
		s = strings.Repeat("0", 6-len(s)) + s
	}
	clock, err := time.Parse("150405", s)
	return float64(clock.Hour()*3600 + clock.Minute()*60 + clock.Second()), err == nil && len(s) == 6
}
