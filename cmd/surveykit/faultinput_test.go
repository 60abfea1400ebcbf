package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"surveykit/reports/publish"
	"surveykit/reports/schedule"
)

// reported is the hash of the data that a run says it was made from, with the
// figures that it holds.
func (k *tracker) reported(folder string) (input, figures string) {
	k.Helper()
	text, err := os.ReadFile(filepath.Join(folder, publish.ManifestName))
	k.must(err)
	var m publish.Manifest
	k.must(json.Unmarshal(text, &m))
	table, err := os.ReadFile(filepath.Join(folder, "results.csv"))
	k.must(err)
	return m.Inputs[0].SHA256, string(table)
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// writing does something again and again until stop is called.
func writing(pause time.Duration, do func(n int)) (stop func()) {
	end, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			select {
			case <-end:
				return
			case <-time.After(pause):
				do(n)
			}
		}
	}()
	return func() { close(end); <-ended }
}

// A file that grows while the study reads it is never half a report.
func TestFaultGrowingInput(t *testing.T) {
	t.Parallel()
	k := newTracker(t, t.TempDir(), retrying)
	k.put("wave.csv", wave(200_000)) // so many that it grows while it is read, however busy the machine is
	k.enter(0, 1)
	file, err := os.OpenFile(k.path("wave.csv"), os.O_APPEND|os.O_WRONLY, 0)
	k.must(err)
	defer file.Close()
	stop := writing(5*time.Millisecond, func(n int) { fmt.Fprint(file, []string{"3,", "1\n"}[n%2]) })
	defer func() {
		if stop != nil {
			stop()
		}
	}()
	if said := k.runDue(exitAttention).said(); !strings.Contains(said, "changed while") {
		t.Errorf("the message does not say why: %s", said)
	}
	if _, err := os.Stat(k.path("out", "nightly", "latest")); !os.IsNotExist(err) {
		t.Error("a file that grew was reported")
	}
	stop()
	stop = nil
	k.put("wave.csv", wave(300))
	k.mended(1)
	if input, _ := k.reported(k.path("out", "nightly", "latest")); input != hashed(wave(300)) {
		t.Error("the report is of another file")
	}
}

// A file that is replaced again and again: each report is wholly of one or
// wholly of the other, and says of which.
func TestFaultReplacedInput(t *testing.T) {
	t.Parallel()
	tries := 4
	if *full {
		tries = 100
	}
	k := newTracker(t, t.TempDir(), retrying)
	versions := []string{wave(200), strings.ReplaceAll(wave(4000), "2,2\n", "2,1\n")}
	want := map[string]string{}
	for i, text := range versions {
		k.put("wave.csv", text)
		k.enter(i, 1)
		k.runDue(exitDone)
		input, figures := k.reported(k.path("out", "nightly", "latest"))
		want[input] = figures
	}
	k.enter(2, tries)
	stop := writing(150*time.Millisecond, func(n int) { k.put("wave.csv", versions[n%2]) })
	for range tries {
		k.start("schedule", "run", k.path("jobs.yaml"), "--due").status()
	}
	stop()
	refused := 0
	for _, r := range k.history() {
		if r.State == schedule.Waiting {
			refused++
		}
	}
	k.mended(2 + tries)
	folders, err := filepath.Glob(k.path("out", "nightly", "runs", "*"))
	k.must(err)
	for _, folder := range folders {
		if input, figures := k.reported(folder); want[input] == "" || want[input] != figures {
			t.Errorf("%s is of neither file", folder)
		}
	}
	t.Logf("%d runs under a file that is replaced, %d put off at the end", tries, refused)
}

// A truncated file: one clear message, readers keep the last good report, and
// the whole file brings the next.
func TestFaultTruncatedInput(t *testing.T) {
	t.Parallel()
	k := newTracker(t, t.TempDir(), nightly)
	k.put("study.yaml", "surveykit: study/1\ntitle: A tracker\ndata: [{file: wave.sav}]\ndesign: {weight: w}\ntables: [{id: trust, rows: [{variable: trust}]}]\n")
	if c := k.start("convert", k.path("wave.csv"), k.path("wave.sav")); c.status() != exitDone {
		t.Fatal(c.said())
	}
	whole, err := os.ReadFile(k.path("wave.sav"))
	k.must(err)
	k.enter(0, 1)
	k.runDue(exitDone)
	latest, err := os.Readlink(k.path("out", "nightly", "latest"))
	k.must(err)
	for i, size := range []int{0, 3, 100, len(whole) / 2, len(whole) - 1} {
		k.put("wave.sav", string(whole[:size]))
		k.enter(1+i, 1)
		if said := k.runDue(exitAttention).said(); !strings.Contains(said, "ended with status 3") || !strings.Contains(said, "says why") {
			t.Errorf("%d of %d bytes: %s", size, len(whole), said)
		}
		if now, _ := os.Readlink(k.path("out", "nightly", "latest")); now != latest {
			t.Errorf("readers see %s, not %s", now, latest)
		}
	}
	k.put("wave.sav", string(whole))
	k.enter(10, 1)
	k.runDue(exitDone)
	k.sound()
}

// A watched file that is still arriving starts nothing; once it is there, one run.
func TestFaultArrivingInput(t *testing.T) {
	t.Parallel()
	k := newTracker(t, t.TempDir(), "{name: waves, study: study.yaml, input: {files: incoming/*.csv, append_to: history, settle: 700ms}}")
	k.put("study.yaml", "surveykit: study/1\ntitle: A tracker\ndata: [{file: history/w.csv}]\ndesign: {weight: w}\ntables: [{id: trust, rows: [{variable: trust}]}]\n")
	k.put("incoming/w.csv", "w,trust\n")
	file, err := os.OpenFile(k.path("incoming", "w.csv"), os.O_APPEND|os.O_WRONLY, 0)
	k.must(err)
	defer file.Close()
	stop := writing(30*time.Millisecond, func(n int) { fmt.Fprint(file, []string{"3,", "1\n", "2,2\n"}[n%3]) })
	for range 5 {
		k.runDue(exitDone)
	}
	stop()
	fmt.Fprint(file, "\n1,1\n1,2\n")
	if n := len(k.history()); n != 0 {
		t.Errorf("%d runs of a file that was arriving", n)
	}
	within(t, 20*time.Second, "the file that has arrived is reported", func() bool { k.runDue(exitDone); return len(k.history()) > 0 })
	k.runDue(exitDone)
	k.allDone("waves", 1)
	text, err := os.ReadFile(k.path("incoming", "w.csv"))
	k.must(err)
	if input, _ := k.reported(k.path("out", "waves", "latest")); input != hashed(string(text)) {
		t.Error("the report is of half a file")
	}
}
