//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// mounted is a file system in memory of a size, for as long as the test runs.
func mounted(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a file system cannot be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves so many bytes on a file system free.
func fill(t *testing.T, dir string, leave int64) (file string) {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "filler")
	if err := os.WriteFile(file, make([]byte, max(0, int64(s.Bavail)*s.Bsize-leave)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// ofTheDisk is how messages say that the disk is full: the system, SQLite, and
// SQLite where it does not know better.
var ofTheDisk = regexp.MustCompile(`no space left on device|disk is full|disk may be full|file too large`)

// A disk that is full at any moment of a run: the end is a good report or a
// message that says so, and the next run with room mends everything.
func TestFaultDiskFull(t *testing.T) {
	steps := 8
	if *full {
		steps = 250
	}
	k := newTracker(t, mounted(t, "size=64m"), retrying)
	k.enter(0, 1)
	free := func() int64 {
		var s syscall.Statfs_t
		k.must(syscall.Statfs(k.dir, &s))
		return int64(s.Bavail) * s.Bsize
	}
	before := free()
	k.runDue(exitDone)
	need := before - free() + 200_000 // and what goes at the end
	good, bad := 0, 0
	for i := range steps {
		k.enter(1+i, 1)
		filler := fill(t, k.dir, need*int64(i)/int64(steps-1))
		c := k.start("schedule", "run", k.path("jobs.yaml"), "--due")
		status := c.status()
		k.must(os.Remove(filler))
		switch {
		case status == exitDone:
			good++
		case (status == exitAttention || status == exitFailed) && ofTheDisk.MatchString(c.said()):
			bad++
		default:
			t.Errorf("with %d bytes free: status %d: %s", need*int64(i)/int64(steps-1), status, c.said())
		}
		k.sound()
		k.mended(2 + i)
	}
	if good == 0 || bad == 0 {
		t.Errorf("%d runs had room and %d had none: the test tests nothing", good, bad)
	}
	t.Logf("%d degrees of fullness up to %d kB: %d runs done, %d told of the full disk", steps, need/1000, good, bad)
}

// A limit on the size of files does to each write what a quota does.
func TestFaultFileLimit(t *testing.T) {
	limits := []int{0, 1, 8, 40, 100, 1000}
	if *full {
		limits = nil
		for n := range 120 {
			limits = append(limits, n)
		}
	}
	k := newTracker(t, t.TempDir(), retrying)
	good, bad := 0, 0
	for i, blocks := range limits {
		k.enter(i, 1)
		script := fmt.Sprintf(`ulimit -f %d; exec surveykit schedule run "$1" --due`, blocks)
		c := exec.Command("sh", "-c", script, "sh", k.path("jobs.yaml"))
		said, err := c.CombinedOutput() // by a pipe, which has no limit
		switch status := c.ProcessState.ExitCode(); {
		case err == nil:
			good++
		case (status == exitAttention || status == exitFailed) && ofTheDisk.Match(said):
			bad++
		default:
			t.Errorf("with files of %d blocks: status %d: %s", blocks, status, said)
		}
		k.sound()
		k.mended(1 + i)
	}
	if good == 0 || bad == 0 {
		t.Errorf("%d runs had room and %d had none: the test tests nothing", good, bad)
	}
	t.Logf("%d limits: %d runs done, %d told of it", len(limits), good, bad)
}

// A folder that nobody can write into: one clear message, nothing half, and
// what was due is done once it can be written again.
func TestFaultReadOnly(t *testing.T) {
	k := newTracker(t, t.TempDir(), retrying)
	k.enter(0, 1)
	k.runDue(exitDone)
	for i, c := range []struct {
		folder string
		status int
	}{{"out", exitFailed}, {"out/nightly", exitAttention}} {
		k.enter(1+i, 1)
		bind := func(options string) {
			t.Helper()
			if out, err := exec.Command("mount", "-o", options, k.path(c.folder), k.path(c.folder)).CombinedOutput(); err != nil {
				t.Skipf("a folder cannot be made read-only here: %v %s", err, out)
			}
		}
		bind("bind")
		mounted := true
		unmount := func() {
			if mounted {
				k.must(syscall.Unmount(k.path(c.folder), syscall.MNT_DETACH))
			}
			mounted = false
		}
		t.Cleanup(unmount)
		bind("remount,ro,bind")
		if said := k.runDue(c.status).said(); !strings.Contains(said, "read-only file system") {
			t.Errorf("%s is read-only: %s", c.folder, said)
		}
		unmount()
		k.mended(2 + i)
	}
}
