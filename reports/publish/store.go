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
//	held/NAME   runs that a person must decide to publish
//	failed/NAME.txt  the output of runs that failed
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

// within calls do with the store's folder. No path leaves it by a symbolic link, and
// the folder itself is not one.
func (s Store) within(do func(*os.Root) error) error {
	top, err := os.OpenRoot(filepath.Dir(s.Dir))
	if err != nil {
		return err
	}
	defer top.Close()
	name := filepath.Base(s.Dir)
	if info, err := top.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a symbolic link; put the folder itself there", s.Dir)
	}
	root, err := top.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	return do(root)
}

// Begin is the folder in which the run of a name is made. It removes what interrupted
// runs have left.
func (s Store) Begin(name string) (folder string, err error) {
	if err := checkRunName(name); err != nil {
		return "", err
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return "", err
	}
	return filepath.Join(s.Dir, unborn+name), s.within(func(root *os.Root) error {
		if err := sweep(root); err != nil {
			return err
		}
		return root.Mkdir(unborn+name, 0o755)
	})
}

func checkRunName(name string) error {
	if name == "" || !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("%q cannot be the name of a run", name)
	}
	return nil
}

// sweep removes the folders and links of runs that did not end.
func sweep(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unborn) {
			err = errors.Join(err, root.RemoveAll(e.Name()))
		}
	}
	return err
}

// Finished reports whether the run of a name is in its place already, because the
// process that made it stopped before it could report it; isHeld says which place.
func (s Store) Finished(name string) (isHeld, ok bool) {
	err := s.within(func(root *os.Root) error {
		for _, where := range []string{published, held} {
			if _, err := root.Stat(filepath.Join(where, name)); err == nil {
				isHeld, ok = where == held, true
				break
			}
		}
		return nil
	})
	return isHeld, ok && err == nil
}

// Publish moves a finished run to its place and lets latest point at it. It is
// on the disk before readers see it. A run that is in its place already is left
// unchanged.
func (s Store) Publish(name string) (folder string, err error) {
	if folder, err = s.place(name, published); err != nil {
		return "", err
	}
	err = s.within(func(root *os.Root) error {
		link := unborn + Latest
		if err := root.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := root.Symlink(filepath.Join(published, name), link); err != nil {
			return fmt.Errorf("cannot link to the new report: %w; put the jobs' folder on a file system with symbolic links", err)
		}
		return root.Rename(link, Latest)
	})
	if err != nil {
		return "", err
	}
	return folder, syncFolder(s.Dir)
}

// Hold moves a finished run aside; latest stays where it is.
func (s Store) Hold(name string) (folder string, err error) { return s.place(name, held) }

// Explain keeps the output of a run that failed, which can contain answers of
// respondents, in a file that only its owner can read; file is "" without output.
func (s Store) Explain(name, said string) (file string, err error) {
	if err := checkRunName(name); err != nil || strings.TrimSpace(said) == "" {
		return "", err
	}
	err = s.within(func(root *os.Root) error {
		if err := root.MkdirAll(failures, 0o700); err != nil {
			return err
		}
		inside := filepath.Join(failures, name+".txt")
		file = filepath.Join(s.Dir, inside)
		if err := root.WriteFile(inside, []byte(said), 0o600); err != nil {
			return errors.Join(err, root.Remove(inside))
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return file, nil
}

// Drop removes a run that was begun.
func (s Store) Drop(name string) error {
	return s.within(func(root *os.Root) error { return root.RemoveAll(unborn + name) })
}

func (s Store) place(name, where string) (string, error) {
	if err := checkRunName(name); err != nil {
		return "", err
	}
	to := filepath.Join(where, name)
	err := s.within(func(root *os.Root) error {
		if _, err := root.Stat(to); err == nil {
			return root.RemoveAll(unborn + name)
		}
		if err := filepath.WalkDir(filepath.Join(s.Dir, unborn+name), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.Type()&fs.ModeSymlink != 0 {
				return err
			}
			return syncFolder(path)
		}); err != nil {
			return err
		}
		if err := root.MkdirAll(where, 0o755); err != nil {
			return err
		}
		return root.Rename(unborn+name, to)
	})
	if err != nil {
		return "", err
	}
	to = filepath.Join(s.Dir, to)
	return to, syncFolder(filepath.Dir(to))
}

// Current is the folder that readers see; ok is false before the first run.
func (s Store) Current() (folder string, ok bool, err error) {
	var target string
	err = s.within(func(root *os.Root) (err error) {
		target, err = root.Readlink(Latest)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	name := filepath.Base(target)
	if checkRunName(name) != nil || filepath.Clean(target) != filepath.Join(published, name) {
		return "", false, fmt.Errorf("%s does not link to a run; remove it", filepath.Join(s.Dir, Latest))
	}
	return filepath.Join(s.Dir, published, name), true, nil
}

// Keep says how many runs stay. The zero value keeps all.
type Keep struct {
	// Runs is how many of the last ones stay in any case; of the published ones the last
	// two always do, so that a reader of the one before can finish.
	Runs int `yaml:"runs,omitempty" jsonschema:"minimum=0"`
	// Days is how long others stay. Default 0.
	Days int `yaml:"days,omitempty" jsonschema:"minimum=0"`
}

// Retain removes published, held and failed runs that are not among the last ones and
// too old, but never the one that latest points at. Names must sort by time; a run is
// as old as its folder.
func (s Store) Retain(k Keep, now time.Time) error {
	if k == (Keep{}) {
		return nil
	}
	current, _, err := s.Current()
	if err != nil {
		return err
	}
	return s.within(func(root *os.Root) (err error) {
		for _, where := range []string{published, held, failures} {
			err = errors.Join(err, k.retain(root, where, filepath.Base(current), now))
		}
		return err
	})
}

func (k Keep) retain(root *os.Root, where, current string, now time.Time) error {
	entries, err := fs.ReadDir(root.FS(), where)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if where == published {
		k.Runs = max(k.Runs, 2)
	}
	slices.Reverse(entries)
	for i, e := range entries {
		info, statErr := e.Info()
		if statErr != nil || i < k.Runs || where == published && e.Name() == current || now.Sub(info.ModTime()) < time.Duration(k.Days)*24*time.Hour {
			continue
		}
		// It is moved away first, so that no reader finds half of it.
		gone := unborn + "old-" + e.Name()
		err = errors.Join(err, root.Rename(filepath.Join(where, e.Name()), gone), root.RemoveAll(gone))
	}
	return err
}

// syncFolder writes a folder or a file to the disk.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
