package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"surveykit/reports/schedule"
)

// footprint is what a process holds: bytes of heap in use and of memory, and
// open descriptors; -1 where the system does not tell.
type footprint struct{ heap, resident, descriptors int }

func takeFootprint() footprint {
	f := footprint{resident: -1, descriptors: -1}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.heap = int(m.HeapAlloc)
	var pages int
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscan(strings.Fields(string(text))[1], &pages)
		f.resident = pages * os.Getpagesize()
	}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.descriptors = len(open)
	}
	return f
}

func (f footprint) String() string {
	return fmt.Sprintf("%.1f MB heap, %.1f MB resident, %d descriptors", float64(f.heap)/1e6, float64(f.resident)/1e6, f.descriptors)
}

const (
	// soakHeap is how much more heap thousands of runs may hold at their end:
	// pools and caches of a fixed size, not anything for each run.
	soakHeap = 4_000_000
	// soakResident is the same for the process's memory, which the runtime gives
	// back in pieces.
	soakResident = 40_000_000
)

// A soak: studies run one after the other in this process, with their ledger,
// publication and retention; memory and descriptors stay as they were after the
// first tenth.
func TestSoak(t *testing.T) {
	runs := 100
	if *full {
		runs = 5000
	}
	k := newTracker(t, t.TempDir(), "{name: nightly, study: study.yaml, schedule: 0 3 1 1 *, keep: {runs: 3}}")
	jobs, err := schedule.Load(k.path("jobs.yaml"))
	k.must(err)
	l, err := schedule.OpenLedger(jobs.Root())
	k.must(err)
	defer l.Close()
	studies := schedule.Studies{Jobs: jobs, Run: func(ctx context.Context, j *schedule.Job, folder string) (schedule.Ending, string, error) {
		return schedule.Ending{Status: Main(ctx, []string{"run", jobs.StudyOf(j), "--output", folder}, io.Discard, os.Stderr)}, "", nil
	}}
	now := time.Now()
	s := &schedule.Scheduler{Jobs: jobs, Ledger: l, Attempt: studies.Attempt, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	var first footprint
	for i := range runs {
		if i == runs/10 {
			first = takeFootprint()
		}
		now = now.Add(time.Minute)
		if ended, err := s.Run(t.Context(), "nightly"); err != nil || len(ended) != 1 || ended[0].State != schedule.Done {
			t.Fatalf("run %d: %v %v", i, ended, err)
		}
		if i%(max(1, runs/10)) == 0 {
			t.Logf("after %d runs: %v", i, takeFootprint())
		}
	}
	last := takeFootprint()
	t.Logf("after %d runs: %v; after %d runs: %v", runs/10, first, runs, last)
	if last.heap-first.heap > soakHeap || last.resident-first.resident > soakResident || last.descriptors > first.descriptors {
		t.Error("the process grows")
	}
	k.sound()
}
