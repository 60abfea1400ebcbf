package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Store keeps the reports of one job in a folder:
//
//	latest      a symbolic link to the run that readers see
//	runs/NAME   published runs
//	held/NAME   runs whose publication somebody must decide on
//	failed/NAME.txt  what runs that failed have said
//
// A run is made in a hidden folder and moved when it is whole; publishing it is
// the renaming of one link. Readers that follow latest see the old report or the
// new one, each whole. One process at a time may write to a store.
type Store struct{ Dir string }

// Latest is the name of the link to the run that readers see.
const Latest = "latest"

const (
	published = "runs"
	held      = "held"
	failures  = "failed"
	unborn    = ".making-"
)

// Begin is the folder in which a run of a name is made. What runs that were cut
// off have left is removed.
func (s Store) Begin(name string) (folder string, err error) {
	if err := checkRunName(name); err != nil {
		return "", err
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return "", err
	}
	if err := s.sweep(); err != nil {
		return "", err
	}
	folder = filepath.Join(s.Dir, unborn+name)
	return folder, os.Mkdir(folder, 0o755)
}

func checkRunName(name string) error {
	if name == "" || !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("%q is no name of a run", name)
	}
	return nil
}

// sweep removes what was begun and never ended: folders and links.
func (s Store) sweep() error {
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unborn) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.Dir, e.Name())))
		}
	}
	return err
}

// Finished reports whether a run of a name is at its place already, because the
// process that made it stopped before it could say so; isHeld says which place.
func (s Store) Finished(name string) (isHeld, ok bool) {
	for _, where := range []string{published, held} {
		if _, err := os.Stat(filepath.Join(s.Dir, where, name)); err == nil {
			return where == held, true
		}
	}
	return false, false
}

// Publish moves a finished run to its place and lets latest point at it. It is
// on the disk before readers see it. A run that is at its place already is left
// as it is.
func (s Store) Publish(name string) (folder string, err error) {
	if folder, err = s.place(name, published); err != nil {
		return "", err
	}
	link := filepath.Join(s.Dir, unborn+Latest)
	if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.Symlink(filepath.Join(published, name), link); err != nil {
		return "", fmt.Errorf("cannot point at the new report: %w; put the jobs' folder on a file system with symbolic links", err)
	}
	if err := os.Rename(link, filepath.Join(s.Dir, Latest)); err != nil {
		return "", err
	}
	return folder, syncFolder(s.Dir)
}

// Hold moves a finished run aside; latest stays where it is.
func (s Store) Hold(name string) (folder string, err error) { return s.place(name, held) }

// Explain keeps what a run that failed has said, which can hold answers of
// respondents, in a file that only its owner reads; file is "" where it said
// nothing.
func (s Store) Explain(name, said string) (file string, err error) {
	if err := checkRunName(name); err != nil || strings.TrimSpace(said) == "" {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(s.Dir, failures), 0o700); err != nil {
		return "", err
	}
	file = filepath.Join(s.Dir, failures, name+".txt")
	if err := os.WriteFile(file, []byte(said), 0o600); err != nil {
		return "", errors.Join(err, os.Remove(file))
	}
	return file, nil
}

// Drop removes a run that was begun.
func (s Store) Drop(name string) error { return os.RemoveAll(filepath.Join(s.Dir, unborn+name)) }

func (s Store) place(name, where string) (string, error) {
	if err := checkRunName(name); err != nil {
		return "", err
	}
	from, to := filepath.Join(s.Dir, unborn+name), filepath.Join(s.Dir, where, name)
	if _, err := os.Stat(to); err == nil {
		return to, s.Drop(name)
	}
	if err := syncTree(from); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(from, to); err != nil {
		return "", err
	}
	return to, syncFolder(filepath.Dir(to))
}

// Current is the folder that readers see; ok is false before the first run.
func (s Store) Current() (folder string, ok bool, err error) {
	target, err := os.Readlink(filepath.Join(s.Dir, Latest))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	name := filepath.Base(target)
	if checkRunName(name) != nil || filepath.Clean(target) != filepath.Join(published, name) {
		return "", false, fmt.Errorf("%s does not point at a run; remove it", filepath.Join(s.Dir, Latest))
	}
	return filepath.Join(s.Dir, published, name), true, nil
}

// Keep says how many runs stay. The zero value keeps all.
type Keep struct {
	// Runs are the last ones that stay in any case.
	Runs int `yaml:"runs,omitempty"`
	// Days are how long others stay. Default: not at all.
	Days int `yaml:"days,omitempty"`
}

// Retain removes the runs, published, held and failed, that are neither among the last
// nor young enough, and never the one that latest points at. Names must sort by
// time; age is that of the folder.
func (s Store) Retain(k Keep, now time.Time) error {
	if k == (Keep{}) {
		return nil
	}
	current, _, err := s.Current()
	if err != nil {
		return err
	}
	for _, where := range []string{published, held, failures} {
		err = errors.Join(err, s.retain(where, current, k, now))
	}
	return err
}

func (s Store) retain(where, current string, k Keep, now time.Time) error {
	entries, err := os.ReadDir(filepath.Join(s.Dir, where))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	slices.Reverse(entries)
	for i, e := range entries {
		folder := filepath.Join(s.Dir, where, e.Name())
		info, statErr := e.Info()
		if statErr != nil || i < k.Runs || folder == current || now.Sub(info.ModTime()) < time.Duration(k.Days)*24*time.Hour {
			continue
		}
		// Gone from its place first: nobody finds half of it.
		gone := filepath.Join(s.Dir, unborn+"old-"+e.Name())
		err = errors.Join(err, os.Rename(folder, gone), os.RemoveAll(gone))
	}
	return err
}

// syncTree puts a folder with all that is in it on the disk.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Type()&fs.ModeSymlink != 0 {
			return err
		}
		return syncFolder(path)
	})
}

// syncFolder puts a folder, or a file, on the disk.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
