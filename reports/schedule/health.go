package schedule

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

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

// metrics are counted in the ledger, so that a restart loses none.
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
