package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every file that a run writes, and every file inside those that are archives,
// is free of what stood in dropped columns and in rows without consent.
func TestNothingDroppedIsInAnyOutput(t *testing.T) {
	dir := t.TempDir()
	var data strings.Builder
	data.WriteString("agreed,email,reason,q1\n")
	for i := range 200 {
		if i%10 == 0 {
			fmt.Fprintf(&data, "0,planted%d@example.org,refusers planted text,%d\n", i, i%3)
			continue
		}
		fmt.Fprintf(&data, "1,planted%d@example.org,a kept reason,%d\n", i, i%3)
	}
	study := "surveykit: study/1\ntitle: Planted\ndata: [{file: data.csv}]\nprivacy: {drop: [email], consent: agreed == 1}\n" +
		"tables:\n  - {id: t, rows: [q1, {verbatim: reason}], columns: [agreed], chart: {kind: dots}}\noutput: {workbook: both}\n"
	for name, text := range map[string]string{"data.csv": data.String(), "study.yaml": study} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	if status := Main(context.Background(), []string{"run", filepath.Join(dir, "study.yaml"), "-o", filepath.Join(dir, "out")}, &stdout, &stderr); status != exitDone {
		t.Fatal(stderr.String())
	}
	contents := outputsIn(t, filepath.Join(dir, "out"))
	contents["stdout"], contents["stderr"] = stdout.Bytes(), stderr.Bytes()
	kept := 0
	for name, content := range contents {
		if bytes.Contains(content, []byte("planted")) {
			t.Errorf("%s holds a planted value", name)
		}
		if bytes.Contains(content, []byte("a kept reason")) {
			kept++
		}
	}
	if len(contents) < 20 || kept < 3 {
		t.Errorf("%d files, %d with a text that was kept: the test does not look inside", len(contents), kept)
	}
}

// outputsIn reads all files below a folder, and those in archives.
func outputsIn(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	contents := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		contents[path] = content
		if err != nil || !bytes.HasPrefix(content, []byte("PK")) {
			return err
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return err
		}
		for _, f := range archive.File {
			r, err := f.Open()
			if err != nil {
				return err
			}
			if contents[path+"/"+f.Name], err = io.ReadAll(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}
