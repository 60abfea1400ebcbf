// Package triples reads surveys in the Triple-S standard, versions 1.1 to 3.0
// (www.triple-s.org): a definition in XML (.sss, .xml) and, beside it, data in
// fixed columns or as CSV; or a hierarchy of such surveys.
package triples

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"surveykit/survey"
)

// Read reads the survey whose definition is the size bytes in r and lies at
// path; the data lie in the same folder or below it, and no reference in the
// definition leads out of it.
//
// A multiple question becomes a set: of dichotomies NAME_CODE where the data
// hold a bit for each answer, of categories NAME_1, NAME_2 … where they hold the
// codes. Dates are days and times seconds, as survey.Kind says. A blank field is
// missing. Of a hierarchy the lowest level is read; each of its records gets the
// values of those above it. Texts in several modes are read for analysis.
//
// The table's Sources are the files besides the definition. A definition or
// data that do not follow the standard are survey.Problems; what is not kept, as
// scores and filters, stands in the table's Notices.
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

// folder is the folder of the definition, which no reference leaves.
type folder struct {
	fs.FS
	dir     string
	sources []survey.Source
}

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
	return nil, "", problem(path, "there is no file "+strings.Join(names, " or ")+" with the data", "put it beside the definition")
}

// file reads a file that path refers to. One that does not exist is fs.ErrNotExist.
func (f *folder) file(name, path string) (content []byte, at string, err error) {
	at = filepath.Join(f.dir, name)
	if !filepath.IsLocal(name) || !fs.ValidPath(name) {
		return nil, at, survey.Problems{{File: path, Value: name, Message: "the definition refers to a file outside its folder", Remedy: "put the file beside the definition and refer to it by its name"}}
	}
	info, err := fs.Stat(f, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, at, problem(at, "this is not a regular file", "put the data there")
	}
	if err == nil {
		content, err = fs.ReadFile(f, name)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, at, problem(path, "the definition's file cannot be read: "+err.Error(), "put the file beside the definition")
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
