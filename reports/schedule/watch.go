package schedule

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"surveykit/reports/publish"
)

// delivery is one complete file of an input.
type delivery struct {
	path, hash string
}

// Watch looks at a job's input and enters a run for whatever complete files hold
// content that the job has not seen. A file is complete when its size and time
// of change have stayed the same for as long as the input must settle, over two
// looks at least; names that begin with a dot or end like a transfer under way
// are not looked at. The run's key is the hash of the new contents.
func (l *Ledger) Watch(ctx context.Context, jobs *Jobs, j *Job, now time.Time) error {
	if j.Input == nil {
		return nil
	}
	paths, err := filepath.Glob(jobs.resolved(j.Input.Files))
	if err != nil {
		return err
	}
	slices.Sort(paths)
	var fresh []delivery
	var unread []error
	seen := map[string]bool{}
	for _, path := range paths {
		d, complete, err := l.look(ctx, j, path, now)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		if complete && !seen[d.hash] {
			seen[d.hash] = true
			fresh = append(fresh, d)
		}
	}
	same, err := jobs.appendTo(j, fresh)
	unread = append(unread, err)
	if len(same) > 0 {
		unread = append(unread, l.enterContents(ctx, j, same, now))
	}
	return errors.Join(unread...)
}

// passing are the ends of the names of files on their way.
var passing = []string{".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~"}

func inTransit(name string) bool {
	return strings.HasPrefix(name, ".") || slices.ContainsFunc(passing, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) })
}

// look remembers how a file looks; complete is true where it is whole and its
// content new to the job.
func (l *Ledger) look(ctx context.Context, j *Job, path string, now time.Time) (d delivery, complete bool, err error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || inTransit(info.Name())) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	var size, modified, first int64
	var hash string
	err = l.db.QueryRowContext(ctx, `SELECT size, modified, first, hash FROM looks WHERE job = ? AND path = ?`, j.Name, path).Scan(&size, &modified, &first, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return d, false, err
	}
	settle := j.Input.Settle.or(defaultSettle)
	if err != nil || size != info.Size() || modified != info.ModTime().UnixNano() || now.UnixMilli() < first {
		return d, false, l.remember(ctx, j, path, info, now.UnixMilli(), "")
	}
	if now.Sub(time.UnixMilli(first)) < settle {
		return d, false, nil
	}
	if hash == "" {
		if hash, err = hashOf(path, info); err != nil || hash == "" {
			return d, false, err
		}
		if err := l.remember(ctx, j, path, info, first, hash); err != nil {
			return d, false, err
		}
	}
	var known int
	err = l.db.QueryRowContext(ctx, `SELECT count(*) FROM contents WHERE job = ? AND hash = ?`, j.Name, hash).Scan(&known)
	return delivery{path: path, hash: hash}, known == 0, err
}

func (l *Ledger) remember(ctx context.Context, j *Job, path string, info fs.FileInfo, first int64, hash string) error {
	_, err := l.db.ExecContext(ctx, `INSERT INTO looks (job, path, size, modified, first, hash) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (job, path) DO UPDATE SET size = excluded.size, modified = excluded.modified, first = excluded.first, hash = excluded.hash`,
		j.Name, path, info.Size(), info.ModTime().UnixNano(), first, hash)
	return err
}

// hashOf is the SHA-256 of a file, "" where it changed or went while it was read.
func hashOf(path string, before fs.FileInfo) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	after, err := os.Lstat(path)
	if err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return "", nil
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// appendTo copies new files into the job's history of waves, each whole or not
// at all; a file of a name that is there is replaced, because it is the same
// wave delivered again. It returns those that are there and still as they were
// looked at.
func (j *Jobs) appendTo(job *Job, fresh []delivery) (same []delivery, err error) {
	if job.Input.AppendTo == "" || len(fresh) == 0 {
		return fresh, nil
	}
	folder := j.resolved(job.Input.AppendTo)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	var uncopied []error
	for _, d := range fresh {
		err := copyWhole(filepath.Join(folder, filepath.Base(d.path)), d)
		switch {
		case err == nil:
			same = append(same, d)
		case !errors.Is(err, errChanged) && !errors.Is(err, fs.ErrNotExist):
			uncopied = append(uncopied, err)
		}
	}
	return same, errors.Join(uncopied...)
}

var errChanged = errors.New("the file changed while it was copied")

// copyWhole copies a file, unless it is no longer the one that was hashed.
func copyWhole(to string, d delivery) error {
	return publish.Place(to, func(w io.Writer) error {
		f, err := os.Open(d.path)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(io.MultiWriter(w, h), f); err != nil {
			return err
		}
		if hex.EncodeToString(h.Sum(nil)) != d.hash {
			return errChanged
		}
		return nil
	})
}

// enterContents notes the contents as seen and enters their run, in one step;
// those that another process has noted in the meantime are in its run.
func (l *Ledger) enterContents(ctx context.Context, j *Job, fresh []delivery, now time.Time) error {
	return l.in(ctx, func(tx *sql.Tx) error {
		all := sha256.New()
		var names []string
		for _, d := range fresh {
			result, err := tx.Exec(`INSERT OR IGNORE INTO contents (job, hash, path) VALUES (?, ?, ?)`, j.Name, d.hash, filepath.Base(d.path))
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				continue
			}
			all.Write([]byte(d.hash))
			names = append(names, filepath.Base(d.path))
		}
		if len(names) == 0 {
			return nil
		}
		inputs, err := encode(names)
		if err != nil {
			return err
		}
		key := j.Name + "#" + hex.EncodeToString(all.Sum(nil))[:16]
		_, err = tx.Exec(`INSERT OR IGNORE INTO runs (key, job, due, inputs, state) VALUES (?, ?, ?, ?, ?)`, key, j.Name, now.UnixMilli(), inputs, Due)
		return err
	})
}
