package schedule

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"surveykit/reports/change"
	"surveykit/reports/publish"
	"surveykit/survey"
)

// The exit statuses of surveykit's commands, which the ledger keeps of runs.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitInvalid     = 3
	ExitAttention   = 4
	ExitUnreachable = 5
	ExitInterrupted = 130
)

// Ending is how a study's process ended, as it reports to its scheduler: codes, and
// nothing that a respondent said.
type Ending struct {
	// Status is the exit status.
	Status int `json:"status"`
	// Fault is the machine's, "" where it was not at fault.
	Fault Fault `json:"fault"`
}

// Fault is a fault of the machine that stopped a run.
type Fault string

// machineFaults are the faults of the machine, in words that hold nothing of a respondent.
var machineFaults = []struct {
	fault Fault
	err   error
}{
	{"no_space", syscall.ENOSPC}, {"over_quota", syscall.EDQUOT}, {"file_too_large", syscall.EFBIG}, {"read_only", syscall.EROFS},
	{"no_permission", syscall.EACCES}, {"input_output", syscall.EIO}, {"too_many_files", syscall.EMFILE}, {"input_changed", survey.ErrChanged},
}

// EndingOf is how a process ended by an error, nil for none, with a status.
func EndingOf(err error, status int) Ending {
	for _, m := range machineFaults {
		if errors.Is(err, m.err) {
			return Ending{status, m.fault}
		}
	}
	return Ending{Status: status}
}

// words describe a fault, "" for one that is not known.
func (f Fault) words() string {
	for _, m := range machineFaults {
		if m.fault == f {
			return m.err.Error()
		}
	}
	return ""
}

// Studies attempts the runs of jobs.
type Studies struct {
	Jobs *Jobs
	// Run runs a job's study into a folder. It returns how that ended, and what the
	// owner of the study may read of it; an error is of what runs the study.
	Run func(ctx context.Context, j *Job, folder string) (end Ending, said string, err error)
}

// Attempt runs a job's study, compares the run with what readers see, and
// publishes it or holds it back.
func (p Studies) Attempt(ctx context.Context, j *Job, r Run) Outcome {
	d := publication{store: publish.Store{Dir: filepath.Join(p.Jobs.Root(), j.Name)}, name: r.Due.UTC().Format("2006-01-02T150405.000Z"), job: j}
	if isHeld, ok := d.store.Finished(d.name); ok {
		return d.settle(isHeld, "made before a stop; "+change.HTMLName+" says what changed")
	}
	folder, err := d.store.Begin(d.name)
	if err != nil {
		return failed(err)
	}
	if end, said, err := p.Run(ctx, j, folder); err != nil || end.Status != ExitDone {
		return d.fail(end, said, err)
	}
	if err := publish.Unchanged(folder, filepath.Dir(p.Jobs.StudyOf(j))); err != nil {
		return d.giveUp(err)
	}
	report, err := d.compare(folder)
	if err != nil {
		return d.giveUp(err)
	}
	return d.settle(len(report.Held) > 0, strings.Join(append(report.Held, report.Summary()), "; "))
}

// failed is the outcome of a fault outside the study, which may pass.
func failed(err error) Outcome {
	return Outcome{State: Failed, Retry: true, Status: ExitFailed, Message: err.Error()}
}

// publication is a run on its way to readers.
type publication struct {
	store publish.Store
	name  string
	job   *Job
}

// compare holds a run against the one that readers see, and against the gates,
// and leaves the change report with it.
func (d publication) compare(folder string) (*change.Report, error) {
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
func (d publication) settle(isHeld bool, message string) Outcome {
	o := Outcome{State: Done, Status: ExitDone, Message: message}
	place := d.store.Publish
	if isHeld {
		o.State, o.Status = Held, ExitAttention
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
func (d publication) giveUp(err error) Outcome {
	return failed(errors.Join(err, d.store.Drop(d.name)))
}

// stopping is how long a study has to end by itself once it is asked to.
const stopping = 10 * time.Second

// Process is a Studies.Run that runs each study in a process of its own, so that
// its use of memory and processor ends with it. The process writes its
// Ending, as JSON, to its standard output.
func Process(command func(ctx context.Context, j *Job, folder string) (*exec.Cmd, error)) func(context.Context, *Job, string) (Ending, string, error) {
	return func(ctx context.Context, j *Job, folder string) (end Ending, said string, err error) {
		c, err := command(ctx, j, folder)
		if err != nil {
			return end, "", err
		}
		var out, messages bytes.Buffer
		c.Stdout, c.Stderr = &out, &messages
		c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
		c.WaitDelay = stopping
		// What ends a child with its parent is tied to the thread that starts it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		endWithParent(c)
		err = runBelow(c, j.Memory)
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			err = nil
			if json.Unmarshal(out.Bytes(), &end) != nil { // it was killed before it could say
				end = Ending{Status: exit.ExitCode()}
			}
		}
		if end.Status == ExitInterrupted {
			// Stopping a service stops its children too, perhaps before it.
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
		return end, messages.String(), err
	}
}

// fail turns the end of a study's process into the end of the run. What a study
// prints can hold a respondent's answer, so it goes to a file that only its owner
// can read, and not into a log or the ledger.
func (d publication) fail(end Ending, said string, err error) Outcome {
	o := failed(errors.New("the study could not be run"))
	var over overMemory
	switch {
	case errors.As(err, &over):
		o.Retry, o.Message = false, over.Error()
	case err == nil:
		o.Status = end.Status
		o.Retry = o.Status != ExitInvalid && o.Status != ExitUsage
		o.Message = fmt.Sprintf("the study ended with status %d", o.Status)
	}
	if words := cmp.Or(end.Fault, EndingOf(err, 0).Fault).words(); words != "" {
		o.Message += ": " + words
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

// overMemory is the end of a process that took more than it may.
type overMemory struct{ limit survey.Size }

func (o overMemory) Error() string {
	return fmt.Sprintf("the study took more than %s of memory and was ended; give it more by memory: in the jobs file, or less data", o.limit)
}

const (
	// glance is how often the memory of a process is looked at.
	glance = 10 * time.Millisecond
	// thrift is the share of the limit beyond which the process collects garbage
	// as hard as it can.
	thrift = 0.85
)

// runBelow runs a command as c.Run does, and kills it once it takes more than
// limit; the error is overMemory then. Without a limit it may take all.
func runBelow(c *exec.Cmd, limit survey.Size) error {
	most := limit.Bytes()
	if most == 0 {
		return c.Run()
	}
	c.Env = append(c.Environ(), fmt.Sprintf("GOMEMLIMIT=%.0f", thrift*float64(most)))
	if err := c.Start(); err != nil {
		return err
	}
	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(glance)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			if taken(c.Process.Pid) > most {
				over.Store(true)
				c.Process.Kill()
				return
			}
		}
	}()
	err := c.Wait()
	close(done)
	if err != nil && over.Load() {
		return overMemory{limit}
	}
	return err
}
