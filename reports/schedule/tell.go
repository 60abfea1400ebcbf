package schedule

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"surveykit/reports/notify"
)

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
		// A pause longer than any was set by a clock that was ahead.
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

// enterMessage notes that a channel is to be told of a run; while the channel
// fails, the message waits with the others.
func enterMessage(tx *sql.Tx, r Run, channel int) error {
	_, err := tx.Exec(`INSERT OR IGNORE INTO messages (key, channel, not_before) VALUES (?, ?, coalesce((
		SELECT max(m.not_before) FROM messages m JOIN runs r ON r.key = m.key WHERE r.job = ? AND m.channel = ? AND m.tries > 0), 0))`,
		r.Key, channel, r.Job, channel)
	return err
}

// sent takes a message off the list.
func (l *Ledger) sent(ctx context.Context, x letter) error {
	_, err := l.db.ExecContext(ctx, `DELETE FROM messages WHERE key = ? AND channel = ?`, x.run.Key, x.channel)
	return err
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

// wanting are the channels of a job that are told of a run's end.
func (j *Job) wanting(r Run) []int {
	var out []int
	for i, c := range j.Notify {
		if c.Wants(string(r.State)) {
			out = append(out, i)
		}
	}
	return out
}

// tell sends a job's messages. What cannot be sent is put off and tried for
// about a day; a message that was sent when the process died is sent again, with
// the same id.
func (s *Scheduler) tell(ctx context.Context, j *Job) error {
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
			err = s.Ledger.sent(always, x)
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
	err := j.Notify[x.channel].Send(ctx, message(x.run))
	if err != nil {
		s.Log.Error("cannot tell", "job", j.Name, "run", x.run.Key, "channel", x.channel+1, "try", x.tries+1, "error", err)
	}
	return err
}

func message(r Run) notify.Message {
	id := sha256.Sum256([]byte(r.Key))
	return notify.Message{
		ID: fmt.Sprintf("%s-%s", r.Job, hex.EncodeToString(id[:8])), Job: r.Job, State: string(r.State),
		Due: r.Due, Ended: r.Ended, Status: r.Status, Text: r.Message, Folder: r.Folder,
	}
}
