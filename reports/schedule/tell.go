package schedule

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
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

// letters are a job's messages that are to be sent by now.
func (l *Ledger) letters(ctx context.Context, job string, now time.Time) ([]letter, error) {
	var out []letter
	err := l.in(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT m.key, m.channel, m.tries FROM messages m JOIN runs r ON r.key = m.key WHERE r.job = ? AND m.not_before <= ? ORDER BY r.due, m.key, m.channel`, job, now.UnixMilli())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var x letter
			if err := rows.Scan(&x.run.Key, &x.channel, &x.tries); err != nil {
				return err
			}
			out = append(out, x)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	for i, x := range out {
		err := l.in(ctx, func(tx *sql.Tx) error {
			found, err := list(tx, `WHERE key = ?`, x.run.Key)
			if len(found) == 1 {
				out[i].run = found[0].Run
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sent takes a message off the list, or puts it off.
func (l *Ledger) sent(ctx context.Context, x letter, again time.Time) error {
	var err error
	if again.IsZero() {
		_, err = l.db.ExecContext(ctx, `DELETE FROM messages WHERE key = ? AND channel = ?`, x.run.Key, x.channel)
	} else {
		_, err = l.db.ExecContext(ctx, `UPDATE messages SET tries = tries + 1, not_before = ? WHERE key = ? AND channel = ?`, again.UnixMilli(), x.run.Key, x.channel)
	}
	return err
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
	letters, err := s.Ledger.letters(ctx, j.Name, s.Now())
	if err != nil {
		return err
	}
	for _, x := range letters {
		var again time.Time
		if x.channel < len(j.Notify) {
			if failure := j.Notify[x.channel].Send(ctx, message(x.run)); failure != nil {
				again = s.putOff(j, x, failure)
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := s.Ledger.sent(ctx, x, again); err != nil {
			return err
		}
	}
	return nil
}

// putOff is when a message is tried again; zero when it is given up.
func (s *Scheduler) putOff(j *Job, x letter, failure error) time.Time {
	s.Log.Error("cannot tell", "job", j.Name, "run", x.run.Key, "channel", x.channel+1, "try", x.tries+1, "error", failure)
	if x.tries+1 >= mostTries {
		return time.Time{}
	}
	return s.Now().Add(doubled(firstPause, x.tries))
}

func message(r Run) notify.Message {
	id := sha256.Sum256([]byte(r.Key))
	return notify.Message{
		ID: fmt.Sprintf("%s-%s", r.Job, hex.EncodeToString(id[:8])), Job: r.Job, State: string(r.State),
		Due: r.Due, Ended: r.Ended, Status: r.Status, Text: r.Message, Folder: r.Folder,
	}
}
