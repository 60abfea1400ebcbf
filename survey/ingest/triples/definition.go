package triples

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"io"

	"surveykit/survey"
)

// document is the XML of a definition.
type document struct {
	XMLName   xml.Name    `xml:"sss"`
	Version   string      `xml:"version,attr"`
	Lang      string      `xml:"lang,attr"`
	Hierarchy *hierarchy  `xml:"hierarchy"`
	Survey    *definition `xml:"survey"`
}

type hierarchy struct {
	Levels []level `xml:"level"`
}

type level struct {
	Ident   string   `xml:"ident,attr"`
	Href    string   `xml:"href,attr"`
	Parents []parent `xml:"parent"`
}

type parent struct {
	Level   string `xml:"level,attr"`
	Linkvar string `xml:"linkvar,attr"`
}

type definition struct {
	Record record `xml:"record"`
}

type record struct {
	Href      string     `xml:"href,attr"`
	Format    string     `xml:"format,attr"`
	Encoding  string     `xml:"encoding,attr"`
	Skip      int        `xml:"skip,attr"`
	Variables []variable `xml:"variable"`
}

func (r *record) csv() bool { return strings.EqualFold(r.Format, "csv") }

type variable struct {
	Ident    string    `xml:"ident,attr"`
	Type     string    `xml:"type,attr"`
	Use      string    `xml:"use,attr"`
	Format   string    `xml:"format,attr"`
	Name     string    `xml:"name"`
	Label    texts     `xml:"label"`
	Position *position `xml:"position"`
	Filter   string    `xml:"filter"`
	Spread   *spread   `xml:"spread"`
	Values   []value   `xml:"values>value"`
}

type position struct {
	Start  int `xml:"start,attr"`
	Finish int `xml:"finish,attr"`
}

type spread struct {
	Subfields int `xml:"subfields,attr"`
	Width     int `xml:"width,attr"`
}

type value struct {
	Code  string `xml:"code,attr"`
	Score string `xml:"score,attr"`
	Label texts
}

// UnmarshalXML reads the attributes, and the content as the label.
func (v *value) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "code":
			v.Code = strings.TrimSpace(a.Value)
		case "score":
			v.Score = a.Value
		}
	}
	return v.Label.UnmarshalXML(d, start)
}

// texts is a text in several modes and languages.
type texts struct {
	plain string
	all   []text
}

type text struct{ mode, lang, words string }

// UnmarshalXML reads words with breaks among them, and the texts inside.
func (t *texts) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	var words strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.CharData:
			words.Write(e)
		case xml.StartElement:
			var inner texts
			if err := inner.UnmarshalXML(d, e); err != nil {
				return err
			}
			if e.Name.Local != "text" {
				words.WriteString(" " + inner.plain)
				continue
			}
			one := text{words: inner.plain}
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "mode":
					one.mode = a.Value
				case "lang":
					one.lang = a.Value
				}
			}
			t.all = append(t.all, one)
		case xml.EndElement:
			t.plain = strings.Join(strings.Fields(words.String()), " ")
			return nil
		}
	}
}

// in is the text for analysis in the language, else the one for all purposes,
// else the first there is.
func (t texts) in(lang string) string {
	best, rank := t.plain, 0
	if best != "" {
		rank = 2
	}
	for _, one := range t.all {
		r := 1
		if one.mode == "analysis" {
			r += 2
		}
		if one.mode == "" && one.lang != "" || one.lang == lang {
			r++
		}
		if r > rank {
			best, rank = one.words, r
		}
	}
	return best
}

// parse reads a definition.
func parse(content []byte, path string) (*document, error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return e.NewDecoder().Reader(in), nil
	}
	var doc document
	if err := d.Decode(&doc); err != nil {
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends too early")
		}
		return nil, survey.Problems{{File: path, Line: line, Message: "the Triple-S definition cannot be read: " + err.Error(),
			Remedy: "export it again; Triple-S 1.1 to 3.0 in XML is read"}}
	}
	return &doc, nil
}
