package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"surveykit/reports"
	"surveykit/reports/schedule"
	"surveykit/reports/tidy"
	"surveykit/survey"
)

func newSchedule() *cobra.Command {
	c := &cobra.Command{
		Use:   "schedule",
		Short: "Studies that run by themselves, at their times or when new data comes",
		Long: `schedule runs the jobs of a jobs file. A ledger in the file's folder remembers every run, so that each happens exactly
once: over restarts, changes of the clock and several processes on one machine.

On Linux a study is ended when it takes more memory than its job allows, and when its scheduler is killed. Elsewhere a
study only tries to keep below the limit, and runs on without its scheduler; its report is not published. The latest
report is found by a symbolic link, which needs a permission on Windows: surveykit builds there, but is not tested.

  surveykit: jobs/1
  folder: reports                # the ledger and each job's runs
  jobs:
    - name: tracker
      study: tracker.yaml
      schedule: 0 6 * * 1-5      # minute, hour, day of the month, month, day of the week
      time_zone: Europe/Berlin`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newScheduleList(), newScheduleRun(), newScheduleHistory(), newScheduleServe(), newScheduleInstall(), newScheduleStudy())
	return c
}

// oneJobsFile is the argument check of the commands of schedule.
func oneJobsFile(most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < 1 || len(args) > most {
			return usageError{fmt.Errorf("%s takes a jobs file; see %s --help", c.CommandPath(), c.CommandPath())}
		}
		return nil
	}
}

func newScheduleList() *cobra.Command {
	return &cobra.Command{
		Use:   "list JOBS",
		Short: "The jobs, when each is due next, and how its last run ended",
		Args:  oneJobsFile(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withLedger(args[0], func(jobs *schedule.Jobs, l *schedule.Ledger) error {
				return listJobs(c.Context(), c.OutOrStdout(), jobs, l)
			})
		},
	}
}

// withLedger opens a jobs file with its ledger.
func withLedger(path string, use func(*schedule.Jobs, *schedule.Ledger) error) error {
	jobs, err := schedule.Load(path)
	if err != nil {
		return err
	}
	l, err := schedule.OpenLedger(jobs.Root())
	if err != nil {
		return err
	}
	return errors.Join(use(jobs, l), l.Close())
}

func listJobs(ctx context.Context, w io.Writer, jobs *schedule.Jobs, l *schedule.Ledger) error {
	t := newTable(w, "JOB", "STUDY", "SCHEDULE", "ZONE", "NEXT", "LAST RUN", "STATE")
	for i := range jobs.Jobs {
		j := &jobs.Jobs[i]
		when := j.Schedule
		if j.Input != nil {
			when = strings.TrimSpace(when + " new " + j.Input.Files)
		}
		last, state := "", "never ran"
		runs, err := l.History(ctx, j.Name, 1)
		if err != nil {
			return err
		}
		if len(runs) == 1 {
			last, state = clock(runs[0].Due), string(runs[0].State)
		}
		t.row(j.Name, j.Study, when, j.TimeZone, clock(j.Next(time.Now())), last, state)
	}
	t.flush()
	return nil
}

// clock is an instant for people, in UTC, "" where there is none.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

func newScheduleHistory() *cobra.Command {
	var output outputOptions
	limit := 50
	c := &cobra.Command{
		Use:   "history JOBS [JOB]",
		Short: "The runs of a job or of all, the latest first",
		Args:  oneJobsFile(2),
		RunE: func(c *cobra.Command, args []string) error {
			job := ""
			if len(args) == 2 {
				job = args[1]
			}
			return withLedger(args[0], func(jobs *schedule.Jobs, l *schedule.Ledger) error {
				return showHistory(c, output, jobs, l, job, limit)
			})
		},
	}
	output.register(c)
	whole(c.Flags(), &limit, "limit", 1, math.MaxInt32, "largest number of runs printed")
	return c
}

func showHistory(c *cobra.Command, output outputOptions, jobs *schedule.Jobs, l *schedule.Ledger, job string, limit int) error {
	if job != "" {
		if _, err := jobs.Find(job); err != nil {
			return err
		}
	}
	runs, err := l.History(c.Context(), job, limit)
	if err != nil {
		return err
	}
	return output.to(c, func(w io.Writer) error {
		if output.json {
			return tidy.WriteJSON(w, tidy.Results[schedule.Run]{Results: runs, Provenance: tidy.Provenance{Program: "surveykit", Version: reports.Version(), Sources: []survey.Source{}}})
		}
		t := newTable(w, "DUE", "JOB", "STATE", "TRY", "SECONDS", "STATUS", "MESSAGE")
		for _, r := range runs {
			seconds := ""
			if !r.Ended.IsZero() && !r.Started.IsZero() {
				seconds = fmt.Sprintf("%.1f", r.Ended.Sub(r.Started).Seconds())
			}
			t.row(clock(r.Due), r.Job, string(r.State), fmt.Sprint(r.Attempt), seconds, fmt.Sprint(r.Status), r.Message)
		}
		t.flush()
		return nil
	})
}

func newScheduleRun() *cobra.Command {
	var due bool
	c := &cobra.Command{
		Use:   "run JOBS (--due | JOB)",
		Short: "Run what is due, for cron or a systemd timer; or one job now",
		Example: `  surveykit schedule run jobs.yaml --due
  surveykit schedule run jobs.yaml tracker`,
		Args: oneJobsFile(2),
		RunE: func(c *cobra.Command, args []string) error {
			if due == (len(args) == 2) {
				return usageError{errors.New("give --due, or the name of one job")}
			}
			return withLedger(args[0], func(jobs *schedule.Jobs, l *schedule.Ledger) error {
				s := newScheduler(c, jobs, l)
				if due {
					runs, err := s.Once(c.Context())
					return reportRuns(c, runs, cmp.Or(err, c.Context().Err()))
				}
				runs, err := s.Run(c.Context(), args[1])
				return reportRuns(c, runs, cmp.Or(err, c.Context().Err()))
			})
		},
	}
	c.Flags().BoolVar(&due, "due", false, "run what has become due or new since the last time")
	return c
}

// newScheduler runs studies in processes of their own.
func newScheduler(c *cobra.Command, jobs *schedule.Jobs, l *schedule.Ledger) *schedule.Scheduler {
	log := slog.New(slog.NewJSONHandler(c.ErrOrStderr(), nil))
	studies := schedule.Studies{Jobs: jobs, Run: schedule.Process(func(ctx context.Context, j *schedule.Job, folder string) (*exec.Cmd, error) {
		binary, err := os.Executable()
		if err != nil {
			return nil, err
		}
		c := exec.CommandContext(ctx, binary, "schedule", "study", jobs.StudyOf(j), "--output", folder)
		for _, allowed := range jobs.AllowedOf(j) {
			c.Args = append(c.Args, "--allow-outside", allowed)
		}
		return c, nil
	})}
	return &schedule.Scheduler{Jobs: jobs, Ledger: l, Attempt: studies.Attempt, Now: time.Now, Log: log}
}

// newScheduleStudy is the process of one study of a scheduler, which reads from its
// standard output how it ended.
func newScheduleStudy() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use: "study STUDY.yaml", Short: "Run one study for a scheduler", Hidden: true, Args: oneData,
		RunE: func(c *cobra.Command, args []string) error {
			_, err := o.deliver(c, args[0])
			return errors.Join(err, json.NewEncoder(c.OutOrStdout()).Encode(schedule.EndingOf(err, status(c.Context(), err))))
		},
	}
	c.Flags().StringVarP(&o.output, "output", "o", "", "folder `DIR` of the run")
	registerStudy(c, &o.allowed)
	return c
}

// reportRuns says how runs ended; some that failed or were held need a person.
func reportRuns(c *cobra.Command, runs []schedule.Run, err error) error {
	attention := false
	for _, r := range runs {
		fmt.Fprintln(c.OutOrStdout(), strings.TrimSpace(fmt.Sprintf("%s: %s %s", r.Job, r.State, r.Message)))
		attention = attention || r.State != schedule.Done && r.State != schedule.Due
	}
	if err == nil && attention {
		return errAttention
	}
	return err
}

func newScheduleServe() *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use:   "serve JOBS",
		Short: "Run what is due until stopped, as one long process",
		Long: `serve runs what is due until it is stopped by Ctrl-C or SIGTERM. Then it stops the runs under way, which are due again at the
next start, and ends with status 0. Several processes may serve the same jobs: each run is made by one of them.`,
		Args: oneJobsFile(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withLedger(args[0], func(jobs *schedule.Jobs, l *schedule.Ledger) error {
				s := newScheduler(c, jobs, l)
				if listen == "" {
					return s.Serve(c.Context())
				}
				return serveWith(c.Context(), s, listen)
			})
		},
	}
	c.Flags().StringVar(&listen, "listen", "", "answer /healthz and /metrics at `[HOST]:PORT`; this machine only where no host is given")
	return c
}

// serveWith serves jobs and answers how it goes.
func serveWith(ctx context.Context, s *schedule.Scheduler, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return usageError{fmt.Errorf("--listen %q is not [HOST]:PORT, such as :9464", listen)}
	}
	l, err := net.Listen("tcp", net.JoinHostPort(cmp.Or(host, "127.0.0.1"), port))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.Handler(), ReadTimeout: 10 * time.Second}
	go server.Serve(l)
	s.Log.Info("listening", "address", l.Addr().String())
	return errors.Join(s.Serve(ctx), server.Close())
}

func newScheduleInstall() *cobra.Command {
	var show bool
	c := &cobra.Command{
		Use:   "install JOBS --print",
		Short: "A crontab line and systemd units that run the jobs",
		Args:  oneJobsFile(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !show {
				return usageError{errors.New("install does not change the system: give --print, and put what it prints in place")}
			}
			binary, err := os.Executable()
			if err != nil {
				return err
			}
			return schedule.WriteUnits(c.OutOrStdout(), binary, args[0])
		},
	}
	c.Flags().BoolVar(&show, "print", false, "print the crontab line and the units")
	return c
}
