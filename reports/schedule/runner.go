package schedule

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"surveykit/reports/notify"
)

// Outcome is how one attempt at a run ended.
type Outcome struct {
	// State is Done, Held or Failed.
	State State
	// Retry says of a failure that trying again may help: the data and the study
	// are not at fault.
	Retry bool
	// Status is the exit status, Message one line for people, Folder what was left.
	Status  int
	Message string
	Folder  string
}

// Scheduler runs what is due.
type Scheduler struct {
	Jobs   *Jobs
	Ledger *Ledger
	// Attempt makes a run; it ends when its context does.
	Attempt func(ctx context.Context, j *Job, r Run) Outcome
	// Now is the clock. Log gets no answers of respondents and no secrets.
	Now func() time.Time
	Log *slog.Logger

	// looked is when each job was last looked at.
	looked sync.Map
	// unwritten are the ends of runs, by job, that the ledger could not take.
	unwritten sync.Map
	// places are as many as attempts may be under way at once.
	places     chan struct{}
	placesOnce sync.Once
}

// Once enters what is due and new, and runs all of it: jobs at the same time, the
// runs of a job one after the other. It returns how the runs ended. The error is
// of the ledger or the input; a run that failed is not an error.
func (s *Scheduler) Once(ctx context.Context) ([]Run, error) {
	var mu sync.Mutex
	var ended []Run
	var failures []error
	var wg sync.WaitGroup
	for i := range s.Jobs.Jobs {
		wg.Go(func() {
			runs, err := s.job(ctx, &s.Jobs.Jobs[i])
			mu.Lock()
			defer mu.Unlock()
			ended = append(ended, runs...)
			if err != nil {
				failures = append(failures, fmt.Errorf("job %s: %w", s.Jobs.Jobs[i].Name, err))
			}
		})
	}
	wg.Wait()
	return ended, errors.Join(failures...)
}

// Run runs one job now, once, whatever is due. Where another process is at work
// on the job the run is left to it, and returned as due.
func (s *Scheduler) Run(ctx context.Context, name string) ([]Run, error) {
	j, err := s.Jobs.Find(name)
	if err != nil {
		return nil, err
	}
	r := ByHand(j, s.Now())
	through, known, err := s.Ledger.Through(ctx, j.Name)
	if err != nil {
		return nil, err
	}
	if !known {
		through = s.Now()
	}
	if err := s.Ledger.Add(ctx, j.Name, through, []Run{r}); err != nil {
		return nil, err
	}
	ended, err := s.drain(ctx, j)
	if err == nil && ctx.Err() == nil && !slices.ContainsFunc(ended, func(e Run) bool { return e.Key == r.Key }) {
		r.Message = "another process is at work on this job, and makes the run next"
		ended = append(ended, r)
	}
	return ended, err
}

// job looks once what a job has to do, and does it. Trouble with its input does
// not keep it from what is due.
func (s *Scheduler) job(ctx context.Context, j *Job) ([]Run, error) {
	s.looked.Store(j.Name, s.Now())
	if err := s.Ledger.Enter(ctx, j, s.Now()); err != nil {
		return nil, err
	}
	unread := s.Ledger.Watch(ctx, s.Jobs, j, s.Now())
	ended, err := s.drain(ctx, j)
	return ended, errors.Join(unread, err)
}

// drain runs a job's due runs until none is left, and sends their messages. A report
// does not wait for a message.
func (s *Scheduler) drain(ctx context.Context, j *Job) ([]Run, error) {
	var ended []Run
	if err := s.writeUnwritten(ctx, j); err != nil {
		return nil, err
	}
	for ctx.Err() == nil {
		r, ok, err := s.Ledger.Claim(ctx, j.Name, s.Now())
		if err != nil {
			return ended, err
		}
		if !ok {
			return ended, s.notify(ctx, j)
		}
		r, err = s.attempt(ctx, j, r)
		if err != nil {
			return ended, err
		}
		if r.State != Due {
			ended = append(ended, r)
		}
		if err := s.notify(ctx, j); err != nil {
			return ended, err
		}
	}
	return ended, nil
}

// writeUnwritten writes the end of a run that the ledger could not take before,
// perhaps because the disk was full; until then the job does not run.
func (s *Scheduler) writeUnwritten(ctx context.Context, j *Job) error {
	v, ok := s.unwritten.Load(j.Name)
	if !ok {
		return nil
	}
	r := v.(Run)
	if err := s.Ledger.End(ctx, r, j.wanting(r)); err != nil && !errors.Is(err, errTaken) {
		return err
	}
	s.unwritten.Delete(j.Name)
	return nil
}

// place waits until an attempt may begin: as many run at once as there are
// processors. It returns how to end it.
func (s *Scheduler) place() (leave func()) {
	s.placesOnce.Do(func() { s.places = make(chan struct{}, runtime.GOMAXPROCS(0)) })
	s.places <- struct{}{}
	return func() { <-s.places }
}

// attempt makes one try and writes down how it ended. A run that is cut off
// because the scheduler stops is due again.
func (s *Scheduler) attempt(ctx context.Context, j *Job, r Run) (Run, error) {
	defer s.place()()
	s.looked.Store(j.Name, s.Now())
	log := s.Log.With("job", j.Name, "run", r.Key, "attempt", r.Attempt)
	log.Info("begin", "due", r.Due)
	limited, cancel := context.WithTimeout(ctx, j.Deadline.or(defaultDeadline))
	defer cancel()
	out := s.Attempt(limited, j, r)
	switch {
	case ctx.Err() != nil && out.State == Failed:
		out = Outcome{State: Due, Message: "stopped before its end"}
		r.Attempt--
	case errors.Is(limited.Err(), context.DeadlineExceeded) && out.State == Failed:
		out.Message = fmt.Sprintf("not done within %v", j.Deadline.or(defaultDeadline))
		out.Retry = true
	}
	r.State, r.Status, r.Message, r.Folder, r.Ended = out.State, out.Status, out.Message, out.Folder, s.Now()
	r.NotBefore = time.Time{}
	if out.State == Failed && out.Retry && r.Attempt <= j.Retries {
		r.State, r.NotBefore = Waiting, r.Ended.Add(doubled(j.Backoff.or(defaultBackoff), r.Attempt-1))
	}
	log.Info("end", "state", r.State, "status", r.Status, "message", r.Message, "seconds", r.Ended.Sub(r.Started).Seconds())
	// What happened is written down although the scheduler may be stopping.
	err := s.Ledger.End(context.WithoutCancel(ctx), r, j.wanting(r))
	if err != nil {
		s.unwritten.Store(j.Name, r)
		err = fmt.Errorf("the end of run %s, %s, cannot be written down: %w", r.Key, r.State, err)
	}
	return r, err
}

// doubled is a pause after n others, each twice the one before, up to an hour.
func doubled(d time.Duration, n int) time.Duration {
	for range n {
		if d *= 2; d > mostBackoff {
			return mostBackoff
		}
	}
	return min(d, mostBackoff)
}

// look is how often a serving scheduler looks for what is due or new.
const look = 5 * time.Second

// Serve runs what is due until the context ends; then runs under way are
// stopped and are due again.
func (s *Scheduler) Serve(ctx context.Context) error {
	s.Log.Info("serving", "jobs", len(s.Jobs.Jobs))
	defer s.Log.Info("stopped")
	var wg sync.WaitGroup
	for i := range s.Jobs.Jobs {
		wg.Go(func() { s.serve(ctx, &s.Jobs.Jobs[i]) })
	}
	wg.Wait()
	return nil
}

// serve is the life of one job: a slow one does not keep others waiting.
func (s *Scheduler) serve(ctx context.Context, j *Job) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	said := ""
	for {
		_, err := s.job(ctx, j)
		switch {
		case err == nil:
			said = ""
		case ctx.Err() == nil && err.Error() != said: // once, not at each look
			said = err.Error()
			s.Log.Error("cannot look for what is due", "job", j.Name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

const (
	// firstPause before a message is sent again; it doubles up to mostBackoff.
	firstPause = time.Minute
	// mostTries of a message: with the pauses, about a day.
	mostTries = 30
)

// letter is a message that is still to be sent.
type letter struct {
	run     Run
	channel int
	tries   int
}

// lease is how long a process has for sending a letter before another may.
const lease = 2 * time.Minute

// take is a job's next message that is to be sent by now, the least tried first;
// for a while no other process takes it. ok is false where there is none.
func (l *Ledger) take(ctx context.Context, job string, now time.Time) (x letter, ok bool, err error) {
	err = l.in(ctx, func(tx *sql.Tx) error {
		// A pause longer than the longest was set by a clock that was ahead.
		row := tx.QueryRow(`SELECT m.key, m.channel, m.tries FROM messages m JOIN runs r ON r.key = m.key
			WHERE r.job = ? AND (m.not_before <= ? OR m.not_before > ?) ORDER BY m.tries, r.due, m.key, m.channel LIMIT 1`,
			job, now.UnixMilli(), now.Add(mostBackoff).UnixMilli())
		var key string
		if err := row.Scan(&key, &x.channel, &x.tries); errors.Is(err, sql.ErrNoRows) {
			return nil
		} else if err != nil {
			return err
		}
		found, err := list(tx, `WHERE key = ?`, key)
		if err != nil || len(found) != 1 {
			return err
		}
		x.run, ok = found[0].Run, true
		_, err = tx.Exec(`UPDATE messages SET not_before = ? WHERE key = ? AND channel = ?`, now.Add(lease).UnixMilli(), key, x.channel)
		return err
	})
	return x, ok && err == nil, err
}

// unsent puts a message off, and with it whatever else its channel has for the
// job: a server that hangs costs one patience, not one for each message.
func (l *Ledger) unsent(ctx context.Context, x letter, again time.Time) error {
	return l.in(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE messages SET not_before = max(not_before, ?) WHERE channel = ? AND key IN (SELECT key FROM runs WHERE job = ?)`, again.UnixMilli(), x.channel, x.run.Job)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE messages SET tries = tries + 1, not_before = ? WHERE key = ? AND channel = ?`, again.UnixMilli(), x.run.Key, x.channel)
		return err
	})
}

// wanting are the channels of a job that report a run's end.
func (j *Job) wanting(r Run) []int {
	var out []int
	for i, c := range j.Notify {
		if c.Wants(string(r.State)) {
			out = append(out, i)
		}
	}
	return out
}

// notify sends a job's messages. What cannot be sent is put off and tried for
// about a day; a message that was sent when the process died is sent again, with
// the same id.
func (s *Scheduler) notify(ctx context.Context, j *Job) error {
	for ctx.Err() == nil {
		x, ok, err := s.Ledger.take(ctx, j.Name, s.Now())
		if err != nil || !ok {
			return err
		}
		// What happened is written down although the scheduler may be stopping.
		always := context.WithoutCancel(ctx)
		failure := s.send(ctx, j, x)
		switch {
		case failure != nil && x.tries+1 < mostTries:
			err = s.Ledger.unsent(always, x, s.Now().Add(doubled(firstPause, x.tries)))
		default:
			_, err = s.Ledger.db.ExecContext(always, `DELETE FROM messages WHERE key = ? AND channel = ?`, x.run.Key, x.channel)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// send sends a message; one for a channel that the job no longer has is dropped.
func (s *Scheduler) send(ctx context.Context, j *Job, x letter) error {
	if x.channel >= len(j.Notify) {
		return nil
	}
	id := sha256.Sum256([]byte(x.run.Key))
	err := j.Notify[x.channel].Send(ctx, notify.Message{
		ID: fmt.Sprintf("%s-%s", x.run.Job, hex.EncodeToString(id[:8])), Job: x.run.Job, State: string(x.run.State),
		Due: x.run.Due, Ended: x.run.Ended, Status: x.run.Status, Text: x.run.Message, Folder: x.run.Folder,
	})
	if err != nil {
		s.Log.Error("cannot notify", "job", j.Name, "run", x.run.Key, "channel", x.channel+1, "try", x.tries+1, "error", err)
	}
	return err
}

// stale is how long ago the last look may be while a scheduler counts as alive.
const stale = time.Minute

// Handler answers /healthz, whether the scheduler looks for work and can read
// its ledger, and /metrics, in the text format of Prometheus. Both hold names of
// jobs, counts and times; nothing of respondents.
func (s *Scheduler) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := s.healthy(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		text, err := s.metrics(r.Context())
		if err != nil {
			http.Error(w, "the ledger cannot be read", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		io.WriteString(w, text)
	})
	return mux
}

func (s *Scheduler) healthy(ctx context.Context) error {
	for i := range s.Jobs.Jobs {
		name := s.Jobs.Jobs[i].Name
		last, seen := s.looked.Load(name)
		if !seen || s.Now().Sub(last.(time.Time)) > stale+s.Jobs.Jobs[i].Deadline.or(defaultDeadline) {
			return fmt.Errorf("job %s has not been looked at", name)
		}
	}
	if _, err := s.Ledger.History(ctx, "", 1); err != nil {
		return fmt.Errorf("the ledger cannot be read")
	}
	return nil
}

// metrics are counted in the ledger, so that a restart does not lose them.
func (s *Scheduler) metrics(ctx context.Context) (string, error) {
	var b strings.Builder
	err := s.Ledger.in(ctx, func(tx *sql.Tx) error {
		for _, m := range []struct{ name, kind, help, query string }{
			{"surveykit_runs", "gauge", "Runs in the ledger by job and state.", `SELECT job, state, count(*) FROM runs GROUP BY job, state ORDER BY job, state`},
			{"surveykit_last_end_seconds", "gauge", "When the last run of a job ended, by state.", `SELECT job, state, max(ended) / 1000.0 FROM runs WHERE ended IS NOT NULL GROUP BY job, state ORDER BY job, state`},
			{"surveykit_last_duration_seconds", "gauge", "How long the last run of a job took, by state.", `SELECT job, state, (ended - started) / 1000.0 FROM runs r WHERE ended = (SELECT max(ended) FROM runs WHERE job = r.job AND state = r.state) GROUP BY job, state ORDER BY job, state`},
			{"surveykit_messages_waiting", "gauge", "Messages that could not be sent yet.", `SELECT r.job, r.state, count(*) FROM messages m JOIN runs r ON r.key = m.key GROUP BY r.job, r.state ORDER BY r.job, r.state`},
		} {
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", m.name, m.help, m.name, m.kind)
			if err := samples(tx, &b, m.name, m.query); err != nil {
				return err
			}
		}
		return nil
	})
	return b.String(), err
}

// samples writes a metric's lines. Names of jobs need no escape: they are
// letters, digits, - and _.
func samples(tx *sql.Tx, w io.Writer, name, query string) error {
	rows, err := tx.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var job, state string
		var value float64
		if err := rows.Scan(&job, &state, &value); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s{job=%q,state=%q} %v\n", name, job, state, value)
	}
	return rows.Err()
}
