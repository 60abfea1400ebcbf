// Package sas reads SAS data sets (.sas7bdat: plain, or compressed by
// COMPRESS=CHAR or BINARY; either byte order; 32 and 64 bits), SAS transport
// files (.xpt, versions 5 and 8) and the value labels in format catalogs
// (.sas7bcat).
//
// SAS publishes the layout of transport files only. The layout of data sets and
// catalogs is known from files: this package agrees with the "SAS7BDAT Database
// Binary Format" of M. Shotwell and C. Cummins and with the files that the tests
// read.
package sas

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"surveykit/survey"
	"surveykit/survey/ingest/raw"
)

// Read reads the SAS data set or transport file of size bytes in r. The path
// appears in messages only, and Sources is left empty for the caller.
//
// Dates become days, date-times and times seconds, counted from 1970-01-01 as
// survey.Kind says. The missing values . and ._ and .A to .Z are system-missing;
// notices list the latter. Text loses its trailing blanks; a text of blanks only is
// the empty text, a value, as in R haven's read_sas. A format's name is kept
// with width and decimals (DATE9, COMMA10.2), and labels are in a catalog: see
// ReadCatalog. Of a transport file with several data sets the first one is read.
//
// Of columns that choose does not pick no values are kept; notices are the same.
//
// A file that is damaged, encrypted or of another format gives survey.Problems
// that name the byte where reading stopped. What had to be guessed or left out
// is in the table's Notices.
func Read(r io.ReaderAt, size int64, path string, choose raw.Chooser) (*survey.Table, error) {
	return Blocks(r, size, path, choose, raw.Blocks{})
}

// Blocks is Read for a file that is never held as a whole: each gets the columns picked, a
// block of rows at a time in the file's order, and the table returned has none of their
// values. An error of each ends the reading.
func Blocks(r io.ReaderAt, size int64, path string, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	start := make([]byte, min(size, int64(len(transport))))
	if _, err := r.ReadAt(start, 0); err != nil && err != io.EOF {
		return nil, raw.Problems(path, err)
	}
	read := readData
	if bytes.Equal(start, []byte(transport)) {
		read = readTransport
	}
	t, err := read(r, size, choose, each)
	if err != nil {
		return nil, raw.Problems(path, err)
	}
	return t, nil
}

// readData reads a .sas7bdat: the pages once for the dictionary, which may be
// spread over them, and once for the rows.
func readData(r io.ReaderAt, size int64, choose raw.Chooser, each raw.Blocks) (*survey.Table, error) {
	h, err := readHeader(r, size, "DATA")
	if err != nil {
		return nil, err
	}
	f := &dataFile{header: h}
	f.decode = each.Decoder(f.decoder)
	if err := f.eachPage(f.readDictionary); err != nil {
		return nil, err
	}
	if err := f.resolve(); err != nil {
		return nil, err
	}
	f.pick(f.columns, choose)
	rows, err := f.loadRows(each)
	if err != nil {
		return nil, err
	}
	return f.table(f.columns, rows), nil
}

// column is one variable and where its values are in a row.
type column struct {
	*survey.Variable
	offset, width int
	kept          bool
	texts         interface{ Add(value []byte) }
	tags          map[string]int
}

// read takes the variable's value out of a row; number decodes numbers.
func (c *column) read(row []byte, number func([]byte) (x float64, tag string)) {
	cell := row[c.offset : c.offset+c.width]
	if c.texts != nil {
		c.texts.Add(raw.TrimBlanks(cell))
		return
	}
	x, tag := number(cell)
	if tag != "" {
		c.tags[tag]++
	}
	if c.kept {
		c.Numbers.Append(fromFile(c.Kind, x))
	}
}

// start allocates memory for rows.
func (c *column) start(d *raw.Decoder, capacity int) {
	switch {
	case c.IsText() && c.kept:
		c.texts = raw.NewTexts(d, capacity)
	case c.IsText():
		c.texts = raw.NewUnkept(d)
	case c.kept:
		c.Numbers = &survey.NumberColumn{}
		c.Numbers.Grow(capacity)
	}
	c.tags = map[string]int{}
}

// finish hands the texts so far over to the variable.
func (c *column) finish() {
	if kept, ok := c.texts.(*raw.Texts); ok {
		c.Texts = kept.Column()
	}
}

// hand hands on the rows that columns have.
func hand(columns []*column, rows int, each raw.Blocks) error {
	variables := make([]*survey.Variable, len(columns))
	for k, c := range columns {
		c.finish()
		variables[k] = c.Variable
	}
	err := each.Hand(rows, variables)
	for _, c := range columns {
		if c.kept && !c.IsText() {
			c.Numbers = &survey.NumberColumn{}
		}
	}
	return err
}

// notes are what the readers of both kinds of file collect.
type notes struct {
	survey.Notices
	decode raw.Decoder
	// names are the columns that are picked, nil for all.
	names []string
}

// pick asks which columns are kept.
func (n *notes) pick(columns []*column, choose raw.Chooser) {
	dictionary := &survey.Table{}
	for _, c := range columns {
		dictionary.Variables = append(dictionary.Variables, c.Variable)
	}
	names, picked := choose.Columns(dictionary)
	n.names = names
	for _, c := range columns {
		c.kept = picked(c.Name)
	}
}

// table is the finished table.
func (n *notes) table(columns []*column, rows int64) *survey.Table {
	t := &survey.Table{Rows: int(rows)}
	var tags raw.Tags
	for _, c := range columns {
		c.finish()
		for _, name := range specialMissing {
			if rows := c.tags[name]; rows > 0 {
				tags.Add(c.Name, name, "", rows)
			}
		}
		t.Variables = append(t.Variables, c.Variable)
	}
	raw.NoteTags(&n.Notices, tags)
	raw.NoteText(&n.Notices, &n.decode)
	t.Notices = n.Notices
	return t.Only(n.names)
}

// formatKinds are the formats of dates and times, by the beginning of their
// names. SAS has several of each, which differ in the separators of their parts.
var formatKinds = []struct {
	kind   survey.Kind
	prefix []string
}{
	{survey.DateTime, []string{"DATETIME", "DATEAMPM", "MDYAMPM", "DTDATE", "DTMON", "DTWKDAT", "DTYEAR", "DTYYQC",
		"B8601DN", "B8601DT", "B8601DX", "B8601DZ", "B8601LX", "E8601DN", "E8601DT", "E8601DX", "E8601DZ", "E8601LX",
		"IS8601DN", "IS8601DT", "IS8601DZ", "NLDATM", "EURDFDT"}},
	{survey.TimeOfDay, []string{"TIME", "HHMM", "MMSS", "TOD", "B8601TM", "B8601TZ", "B8601LZ", "E8601TM", "E8601TZ", "E8601LZ",
		"IS8601TM", "IS8601TZ", "NLTIM"}},
	{survey.Date, []string{"DATE", "WEEKDATE", "WEEKDATX", "WORDDAT", "MMDDYY", "DDMMYY", "YYMMDD", "JULIAN", "PDJUL",
		"MONYY", "MMYY", "YYMM", "YYMON", "YYQ", "B8601DA", "E8601DA", "IS8601DA", "NLDATE", "EURDFDD", "EURDFDE", "EURDFMY",
		"MINGUO", "NENGO", "HDATE", "HEBDATE"}},
}

// kindOf is the kind of a number with the format. Parts of dates (YEAR, MONTH, QTR,
// WEEKDAY) are formats of dates too.
func kindOf(format string) survey.Kind {
	name := strings.TrimRight(strings.ToUpper(format), "0123456789.")
	switch name {
	case "YEAR", "MONTH", "MONNAME", "QTR", "QTRR", "WEEKDAY", "DOWNAME", "DAY", "JULDAY", "WEEKU", "WEEKV", "WEEKW":
		return survey.Date
	}
	for _, f := range formatKinds {
		for _, p := range f.prefix {
			if strings.HasPrefix(name, p) {
				return f.kind
			}
		}
	}
	return survey.Number
}

// SAS counts dates in days and date-times in seconds from 1960-01-01.
const (
	secondsPerDay = 86400
	epochDays     = 3653 // from 1960-01-01 to 1970-01-01
)

// fromFile turns a number as the file holds it into the kind's own unit.
func fromFile(kind survey.Kind, x float64) float64 {
	switch kind {
	case survey.Date:
		return x - epochDays
	case survey.DateTime:
		return x - epochDays*secondsPerDay
	}
	return x
}

// utf8Code is the encoding code of UTF-8.
const utf8Code = 20

// encodings are the encodings by the code in the header.
var encodings = map[byte]encoding.Encoding{
	28: charmap.Windows1252, // ASCII
	29: charmap.ISO8859_1, 30: charmap.ISO8859_2, 31: charmap.ISO8859_3, 32: charmap.ISO8859_4, 33: charmap.ISO8859_5,
	34: charmap.ISO8859_6, 35: charmap.ISO8859_7, 36: charmap.ISO8859_8, 37: charmap.ISO8859_9, 38: charmap.ISO8859_10,
	39: charmap.Windows874, 40: charmap.ISO8859_15,
	41: charmap.CodePage437, 42: charmap.CodePage850, 43: charmap.CodePage852, 45: charmap.CodePage858,
	46: charmap.CodePage862, 48: charmap.CodePage865, 49: charmap.CodePage866, 51: charmap.Windows874,
	60: charmap.Windows1250, 61: charmap.Windows1251, 62: charmap.Windows1252, 63: charmap.Windows1253, 64: charmap.Windows1254,
	65: charmap.Windows1255, 66: charmap.Windows1256, 67: charmap.Windows1257, 68: charmap.Windows1258,
	118: traditionalchinese.Big5, 123: traditionalchinese.Big5, 125: simplifiedchinese.GBK, 126: simplifiedchinese.GBK, 205: simplifiedchinese.GB18030,
	134: japanese.EUCJP, 136: japanese.ShiftJIS, 138: japanese.ShiftJIS, 140: korean.EUCKR, 141: korean.EUCKR,
}

// decoder is the decoder for the encoding that the header names.
func (f *dataFile) decoder() raw.Decoder {
	if f.encoding == utf8Code {
		return raw.Decoder{}
	}
	if e, ok := encodings[f.encoding]; ok {
		return raw.Decoder{Encoding: e}
	}
	f.Note(survey.NoticeEncoding, nil, "the file names a character encoding that is not known, %d: read as UTF-8 or windows-1252", f.encoding)
	return guessing()
}

// guessing is the decoder for text in an unknown encoding.
func guessing() raw.Decoder { return raw.Decoder{Encoding: charmap.Windows1252, Guess: true} }
