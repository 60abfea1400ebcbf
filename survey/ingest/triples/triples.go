// Package triples reads surveys in the Triple-S standard, versions 1.1 to 3.0
// (www.triple-s.org): a definition in XML (.sss, .xml) and, next to it, data in
// fixed columns or as CSV; or a hierarchy of such surveys.
package triples

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"surveykit/survey"
)

// Read reads the survey whose definition is the size bytes in r, of the file at
// path. The data are in the same folder or below it; a reference out of it is
// refused.
//
// A multiple question becomes a set: of dichotomies NAME_CODE where the data
// have a bit for each answer, of categories NAME_1, NAME_2 … where they have the
// codes. Dates are days and times seconds, as survey.Kind says. A blank field is
// missing. Of a hierarchy the lowest level is read; each of its records has the
// values of the records above it. Of texts in several modes the one for analysis is
// read.
//
// The table's Sources are the files besides the definition. A definition or data
// that do not follow the standard give survey.Problems; what is not kept, such as
// scores and filters, is in the table's Notices.
func Read(r io.ReaderAt, size int64, path string) (*survey.Table, error) {
	content := make([]byte, size)
	n, err := r.ReadAt(content, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, problem(path, "the definition's folder cannot be opened: "+err.Error(), "")
	}
	defer root.Close()
	f := &folder{FS: root.FS(), dir: filepath.Dir(path)}
	t, err := f.read(content[:n], path)
	if err != nil {
		return nil, err
	}
	t.Sources = f.sources
	return t, nil
}

// folder is the folder of the definition, which references cannot leave.
type folder struct {
	fs.FS
	dir     string
	sources []survey.Source
}

// read reads a definition with its data.
func (f *folder) read(content []byte, path string) (*survey.Table, error) {
	d, err := parse(content, path)
	if err != nil {
		return nil, err
	}
	if d.Hierarchy != nil {
		return f.hierarchy(d.Hierarchy.Levels, path)
	}
	return f.level(d, path)
}

// level reads one survey with its data.
func (f *folder) level(d *document, path string) (*survey.Table, error) {
	if d.Survey == nil {
		return nil, problem(path, "the definition has no survey", "give the definition of a survey or of a hierarchy of surveys")
	}
	p, err := newPlan(d, path)
	if err != nil {
		return nil, err
	}
	data, at, err := f.data(&d.Survey.Record, path)
	if err != nil {
		return nil, err
	}
	return p.table(data, at)
}

// data reads the file that the record refers to, or the one with the
// definition's name and an ending for data.
func (f *folder) data(r *record, path string) (data []byte, at string, err error) {
	stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	names := []string{stem + ".asc", stem + ".ASC", stem + ".dat", stem + ".DAT"}
	if r.csv() {
		names = []string{stem + ".csv", stem + ".CSV"}
	}
	if r.Href != "" {
		names = []string{r.Href}
	}
	for _, name := range names {
		data, at, err = f.file(name, path)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return data, at, err
		}
	}
	return nil, "", problem(path, "there is no file "+strings.Join(names, " or ")+" with the data", "put it next to the definition")
}

// file reads a file that path refers to. One that does not exist is fs.ErrNotExist.
func (f *folder) file(name, path string) (content []byte, at string, err error) {
	at = filepath.Join(f.dir, name)
	if !filepath.IsLocal(name) || !fs.ValidPath(name) {
		return nil, at, survey.Problems{{File: path, Value: name, Message: "the definition refers to a file outside its folder", Remedy: "put the file next to the definition and refer to it by its name"}}
	}
	info, err := fs.Stat(f, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, at, problem(at, "this is not a regular file", "put a file with the data there")
	}
	if err == nil {
		content, err = fs.ReadFile(f, name)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, at, problem(path, "the definition's file cannot be read: "+err.Error(), "put the file next to the definition")
	}
	if err == nil {
		sum := sha256.Sum256(content)
		f.sources = append(f.sources, survey.Source{Path: at, Format: "triples", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content))})
	}
	return content, at, err
}

func problem(path, message, remedy string) error {
	return survey.Problems{{File: path, Message: message, Remedy: remedy}}
}

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
