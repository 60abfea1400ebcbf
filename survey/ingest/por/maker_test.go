package por

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"surveykit/survey"
)

// maker builds a portable file; what it writes is broken into lines by file.
type maker struct{ strings.Builder }

func newMaker() *maker {
	m := &maker{}
	m.WriteString(strings.Repeat("ASCII SPSS PORT FILE                    ", 5))
	table := []byte(strings.Repeat("0", 256))
	for i, c := range []byte(positions) {
		if c != ' ' || i == 62 {
			table[firstPosition+i] = c
		}
	}
	m.Write(table)
	m.WriteString("SPSSPORTA")
	return m.texts("20180506", "101010").tag('1').texts("made by a test")
}

func (m *maker) tag(c byte) *maker {
	m.WriteByte(c)
	return m
}

func (m *maker) ints(xs ...int) *maker {
	for _, x := range xs {
		m.WriteString(strings.ToUpper(strconv.FormatInt(int64(x), base)) + "/")
	}
	return m
}

func (m *maker) texts(all ...string) *maker {
	for _, s := range all {
		m.ints(len(s)).WriteString(s)
	}
	return m
}

func (m *maker) raw(s string) *maker {
	m.WriteString(s)
	return m
}

// number adds a numeric variable, chars a text.
func (m *maker) number(name string, format int) *maker {
	return m.tag('7').ints(0).texts(name).ints(format, 8, 2, format, 8, 2)
}

func (m *maker) chars(name string, width int) *maker {
	return m.tag('7').ints(width).texts(name).ints(1, width, 0, 1, width, 0)
}

// file is what was written, in lines of 80 without the blanks at their ends.
func (m *maker) file(lineEnd string) []byte {
	var lines strings.Builder
	all := m.String()
	for len(all) > 0 {
		n := min(lineLength, len(all))
		lines.WriteString(strings.TrimRight(all[:n], " ") + lineEnd)
		all = all[n:]
	}
	return []byte(lines.String())
}

func read(file []byte) (*survey.Table, error) {
	return Read(bytes.NewReader(file), int64(len(file)), "made.por")
}

// small is a file with all records; smallTable what it holds.
func small() *maker {
	m := newMaker().tag('4').ints(4).tag('5').ints(11).tag('6').texts("W")
	m.number("AGREE", 5).tag('8').ints(9).tag('A').ints(97).tag('C').texts("Do you agree?")
	m.chars("CITY", 12).tag('8').texts("Bonn  ").tag('B').texts("a", "b")
	m.number("DAY", 102).tag('9').raw("IPJ2000/")
	m.number("W", 5).tag('B').ints(-2, -1)
	m.tag('D').ints(2).texts("AGREE", "DAY").ints(2, 1).texts("Yes").ints(1).texts("Yes!")
	m.tag('D').ints(1).texts("CITY").ints(1).texts("Bonn  ", "The old capital")
	m.tag('E').ints(2).texts("two", "lines").tag('F')
	m.ints(1).texts("K\xf6ln   ").raw("IPJ2+3/").raw(".F/")
	m.raw("*.").texts("").raw("*.1.F/")
	return m.raw(strings.Repeat("Z", lineLength-m.Len()%lineLength))
}

func smallTable() *survey.Table {
	// IPJ2 times 30³ seconds after 1582-10-14 is 2018-05-06.
	const first = 1.0/86400 - 141428
	yes := func(x float64) []survey.Code { return []survey.Code{{Value: survey.NumberValue(x), Label: "Yes!"}} }
	return &survey.Table{
		Rows: 2, Weight: "W", Notices: survey.Notices{{Code: survey.NoticeRemark, Text: "document: two\nlines"}},
		Variables: []*survey.Variable{
			{Name: "AGREE", Kind: survey.Number, Format: "F8.2", Label: "Do you agree?", Codes: yes(1), Numbers: survey.NewNumbers([]float64{1, math.NaN()}),
				Missing: []survey.Missing{{Low: 9, High: 9}, {Low: 97, High: math.Inf(1)}}},
			{Name: "CITY", Kind: survey.Text, Format: "A12", Missing: []survey.Missing{{Text: "Bonn", IsText: true}},
				Codes: []survey.Code{{Value: survey.TextValue("Bonn"), Label: "The old capital"}},
				Texts: &survey.TextColumn{Index: survey.NewPlaces([]int32{0, 1}), Values: []string{"Köln", ""}}},
			{Name: "DAY", Kind: survey.Date, Format: "DATE8.2", Codes: yes(first), Numbers: survey.NewNumbers([]float64{17657, math.NaN()}),
				Missing: []survey.Missing{{Low: math.Inf(-1), High: 17657}}},
			{Name: "W", Kind: survey.Number, Format: "F8.2", Numbers: survey.NewNumbers([]float64{0.5, 1.5}), Missing: []survey.Missing{{Low: -2, High: -1}}},
		},
	}
}

func mustRead(t *testing.T, file []byte) *survey.Table {
	t.Helper()
	table, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	return table
}
