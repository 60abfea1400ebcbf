package sas

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

// catalog is a catalog of two formats, YESNO in two blocks and $CITY.
func (m maker) catalog() []byte {
	directory, formats := make([]byte, testPage), make([]byte, testPage)
	yesNo := bytes.Join([][]byte{
		m.name("YESNO"),
		m.value(0, number(1), number(1)), m.value(1, number(-2), number(-2)),
		m.value(2, missing(0xbe), missing(0xbe)), m.value(3, number(5), number(9)),
		m.text("Yes"), m.text("No"), m.text("Refused"), m.text("Many"),
	}, nil)
	city := bytes.Join([][]byte{
		m.name("$CITY"), m.value(1, []byte("Bonn    "), []byte("        ")), m.value(0, []byte("K\xf6ln    "), []byte("        ")),
		m.text("Cologne"), m.text("The old capital"),
	}, nil)
	const first, second, third = 64, 512, 1024
	half := len(yesNo) / 2
	m.block(formats, first, yesNo[:half], 2, second)
	m.block(formats, second, yesNo[half:], 0, 0)
	m.block(formats, third, city, 0, 0)
	m.entry(directory, 0, first, 'O')
	m.entry(directory, 1, third, 'O')
	m.entry(directory, 2, third, 'O')
	m.entry(directory, 3, 4000, ' ')
	return append(m.header("CATALOG", 0, 2), append(directory, formats...)...)
}

// entry is an entry of the directory for a format on page 2.
func (m maker) entry(page []byte, i, at int, letter byte) {
	size, letterAt := 216, 54
	if m.wide {
		size, letterAt = 288, 78
	}
	b := page[100+i*size:]
	copy(b, entryMark)
	copy(b[m.bytesOfWord():], append(m.word(2), m.u16(at)...))
	b[letterAt] = letter
}

// block is a block of a format, with the place of the next one.
func (m maker) block(page []byte, at int, data []byte, nextPage, nextAt int) {
	head := append(m.word(nextPage), m.u16(nextAt, len(data))...)
	copy(page[at:], head)
	copy(page[at+4*m.bytesOfWord():], data)
}

func (m maker) part(kind int, content []byte) []byte {
	return append(m.u16(kind, len(content), 0), content...)
}

func (m maker) name(s string) []byte {
	content := make([]byte, 88+8*m.bytesOfWord())
	copy(content[2:], (s + "        ")[:8])
	return m.part(nameRecord, content)
}

func (m maker) value(label int, low, high []byte) []byte {
	content := append(make([]byte, 8), m.u32(label, 0)...)
	return m.part(valueRecord, append(append(content, low...), high...))
}

func (m maker) text(s string) []byte {
	return m.part(labelRecord, append(m.u16(6, len(s)), s+"\x00"...))
}

// number is a number as catalogs have it, missing a special missing value.
func number(x float64) []byte {
	u := math.Float64bits(x)
	if x < 0 {
		return binary.BigEndian.AppendUint64(nil, ^u)
	}
	return binary.BigEndian.AppendUint64(nil, u|1<<63)
}

func missing(b byte) []byte {
	return binary.BigEndian.AppendUint64(nil, ^(0xffff<<48 | uint64(b)<<40))
}

func readCatalog(file []byte) (*Catalog, error) {
	return ReadCatalog(bytes.NewReader(file), int64(len(file)), "made.sas7bcat")
}

func TestCatalogOfEveryMachine(t *testing.T) {
	number := func(name string, kind survey.Kind, format string) *survey.Variable {
		return &survey.Variable{Name: name, Kind: kind, Format: format, Numbers: survey.NewNumbers([]float64{})}
	}
	text := func(name, format string) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Text, Format: format, Texts: &survey.TextColumn{}}
	}
	table := &survey.Table{Variables: []*survey.Variable{
		number("a", survey.Number, "YESNO3"), text("b", "$CITY8"), number("c", survey.Number, "BEST12"), text("d", "YESNO"), number("e", survey.Number, "yesno"),
	}, Notices: survey.Notices{{Text: "before"}}}
	code := func(v survey.Value, label string) survey.Code { return survey.Code{Value: v, Label: label} }
	yesNo := []survey.Code{code(survey.NumberValue(1), "Yes"), code(survey.NumberValue(-2), "No")}
	for _, m := range machines() {
		if m.packing != "" {
			continue
		}
		c, err := readCatalog(m.catalog())
		if err != nil {
			t.Fatal(err)
		}
		got := c.Label(table)
		cities := []survey.Code{code(survey.TextValue("Köln"), "Cologne"), code(survey.TextValue("Bonn"), "The old capital")}
		for i, want := range [][]survey.Code{yesNo, cities, nil, nil, yesNo} {
			if diff := cmp.Diff(want, got.Variables[i].Codes); diff != "" {
				t.Errorf("%v, wide %v, %s: %s", m.order, m.wide, got.Variables[i].Name, diff)
			}
		}
		want := []string{"before", "format YESNO labels 1 ranges of values: those labels were left out",
			`a: the label of the missing value .A is "Refused"`, `d: the label of the missing value .A is "Refused"`, `e: the label of the missing value .A is "Refused"`}
		if diff := cmp.Diff(want, got.Notices.Texts()); diff != "" {
			t.Error(diff)
		}
		if table.Variables[0].Codes != nil || len(table.Notices) != 1 {
			t.Error("the table was changed")
		}
	}
}

// The labels of a date are dates.
func TestLabelsOfDates(t *testing.T) {
	c := &Catalog{formats: map[string][]label{"DATE": {{value: survey.NumberValue(3653), text: "Epoch"}}}}
	v := &survey.Variable{Name: "d", Kind: survey.Date, Format: "DATE9", Numbers: survey.NewNumbers([]float64{})}
	if got := c.Label(&survey.Table{Variables: []*survey.Variable{v}}).Variables[0].Codes; len(got) != 1 || got[0].Value.Number != 0 {
		t.Errorf("got %v", got)
	}
}
