package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func begun(t *testing.T, s Store, name, text string) {
	t.Helper()
	folder, err := s.Begin(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "report.html"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func seen(t *testing.T, s Store) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, Latest, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStorePublishesByOneLink(t *testing.T) {
	s := Store{Dir: filepath.Join(t.TempDir(), "job")}
	if _, ok, err := s.Current(); ok || err != nil {
		t.Errorf("before the first run: %v, %v", ok, err)
	}
	begun(t, s, "01", "one")
	if _, ok, _ := s.Current(); ok {
		t.Error("a run is seen before it is published")
	}
	if _, err := s.Publish("01"); err != nil {
		t.Fatal(err)
	}
	begun(t, s, "02", "two")
	if got := seen(t, s); got != "one" {
		t.Errorf("readers see %q while the next is made", got)
	}
	if _, err := s.Hold("02"); err != nil {
		t.Fatal(err)
	}
	if got := seen(t, s); got != "one" {
		t.Errorf("readers see %q although it is held", got)
	}
	begun(t, s, "03", "three")
	if folder, err := s.Publish("03"); err != nil || folder != filepath.Join(s.Dir, "runs", "03") {
		t.Errorf("%s, %v", folder, err)
	}
	if got := seen(t, s); got != "three" {
		t.Errorf("readers see %q", got)
	}
}

// Whatever a run that was cut off has left is gone at the next beginning.
func TestStoreSweeps(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	begun(t, s, "01", "half")
	if err := os.Symlink("nowhere", filepath.Join(s.Dir, unborn+Latest)); err != nil {
		t.Fatal(err)
	}
	begun(t, s, "02", "whole")
	if _, err := os.Stat(filepath.Join(s.Dir, unborn+"01")); !os.IsNotExist(err) {
		t.Error("the half run is still there")
	}
	if _, err := s.Publish("02"); err != nil {
		t.Fatal(err)
	}
}

func TestStoreRetains(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for i := 1; i <= 6; i++ {
		name := fmt.Sprintf("%02d", i)
		begun(t, s, name, name)
		place := s.Publish
		if i == 6 {
			place = s.Hold
		}
		folder, err := place(name)
		if err != nil {
			t.Fatal(err)
		}
		age := now.Add(-time.Duration(6-i) * 10 * 24 * time.Hour)
		if err := os.Chtimes(folder, age, age); err != nil {
			t.Fatal(err)
		}
	}
	// Readers still look at the first one.
	os.Remove(filepath.Join(s.Dir, Latest))
	if err := os.Symlink("runs/01", filepath.Join(s.Dir, Latest)); err != nil {
		t.Fatal(err)
	}
	if err := s.Retain(Keep{Runs: 1, Days: 25}, now); err != nil {
		t.Fatal(err)
	}
	// 05 is the last, 04 young enough, 01 is what readers see.
	var got []string
	for _, where := range []string{"runs", "held"} {
		entries, _ := os.ReadDir(filepath.Join(s.Dir, where))
		for _, e := range entries {
			got = append(got, e.Name())
		}
	}
	if fmt.Sprint(got) != "[01 04 05 06]" {
		t.Errorf("left are %v", got)
	}
}

func TestStoreRefusesNamesThatLeave(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	for _, name := range []string{"", "..", "../x", "a/b", ".hidden", `a\b`} {
		if _, err := s.Begin(name); err == nil {
			t.Errorf("the name %q is taken", name)
		}
	}
	if err := os.Symlink("/etc", filepath.Join(s.Dir, Latest)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Current(); err == nil {
		t.Error("a link out of the store is followed")
	}
}

// A process that stopped between the two steps of publishing: the run is whole
// at its place, and is pointed at without being made again.
func TestStoreMends(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	begun(t, s, "01", "one")
	if _, err := s.place("01", published); err != nil {
		t.Fatal(err)
	}
	if isHeld, ok := s.Finished("01"); isHeld || !ok {
		t.Errorf("finished: held %v, ok %v", isHeld, ok)
	}
	begun(t, s, "01", "one again")
	if _, err := s.Publish("01"); err != nil {
		t.Fatal(err)
	}
	if got := seen(t, s); got != "one" {
		t.Errorf("readers see %q", got)
	}
}

// A link in the store that leads out of it is never written or removed through:
// whatever is asked of the store, what lies outside stays as it was.
func TestStoreFollowsNoLinkOut(t *testing.T) {
	for _, link := range []string{"job", "job/runs", "job/held", "job/failed", "job/failed/02.txt", "job/latest", "job/.making-latest", "job/.making-02", "job/.making-old-01"} {
		top := t.TempDir()
		s := Store{Dir: filepath.Join(top, "out", "job")}
		outside := filepath.Join(top, "outside")
		for _, name := range []string{"01/report.html", "02/report.html", "report.html"} {
			path := filepath.Join(outside, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("theirs"), 0o644), os.Chtimes(filepath.Dir(path), time.Unix(0, 0), time.Unix(0, 0))); err != nil {
				t.Fatal(err)
			}
		}
		path, target := filepath.Join(top, "out", link), outside
		if strings.HasSuffix(link, ".txt") {
			target = filepath.Join(outside, "report.html")
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.Symlink(target, path)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		before := listed(t, outside)
		// Errors are welcome; what counts is what is outside.
		for _, name := range []string{"02", "03", "04", "05"} {
			if folder, err := s.Begin(name); err == nil {
				os.WriteFile(filepath.Join(folder, "report.html"), []byte("ours"), 0o644)
			}
			switch name {
			case "02":
				s.Hold(name)
				s.Explain(name, "why")
			default:
				s.Publish(name)
			}
			s.Retain(Keep{Runs: 1}, time.Now().Add(time.Hour))
			s.Drop(name)
		}
		if after := listed(t, outside); after != before {
			t.Errorf("%s leads outside; before:\n%s\nafter:\n%s", link, before, after)
		}
	}
}

// listed is what lies below a folder, with its content.
func listed(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			fmt.Fprintln(&b, path)
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintln(&b, path, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Of the published runs the last two stay: somebody may have begun to read the
// one before. Nothing goes where nothing is said of how many stay.
func TestStoreKeepsTheOneBefore(t *testing.T) {
	for keep, want := range map[Keep]string{{}: "[01 02 03 04]", {Runs: 1}: "[03 04]", {Runs: 3}: "[02 03 04]", {Days: 1}: "[03 04]"} {
		s := Store{Dir: filepath.Join(t.TempDir(), "job")}
		for i := 1; i <= 4; i++ {
			name := fmt.Sprintf("%02d", i)
			reading, isRead, err := s.Current()
			if err != nil {
				t.Fatal(err)
			}
			begun(t, s, name, name)
			if _, err := s.Publish(name); err != nil {
				t.Fatal(err)
			}
			if err := s.Retain(keep, time.Now().Add(48*time.Hour)); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(reading, "report.html")); isRead && err != nil {
				t.Errorf("a reader of the run before %s: %v", name, err)
			}
		}
		entries, err := os.ReadDir(filepath.Join(s.Dir, published))
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range entries {
			left = append(left, e.Name())
		}
		if fmt.Sprint(left) != want {
			t.Errorf("%+v leaves %v, want %s", keep, left, want)
		}
	}
}
