package sav

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// layout is a table fitted to what a system file can hold.
type layout struct {
	table  *survey.Table
	fields []*field
	byName map[string]*field
	names  *namer
	survey.Notices
	problems survey.Problems
	// blanked counts missing texts; cutLabels names the variable of each label cut.
	blanked   int
	cutLabels []string
}

// field is a variable as the file will have it.
type field struct {
	*survey.Variable
	// name is the long name, allowed and unique in SPSS.
	name string
	// width is 0 for a number, else the bytes of a text.
	width  int
	format format
	// parts are its variable records: one, or the segments of a very long text.
	parts []part
	// element is its 1-based position among the dictionary elements.
	element int
	// single and ranged are the missing values; at most one range.
	single []survey.Missing
	ranged *survey.Missing
}

// part is one variable record.
type part struct {
	short string
	width int
}

// The limits of the format.
const (
	maxText         = 32767
	maxShortText    = 8
	maxLabel        = 256
	maxValueLabel   = 120
	maxMissing      = 3
	maxMissingRange = 2
)

// plan fits the table to the format, or lists everything that does not fit.
func plan(t *survey.Table) (*layout, error) {
	p := &layout{table: t, byName: map[string]*field{}, names: &namer{longs: map[string]bool{}, shorts: map[string]bool{}}}
	if len(t.Variables) == 0 {
		p.problem("", "", "a system file needs at least one variable", "keep a variable")
	}
	element := 1
	for _, v := range t.Variables {
		f := &field{Variable: v, name: p.names.long(v.Name), element: element}
		if f.name != v.Name {
			p.Note(survey.NoticeRenamed, []string{v.Name}, "variable %s is written as %s: SPSS does not allow its name", v.Name, f.name)
		}
		if v.Len() != t.Rows {
			p.problem(v.Name, "", fmt.Sprintf("the column has %d values and the table %d rows", v.Len(), t.Rows), "read the table again")
		}
		p.setWidth(f)
		p.setMissing(f)
		f.format = f.chooseFormat()
		element += f.octets()
		p.fields = append(p.fields, f)
		p.byName[v.Name] = f
	}
	for _, f := range p.fields {
		for i := range f.parts {
			f.parts[i].short = p.names.short(f.name, i)
		}
	}
	p.checkReferences()
	if p.blanked > 0 {
		p.Note(survey.NoticeNotKept, nil, "%d missing texts are written as empty ones: SPSS has no system-missing text", p.blanked)
	}
	return p, p.problems.Err()
}

func (p *layout) problem(variable, value, message, remedy string) {
	p.problems = append(p.problems, survey.Problem{Variable: variable, Value: value, Message: message, Remedy: remedy})
}

// setWidth finds how many bytes a text needs, and splits a very long one.
func (p *layout) setWidth(f *field) {
	if !f.IsText() {
		f.parts = []part{{}}
		return
	}
	f.width = 1
	if digits, ok := strings.CutPrefix(f.Format, "A"); ok {
		if n, err := strconv.Atoi(digits); err == nil && n <= maxText {
			f.width = max(1, n)
		}
	}
	for _, s := range f.Texts.Values {
		f.width = max(f.width, len(s))
	}
	for _, c := range f.Codes {
		f.width = max(f.width, len(c.Value.Text))
	}
	for _, m := range f.Missing {
		f.width = max(f.width, min(len(m.Text), maxShortText))
	}
	for _, k := range f.Texts.Index.All() {
		if k < 0 {
			p.blanked++
		}
	}
	if f.width > maxText {
		p.problem(f.Variable.Name, "", fmt.Sprintf("the longest text has %d bytes, and a system file holds %d", f.width, maxText),
			"shorten it or leave the variable out")
		return
	}
	if f.width <= veryLongUsed {
		f.parts = []part{{width: f.width}}
		return
	}
	n := (f.width + veryLongCounts - 1) / veryLongCounts
	for range n - 1 {
		f.parts = append(f.parts, part{width: veryLongUsed})
	}
	f.parts = append(f.parts, part{width: f.width - (n-1)*veryLongCounts})
}

// octets is the number of dictionary elements of the field.
func (f *field) octets() (n int) {
	for _, part := range f.parts {
		n += part.octets()
	}
	return n
}

func (p part) octets() int { return roundUp(max(p.width, 1), 8) / 8 }

// setMissing sorts the missing values into single ones and a range.
func (p *layout) setMissing(f *field) {
	for i, m := range f.Missing {
		if m.IsText && len(m.Text) > maxShortText {
			p.problem(f.Variable.Name, m.Text, "a missing text has more than 8 bytes", "recode it to a shorter text")
		}
		if m.IsText || m.Low == m.High {
			f.single = append(f.single, m)
			continue
		}
		if f.ranged != nil {
			p.problem(f.Variable.Name, "", "there is more than one range of missing values", "recode the values into one range")
		}
		f.ranged = &f.Missing[i]
	}
	n := len(f.single)
	if f.ranged != nil {
		n += maxMissingRange
	}
	if n > maxMissing {
		p.problem(f.Variable.Name, "", fmt.Sprintf("%d missing values are declared; SPSS holds three, or a range and one", len(f.Missing)),
			"recode them to fewer values or to a range")
	}
}

// chooseFormat keeps the variable's format where SPSS knows it, and otherwise
// takes the usual one for its kind.
func (f *field) chooseFormat() format {
	if f.IsText() {
		return format{code: formatA, width: byte(min(f.width, veryLongUsed))}
	}
	if own, ok := parseFormat(f.Format); ok && own.code != formatA && own.kind() == f.Kind {
		return own
	}
	switch f.Kind {
	case survey.Date:
		return format{code: formatDate, width: 11}
	case survey.DateTime:
		return format{code: formatDateTime, width: 20}
	case survey.TimeOfDay:
		return format{code: formatTime, width: 8}
	}
	for _, x := range f.Numbers.All() {
		if x != math.Trunc(x) {
			return format{code: formatF, width: 8, decimals: 2}
		}
	}
	return format{code: formatF, width: 8}
}

// checkReferences makes sure that the weight and the sets name variables.
func (p *layout) checkReferences() {
	if w := p.table.Weight; w != "" {
		if f := p.byName[w]; f == nil || f.IsText() {
			p.problem(w, "", "the weight is not a numeric variable of the table", "name another weight or none")
		}
	}
	for _, set := range p.table.Sets {
		if len(set.Variables) == 0 {
			p.problem("", "", fmt.Sprintf("multiple-response set %s has no variables", set.Name), "leave the set out")
		}
		for _, name := range set.Variables {
			if p.byName[name] == nil {
				unknown := p.table.Unknown(name)
				p.problem("", "", fmt.Sprintf("multiple-response set %s: %s", set.Name, unknown.Message), unknown.Remedy)
			}
		}
	}
}

// The longest names, in bytes.
const (
	maxName      = 64
	maxShortName = 8
)

// reserved are the reserved words of SPSS's syntax.
var reserved = map[string]bool{
	"ALL": true, "AND": true, "BY": true, "EQ": true, "GE": true, "GT": true, "LE": true,
	"LT": true, "NE": true, "NOT": true, "OR": true, "TO": true, "WITH": true,
}

// namer makes names that SPSS allows and that are unique without regard to case.
type namer struct {
	longs, shorts map[string]bool
	count         int
}

// long is the name itself where it is allowed and free, else a similar one.
func (n *namer) long(name string) string {
	good := allowed(name)
	for try, i := good, 2; ; i++ {
		if key := strings.ToUpper(try); !n.longs[key] {
			n.longs[key] = true
			return try
		}
		tail := fmt.Sprintf("_%d", i)
		try = cut(good, maxName-len(tail)) + tail
	}
}

// short is the name of up to eight bytes for a variable record: the long name in
// capitals where that fits, else V and a number.
func (n *namer) short(long string, segment int) string {
	key := strings.ToUpper(long)
	if segment == 0 && len(key) <= maxShortName && raw.IsASCII([]byte(key)) && !n.shorts[key] {
		n.shorts[key] = true
		return key
	}
	for {
		n.count++
		key := fmt.Sprintf("V%d", n.count)
		if !n.shorts[key] && !n.longs[key] {
			n.shorts[key] = true
			return key
		}
	}
}

// allowed mends a name: letters, digits and . _ $ # @ only, a letter or @ first,
// no full stop last, no reserved word, at most 64 bytes.
func allowed(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._$#@", r) {
			return r
		}
		return '_'
	}, name)
	first, _ := utf8.DecodeRuneInString(name)
	if name == "" || !unicode.IsLetter(first) && first != '@' || reserved[strings.ToUpper(name)] {
		name = "V_" + name
	}
	name = cut(name, maxName)
	if last := len(name) - 1; name[last] == '.' {
		name = name[:last] + "_"
	}
	return name
}

// cut shortens s to at most n bytes of whole characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
