package schedule

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What cannot be a ledger is named, with what to do, and left as it is.
func TestLedgerThatIsNone(t *testing.T) {
	newer := func(path string) error {
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			return err
		}
		_, err = db.Exec("CREATE TABLE runs (everything TEXT); PRAGMA user_version = 2;")
		return errors.Join(err, db.Close())
	}
	for want, make := range map[string]func(path string) error{
		"is not a ledger":               func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("job,state\n", 500)), 0o644) },
		"by a newer version":            newer,
		"ledger.sqlite is not a ledger": func(path string) error { return os.Mkdir(path, 0o755) },
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "ledger.sqlite")
		if err := make(path); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(path)
		if _, err := OpenLedger(folder); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one of %s with %q", err, path, want)
		}
		if after, _ := os.ReadFile(path); string(after) != string(before) && want != "by a newer version" {
			t.Errorf("%s: the file was changed", want)
		}
		if left, _ := os.ReadDir(filepath.Join(folder, "holders")); len(left) > 0 {
			t.Errorf("%s: a lock is left behind", want)
		}
	}
}

// Links in the places of the ledger's files lead to files of others: nothing is
// written or removed there.
func TestLedgerFollowsNoLinks(t *testing.T) {
	for _, link := range []string{"holders", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.sqlite-journal", "holders/1-2.lock"} {
		top := t.TempDir()
		outside, folder := filepath.Join(top, "outside"), filepath.Join(top, "reports")
		target := filepath.Join(outside, "1-1.lock")
		if err := errors.Join(os.Mkdir(outside, 0o755), os.WriteFile(target, nil, 0o644), os.MkdirAll(filepath.Join(folder, filepath.Dir(link)), 0o755)); err != nil {
			t.Fatal(err)
		}
		if link == "holders" {
			target = outside
		}
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		l, err := OpenLedger(folder)
		if err == nil {
			err = l.Close()
		} else if !strings.Contains(err.Error(), "symbolic link") {
			t.Errorf("%s: %v", link, err)
		}
		if link != "holders/1-2.lock" && err == nil {
			t.Errorf("%s is a link, and is taken", link)
		}
		left, err := os.ReadDir(outside)
		if err != nil || len(left) != 1 || left[0].Name() != "1-1.lock" {
			t.Errorf("%s: outside is now %v, %v", link, left, err)
		}
		if text, err := os.ReadFile(filepath.Join(outside, "1-1.lock")); err != nil || len(text) > 0 {
			t.Errorf("%s: the file outside holds %q, %v", link, text, err)
		}
	}
}

// Files in the folder of locks that are none of ours stay.
func TestSweepLeavesOthersFiles(t *testing.T) {
	folder := t.TempDir()
	theirs := filepath.Join(folder, "holders", "thesis.docx")
	if err := errors.Join(os.Mkdir(filepath.Dir(theirs), 0o755), os.WriteFile(theirs, []byte("years"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if err := open(t, folder).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

// A wave that is delivered under the name of a link in the history takes the
// link's place; what the link leads to stays.
func TestAppendFollowsNoLink(t *testing.T) {
	jobs := parse(t, "surveykit: jobs/1\nfolder: out\njobs: [{name: a, study: s, input: {files: in/*.csv, append_to: waves, settle: 1s}}]")
	outside := filepath.Join(t.TempDir(), "theirs.csv")
	put := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	put(outside, "theirs")
	put(jobs.resolved("in/w.csv"), "ours")
	put(jobs.resolved("waves/other.csv"), "")
	if err := os.Symlink(outside, jobs.resolved("waves/w.csv")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	l := open(t, jobs.Root())
	defer l.Close()
	now := time.Now()
	for i := range 3 {
		if err := l.Watch(t.Context(), jobs, &jobs.Jobs[0], now.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Lstat(jobs.resolved("waves/w.csv"))
	if text, _ := os.ReadFile(jobs.resolved("waves/w.csv")); err != nil || info.Mode()&fs.ModeSymlink != 0 || string(text) != "ours" {
		t.Errorf("the history holds %v with %q, %v", info.Mode(), text, err)
	}
	if text, _ := os.ReadFile(outside); string(text) != "theirs" {
		t.Errorf("behind the link stands %q", text)
	}
}

// A job that gets another name is a new one: it begins now. The old one's runs
// stay in the history, and none of them is made under either name. Under its
// old name again it goes on as its key missed says.
func TestJobRenamedAndReturned(t *testing.T) {
	const hourly = "surveykit: jobs/1\nfolder: out\njobs: [{name: %s, study: s, schedule: '@hourly', missed: %s, retries: 1, backoff: 1h}]"
	for missed, want := range map[string]int{"skip": 2, "catch-up": 1 + 24*2} {
		folder := t.TempDir()
		c, n := &clock{now: at("2026-05-01T00:30:00Z")}, &counter{}
		fails := true
		n.make = func(r Run) Outcome {
			if fails {
				return Outcome{State: Failed, Retry: true}
			}
			return Outcome{State: Done}
		}
		look := func(name string) []Run {
			t.Helper()
			jobs := parse(t, fmt.Sprintf(hourly, name, missed))
			l := open(t, folder)
			defer l.Close()
			runs, err := scheduler(t, jobs, l, c, n).Once(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return runs
		}
		look("old")
		c.set(at("2026-05-01T01:00:00Z"))
		if runs := look("old"); len(runs) != 1 || runs[0].State != Waiting {
			t.Fatalf("the first run: %+v", runs)
		}
		fails = false
		c.set(at("2026-05-01T02:10:00Z"))
		if runs := look("new"); len(runs) != 0 {
			t.Errorf("under its new name it ran %+v", runs)
		}
		c.set(at("2026-05-03T01:00:00Z"))
		runs := look("old")
		for key, times := range n.runs {
			if times > 1 && key != "old@2026-05-01T01:00:00Z" {
				t.Errorf("%s ran %d times", key, times)
			}
		}
		// The one that waited, and the latest or all of two days.
		if len(runs) != want {
			t.Errorf("missed: %s: %d runs, want %d", missed, len(runs), want)
		}
	}
}

// A pattern that thousands of files match is one run of all of them, once.
func TestWatchManyFiles(t *testing.T) {
	many := 1000
	if *full {
		many = 10_000
	}
	jobs := parse(t, "surveykit: jobs/1\nfolder: out\njobs: [{name: a, study: s, input: {files: in/*.csv, settle: 1s}}]")
	if err := os.MkdirAll(jobs.resolved("in"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range many {
		if err := os.WriteFile(jobs.resolved(fmt.Sprintf("in/%05d.csv", i)), fmt.Appendf(nil, "%d\n", i), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, jobs.Root())
	defer l.Close()
	now := time.Now()
	for i := range 4 {
		if err := l.Watch(t.Context(), jobs, &jobs.Jobs[0], now.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := l.History(t.Context(), "a", 10)
	if err != nil || len(runs) != 1 || len(runs[0].Inputs) != many {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
}
