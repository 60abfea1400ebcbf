package ingest

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey/ingest/damagetest"
)

// archive is a ZIP file of names and contents.
func archive(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := out.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(parts[i+1]))
	}
	out.Close()
	return b.String()
}

// The only table of an archive is read, or the one that is named.
func TestArchives(t *testing.T) {
	dir := folder(t, map[string]string{
		"one.zip": archive(t, "export/", "", "export/data.csv", "a\n1\n", "__MACOSX/export/._data.csv", "x", "export/readme.md", "about", ".hidden.csv", "x"),
		"two.zip": archive(t, "a.csv", "a\n1\n", "in/b.csv", "b\n2\n"), "none.zip": archive(t, "readme.md", "about"), "packed.zip": archive(t, "a.csv.gz", gzipped("a\n1\n")),
		"nested.zip": archive(t, "a.zip", archive(t, "a.csv", "a\n1\n")), "bomb.zip": archive(t, "a.csv", strings.Repeat("a\n", 40<<20)), "damaged.zip": "PK\x03\x04"})
	for path, want := range map[string]string{"one.zip": "a\n1\n", "two.zip:in/b.csv": "b\n2\n", "two.ZIP:a.csv": "", "packed.zip": "a\n1\n", "one.zip:export/data.csv": "a\n1\n"} {
		table, err := Open(filepath.Join(dir, path), Options{})
		if want == "" {
			if err == nil {
				t.Errorf("%s is read", path)
			}
			continue
		}
		if err != nil || damagetest.Shown(table) != want || table.Sources[0].Format != "zip" || table.Sources[0].Path != filepath.Join(dir, path) {
			t.Errorf("%s: %v, %v", path, err, table)
		}
	}
	for path, words := range map[string]string{
		"two.zip": "two.zip:a.csv", "none.zip": "the archive has no table", "two.zip:c.csv": "the archive has no file c.csv", "absent.zip:a.csv": "there is no such file",
		"nested.zip:a.zip": "archive within an archive", "nested.zip": "the archive has no table", "bomb.zip": "far more than survey data", "damaged.zip": "cannot be opened",
	} {
		if _, err := Open(filepath.Join(dir, path), Options{}); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: got %v, want %q", path, err, words)
		}
	}
}

// What cannot be read is named for what it is, whatever its name, with a way out.
func TestForeignFiles(t *testing.T) {
	for words, content := range map[string]string{
		"a PDF document": "%PDF-1.7\n", "a file of R": "X\n\x00\x00\x00\x03", "a binary Excel workbook (.xlsb)": archive(t, "[Content_Types].xml", "", "xl/workbook.bin", ""),
		"a Word document": archive(t, "[Content_Types].xml", "", "word/document.xml", ""), "a document of Apple's Numbers": archive(t, "Index/Document.iwa", ""),
		"a web page": "\xef\xbb\xbf<!DOCTYPE HTML><html><table>", "an XML spreadsheet of Excel 2003": `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>`,
		"an SQLite database": "SQLite format 3\x00", "a RAR archive": "Rar!\x1a\x07", "a file of an old Office program": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	} {
		for _, name := range []string{"s.csv", "s.xls", "s.dat"} {
			_, err := Open(filepath.Join(folder(t, map[string]string{name: content}), name), Options{})
			if err == nil || !strings.Contains(err.Error(), "this is "+words) || !strings.Contains(err.Error(), "; ") {
				t.Errorf("%s in %s: got %v", words, name, err)
			}
		}
	}
	dir := folder(t, map[string]string{"s.rds": gzipped("X\n\x00\x00\x00\x03"), "protected.xlsx": protected(t)})
	for name, words := range map[string]string{"s.rds": "a file of R", "protected.xlsx": "a workbook that is protected by a password"} {
		if _, err := Open(filepath.Join(dir, name), Options{}); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// protected is a workbook with the part of one that has a password.
func protected(t *testing.T) string {
	file, err := os.ReadFile("xls/testdata/calc.xls")
	if err != nil {
		t.Fatal(err)
	}
	wide := func(s string) []byte {
		b := make([]byte, 64)
		for i := range s {
			b[2*i] = s[i]
		}
		return append(b, byte(2*len(s)+2), 0)
	}
	return string(bytes.Replace(file, wide("Workbook"), wide("EncryptedPackage"), 1))
}

// Workbooks of other programs and text with their name are read.
func TestSpreadsheets(t *testing.T) {
	dir := folder(t, map[string]string{"text.xls": "a\tb\n1\t2\n"})
	if table, err := Open(filepath.Join(dir, "text.xls"), Options{}); err != nil || damagetest.Shown(table) != "a|b\n1|2\n" {
		t.Errorf("got %v, %v", table, err)
	}
	for _, path := range []string{"xls/testdata/calc.xls", "ods/testdata/calc.ods"} {
		table, err := Open(path, Options{})
		if err != nil || table.Rows != 5 || table.Sources[0].Format != strings.TrimPrefix(filepath.Ext(path), ".") {
			t.Errorf("%s: got %v, %v", path, table, err)
		}
		if table, err = Open(path, Options{Sheet: "Cover"}); err != nil || table.Rows != 0 {
			t.Errorf("%s: got %v, %v", path, table, err)
		}
	}
}
