package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"
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

// Once enters what is due and new, and runs all of it: jobs beside each other,
// the runs of a job one after the other. It returns how the runs ended. The
// error is the ledger's or the input's; a run that failed is none.
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

// drain runs a job's due runs until none is left, and sends what they have to
// say. A report does not wait for a message.
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
			return ended, s.tell(ctx, j)
		}
		r, err = s.attempt(ctx, j, r)
		if err != nil {
			return ended, err
		}
		if r.State != Due {
			ended = append(ended, r)
		}
		if err := s.tell(ctx, j); err != nil {
			return ended, err
		}
	}
	return ended, nil
}

// writeUnwritten writes the end of a run that the ledger could not take before,
// perhaps because the disk was full; until then the job stands still.
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
		r.State, r.NotBefore = Waiting, r.Ended.Add(j.pause(r.Attempt))
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

// pause before another try: the back-off, doubled for each try so far.
func (j *Job) pause(attempt int) time.Duration {
	return doubled(j.Backoff.or(defaultBackoff), attempt-1)
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
