package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"surveykit/reports/change"
	"surveykit/reports/publish"
	"surveykit/reports/schedule"
	"surveykit/survey"
)

// attemptStudy runs a job's study in a process of its own, so that whatever it
// does to memory or the processor ends with it, then compares the run with what
// readers see and publishes it, or holds it back.
func attemptStudy(jobs *schedule.Jobs) func(context.Context, *schedule.Job, schedule.Run) schedule.Outcome {
	return func(ctx context.Context, j *schedule.Job, r schedule.Run) schedule.Outcome {
		d := delivery{store: publish.Store{Dir: filepath.Join(jobs.Root(), j.Name)}, name: r.Due.UTC().Format("2006-01-02T150405.000Z"), job: j}
		if isHeld, ok := d.store.Finished(d.name); ok {
			return d.settle(isHeld, "made before a stop; "+change.HTMLName+" says what changed")
		}
		folder, err := d.store.Begin(d.name)
		if err != nil {
			return failed(err)
		}
		if said, err := runStudy(ctx, jobs, j, folder); err != nil {
			return d.fail(said, err)
		}
		if err := publish.Unchanged(folder, filepath.Dir(jobs.StudyOf(j))); err != nil {
			return d.giveUp(err)
		}
		report, err := d.compare(folder)
		if err != nil {
			return d.giveUp(err)
		}
		return d.settle(len(report.Held) > 0, strings.Join(append(report.Held, report.Summary()), "; "))
	}
}

// failed is the outcome of a fault outside the study, which may pass.
func failed(err error) schedule.Outcome {
	return schedule.Outcome{State: schedule.Failed, Retry: true, Status: exitFailed, Message: err.Error()}
}

// delivery is a run on its way to readers.
type delivery struct {
	store publish.Store
	name  string
	job   *schedule.Job
}

// compare holds a run against the one that readers see, and against the gates,
// and leaves the change report with it.
func (d delivery) compare(folder string) (*change.Report, error) {
	after, err := change.Read(folder)
	if err != nil {
		return nil, err
	}
	current, ok, err := d.store.Current()
	if err != nil {
		return nil, err
	}
	report := change.First(after)
	if ok {
		before, err := change.Read(current)
		if err != nil {
			return nil, err
		}
		report = change.Compare(before, after)
	}
	report.Apply(d.job.Gates)
	report.Before, report.After = filepath.Base(current), d.name
	if !ok {
		report.Before = ""
	}
	return report, publish.Add(folder, map[string]func(io.Writer) error{
		change.JSONName: func(w io.Writer) error { return change.WriteJSON(w, report) },
		change.HTMLName: func(w io.Writer) error { return change.WriteHTML(w, report) },
	})
}

// settle publishes a run or holds it back, then lets old ones go.
func (d delivery) settle(isHeld bool, message string) schedule.Outcome {
	o := schedule.Outcome{State: schedule.Done, Status: exitDone, Message: message}
	place := d.store.Publish
	if isHeld {
		o.State, o.Status = schedule.Held, exitAttention
		place = d.store.Hold
	}
	var err error
	if o.Folder, err = place(d.name); err != nil {
		return d.giveUp(err)
	}
	if err := d.store.Retain(d.job.Keep, time.Now()); err != nil {
		o.Message += "; old runs could not be removed: " + err.Error()
	}
	return o
}

// giveUp is the outcome of a fault outside the study; what was made goes, for
// the disk may be full of it.
func (d delivery) giveUp(err error) schedule.Outcome {
	return failed(errors.Join(err, d.store.Drop(d.name)))
}

// stopping is how long a study has to end by itself once it is told to.
const stopping = 10 * time.Second

// runStudy runs a job's study into a folder and returns what it said.
func runStudy(ctx context.Context, jobs *schedule.Jobs, j *schedule.Job, folder string) (said string, err error) {
	binary, err := os.Executable()
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	c := exec.CommandContext(ctx, binary, "run", jobs.StudyOf(j), "--output", folder)
	for _, allowed := range jobs.AllowedOf(j) {
		c.Args = append(c.Args, "--allow-outside", allowed)
	}
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = stopping
	c.Stderr = &out
	// What ends a child with its parent is tied to the thread that starts it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	endWithParent(c)
	err = runBelow(c, j.Memory)
	if c.ProcessState.ExitCode() == exitInterrupted {
		// Whoever stops a service stops its children, too, and perhaps first.
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return out.String(), err
}

// fail turns the end of a study's process into that of the run. What a study
// says can hold a respondent's answer, so it goes to a file that only its owner
// reads, and into no log and no ledger.
func (d delivery) fail(said string, err error) schedule.Outcome {
	o := failed(errors.New("the study could not be run"))
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		o.Status = exit.ExitCode()
		o.Retry = o.Status != exitInvalid && o.Status != exitUsage
		o.Message = fmt.Sprintf("the study ended with status %d", o.Status)
	}
	var over overMemory
	if errors.As(err, &over) {
		o.Status, o.Retry, o.Message = exitFailed, false, over.Error()
	}
	for _, fault := range faultsOfTheMachine {
		if strings.Contains(said, fault.Error()) {
			o.Message += ": " + fault.Error()
		}
	}
	// Before what the study said is written: the disk may be full.
	if err := d.store.Drop(d.name); err != nil {
		o.Message += "; " + err.Error()
	}
	if file, err := d.store.Explain(d.name, said); err == nil && file != "" {
		o.Message += "; " + file + " says why"
	}
	if err := d.store.Retain(d.job.Keep, time.Now()); err != nil {
		o.Message += "; old runs could not be removed: " + err.Error()
	}
	return o
}

// faultsOfTheMachine are told of in the run's message: their words hold nothing
// of a respondent.
var faultsOfTheMachine = []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS, syscall.EACCES, syscall.EIO, syscall.EMFILE, survey.ErrChanged}
