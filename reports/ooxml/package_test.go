package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"testing"
	"time"
)

// Parts come back in the order of their names, whole, whatever order they came
// in, with their content types and what they refer to.
func TestPackageReadsBack(t *testing.T) {
	content := map[string]string{"b.xml": "second", "a/long.xml": string(bytes.Repeat([]byte("long "), 100000)), "empty.xml": "", "a/c.png": "picture"}
	var files [2]bytes.Buffer
	for i, order := range [][]string{{"b.xml", "empty.xml", "a/long.xml", "a/c.png"}, {"a/c.png", "a/long.xml", "b.xml", "empty.xml"}} {
		var p Package
		for _, name := range order {
			p.Put(name, "type of "+name, []byte(content[name]))
		}
		if first, second := p.Relate("a/long.xml", "image", "a/c.png"), p.Relate("a/long.xml", "scheme://own", "b.xml"); first != "rId1" || second != "rId2" {
			t.Errorf("ids %s and %s", first, second)
		}
		if err := p.Save(&files[i]); err != nil {
			t.Fatal(err)
		}
	}
	content["a/_rels/long.xml.rels"] = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="c.png"></Relationship>` +
		`<Relationship Id="rId2" Type="scheme://own" Target="../b.xml"></Relationship></Relationships>`
	content["[Content_Types].xml"] = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="png" ContentType="type of a/c.png"></Default>` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"></Default>` +
		`<Override PartName="/a/long.xml" ContentType="type of a/long.xml"></Override><Override PartName="/b.xml" ContentType="type of b.xml"></Override>` +
		`<Override PartName="/empty.xml" ContentType="type of empty.xml"></Override></Types>`
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("the bytes depend on the order of parts")
	}
	r, err := zip.NewReader(bytes.NewReader(files[0].Bytes()), int64(files[0].Len()))
	if err != nil {
		t.Fatal(err)
	}
	if r.File[0].Name != "[Content_Types].xml" || len(r.File) != len(content) {
		t.Errorf("%d parts, %s first", len(r.File), r.File[0].Name)
	}
	oldest := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, f := range r.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(part)
		if err != nil || string(got) != content[f.Name] || !f.Modified.Equal(oldest) {
			t.Errorf("%s: %d bytes of %d, %v, %v", f.Name, len(got), len(content[f.Name]), f.Modified, err)
		}
	}
}
