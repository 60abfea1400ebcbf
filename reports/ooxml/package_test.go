package ooxml

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
	"time"
)

// Parts come back in the order of their names, whole, whatever order they came
// in; the later of two with one name stands.
func TestPackageReadsBack(t *testing.T) {
	content := map[string]string{"b.xml": "second", "[Content_Types].xml": "types", "a/long.xml": string(bytes.Repeat([]byte("long "), 100000)), "empty": ""}
	var files [2]bytes.Buffer
	for i, order := range [][]string{{"b.xml", "empty", "a/long.xml", "[Content_Types].xml"}, {"[Content_Types].xml", "a/long.xml", "b.xml", "empty"}} {
		var p Package
		if err := p.Put("b.xml", []byte("first")); err != nil {
			t.Fatal(err)
		}
		for _, name := range order {
			if err := p.Put(name, []byte(content[name])); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Save(&files[i]); err != nil {
			t.Fatal(err)
		}
	}
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
