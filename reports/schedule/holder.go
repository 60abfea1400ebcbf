package schedule

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/gofrs/flock"
)

// hold takes a lock of this process's own. Another process may sweep the file
// away before it is locked; then the lock would be seen by nobody.
func (l *Ledger) hold() error {
	for {
		file, err := os.CreateTemp(filepath.Join(l.folder, "holders"), fmt.Sprintf("%d-*.lock", os.Getpid()))
		if err != nil {
			return err
		}
		// A byte tells at once, and in the system's words, when the disk is full.
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
var lockName = regexp.MustCompile(`^[0-9]+-[0-9]+\.lock$`)

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
	if info, err := os.Lstat(path); !lockName.MatchString(holder) || err != nil || !info.Mode().IsRegular() {
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
