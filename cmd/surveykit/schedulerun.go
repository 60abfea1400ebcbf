package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"surveykit/reports/schedule"
)

// attemptStudy runs a job's study in a process of its own, so that whatever it
// does to memory or the processor ends with it.
func attemptStudy(jobs *schedule.Jobs) func(context.Context, *schedule.Job, schedule.Run) schedule.Outcome {
	return func(ctx context.Context, j *schedule.Job, r schedule.Run) schedule.Outcome {
		folder := filepath.Join(jobs.Root(), j.Name, r.Due.UTC().Format("20060102T150405Z"))
		if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
			return schedule.Outcome{State: schedule.Failed, Retry: true, Status: exitFailed, Message: err.Error()}
		}
		said, err := runStudy(ctx, jobs.StudyOf(j), folder)
		return judge(folder, said, err)
	}
}

// stopping is how long a study has to end by itself once it is told to.
const stopping = 10 * time.Second

// runStudy runs a study and returns what it said.
func runStudy(ctx context.Context, study, folder string) (said string, err error) {
	binary, err := os.Executable()
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	c := exec.CommandContext(ctx, binary, "run", study, "--output", folder)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = stopping
	c.Stderr = &out
	err = c.Run()
	return out.String(), err
}

// judge turns the end of a study's process into that of the run. What a study
// says can hold a respondent's answer, so it goes to a file beside the run that
// only its owner reads, and into no log and no ledger.
func judge(folder, said string, err error) schedule.Outcome {
	if err == nil {
		return schedule.Outcome{State: schedule.Done, Folder: folder}
	}
	o := schedule.Outcome{State: schedule.Failed, Retry: true, Status: exitFailed, Message: "the study could not be run"}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		o.Status = exit.ExitCode()
		o.Retry = o.Status != exitInvalid && o.Status != exitUsage
		o.Message = fmt.Sprintf("the study ended with status %d", o.Status)
	}
	if strings.TrimSpace(said) != "" {
		file := folder + ".error.txt"
		if os.WriteFile(file, []byte(said), 0o600) == nil {
			o.Message += "; " + file + " says why"
		}
	}
	return o
}
