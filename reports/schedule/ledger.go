package schedule

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"surveykit/survey/pattern"

	"github.com/gofrs/flock"
	"modernc.org/sqlite" // the driver, without cgo
	sqlite3 "modernc.org/sqlite/lib"
)

// State is how far a run has come.
type State string

// The states of a run. Due and waiting runs are to be started, all others but
// the running are at their end.
const (
	Due     State = "due"
	Waiting State = "waiting" // failed, to be tried again
	Running State = "running"
	Done    State = "done"
	Held    State = "held" // made, but a gate holds its publication back
	Failed  State = "failed"
	Skipped State = "skipped" // missed, and the job does not catch up
)

// Run is one entry of the ledger. It holds no answers and no secrets.
type Run struct {
	// Key is the job with the due time, or with the hash of the content that
	// started the run: whatever has the same key happens once.
	Key string `json:"key"`
	Job string `json:"job"`
	// Due is when the run should have begun.
	Due time.Time `json:"due"`
	// Inputs are the files that started it; none for a run of the clock.
	Inputs  []string  `json:"inputs,omitempty"`
	State   State     `json:"state"`
	Attempt int       `json:"attempt"`
	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	// NotBefore is when a waiting run is tried again.
	NotBefore time.Time `json:"not_before,omitzero"`
	// Status is the exit status of the last attempt, Message what it said,
	// Folder what it left.
	Status  int    `json:"status"`
	Message string `json:"message,omitempty"`
	Folder  string `json:"folder,omitempty"`
}

// Ledger remembers every run, so that each due run happens exactly once over
// restarts and several processes on one machine. A process that runs something
// holds a lock on a file, which the system gives up when it dies: only then does
// another take its runs over, whatever the clocks say.
type Ledger struct {
	db     *sql.DB
	folder string
	holder string
	lock   *flock.Flock
}

const tables = `
CREATE TABLE IF NOT EXISTS runs (
	key TEXT PRIMARY KEY, job TEXT NOT NULL, due INTEGER NOT NULL, inputs TEXT NOT NULL, state TEXT NOT NULL,
	attempt INTEGER NOT NULL DEFAULT 0, holder TEXT NOT NULL DEFAULT '', started INTEGER, ended INTEGER, not_before INTEGER,
	status INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '', folder TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS runs_by_job ON runs (job, due);
CREATE TABLE IF NOT EXISTS jobs (job TEXT PRIMARY KEY, through INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS looks (
	job TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, first INTEGER NOT NULL,
	hash TEXT NOT NULL DEFAULT '', PRIMARY KEY (job, path)
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
	key TEXT NOT NULL, channel INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL, PRIMARY KEY (key, channel)
) STRICT;
CREATE TABLE IF NOT EXISTS contents (job TEXT NOT NULL, hash TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (job, hash)) STRICT;
`

// ledgerVersion is the version of the tables; SQLite keeps it in the file's head.
const ledgerVersion = 1

// OpenLedger opens the ledger in a folder, which is made where it is missing. A
// ledger of a newer version is left unchanged, and links are not followed.
func OpenLedger(folder string) (*Ledger, error) {
	if err := noLinks(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(folder, "holders"), 0o755); err != nil {
		return nil, err
	}
	l := &Ledger{folder: folder}
	if err := errors.Join(l.hold(), l.sweep()); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "ledger.sqlite")
	var err error
	// Each statement waits for the others' transactions; a commit is on disk
	// before it returns.
	l.db, err = sql.Open("sqlite", "file:"+(&uri{path}).String()+"?_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	l.db.SetMaxOpenConns(1)
	if err := l.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s %w", path, err), l.Close())
	}
	return l, nil
}

// noLinks refuses symbolic links in the places of the ledger's own files: what they
// link to would be overwritten.
func noLinks(folder string) error {
	for _, name := range []string{"holders", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "ledger.sqlite-journal"} {
		path := filepath.Join(folder, name)
		if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return fmt.Errorf("%s is a symbolic link; replace the link with the file, or choose another folder", path)
		}
	}
	return nil
}

// prepare makes the tables where they are missing. The error goes on from the
// file's name.
func (l *Ledger) prepare() error {
	var version int
	if err := l.db.QueryRow(`PRAGMA user_version`).Scan(&version); err != nil {
		return fmt.Errorf("is not a ledger, or cannot be written: %w", explained(err))
	}
	if version > ledgerVersion {
		return fmt.Errorf("was made by a newer version of surveykit; run that one, or choose another folder")
	}
	if _, err := l.db.Exec(tables + fmt.Sprintf("PRAGMA user_version = %d;", ledgerVersion)); err != nil {
		return fmt.Errorf("is not a ledger, or cannot be written: %w", explained(err))
	}
	return nil
}

// explained adds to an error of SQLite what it most likely means.
func explained(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_IOERR {
		return fmt.Errorf("%w; the disk may be full or broken", err)
	}
	return err
}

// Add enters runs that are not yet in the ledger, in one step with the time
// through which the job's due times are now known.
func (l *Ledger) Add(ctx context.Context, job string, through time.Time, runs []Run) error {
	return l.in(ctx, func(tx *sql.Tx) error {
		for _, r := range runs {
			inputs, err := encode(r.Inputs)
			if err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT OR IGNORE INTO runs (key, job, due, inputs, state, message) VALUES (?, ?, ?, ?, ?, ?)`,
				r.Key, r.Job, r.Due.UnixMilli(), inputs, r.State, r.Message)
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO jobs (job, through) VALUES (?, ?) ON CONFLICT (job) DO UPDATE SET through = excluded.through`, job, through.UnixMilli())
		return err
	})
}

// Through is how far a job's due times are in the ledger; ok is false for a job
// that it has not seen.
func (l *Ledger) Through(ctx context.Context, job string) (through time.Time, ok bool, err error) {
	var at int64
	err = l.db.QueryRowContext(ctx, `SELECT through FROM jobs WHERE job = ?`, job).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return time.UnixMilli(at).UTC(), err == nil, err
}

// Unskip forgets the runs skipped for times in the future: the clock was wrong when
// they were skipped.
func (l *Ledger) Unskip(ctx context.Context, job string, after time.Time) error {
	_, err := l.db.ExecContext(ctx, `DELETE FROM runs WHERE job = ? AND state = ? AND due > ?`, job, Skipped, after.UnixMilli())
	return err
}

// Claim takes the earliest run of the job that is due by now: a new one, one
// that waits for another try, or one whose process died. ok is false where
// there is none, and where a run of the job is under way.
func (l *Ledger) Claim(ctx context.Context, job string, now time.Time) (r Run, ok bool, err error) {
	err = l.in(ctx, func(tx *sql.Tx) error {
		open, err := list(tx, `WHERE job = ? AND state IN (?, ?, ?) ORDER BY due, key`, job, Due, Waiting, Running)
		if err != nil {
			return err
		}
		for _, candidate := range open {
			if candidate.State == Running && l.alive(candidate.holder) {
				return nil
			}
		}
		for _, candidate := range open {
			if candidate.State == Waiting && pausing(candidate.NotBefore, now) || candidate.State == Due && candidate.Due.After(now) {
				continue
			}
			r, ok = candidate.Run, true
			break
		}
		if !ok {
			return nil
		}
		r.State, r.Started, r.Attempt = Running, now, r.Attempt+1
		_, err = tx.Exec(`UPDATE runs SET state = ?, holder = ?, started = ?, attempt = ? WHERE key = ?`, Running, l.holder, now.UnixMilli(), r.Attempt, r.Key)
		return err
	})
	return r, ok && err == nil, err
}

// pausing reports whether a pause that ends at a time is under way. No pause is
// longer than mostBackoff: one that seems so was set by a clock that was ahead.
func pausing(until, now time.Time) bool {
	return until.After(now) && until.Sub(now) <= mostBackoff
}

// End writes how an attempt ended: its state, times, status, message and folder.
// In the same step it notes the messages to send, so that no crash can come between.
func (l *Ledger) End(ctx context.Context, r Run, channels []int) error {
	return l.in(ctx, func(tx *sql.Tx) error {
		result, err := tx.Exec(`UPDATE runs SET state = ?, holder = '', ended = ?, not_before = ?, attempt = ?, status = ?, message = ?, folder = ? WHERE key = ? AND holder = ?`,
			r.State, r.Ended.UnixMilli(), sql.NullInt64{Int64: r.NotBefore.UnixMilli(), Valid: !r.NotBefore.IsZero()}, r.Attempt, r.Status, r.Message, r.Folder, r.Key, l.holder)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return cmp.Or(err, errTaken)
		}
		for _, c := range channels {
			// While the channel fails, the message waits with the others.
			if _, err := tx.Exec(`INSERT OR IGNORE INTO messages (key, channel, not_before) VALUES (?, ?, coalesce((
		SELECT max(m.not_before) FROM messages m JOIN runs r ON r.key = m.key WHERE r.job = ? AND m.channel = ? AND m.tries > 0), 0))`,
				r.Key, c, r.Job, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// History lists a job's runs, all jobs' for "", the latest first.
func (l *Ledger) History(ctx context.Context, job string, limit int) ([]Run, error) {
	var out []Run
	err := l.in(ctx, func(tx *sql.Tx) error {
		entries, err := list(tx, `WHERE ? = '' OR job = ? ORDER BY due DESC, key DESC LIMIT ?`, job, job, limit)
		for _, e := range entries {
			out = append(out, e.Run)
		}
		return err
	})
	return out, err
}

// errTaken says that a run was taken over by another process, which can be only
// where somebody removed this one's lock.
var errTaken = errors.New("another process has taken the run over")

// in does something in one transaction.
func (l *Ledger) in(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return explained(err)
	}
	if err := do(tx); err != nil {
		tx.Rollback()
		return explained(err)
	}
	return explained(tx.Commit())
}

type ledgerEntry struct {
	Run
	holder string
}

func list(tx *sql.Tx, where string, args ...any) ([]ledgerEntry, error) {
	rows, err := tx.Query(`SELECT key, job, due, inputs, state, attempt, holder, started, ended, not_before, status, message, folder FROM runs `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ledgerEntry
	for rows.Next() {
		var e ledgerEntry
		var due int64
		var inputs string
		var started, ended, notBefore sql.NullInt64
		if err := rows.Scan(&e.Key, &e.Job, &due, &inputs, &e.State, &e.Attempt, &e.holder, &started, &ended, &notBefore, &e.Status, &e.Message, &e.Folder); err != nil {
			return nil, err
		}
		e.Due, e.Started, e.Ended, e.NotBefore = time.UnixMilli(due).UTC(), instant(started), instant(ended), instant(notBefore)
		if e.Inputs, err = decode(inputs); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// hold takes a lock of this process's own. Another process may sweep the file
// away before it is locked; then the lock would be seen by nobody.
func (l *Ledger) hold() error {
	for {
		file, err := os.CreateTemp(filepath.Join(l.folder, "holders"), fmt.Sprintf("%d-*.lock", os.Getpid()))
		if err != nil {
			return err
		}
		// Writing a byte shows at once, in the system's words, that the disk is full.
		if _, err := file.WriteString("."); err != nil {
			return errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
		if err := file.Close(); err != nil {
			return errors.Join(err, os.Remove(file.Name()))
		}
		l.holder, l.lock = filepath.Base(file.Name()), flock.New(file.Name())
		ok, err := l.lock.TryLock()
		if err != nil {
			return errors.Join(err, os.Remove(file.Name()))
		}
		if _, err := os.Stat(file.Name()); ok && err == nil {
			return nil
		}
		if err := l.lock.Close(); err != nil {
			return err
		}
	}
}

// lockName is how the locks are named; other files in their folder are not ours.
var lockName = pattern.Lazy(`^[0-9]+-[0-9]+\.lock$`)

// Close gives the lock up; runs that this process still has can then be taken
// over.
func (l *Ledger) Close() error {
	return errors.Join(os.Remove(l.lock.Path()), l.lock.Unlock(), l.db.Close())
}

// alive reports whether the process that holds a lock still lives. The lock of
// a dead one is removed.
func (l *Ledger) alive(holder string) bool {
	if holder == l.holder {
		return true
	}
	path := filepath.Join(l.folder, "holders", holder)
	if info, err := os.Lstat(path); !lockName().MatchString(holder) || err != nil || !info.Mode().IsRegular() {
		return false
	}
	other := flock.New(path)
	free, err := other.TryLock()
	if err != nil || !free {
		return true
	}
	os.Remove(path)
	other.Unlock()
	return false
}

// sweep removes the locks of processes that were killed.
func (l *Ledger) sweep() error {
	entries, err := os.ReadDir(filepath.Join(l.folder, "holders"))
	for _, e := range entries {
		l.alive(e.Name())
	}
	return err
}

// uri is a file's path as SQLite takes it in a connection's name.
type uri struct{ path string }

func (u *uri) String() string {
	return (&url.URL{Path: filepath.ToSlash(u.path)}).EscapedPath()
}

func encode(list []string) (string, error) {
	text, err := json.Marshal(list)
	return string(text), err
}

func decode(text string) (list []string, err error) {
	err = json.Unmarshal([]byte(text), &list)
	return list, err
}

func instant(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
