package schedule

import (
	"context"
	"time"
)

// mostMissed due times are entered at a time, the latest ones: a job that was
// away for years does not fill the ledger.
const mostMissed = 10000

// Enter puts what has become due since the last look into the ledger. A job
// that is new begins now. Where the clock was set back behind the last look,
// times skipped in the meantime are due again; those that ran are not.
func (l *Ledger) Enter(ctx context.Context, j *Job, now time.Time) error {
	if j.cron == nil {
		return nil
	}
	through, known, err := l.Through(ctx, j.Name)
	switch {
	case err != nil:
		return err
	case !known:
		return l.Add(ctx, j.Name, now, nil)
	case through.After(now):
		if err := l.Unskip(ctx, j.Name, now); err != nil {
			return err
		}
		return l.Add(ctx, j.Name, now, nil)
	}
	return l.Add(ctx, j.Name, now, j.dues(through, now))
}

// dues are the runs that became due in (after, now], as the job treats missed ones.
func (j *Job) dues(after, now time.Time) []Run {
	var times []time.Time
	for t := j.Next(after); !t.IsZero() && !t.After(now); t = j.Next(t) {
		times = append(times, t)
		if len(times) > mostMissed {
			times = times[1:]
		}
	}
	runs := make([]Run, len(times))
	for i, t := range times {
		runs[i] = Run{Key: j.Name + "@" + t.UTC().Format(time.RFC3339), Job: j.Name, Due: t, State: Due}
		if j.Missed != CatchUp && (i < len(times)-1 || now.Sub(t) > late) {
			runs[i].State, runs[i].Message = Skipped, "missed"
		}
	}
	return runs
}

// ByHand is a run that somebody asks for now.
func ByHand(j *Job, now time.Time) Run {
	return Run{Key: j.Name + "!" + now.UTC().Format(time.RFC3339Nano), Job: j.Name, Due: now, State: Due}
}
