// Package publish delivers what a run made: every file is written beside its
// place under a temporary name and moved there when all of them are whole.
package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// stagePattern names the folder inside the output folder that holds the files
// of a run until they are delivered.
const stagePattern = ".surveykit-*"

// Folder collects the files of one run. Write stages them, Deliver moves them
// into place, Discard drops them. Until Deliver nothing that readers look at
// changes. No path leaves the folder, not by its name nor by a symbolic link.
type Folder struct {
	dir   string
	root  *os.Root
	stage string
	// made are the directories that Open created, deepest first.
	made []string

	mu    sync.Mutex
	files map[string]File // by folded name
}

// File is one delivered file, with its path relative to the folder.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Open prepares dir for a run and creates it where it is missing. The error of
// a folder that cannot be written says so.
func Open(dir string) (*Folder, error) {
	made := missing(dir)
	stage, err := openStage(dir)
	if err != nil {
		removeEmpty(made)
		return nil, fmt.Errorf("cannot write into the folder %s: %w; make it writable or choose another one", dir, cause(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(stage))
	}
	return &Folder{dir: dir, root: root, stage: filepath.Base(stage), made: made, files: map[string]File{}}, nil
}

func openStage(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	return newStage(dir)
}

// forgotten is how long nothing has happened in the stage of a run that was killed.
const forgotten = time.Hour

// newStage makes a stage in a folder, and removes those that are forgotten there.
func newStage(dir string) (string, error) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		stage := filepath.Join(dir, e.Name())
		if strings.HasPrefix(e.Name(), strings.TrimSuffix(stagePattern, "*")) && time.Since(latestChange(stage)) > forgotten {
			_ = os.RemoveAll(stage) // the next one tries again
		}
	}
	return os.MkdirTemp(dir, stagePattern)
}

// latestChange is when anything below a folder changed last; now where that
// cannot be seen.
func latestChange(dir string) time.Time {
	var last time.Time
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		return err
	})
	if err != nil {
		return time.Now()
	}
	return last
}

// missing lists dir and those of its parents that do not exist, deepest first.
func missing(dir string) []string {
	var out []string
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			return out
		}
		out = append(out, d)
	}
}

// removeEmpty removes directories that nothing was put into; a full one stays.
func removeEmpty(dirs []string) {
	for _, d := range dirs {
		_ = os.Remove(d)
	}
}

// cause strips the operation and the temporary path from an error of the file
// system: the message names the folder itself.
func cause(err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}

// Write stages one file. Name is its place in the folder, with forward
// slashes, such as "charts/q1.svg". It may be called from several goroutines.
func (f *Folder) Write(name string, write func(io.Writer) error) error {
	if err := checkName(name); err != nil {
		return err
	}
	return f.write(name, write)
}

func (f *Folder) write(name string, write func(io.Writer) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if other, taken := f.files[fold(name)]; taken {
		return fmt.Errorf("the file %s is written twice (as %s before)", name, other.Path)
	}
	staged := path.Join(f.stage, name)
	if err := f.root.MkdirAll(path.Dir(staged), 0o777); err != nil {
		return err
	}
	file, err := f.root.Create(staged)
	if err != nil {
		return err
	}
	entry, err := fill(file, write)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	entry.Path = name
	f.files[fold(name)] = entry
	return nil
}

// fill writes, syncs and closes the file, and sums what went through.
func fill(file *os.File, write func(io.Writer) error) (File, error) {
	sum, count := sha256.New(), counter(0)
	err := write(io.MultiWriter(file, sum, &count))
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return File{}, err
	}
	return File{SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: int64(count)}, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// fold makes names equal that some file systems take for the same.
func fold(name string) string { return strings.ToLower(name) }

// checkName admits relative paths that mean the same on every system, outside
// the names that this package keeps for itself.
func checkName(name string) error {
	reason := ""
	switch {
	case !fs.ValidPath(name) || name == "." || !filepath.IsLocal(name):
		reason = "it must be a relative path inside the folder"
	case strings.ContainsAny(name, `\:*?"<>|`+"\x00"):
		reason = `it must not hold \ : * ? " < > |`
	case fold(name) == ManifestName:
		reason = "the manifest has that name"
	case strings.HasPrefix(fold(name), strings.TrimSuffix(stagePattern, "*")):
		reason = "names of that kind are kept for temporary files"
	}
	if reason == "" {
		return nil
	}
	return fmt.Errorf("a file of the results cannot be named %q: %s", name, reason)
}

// Discard drops what was staged and leaves the folder as it was before Open.
// After Deliver it does nothing, so that it can be deferred.
func (f *Folder) Discard() error {
	if f.root == nil {
		return nil
	}
	err := errors.Join(f.root.RemoveAll(f.stage), f.root.Close())
	f.root = nil
	removeEmpty(f.made)
	return err
}
