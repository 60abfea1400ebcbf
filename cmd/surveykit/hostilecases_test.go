package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// plainStudy reads text.csv; %s is more of it.
const plainStudy = "surveykit: study/1\ntitle: T\ndata: [{file: text.csv%s}]\n%s\ntables: [{id: q, rows: [q]}]\n"

// small are the files of the cases made by hand.
func small() map[string][]byte {
	return map[string][]byte{
		"text.csv": []byte("w,q\n" + strings.Repeat("1,1\n2,2\n", 30)), "inner.csv": []byte("q,n\n1,10\n2,20\n"),
		"sub/keep": nil, "study.yaml": fmt.Appendf(nil, plainStudy, "", ""),
	}
}

// No key of a study or of a weighting spec opens a file outside the folder,
// whatever the way that its path takes.
func TestNoFileOutsideIsRead(t *testing.T) {
	h := newHome(t, small())
	for link, to := range map[string]string{"link.csv": "../secret.csv", "out": "../beside", "sub/up": "../..", "twice.csv": "link.csv"} {
		if err := os.Symlink(to, filepath.Join(h.dir, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	spec := "method: rake\nmargins:\n  q: {file: %s, total: n}\n"
	keys := map[string]func(path string) (study, spec string){
		"data": func(p string) (string, string) {
			return strings.Replace(fmt.Sprintf(plainStudy, "", ""), "text.csv", p, 1), ""
		},
		"codebook":  func(p string) (string, string) { return fmt.Sprintf(plainStudy, ", codebook: "+p, ""), "" },
		"catalog":   func(p string) (string, string) { return fmt.Sprintf(plainStudy, ", catalog: "+p, ""), "" },
		"weighting": func(p string) (string, string) { return fmt.Sprintf(plainStudy, "", "weighting: {spec: "+p+"}"), "" },
		"weights": func(p string) (string, string) {
			return fmt.Sprintf(plainStudy, "", "weights: [{name: b, weight: w, weighting: "+p+"}]"), ""
		},
		"logo": func(p string) (string, string) {
			return fmt.Sprintf(plainStudy, "", "output: {theme: {logo: "+p+"}}"), ""
		},
		"totals": func(p string) (string, string) {
			return fmt.Sprintf(plainStudy, "", "weighting: {spec: spec.yaml}"), fmt.Sprintf(spec, p)
		},
		"reference": func(p string) (string, string) {
			return fmt.Sprintf(plainStudy, "", "weighting: {spec: spec.yaml}"), "method: propensity\nformula: q\nreference: {file: " + p + "}\n"
		},
		"within": func(p string) (string, string) {
			h.put("nested.yaml", []byte(strings.Replace(fmt.Sprintf(plainStudy, "", ""), "text.csv", p, 1)))
			return fmt.Sprintf(plainStudy, "", "weighting: {spec: spec.yaml}"), fmt.Sprintf(spec, "nested.yaml")
		},
	}
	paths := []string{"../secret.csv", filepath.Join(h.top, "secret.csv"), "sub/../../secret.csv", "link.csv", "twice.csv", "out/secret.csv", "sub/up/secret.csv", "'../*.csv'", "'out/*.csv'", "/dev/zero", "/proc/self/environ", "out/spec.yaml"}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		for _, path := range paths {
			study, spec := keys[key](path)
			h.put("study.yaml", []byte(study))
			h.put("spec.yaml", []byte(spec))
			for _, command := range []string{"validate", "run"} {
				status, said := h.call(key+" "+path, command, "study.yaml")
				if status != exitInvalid || !strings.Contains(said, "outside the folder") && !strings.Contains(said, "leads out") && !strings.Contains(said, "outside the study's folder") && key != "logo" && !strings.Contains(path, "*") {
					t.Errorf("%s: %s %s: status %d: %s", command, key, path, status, said)
				}
			}
		}
	}
	// The same keys read what lies below the folder.
	study, within := keys["totals"]("inner.csv")
	h.put("study.yaml", []byte(study))
	h.put("spec.yaml", []byte(within))
	if status, said := h.call("inside", "run", "study.yaml"); status != exitDone {
		t.Errorf("a study that stays inside: %d: %s", status, said)
	}
}

// No study, and no link that it comes with, lets a run write outside of its folder.
func TestNoFileOutsideIsWritten(t *testing.T) {
	h := newHome(t, small())
	for _, folder := range []string{"..", "../beside", filepath.Join(h.top, "beside"), "sub/../../beside", "/tmp/surveykit-hostile", "../new"} {
		h.put("study.yaml", fmt.Appendf(nil, plainStudy, "", "output: {folder: "+folder+"}"))
		if status, said := h.call("folder "+folder, "run", "study.yaml"); status != exitInvalid || !strings.Contains(said, "outside the study's folder") {
			t.Errorf("%s: status %d: %s", folder, status, said)
		}
	}
	h.put("study.yaml", fmt.Appendf(nil, plainStudy, "", "output: {folder: sub/out}"))
	if status, said := h.call("below", "run", "study.yaml"); status != exitDone {
		t.Errorf("a folder below: status %d: %s", status, said)
	}
	for link, to := range map[string]string{"results": "../beside", "results/charts": "../../beside", "results/workbook.xlsx": "../../secret.csv", "results/manifest.json": "../../secret.csv"} {
		h.reset()
		h.put("study.yaml", []byte("surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\ntables: [{id: q, rows: [q], chart: {kind: dots}}]\n"))
		h.must(os.MkdirAll(filepath.Dir(filepath.Join(h.dir, link)), 0o755))
		if err := os.Symlink(to, filepath.Join(h.dir, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		status, said := h.watched("link "+link, "run", "study.yaml")
		if isFolder := !strings.Contains(link, "."); (status == exitDone) == isFolder {
			t.Errorf("%s is a link: status %d: %s", link, status, said)
		}
	}
}

// Names and texts from a study reach file names, sheets, pages and charts.
func TestHostileWords(t *testing.T) {
	h := newHome(t, small())
	words := append(slices.Clone(hostileValues), strings.Repeat("x", 300), strings.Repeat("y", 100_000), strings.Repeat("é", 40), "Sheet'1", "[1]", "a:b", "History")
	for _, w := range words {
		quoted := fmt.Sprintf("%q", w)
		for key, study := range map[string]string{
			"id":    "surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\ntables: [{id: " + quoted + ", rows: [q], chart: {kind: dots}}]\n",
			"words": "surveykit: study/1\ntitle: " + quoted + "\ndata: [{file: text.csv}]\nvariables: {q: {label: " + quoted + ", codes: {1: " + quoted + ", 2: b}}}\ntables: [{id: q, title: " + quoted + ", rows: [q]}]\n",
			"names": "surveykit: study/1\ntitle: T\ndata: [{file: text.csv, wave: " + quoted + "}]\nrecodes: [{name: " + quoted + ", expression: q == 1}]\ntables: [{id: q, rows: [" + quoted + "]}]\n",
		} {
			h.put("study.yaml", []byte(study))
			status, said := h.call(key+" "+fmt.Sprintf("%.40q", w), "run", "study.yaml")
			if key == "id" && status == exitDone && (strings.ContainsAny(w, "/\\.:*\x00") || len(w) > 200) {
				t.Errorf("the id %.40q is taken: %s", w, said)
			}
		}
	}
}

// bombs are texts that take a parser's memory, stack or time.
func bombs() map[string]string {
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := range 30 {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
	}
	var deep strings.Builder
	for i := range 1200 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return map[string]string{
		"laughs": laughs.String() + "surveykit: study/1\ntitle: *a30\n", "merges": laughs.String() + "<<: [*a30, *a30]\n", "self": "a: &a [*a]\nb: *a\n", "selfmap": "a: &a {b: *a}\n",
		"brackets": strings.Repeat("[", 200_000), "braces": strings.Repeat("{a: ", 100_000), "dashes": strings.Repeat("- ", 100_000), "questions": strings.Repeat("? ", 100_000),
		"deep": deep.String(), "documents": strings.Repeat("---\n", 100_000), "anchors": strings.Repeat("&a ", 100_000), "tags": strings.Repeat("!!str ", 100_000),
		"long": "surveykit: study/1\ntitle: " + strings.Repeat("x", 900_000) + "\n", "longer": strings.Repeat("#", 20_000_000), "number": "title: " + strings.Repeat("9", 900_000) + "\n",
		"keys": strings.Repeat("a: 1\n", 100_000), "quote": "title: \"" + strings.Repeat("\\x00", 100_000), "folded": "title: >\n" + strings.Repeat(" x\n\n", 100_000), "colons": strings.Repeat("a:", 200_000),
		"parens":  "surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\ntables: [{id: q, rows: [q], filter: '" + strings.Repeat("(", 100_000) + "q" + strings.Repeat(")", 100_000) + "'}]\n",
		"nots":    "surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\ntables: [{id: q, rows: [q], filter: '" + strings.Repeat("not ", 100_000) + "q'}]\n",
		"sums":    "surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\ntables: [{id: q, rows: [q], filter: 'q > " + strings.Repeat("1+", 100_000) + "1'}]\n",
		"nesting": "surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\ntables: [{id: q, rows: [q], columns: ['" + strings.Repeat("q > ", 60) + "q']}]\n",
		"ranges":  "surveykit: study/1\ntitle: T\ndata: [{file: text.csv}]\nrecodes: [{name: b, from: q, brackets: ['1-999999999999999']}]\ntables: [{id: q, rows: [b]}]\n",
		"text":    strings.Repeat("x", 900_000), "bytes": "\xff\xfe\x00\x01", "nothing": "", "binary": string([]byte{0, 1, 2, 3}),
	}
}

// Texts that take a parser's memory, stack or time are refused wherever people's
// texts are read.
func TestBombs(t *testing.T) {
	h := newHome(t, small())
	all := bombs()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		h.put("bomb.yaml", []byte(all[name]))
		for _, args := range [][]string{
			{"validate", "bomb.yaml"}, {"weight", "text.csv", "--spec=" + filepath.Join(h.dir, "bomb.yaml"), "--output=" + filepath.Join(h.dir, "out.csv")},
			{"harmonize", "bomb.yaml", "--stack=" + filepath.Join(h.dir, "out.csv")}, {"schedule", "list", "bomb.yaml"}, {"schedule", "run", "bomb.yaml", "--due"},
		} {
			if status, said := h.call("bomb "+name, args...); status != exitInvalid && !(args[0] == "validate" && slices.Contains([]string{"nesting", "ranges", "sums", "nots", "parens"}, name)) {
				t.Errorf("%s %s: status %d: %.300s", args[0], name, status, said)
			}
		}
	}
}

// zipped is a ZIP file of one long file of one byte.
func zipped(name string, n int64) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.CopyN(w, repeat(' '), n)
	}
	if err != nil || z.Close() != nil {
		panic(err)
	}
	return b.Bytes()
}

// repeat reads as one byte without end.
type repeat byte

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}

func gzipped(n int64) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.CopyN(z, repeat('1'), n); err != nil || z.Close() != nil {
		panic(err)
	}
	return b.Bytes()
}

// Data files that claim much, refer elsewhere or are nothing at all.
func TestHostileData(t *testing.T) {
	h := newHome(t, small())
	sss := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file://` + filepath.Join(h.top, "secret.csv") + `"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;&b;">]><sss version="2.0"><survey><title>&c;</title><record ident="A"%s><variable ident="1" type="single"><name>q</name><label>&a;</label><position start="1"/><values><range from="1" to="2"/></values></variable></record></survey></sss>`
	plain := strings.NewReplacer("&c;", "T", "&a;", "L").Replace(sss[strings.Index(sss, "]>")+2:])
	files := map[string]string{
		"columns.csv": strings.Repeat("a,", 300_000) + "\n" + strings.Repeat("1,", 300_000) + "\n", "quotes.csv": strings.Repeat("\"", 999_999), "open.csv": "a,b\n\"" + strings.Repeat("x\n", 500_000),
		"cell.csv": "a\n" + strings.Repeat("x", 20_000_000) + "\n", "nul.csv": "a\x00b,c\n1\x00,2\n", "bom.csv": "\xef\xbb\xbf", "ragged.csv": "a,b\n1\n1,2,3\n", "names.csv": strings.Repeat("a,", 2000) + "\n",
		"formula.csv": "=cmd|' /C calc'!A0,@x\n=1+1,+1\n", "controls.csv": "a\n\x1b[2J\x07\n", "half.csv": "\xff\xfea\x00", "deep.jsonl": strings.Repeat("{\"a\":", 100_000) + "1" + strings.Repeat("}", 100_000) + "\n",
		"list.jsonl": "{\"a\":[" + strings.Repeat("[", 100_000) + "\n", "number.jsonl": "{\"a\":" + strings.Repeat("9", 500_000) + "}\n", "wide.jsonl": wide(20_000), "zip.xlsx": string(zipped("xl/workbook.xml", 1<<28)), "sheet.xlsx": string(zipped("xl/worksheets/sheet1.xml", 1<<20)),
		"empty.zip": "PK\x05\x06" + strings.Repeat("\x00", 18), "packed.csv.gz": string(gzipped(1 << 28)), "entities.sss": fmt.Sprintf(sss, ""), "href.sss": fmt.Sprintf(plain, ` href="../secret.csv"`),
		"root.sss": fmt.Sprintf(plain, ` href="`+filepath.Join(h.top, "secret.csv")+`"`), "link.sss": fmt.Sprintf(plain, ` href="link.csv" format="csv"`), "huge.sss": strings.Replace(fmt.Sprintf(plain, ""), `to="2"`, `to="99999999999"`, 1),
		"short.sav": "$FL2", "short.dta": "<stata_dta>", "short.parquet": "PAR1PAR1", "short.arrow": "ARROW1\x00\x00", "short.por": strings.Repeat("0", 200), "short.xpt": "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", "null": "", "text": "x",
	}
	h.must(os.Symlink("../secret.csv", filepath.Join(h.dir, "link.csv")))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h.put(name, []byte(files[name]))
		h.put("study.yaml", []byte(strings.Replace(fmt.Sprintf(plainStudy, "", ""), "text.csv", name, 1)))
		for _, args := range [][]string{{"inspect", name}, {"convert", name, "converted.csv"}, {"run", "study.yaml"}} {
			status, said := h.call(name, args...)
			if strings.HasSuffix(name, ".sss") && status == exitDone && name != "huge.sss" {
				t.Errorf("%s: %v: status %d: %s", name, args, status, said)
			}
		}
	}
}

// wide is a file of which each line has a column of its own.
func wide(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{\"c%d\":%d}\n", i, i)
	}
	return b.String()
}
