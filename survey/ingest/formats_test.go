package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copied puts a file of a reader's tests under another name into a folder.
func copied(t *testing.T, from, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Formats are known by their first bytes whatever the name, and else by the name.
func TestOpenStataSASAndPortable(t *testing.T) {
	for _, c := range []struct{ from, name, format string }{
		{"dta/testdata/haven-14.dta", "a.csv", "dta"},
		{"dta/testdata/haven-8.dta", "a.DTA", "dta"},
		{"sas/testdata/haven.sas7bdat", "a.csv", "sas"},
		{"sas/testdata/haven5.xpt", "a.csv", "sas"},
		{"por/testdata/pspp.por", "a.por", "por"},
	} {
		table, err := Open(copied(t, c.from, t.TempDir(), c.name), Options{})
		if err != nil || table.Sources[0].Format != c.format || table.Rows != 4 {
			t.Errorf("%s as %s: got %v, %v", c.from, c.name, table, err)
		}
	}
}

// Arrow files and streams are known by their first bytes.
func TestOpenArrow(t *testing.T) {
	for _, name := range []string{"lz4.feather", "stream.arrows"} {
		table, err := Open(copied(t, "arrow/testdata/"+name, t.TempDir(), "a.csv"), Options{})
		if err != nil || table.Sources[0].Format != "arrow" || table.Rows != 3 {
			t.Errorf("%s: got %v, %v", name, table, err)
		}
	}
	path := filepath.Join(t.TempDir(), "old.feather")
	if err := os.WriteFile(path, []byte("FEA1 and more than sixteen bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "Feather file of version 1, which is not read; write it again") {
		t.Errorf("got %v", err)
	}
}

// A catalog of the data's name is used without asking; another one where it is named.
func TestOpenFindsCatalog(t *testing.T) {
	const data, catalog = "../../../shared/data/formats/haven/hadley.sas7bdat", "../../../shared/data/formats/haven/formats.sas7bcat"
	if _, err := os.Stat(data); err != nil {
		t.Skip("needs the data sets in shared/data beside the checkout")
	}
	alone := copied(t, data, t.TempDir(), "hadley.sas7bdat")
	dir := t.TempDir()
	beside := copied(t, data, dir, "hadley.sas7bdat")
	copied(t, catalog, dir, "hadley.sas7bcat")
	for _, c := range []struct {
		path    string
		options Options
		codes   int
	}{
		{alone, Options{}, 0}, {alone, Options{Catalog: catalog}, 2}, {beside, Options{}, 2},
	} {
		table, err := Open(c.path, c.options)
		if err != nil || len(table.Lookup("gender").Codes) != c.codes {
			t.Errorf("%s: %v, %v", c.path, table, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "hadley.sas7bcat"), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(beside, Options{}); err == nil || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("got %v", err)
	}
	if _, err := Open(alone, Options{Catalog: "nowhere.sas7bcat"}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
}
