package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// mostWritten is the most bytes that any one file of these studies may take,
// whatever the data files hold: labels are cut at 10,000 bytes, a chart holds 400
// figures and 300 letters of a label, a cell 32,767 letters.
const mostWritten = 16 << 20

// Labels, answers and names of a megabyte, and a thousand categories, make
// outputs of a bounded size, or a problem; nothing grows with what a label holds.
func TestEndlessData(t *testing.T) {
	const megabyte = 1_000_000
	rows := func(n int, q func(i int) string) []byte {
		var b strings.Builder
		b.WriteString("w,q,v\n")
		for i := range n {
			fmt.Fprintf(&b, "1,%s,%d\n", q(i), i%3)
		}
		return []byte(b.String())
	}
	code := func(i int) string { return fmt.Sprint(1 + i%3) }
	book := func(label string) []byte {
		return []byte("variable,label,code,code_label\nq," + label + ",1," + label + "\nq,,2,x" + label + "\nq,,3,y" + label + "\n")
	}
	sss := `<?xml version="1.0"?><sss version="2.0"><survey><title>T</title><record ident="A" format="csv" skip="1"><variable ident="1" type="quantity"><name>w</name><label>w</label><position start="1"/><values><range from="0" to="9"/></values></variable>` +
		`<variable ident="2" type="single"><name>q</name><label>%[1]s</label><position start="2"/><values><value code="1">a%[1]s</value><value code="2">b%[1]s</value><value code="3">c</value></values></variable><variable ident="3" type="quantity"><name>v</name><label>v</label><position start="3"/><values><range from="0" to="9"/></values></variable></record></survey></sss>`
	chart := ", chart: {kind: dots}"
	for _, c := range []struct {
		name, file, chart string
		files             map[string][]byte
		status            int
	}{
		{"labels", "data.csv, codebook: book.csv", chart, map[string][]byte{"data.csv": rows(90, code), "book.csv": book(strings.Repeat("x", megabyte))}, exitDone},
		{"words", "data.csv, codebook: book.csv", chart, map[string][]byte{"data.csv": rows(90, code), "book.csv": book(strings.Repeat("é ", megabyte/3))}, exitDone},
		{"triple-s", "data.sss", chart, map[string][]byte{"data.csv": rows(90, code), "data.sss": fmt.Appendf(nil, sss, strings.Repeat("y", megabyte))}, exitDone},
		{"answers", "data.csv", "", map[string][]byte{"data.csv": rows(9, func(i int) string { return strings.Repeat("abc"[i%3:i%3+1], megabyte) })}, exitInvalid},
		{"pages", "data.csv", chart, map[string][]byte{"data.csv": rows(90, func(i int) string { return strings.Repeat("abc"[i%3:i%3+1], 9000) })}, exitDone},
		{"categories", "data.csv", "", map[string][]byte{"data.csv": rows(1000, func(i int) string { return fmt.Sprint(i) })}, exitDone},
		{"drawn categories", "data.csv", chart, map[string][]byte{"data.csv": rows(1000, func(i int) string { return fmt.Sprint(i) })}, exitDone},
	} {
		c.files["study.yaml"] = []byte("surveykit: study/1\ntitle: T\ndata: [{file: " + c.file + "}]\ndesign: {weight: w}\ntables:\n- {id: q, rows: [q], columns: [v]" + c.chart + "}\n- {id: v, rows: [v], columns: [{variable: q}]}\n")
		if strings.HasSuffix(c.name, "categories") {
			c.files["study.yaml"] = []byte(strings.Replace(string(c.files["study.yaml"]), "- {id: v, rows: [v], columns: [{variable: q}]}\n", "", 1))
		}
		h := newHome(t, c.files)
		status, said := h.call(c.name, "run", "study.yaml", "--output="+filepath.Join(h.dir, "out"))
		if status != c.status || len(said) > 100_000 {
			t.Errorf("%s: status %d, want %d: %.500s", c.name, status, c.status, said)
		}
		h.must(filepath.WalkDir(h.dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || h.files[e.Name()] != nil {
				return err
			}
			info, err := e.Info()
			if err == nil && info.Size() > mostWritten {
				t.Errorf("%s: %s has %d bytes", c.name, e.Name(), info.Size())
			}
			if filepath.Ext(path) == ".xlsx" {
				cellsAreBounded(t, path)
			}
			return err
		}))
	}
}

// cellsAreBounded holds the cells of a workbook to what Excel takes.
func cellsAreBounded(t *testing.T, path string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, text := range row {
				if n := len([]rune(text)); n > excelize.TotalCellChars {
					t.Errorf("sheet %s has a cell of %d letters", sheet, n)
				}
			}
		}
	}
}
