package por

import (
	"math"
	"strings"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
	"surveykit/survey/ingest/sav"
)

const signature = "SPSSPORT"

// readHeader reads the table of characters, and checks the signature that is
// written in them.
func (f *file) readHeader() {
	f.take(200) // the words "SPSS PORT FILE" in five character sets
	translate(&f.ascii, f.take(256))
	if got := string(f.take(len(signature))); f.err == nil && got != signature {
		f.err = &raw.Fault{At: f.at, Message: "this is no SPSS portable file: it has no SPSSPORT behind its first 456 characters",
			Remedy: "check that the file is a .por file"}
	}
	if version := f.next(); f.err == nil && version != 'A' {
		f.damage("the version is %q, not A", rune(version))
	}
	f.str() // date
	f.str() // time
}

// positions are the characters in the table's order; a blank has none.
const positions = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" +
	" .<(+|&[]!$*);^-/|,%_>?`: @'=\"      ~                     {}\\"

// firstPosition is the place of 0 in the table. What a machine has not stands in
// the table as another 0.
const firstPosition = 64

// translate makes the file's characters ASCII.
func translate(ascii *[256]byte, table []byte) {
	if len(table) < 256 {
		return
	}
	known := map[byte]bool{}
	for i, c := range []byte(positions) {
		b := table[firstPosition+i]
		missing := c != '0' && b == table[firstPosition]
		reserved := c == ' ' && i != len("0123456789")+2*26
		if !missing && !reserved && !known[b] {
			ascii[b], known[b] = c, true
		}
	}
}

// readRecords reads records by their tags, up to the one of the data.
func (f *file) readRecords() {
	var last *column
	for f.err == nil {
		switch tag := f.next(); tag {
		case '1', '2', '3': // product, author, further product
			f.str()
		case '4', '5': // number of variables, precision
			f.integer("a count")
		case '6':
			f.weight = f.text()
		case '7':
			last = f.readVariable()
		case '8', '9', 'A', 'B', 'C':
			if last == nil {
				f.damage("a record %c comes before the first variable", tag)
				return
			}
			f.describe(last, tag)
		case 'D':
			f.readLabels()
		case 'E':
			f.readDocument()
		case 'F':
			f.checkDictionary()
			return
		default:
			f.damage("there is no record %q", rune(tag))
		}
	}
}

// readDocument turns what people wrote about the file into a notice.
func (f *file) readDocument() {
	var lines []string
	for n := f.count("lines of a document"); n > 0 && f.err == nil; n-- {
		lines = append(lines, f.text())
	}
	f.Note(survey.NoticeRemark, nil, "document: %s", strings.Join(lines, "\n"))
}

// count reads a number of things; none is made room for before it is read.
func (f *file) count(what string) int {
	n := f.integer("the number of " + what)
	if n < 0 {
		f.damage("the number of %s is %d", what, n)
	}
	if f.err != nil {
		return 0
	}
	return n
}

// SPSS itself numbers the formats of dates and times, 20 and up in a system file,
// from 102 in a portable one; PSPP writes the numbers of system files.
const (
	lateFormats     = 82
	firstLateFormat = 20 + lateFormats
)

func (f *file) readVariable() *column {
	width := f.integer("a text's width")
	name := f.text()
	var formats [6]int // for print and for write: type, width, decimals
	for i := range formats {
		formats[i] = f.integer("a format")
	}
	if f.err == nil && (width < 0 || width > 255) {
		f.damage("variable %q has the width %d, not 0 to 255", name, width)
	}
	if f.err != nil {
		return nil
	}
	v := &survey.Variable{Name: f.names.Free(name, len(f.columns)+1, &f.Notices)}
	c := &column{Variable: v}
	if formats[0] >= firstLateFormat {
		formats[0] -= lateFormats
	}
	v.Format, v.Kind = sav.Display(byte(formats[0]), byte(formats[1]), byte(formats[2]))
	if width > 0 {
		v.Kind, c.texts = survey.Text, raw.NewTexts(&f.decode, 0)
	} else {
		v.Numbers = []float64{}
	}
	f.columns = append(f.columns, c)
	f.byName[v.Name] = c
	return c
}

// describe reads a missing value or the label of a variable.
func (f *file) describe(c *column, tag byte) {
	infinite := math.Inf(1)
	switch tag {
	case '8':
		v := f.value(c)
		c.Missing = append(c.Missing, survey.Missing{Low: v.Number, High: v.Number, Text: v.Text, IsText: v.IsText})
	case '9':
		c.addRange(-infinite, f.value(c).Number)
	case 'A':
		c.addRange(f.value(c).Number, infinite)
	case 'B':
		low := f.value(c).Number
		c.addRange(low, f.value(c).Number)
	case 'C':
		c.Label = f.text()
	}
}

// addRange declares a range of numbers as missing; SPSS has none of texts.
func (c *column) addRange(low, high float64) {
	if !c.IsText() {
		c.Missing = append(c.Missing, survey.Missing{Low: low, High: high})
	}
}

// readLabels reads value labels and the variables that they are for, all of the
// first one's kind.
func (f *file) readLabels() {
	var columns []*column
	for range f.count("variables with labels") {
		name := f.text()
		c := f.byName[name]
		if c == nil {
			f.damage("labels are given to %q, which is no variable", name)
		}
		if f.err != nil {
			return
		}
		if columns = append(columns, c); c.IsText() != columns[0].IsText() {
			f.damage("labels are given to %s, a text, and to %s, a number", columns[0].Name, c.Name)
		}
	}
	if f.err == nil && len(columns) == 0 {
		f.damage("labels are given to no variable")
	}
	for n := f.count("labels"); n > 0 && f.err == nil; n-- {
		at := survey.Value{IsText: columns[0].IsText()}
		if at.IsText {
			at.Text = f.text()
		} else {
			at.Number = f.number()
		}
		label := f.text()
		for _, c := range columns {
			c.addCode(at, label)
		}
	}
}

// addCode labels a value; a later label takes the place of an earlier one.
func (c *column) addCode(v survey.Value, label string) {
	if !v.IsText {
		v.Number = sav.Unit(c.Kind, v.Number)
	}
	for i := range c.Codes {
		if c.Codes[i].Value == v {
			c.Codes[i].Label = label
			return
		}
	}
	c.Codes = append(c.Codes, survey.Code{Value: v, Label: label})
}

// checkDictionary looks at what can only be said when all variables are known.
func (f *file) checkDictionary() {
	if len(f.columns) == 0 {
		f.damage("the file has no variables")
	}
	if f.weight == "" {
		return
	}
	if c := f.byName[f.weight]; c == nil || c.IsText() {
		f.damage("the weight is %q, which is no numeric variable", f.weight)
	}
}
