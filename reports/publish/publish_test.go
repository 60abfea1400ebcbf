package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

func content(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// run delivers the files, by name, into dir.
func run(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	for name, s := range files {
		if err := f.Write(name, content(s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Deliver(Manifest{Version: "1"}); err != nil {
		t.Fatal(err)
	}
}

// tree lists the files below dir.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	names := []string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && p != dir {
			rel, _ := filepath.Rel(dir, p)
			if d.IsDir() {
				rel += "/"
			}
			names = append(names, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestDeliver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{"report.html": "<p>", "charts/q1.svg": "abc"} {
		if err := f.Write(name, content(s)); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Date(2024, 5, 1, 10, 0, 0, 0, time.FixedZone("CEST", 7200))
	study := survey.Source{Path: "study.yaml", SHA256: "aa"}
	m := Manifest{Version: "1.2", Command: []string{"surveykit", "run"}, Start: start, End: start.Add(time.Second),
		Study: &study, Inputs: []survey.Source{{Path: "w1.sav", Format: "sav", SHA256: "bb", Bytes: 7, Rows: 3}}}
	if err := f.Deliver(m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"charts/", "charts/q1.svg", "manifest.json", "report.html"}, tree(t, dir)); diff != "" {
		t.Error(diff)
	}
	b, _ := os.ReadFile(filepath.Join(dir, ManifestName))
	var got Manifest
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	// The sums are those of sha256sum (GNU coreutils 9.1).
	m.Start, m.End = m.Start.UTC(), m.End.UTC()
	m.Schema = "surveykit/1"
	m.Files = []File{
		{"charts/q1.svg", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3},
		{"report.html", "33f2799467177287a29260780a107ac98ea63dd6165f67fcc0d74767d0a82090", 3},
	}
	if diff := cmp.Diff(m, got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsSeenBeforeDeliver(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, map[string]string{"report.html": "old"})
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write("report.html", content("new")); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "report.html")); string(b) != "old" {
		t.Errorf("report.html is %q before delivery", b)
	}
	if err := f.Discard(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"manifest.json", "report.html"}, tree(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestFailedRunLeavesNoFolder(t *testing.T) {
	top := t.TempDir()
	f, err := Open(filepath.Join(top, "x", "y"))
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	err = f.Write("a.txt", func(w io.Writer) error { io.WriteString(w, "half"); return boom })
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "a.txt") {
		t.Errorf("error %v", err)
	}
	if err := errors.Join(f.Discard(), f.Discard()); err != nil {
		t.Fatal(err)
	}
	if left := tree(t, top); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestStaleFiles(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, map[string]string{"charts/old.svg": "1", "charts/edited.svg": "2", "more/only.svg": "3", "Kept.svg": "4"})
	write(t, filepath.Join(dir, "charts", "edited.svg"), "a person's own")
	write(t, filepath.Join(dir, "mine.txt"), "a person's own")
	run(t, dir, map[string]string{"kept.svg": "5"})
	want := []string{"charts/", "charts/edited.svg", "kept.svg", "manifest.json", "mine.txt"}
	got := slices.DeleteFunc(tree(t, dir), func(s string) bool { return s == "Kept.svg" }) // one file where case is ignored
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A manifest that was tampered with cannot make a run delete what lies outside.
func TestStaleNeverLeavesTheFolder(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "out")
	victim := filepath.Join(top, "victim")
	write(t, victim, "abc")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(top, filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	b, _ := json.Marshal(Manifest{Files: []File{{Path: "../victim", SHA256: abc}, {Path: victim, SHA256: abc}, {Path: "link/victim", SHA256: abc}}})
	write(t, filepath.Join(dir, ManifestName), string(b))
	run(t, dir, nil)
	if _, err := os.Stat(victim); err != nil {
		t.Error("a file outside the folder was removed")
	}
}

func TestNames(t *testing.T) {
	f, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	for _, name := range []string{"", ".", "..", "../x", "/etc/x", "a/../../x", `a\b`, "a//b", "c:x", "nul\x00", "manifest.json", "Manifest.JSON", ".surveykit-1/x", "a*"} {
		if err := f.Write(name, content("")); err == nil {
			t.Errorf("the name %q was accepted", name)
		}
	}
	if err := f.Write("Résumé 1/größe.svg", content("")); err != nil {
		t.Error(err)
	}
	if err := f.Write("a.txt", content("")); err != nil {
		t.Error(err)
	}
	if err := f.Write("A.txt", content("")); err == nil {
		t.Error("two names that differ by case only were accepted")
	}
}

func TestSymlinkOutIsRefused(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "out")
	for _, d := range []string{dir, filepath.Join(top, "else")} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../else", filepath.Join(dir, "charts")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	if err := errors.Join(f.Write("charts/a.svg", content("x")), f.Write("b.txt", content("y"))); err != nil {
		t.Fatal(err)
	}
	if err := f.Deliver(Manifest{}); err == nil {
		t.Error("delivered through a link that leaves the folder")
	}
	if left := tree(t, filepath.Join(top, "else")); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
}

func TestPlacesThatAreTaken(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"a.txt", "b.txt"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.txt", "b.txt", "c.txt"} {
		if err := f.Write(name, content("x")); err != nil {
			t.Fatal(err)
		}
	}
	err = f.Deliver(Manifest{})
	if err == nil || !strings.Contains(err.Error(), "a.txt") || !strings.Contains(err.Error(), "b.txt") {
		t.Errorf("error %v does not name both", err)
	}
	f.Discard()
	if diff := cmp.Diff([]string{"a.txt/", "b.txt/"}, tree(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestUnwritableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	_, err := Open(filepath.Join(file, "out"))
	if err == nil || !strings.Contains(err.Error(), "choose another one") {
		t.Errorf("error %v", err)
	}
}

func TestWritesFromGoroutines(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := f.Write(fmt.Sprintf("charts/%02d.svg", i), content("x")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := f.Deliver(Manifest{}); err != nil {
		t.Fatal(err)
	}
	if n := len(tree(t, dir)); n != 22 {
		t.Errorf("%d entries, want 20 charts, their folder and the manifest", n)
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.csv")
	for _, s := range []string{"first", "second"} {
		if err := WriteFile(name, content(s)); err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(name); string(b) != s {
			t.Errorf("file holds %q, want %q", b, s)
		}
	}
	boom := errors.New("boom")
	err := WriteFile(name, func(w io.Writer) error { io.WriteString(w, "half"); return boom })
	if !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
	if b, _ := os.ReadFile(name); string(b) != "second" {
		t.Errorf("a failed write left %q", b)
	}
	if diff := cmp.Diff([]string{"out.csv"}, tree(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestWriteFileKeepsLinkAndPermissions(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "real.csv"), filepath.Join(dir, "link.csv")
	write(t, name, "old")
	if err := errors.Join(os.Chmod(name, 0o600), os.Symlink(name, link)); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := WriteFile(link, content("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(name)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if b, _ := os.ReadFile(name); string(b) != "new" {
		t.Errorf("the link's file holds %q", b)
	}
}

func TestWriteFileErrors(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		dir: "it is a folder", filepath.Join(dir, "none", "x.csv"): "create it first",
	} {
		if err := WriteFile(name, content("")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("WriteFile(%s): %v, want %q", name, err, want)
		}
	}
}

func TestWriteFileIntoAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	name := fmt.Sprintf("/dev/fd/%d", w.Fd())
	if _, err := os.Stat(name); err != nil {
		t.Skip("no names for open files here:", err)
	}
	if err := errors.Join(WriteFile(name, content("through")), w.Close()); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); string(b) != "through" {
		t.Errorf("the pipe gave %q, %v", b, err)
	}
}

func write(t *testing.T, name, s string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(s), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Place replaces a link, whatever it leads to, and touches nothing behind it.
func TestPlaceReplacesLinks(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "theirs.csv")
	write(t, outside, "theirs")
	for _, target := range []string{outside, filepath.Dir(outside), "nowhere"} {
		name := filepath.Join(dir, "wave.csv")
		if err := os.Symlink(target, name); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		if err := Place(name, content("ours")); err != nil {
			t.Errorf("a link to %s: %v", target, err)
		}
		info, err := os.Lstat(name)
		if b, _ := os.ReadFile(name); err != nil || !info.Mode().IsRegular() || string(b) != "ours" {
			t.Errorf("a link to %s became %v with %q", target, info, b)
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if b, _ := os.ReadFile(outside); string(b) != "theirs" {
		t.Errorf("behind the link stands %q", b)
	}
}
