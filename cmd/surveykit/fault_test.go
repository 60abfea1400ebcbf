package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"surveykit/reports/publish"
	"surveykit/reports/schedule"
)

// tracker is a folder with a small study, its jobs file and its data.
type tracker struct {
	testing.TB
	dir string
}

// nightly is the job of most fault tests: due runs are entered by enter.
const nightly = "{name: nightly, study: study.yaml, schedule: 0 3 1 1 *, missed: catch-up}"

// retrying is the nightly job where a fault that passes is tried again soon.
const retrying = "{name: nightly, study: study.yaml, schedule: 0 3 1 1 *, missed: catch-up, retries: 100, backoff: 50ms}"

// newTracker makes the folder below parent; jobs are those of its jobs file.
func newTracker(t testing.TB, parent string, jobs ...string) *tracker {
	t.Helper()
	k := &tracker{t, parent}
	k.put("jobs.yaml", "surveykit: jobs/1\nfolder: out\njobs:\n- "+strings.Join(jobs, "\n- ")+"\n")
	k.put("study.yaml", `surveykit: study/1
title: A tracker
data: [{file: wave.csv}]
design: {weight: w}
tables: [{id: trust, rows: [{variable: trust}], chart: {kind: dots}}]
`)
	k.put("wave.csv", wave(200))
	return k
}

// wave is a small survey of some rows.
func wave(rows int) string {
	var b strings.Builder
	b.WriteString("w,trust\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d\n", 1+i%3, 1+i%2)
	}
	return b.String()
}

func (k *tracker) path(parts ...string) string {
	return filepath.Join(append([]string{k.dir}, parts...)...)
}

func (k *tracker) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// put writes a file under a temporary name first, as a careful sender does.
func (k *tracker) put(name, text string) {
	k.Helper()
	k.must(os.MkdirAll(filepath.Dir(k.path(name)), 0o755))
	k.must(os.WriteFile(k.path(name+".part"), []byte(text), 0o644))
	k.must(os.Rename(k.path(name+".part"), k.path(name)))
}

// enter puts due runs of the nightly job into the ledger, the first of a number.
func (k *tracker) enter(first, count int) {
	k.Helper()
	l, err := schedule.OpenLedger(k.path("out"))
	k.must(err)
	var runs []schedule.Run
	for i := first; i < first+count; i++ {
		due := time.Date(2020, 1, 1, 3, i, 0, 0, time.UTC)
		runs = append(runs, schedule.Run{Key: "nightly@" + due.Format(time.RFC3339), Job: "nightly", Due: due, State: schedule.Due})
	}
	k.must(l.Add(k.Context(), "nightly", time.Now(), runs))
	k.must(l.Close())
}

// start begins surveykit as a process.
func (k *tracker) start(args ...string) *child {
	k.Helper()
	c := &child{Cmd: exec.Command("surveykit", args...)}
	said, err := os.Create(filepath.Join(k.TempDir(), "said"))
	k.must(err)
	defer said.Close()
	c.file, c.Stdout, c.Stderr = said.Name(), said, said
	k.must(c.Start())
	return c
}

// child is a process of surveykit with a file of what it says.
type child struct {
	*exec.Cmd
	file string
}

// status waits for the end.
func (c *child) status() int {
	c.Wait()
	return c.ProcessState.ExitCode()
}

func (c *child) said() string {
	text, _ := os.ReadFile(c.file)
	return string(text)
}

// runDue runs what is due and holds the end to a status.
func (k *tracker) runDue(want int) *child {
	k.Helper()
	c := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
	if got := c.status(); got != want {
		k.Errorf("status %d, want %d: %s", got, want, c.said())
	}
	return c
}

// history is the ledger's, by key. It is read beside whatever writes.
func (k *tracker) history() map[string]schedule.Run {
	k.Helper()
	l, err := schedule.OpenLedger(k.path("out"))
	k.must(err)
	runs, err := l.History(k.Context(), "", 1<<20)
	k.must(errors.Join(err, l.Close()))
	out := map[string]schedule.Run{}
	for _, r := range runs {
		out[r.Key] = r
	}
	return out
}

// sound holds what readers can see to the truth: every run at a final name is
// whole and as its manifest says, latest leads to one, the ledger is no ruin.
func (k *tracker) sound() {
	k.Helper()
	jobs, err := filepath.Glob(k.path("out", "*", "runs"))
	k.must(err)
	for _, runs := range jobs {
		store := filepath.Dir(runs)
		for _, place := range []string{"runs", "held"} {
			folders, err := filepath.Glob(filepath.Join(store, place, "*"))
			k.must(err)
			for _, folder := range folders {
				k.whole(folder)
			}
		}
		current, seen, err := publish.Store{Dir: store}.Current()
		if err != nil {
			k.Error(err)
		}
		if seen {
			k.whole(current)
		}
	}
	k.intact()
}

// whole holds every file of a run to its manifest, both ways.
func (k *tracker) whole(folder string) {
	k.Helper()
	text, err := os.ReadFile(filepath.Join(folder, publish.ManifestName))
	if err != nil {
		k.Errorf("a run without a manifest: %v", err)
		return
	}
	var m publish.Manifest
	k.must(json.Unmarshal(text, &m))
	want := map[string]string{publish.ManifestName: ""}
	for _, f := range m.Files {
		want[f.Path] = f.SHA256
	}
	found := 0
	k.must(filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		hash, listed := want[filepath.ToSlash(name)]
		if !listed || hash != "" && hash != hex.EncodeToString(sum[:]) {
			k.Errorf("%s is not as its manifest says", path)
		}
		found++
		return err
	}))
	if found != len(want) || len(want) < 5 {
		k.Errorf("%s has %d files, its manifest %d", folder, found, len(want))
	}
}

// mended runs what is due until nothing is waiting, and holds it to the end.
func (k *tracker) mended(count int) {
	k.Helper()
	for range 40 {
		k.start("schedule", "run", k.path("jobs.yaml"), "--due").status()
		waiting := false
		for _, r := range k.history() {
			waiting = waiting || r.State != schedule.Done
		}
		if !waiting {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	k.sound()
	k.allDone("nightly", count)
}

// intact asks SQLite whether the ledger is sound.
func (k *tracker) intact() {
	k.Helper()
	db, err := sql.Open("sqlite", "file:"+k.path("out", "ledger.sqlite")+"?_pragma=busy_timeout(30000)")
	k.must(err)
	defer db.Close()
	var answer string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		k.Errorf("the ledger: %s %v", answer, err)
	}
}

// allDone holds the ledger to so many runs of a job, each done, each with its
// report at its place, and the store to nothing else.
func (k *tracker) allDone(job string, count int) {
	k.Helper()
	done := map[string]bool{}
	for key, r := range k.history() {
		if r.Job != job {
			continue
		}
		if r.State != schedule.Done {
			k.Errorf("%s is %s: %s", key, r.State, r.Message)
		}
		if done[r.Folder] {
			k.Errorf("two runs have the folder %s", r.Folder)
		}
		done[r.Folder] = true
	}
	folders, err := filepath.Glob(k.path("out", job, "runs", "*"))
	k.must(err)
	for _, f := range folders {
		if !done[f] {
			k.Errorf("%s is of no run", f)
		}
	}
	if len(done) != count || len(folders) != count {
		k.Errorf("%d runs are done and %d reports there, want %d of each", len(done), len(folders), count)
	}
	hidden, err := filepath.Glob(k.path("out", job, ".*"))
	k.must(err)
	if len(hidden) > 0 {
		k.Errorf("left behind: %v", hidden)
	}
}

// orphans are processes whose command line names the tracker's folder.
func (k *tracker) orphans() []string {
	var out []string
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range lines {
		text, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(text), k.dir) {
			out = append(out, name+": "+strings.ReplaceAll(string(text), "\x00", " "))
		}
	}
	return out
}

// within waits until something is so.
func within(t testing.TB, limit time.Duration, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}
