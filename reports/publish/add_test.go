package publish

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"surveykit/survey"
)

// delivered is a run's folder with one file, made from an input beside it.
func delivered(t *testing.T) (dir, from string) {
	t.Helper()
	from = t.TempDir()
	dir = filepath.Join(from, "run")
	if err := os.WriteFile(filepath.Join(from, "wave.csv"), []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wave, err := os.Open(filepath.Join(from, "wave.csv"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sumOf(wave)
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write("report.html", text("a page")); err != nil {
		t.Fatal(err)
	}
	if err := f.Deliver(Manifest{Inputs: []survey.Source{{Path: "wave.csv", SHA256: sum}}}); err != nil {
		t.Fatal(err)
	}
	return dir, from
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// What is added stands in the manifest, once, as it is on the disk.
func TestAdd(t *testing.T) {
	dir, _ := delivered(t)
	for _, content := range []string{"first", "second"} {
		if err := Add(dir, map[string]func(io.Writer) error{"changes.json": text(content)}); err != nil {
			t.Fatal(err)
		}
	}
	m, err := readManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 2 || m.Files[0].Path != "changes.json" || m.Files[1].Path != "report.html" || len(m.Inputs) != 1 {
		t.Errorf("the manifest is %+v", m)
	}
	for _, f := range m.Files {
		file, err := os.Open(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sumOf(file); sum != f.SHA256 {
			t.Errorf("%s has the sum %s; the manifest says %s", f.Path, sum, f.SHA256)
		}
	}
	if err := Add(dir, map[string]func(io.Writer) error{"../outside": text("x")}); err == nil {
		t.Error("a name that leaves the folder is taken")
	}
}

func TestUnchanged(t *testing.T) {
	dir, from := delivered(t)
	if err := Unchanged(dir, from); err != nil {
		t.Errorf("nothing changed: %v", err)
	}
	for _, change := range []func() error{
		func() error { return os.WriteFile(filepath.Join(from, "wave.csv"), []byte("a\n1\n2\n"), 0o600) },
		func() error { return os.Remove(filepath.Join(from, "wave.csv")) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if err := Unchanged(dir, from); err == nil || !strings.Contains(err.Error(), "wave.csv changed while the study ran") {
			t.Errorf("error %v", err)
		}
	}
}

// What a run that was killed has left goes after a while; a stage at work stays.
func TestForgottenStages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "[odd] *name?")
	for _, name := range []string{".surveykit-old", ".surveykit-new"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "half"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		ago := time.Now().Add(-2 * forgotten)
		for _, path := range []string{"half", "."} {
			if name == ".surveykit-new" && path == "half" {
				continue // it is still written to
			}
			if err := os.Chtimes(filepath.Join(dir, name, path), ago, ago); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := WriteFile(filepath.Join(dir, "report.html"), text("a page")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if strings.Join(left, " ") != ".surveykit-new report.html" {
		t.Errorf("left are %v", left)
	}
}
