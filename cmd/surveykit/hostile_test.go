package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	// mostAllocated is what one call may allocate, in bytes: the largest of the
	// unharmed samples takes a tenth. A file that makes a reader believe in a
	// million columns takes more.
	mostAllocated = 1 << 30
	// patience ends a call that would hang.
	patience = time.Minute
	// secret stands in the file outside of the study's folder.
	secret = "TOP-SECRET-9431"
)

// home is a folder with a study from somebody else, inside one that is none of
// its business.
type home struct {
	testing.TB
	top, dir string
	// outside is what lies beside the study's folder, by path.
	outside map[string]string
	// files are the unharmed files of the study's folder, by name.
	files map[string][]byte
}

// newHome makes the folders; files are what the study's folder holds at first.
func newHome(t testing.TB, files map[string][]byte) *home {
	t.Helper()
	h := &home{TB: t, top: t.TempDir(), files: files}
	h.dir = filepath.Join(h.top, "home")
	h.must(os.MkdirAll(filepath.Join(h.top, "beside"), 0o755))
	for _, name := range []string{"secret.csv", "beside/secret.csv", "beside/spec.yaml", "beside/logo.png"} {
		h.must(os.WriteFile(filepath.Join(h.top, name), []byte("w,q,"+secret+"\n1,1,"+secret+"\n1,2,"+secret+"\n"), 0o600))
	}
	h.outside = h.listed()
	h.reset()
	return h
}

func (h *home) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// reset puts the unharmed files, and nothing else, into the study's folder.
func (h *home) reset() {
	h.Helper()
	h.must(os.RemoveAll(h.dir))
	h.must(os.Mkdir(h.dir, 0o755))
	for name, data := range h.files {
		h.put(name, data)
	}
}

func (h *home) put(name string, data []byte) {
	h.Helper()
	path := filepath.Join(h.dir, filepath.FromSlash(name))
	h.must(os.MkdirAll(filepath.Dir(path), 0o755))
	h.must(os.WriteFile(path, data, 0o600))
}

func (h *home) read(name string) []byte {
	h.Helper()
	data, err := os.ReadFile(filepath.Join(h.dir, name))
	h.must(err)
	return data
}

// listed is everything outside of the study's folder, with its content.
func (h *home) listed() map[string]string {
	h.Helper()
	found := map[string]string{}
	h.must(filepath.WalkDir(h.top, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == h.dir {
			return fs.SkipDir
		}
		content := "a folder"
		if !e.IsDir() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content = string(b)
		}
		found[path] = content
		return nil
	}))
	return found
}

// call runs the command line on files of the study's folder and holds it to what
// every input may do: end with status 0 or 3 and say why, and what watched says.
func (h *home) call(what string, args ...string) (status int, said string) {
	h.Helper()
	status, said = h.watched(what, args...)
	if status != exitDone && status != exitInvalid || status == exitInvalid && said == "" {
		h.Errorf("%s: %v: status %d: %.1000s", what, args, status, said)
	}
	return status, said
}

// watched runs the command line on files of the study's folder: without a panic,
// within memory and folder, and nothing is told of what lies outside.
func (h *home) watched(what string, args ...string) (status int, said string) {
	h.Helper()
	words := 1
	if args[0] == "segment" || args[0] == "schedule" {
		words = 2
	}
	for i, a := range args {
		if !strings.HasPrefix(a, "-") && i >= words {
			args[i] = filepath.Join(h.dir, a)
		}
	}
	var stdout, stderr bytes.Buffer
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	defer func() {
		if fault := recover(); fault != nil {
			stack := make([]byte, 1<<14)
			h.Errorf("%s: %v: panic: %v\n%s", what, args, fault, stack[:runtime.Stack(stack, false)])
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	status = Main(ctx, args, &stdout, &stderr)
	runtime.ReadMemStats(&after)
	said = stdout.String() + stderr.String()
	if took := after.TotalAlloc - before.TotalAlloc; took > mostAllocated {
		h.Errorf("%s: %v: %d MB allocated", what, args, took>>20)
	}
	if strings.Contains(said, secret) {
		h.Errorf("%s: %v: what lies outside was told: %.1000s", what, args, said)
	}
	if now := h.listed(); !maps.Equal(now, h.outside) {
		h.Fatalf("%s: %v: files outside of the folder: %v", what, args, slices.Sorted(maps.Keys(now)))
	}
	return status, said
}

// samples are unharmed data files of every format that is read, by name, each
// with the study that init writes for it.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{
		"text.csv":      []byte("w,q,age,when,words\n" + strings.Repeat("1,1,20,2024-01-05,yes\n2.5,2,35.5,2024-02-01,\"a, b\"\n1,9,,,\n", 12)),
		"lines.jsonl":   []byte(strings.Repeat("{\"w\":1,\"q\":\"a\",\"deep\":{\"x\":[1,2]}}\n{\"w\":2,\"q\":\"b\",\"t\":true}\n", 10)),
		"book.csv":      []byte("variable,label,code,code_label\nq,Question,1,Yes\nq,,2,No\n"),
		"spec.yaml":     []byte("method: rake\nmargins:\n  q: {1: 0.4, 2: 0.4, 9: 0.2}\n"),
		"totals.yaml":   []byte("method: rake\nmargins:\n  q: {file: totals.csv, total: n}\n"),
		"totals.csv":    []byte("q,n\n1,40\n2,40\n9,20\n"),
		"weighted.yaml": []byte(weightedStudy),
	}
	for _, name := range []string{
		"dta/testdata/haven-8.dta", "dta/testdata/haven-15.dta", "sas/testdata/haven.sas7bdat", "sas/testdata/haven8.xpt", "sas/testdata/haven5.xpt",
		"por/testdata/pspp.por", "arrow/testdata/plain.arrow", "arrow/testdata/js.arrows", "arrow/testdata/lz4.feather", "testdata/platform/qualtrics.csv",
	} {
		data, err := os.ReadFile(filepath.Join("../../survey/ingest", name))
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = data
	}
	h := newHome(t, files)
	for _, made := range []string{"made.sav", "made.zsav", "made.xlsx", "made.parquet", "made.sss"} {
		h.call("sample", "convert", "text.csv", made)
	}
	entries, err := os.ReadDir(h.dir)
	h.must(err)
	for _, e := range entries {
		name := e.Name()
		if files[name] == nil {
			files[name], err = os.ReadFile(filepath.Join(h.dir, name))
			h.must(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if slices.Contains([]string{".yaml", ".csv"}, filepath.Ext(name)) && name != "text.csv" && name != "qualtrics.csv" {
			continue
		}
		if status, said := h.call("sample", "init", name, "-o", name+".yaml"); status != exitDone {
			t.Fatalf("%s: %s", name, said)
		}
		files[name+".yaml"], err = os.ReadFile(filepath.Join(h.dir, name+".yaml"))
		h.must(err)
	}
	return files
}

const weightedStudy = `surveykit: study/1
title: Weighted
data: [{file: text.csv, codebook: book.csv}]
design: {weight: w}
weighting: {spec: spec.yaml, by: [q]}
weights:
  - {name: other, weight: w, weighting: totals.yaml}
variables:
  q: {label: A question, codes: {1: "Yes", 2: "No"}, missing: {9: refused}}
recodes:
  - {name: old, from: age, brackets: ["18-24", "25-99"]}
  - {name: yes, expression: q == 1 and age > 18}
groups: [{name: all, items: [q]}]
tables:
  - id: q
    title: What they said
    rows: [{variable: q}, {mean: age}, {share: q == 1}]
    columns: [old, {nest: [old, yes]}]
    chart: {kind: dots}
  - {id: words, rows: [words], filter: age > 0}
tests: {level: 0.95}
quality: {minimum_base: 1, test_base: 1, caution_base: 1}
output: {folder: out, theme: {colours: ["#336699"]}}
`

// TestHostileFiles harms valid studies and data files of every format, at random
// but the same in each run, and holds every command to what home.call says.
// With -full there are 20,000 cases.
func TestHostileFiles(t *testing.T) {
	cases := 1000
	if *full {
		cases = 20_000
	}
	h := newHome(t, samples(t))
	names := slices.Sorted(maps.Keys(h.files))
	studies := slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return !strings.HasSuffix(n, ".yaml") || n == "spec.yaml" || n == "totals.yaml"
	})
	count := map[int]int{}
	for i := range cases {
		r := rand.New(rand.NewPCG(8, uint64(i)))
		name := names[i%len(names)]
		study := studies[r.IntN(len(studies))]
		if h.files[name+".yaml"] != nil {
			study = name + ".yaml"
		} else if strings.HasSuffix(name, ".yaml") && slices.Contains(studies, name) {
			study = name
		} else if slices.Contains([]string{"book.csv", "totals.csv", "spec.yaml", "totals.yaml"}, name) {
			study = "weighted.yaml"
		} else if strings.HasPrefix(name, "made") {
			study = "made.sss.yaml"
		}
		how, harmed := harm(r, name, h.files[name])
		h.put(name, harmed)
		what := fmt.Sprintf("case %d, %s %s", i, name, how)
		var status int
		switch {
		case r.IntN(6) == 0:
			status, _ = h.call(what, "run", study)
		case r.IntN(4) == 0 && !strings.HasSuffix(name, ".yaml"):
			status, _ = h.call(what, "convert", name, "converted.csv")
		case r.IntN(3) == 0:
			status, _ = h.call(what, "inspect", study)
		default:
			status, _ = h.call(what, "validate", study)
		}
		count[status]++
		if i%50 == 49 {
			h.reset()
		}
		if i%1000 == 999 {
			t.Logf("%d cases", i+1)
		}
		h.put(name, h.files[name])
	}
	t.Logf("%d cases: %d still valid, %d refused", cases, count[exitDone], count[exitInvalid])
	if count[exitInvalid] < cases/4 || count[exitDone] < cases/20 {
		t.Errorf("of %d cases %d are valid and %d refused: the harm is too small or too great", cases, count[exitDone], count[exitInvalid])
	}
}
