package triples

import (
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"surveykit/survey"
)

// Options say how the data are written.
type Options struct {
	// Fixed puts the data into fixed columns, in a file that ends in .asc. Default:
	// CSV with a line of names, in a file that ends in .csv.
	Fixed bool
}

// WriteDefinition writes the definition of a survey in XML, for data that
// WriteData writes next to it under the definition's name. The version is 2.0,
// which more programs read, unless a text needs UTF-8, which came with 3.0. The
// same table gives the same bytes.
//
// A variable whose values all have labels is a single question, other numbers are
// quantities with labelled special codes. A set whose variables hold 0 and 1 is a
// multiple question of bits, one whose variables share their codes a multiple
// question of subfields; Read names the variables NAME_CODE or NAME_1, NAME_2 ….
// The notices say what is not kept. An infinite number gives survey.Problems.
func WriteDefinition(w io.Writer, t *survey.Table, o Options) (notices survey.Notices, err error) {
	l, err := newLayout(t, o)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return nil, err
	}
	out := xml.NewEncoder(w)
	out.Indent("", " ")
	if err := out.Encode(l.document()); err != nil {
		return nil, err
	}
	_, err = io.WriteString(w, "\n")
	return l.Notices, err
}

// WriteData writes the data that the definition of the same table and options
// describes. Missing values and empty texts are blank, and blanks at the end of a
// text are not kept; nor are, in fixed columns, line breaks.
func WriteData(w io.Writer, t *survey.Table, o Options) error {
	l, err := newLayout(t, o)
	if err != nil {
		return err
	}
	if !l.unicode {
		w = charmap.Windows1252.NewEncoder().Writer(w)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if o.Fixed {
		for row := range l.rows {
			for _, f := range l.fields {
				cell := f.cell(row)
				blanks := strings.Repeat(" ", f.width-runes(cell))
				if f.right {
					cell = blanks + cell
				} else {
					cell += blanks
				}
				out.WriteString(cell)
			}
			out.WriteString("\r\n")
		}
	} else if err := l.separated(out); err != nil {
		return err
	}
	return out.Flush()
}

// separated writes records of CSV below a line of names.
func (l *layout) separated(out *bufio.Writer) error {
	lines := csv.NewWriter(out)
	record := make([]string, len(l.fields))
	for j, f := range l.fields {
		record[j] = f.Name
	}
	if err := lines.Write(record); err != nil {
		return err
	}
	for row := range l.rows {
		for j, f := range l.fields {
			record[j] = f.cell(row)
		}
		if len(record) == 1 && record[0] == "" {
			// An empty line is not a record.
			lines.Flush()
			out.WriteString("\"\"\n")
			continue
		}
		if err := lines.Write(record); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// The definition in XML.
type (
	documentXML struct {
		XMLName xml.Name  `xml:"sss"`
		Version string    `xml:"version,attr"`
		Origin  string    `xml:"origin"`
		Record  recordXML `xml:"survey>record"`
	}
	recordXML struct {
		Ident     string        `xml:"ident,attr"`
		Format    string        `xml:"format,attr,omitempty"`
		Encoding  string        `xml:"encoding,attr,omitempty"`
		Skip      int           `xml:"skip,attr,omitempty"`
		Variables []variableXML `xml:"variable"`
	}
	variableXML struct {
		Ident    int         `xml:"ident,attr"`
		Type     string      `xml:"type,attr"`
		Use      string      `xml:"use,attr,omitempty"`
		Format   string      `xml:"format,attr,omitempty"`
		Name     string      `xml:"name"`
		Label    string      `xml:"label"`
		Position positionXML `xml:"position"`
		Spread   *spreadXML  `xml:"spread"`
		Values   *valuesXML  `xml:"values"`
		Size     int         `xml:"size,omitempty"`
	}
	positionXML struct {
		Start  int `xml:"start,attr"`
		Finish int `xml:"finish,attr,omitempty"`
	}
	spreadXML struct {
		Subfields int `xml:"subfields,attr"`
		Width     int `xml:"width,attr"`
	}
	valuesXML struct {
		Range  *rangeXML  `xml:"range"`
		Values []valueXML `xml:"value"`
	}
	rangeXML struct {
		From string `xml:"from,attr"`
		To   string `xml:"to,attr"`
	}
	valueXML struct {
		Code  string `xml:"code,attr"`
		Label string `xml:",chardata"`
	}
)

// document is the definition, with every field in its place.
func (l *layout) document() documentXML {
	d := documentXML{Version: "2.0", Origin: "surveykit", Record: recordXML{Ident: "V"}}
	if l.unicode {
		d.Version, d.Record.Encoding = "3.0", "UTF-8"
	}
	if !l.options.Fixed {
		d.Record.Format, d.Record.Skip = "csv", 1
	}
	column := 1
	for j, f := range l.fields {
		v := f.variableXML
		v.Ident, v.Position = j+1, positionXML{Start: j + 1}
		if l.options.Fixed {
			v.Position = positionXML{Start: column, Finish: column + f.width - 1}
			column += f.width
		}
		d.Record.Variables = append(d.Record.Variables, v)
	}
	return d
}
