package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"surveykit/reports/schedule"
)

// kill -9 at random moments: whatever a reader finds is whole, the ledger is
// sound, nothing outlives the scheduler, and the next run mends everything.
func TestFaultKill(t *testing.T) {
	kills := 15
	if *full {
		kills = 1000
	}
	k := newTracker(t, t.TempDir(), nightly, "{name: waves, study: study.yaml, input: {files: incoming/*.csv, append_to: history, settle: 1ms}}")
	k.runDue(exitDone)
	k.enter(0, 1)
	began := time.Now()
	k.runDue(exitDone)
	span := time.Since(began)
	rng := rand.New(rand.NewPCG(8, 1))
	due, early := 1, 0
	for i := range kills {
		k.enter(due, 1)
		k.put(fmt.Sprintf("incoming/w%04d.csv", i), wave(20+i))
		due++
		c := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
		end := make(chan int, 1)
		go func() { end <- c.status() }()
		select {
		case <-time.After(time.Duration(rng.Float64() * float64(span))):
			k.must(c.Process.Kill())
			<-end
		case status := <-end:
			early++
			if status != exitDone {
				t.Errorf("status %d: %s", status, c.said())
			}
		}
		within(t, 5*time.Second, "children die with their scheduler", func() bool { return len(k.orphans()) == 0 })
		if i%10 == 0 || !*full {
			k.sound()
		}
	}
	k.forget("history")
	k.put("incoming/last.csv", wave(19))
	for range 2 { // what came last is looked at twice
		k.runDue(exitDone)
	}
	k.sound()
	k.allDone("nightly", due)
	waves := 0
	for _, r := range k.history() {
		if r.Job == "waves" && r.State == schedule.Done {
			waves += len(r.Inputs)
		}
	}
	if waves != kills+1 {
		t.Errorf("%d of %d waves had a run", waves, kills+1)
	}
	held, err := filepath.Glob(k.path("history", "*"))
	k.must(err)
	left, err := filepath.Glob(k.path("out", "holders", "*"))
	k.must(err)
	if len(held) != kills+1 || len(left) > 0 {
		t.Errorf("%d of %d waves in the history; locks left: %v", len(held), kills+1, left)
	}
	t.Logf("%d kills within %v, %d ended before; %d runs of the clock done", kills, span.Round(time.Millisecond), early, due)
}

// forget lets what killed processes have left in a folder look two hours old.
func (k *tracker) forget(folder string) {
	k.Helper()
	stages, err := filepath.Glob(k.path(folder, ".surveykit-*"))
	k.must(err)
	ago := time.Now().Add(-2 * time.Hour)
	for _, stage := range stages {
		k.must(filepath.WalkDir(stage, func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Chtimes(path, ago, ago))
		}))
	}
}

// A study whose scheduler is killed delivers nothing any more: its folder may
// belong to the next by then.
func TestFaultOrphan(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("children die with their parent on Linux only")
	}
	t.Parallel()
	k := newTracker(t, t.TempDir(), nightly)
	k.put("wave.csv", wave(1_000_000))
	k.enter(0, 1)
	c := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
	within(t, 30*time.Second, "the study begins", func() bool { return len(k.orphans()) == 2 })
	k.must(c.Process.Kill())
	c.status()
	within(t, 30*time.Second, "it ends", func() bool { return len(k.orphans()) == 0 })
	made, err := filepath.Glob(k.path("out", "nightly", ".making-*", "*"))
	k.must(err)
	if len(made) > 0 {
		t.Errorf("the orphan delivered %v", made)
	}
}
