// Package publish delivers the files of a run: each is written next to its place
// under a temporary name, and all are moved there when all are whole.
package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"surveykit/survey"
	"surveykit/survey/engine/grouped"
)

// stagePattern names the folder inside the output folder that has the files of a run
// until they are delivered.
const stagePattern = ".surveykit-*"

// Folder collects the files of one run. Write stages them, Deliver moves them
// into place, Discard drops them. Until Deliver nothing that readers look at
// changes. No path leaves the folder, by its name or by a symbolic link.
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
	stage, err := "", os.MkdirAll(dir, 0o777)
	if err == nil {
		stage, err = newStage(dir)
	}
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

// forgotten is the time without a change after which a stage belongs to a killed run.
const forgotten = time.Hour

// newStage makes a stage in a folder, and removes forgotten ones there.
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

// latestChange is the last change of anything below a folder; now where that cannot
// be read.
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

// missing lists the directories that do not exist, of dir and its parents, deepest first.
func missing(dir string) []string {
	var out []string
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			return out
		}
		out = append(out, d)
	}
}

// removeEmpty removes those directories that are empty.
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

// fill writes, syncs and closes the file, and returns its size and sum.
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

// fold makes names equal that some file systems do not distinguish.
func fold(name string) string { return strings.ToLower(name) }

// checkName accepts relative paths that mean the same on every system, except the
// names that this package reserves.
func checkName(name string) error {
	reason := ""
	switch {
	case !fs.ValidPath(name) || name == "." || !filepath.IsLocal(name):
		reason = "it must be a relative path inside the folder"
	case strings.ContainsAny(name, `\:*?"<>|`+"\x00"):
		reason = `it must not contain \ : * ? " < > |`
	case fold(name) == ManifestName:
		reason = "the manifest has that name"
	case strings.HasPrefix(fold(name), strings.TrimSuffix(stagePattern, "*")):
		reason = "names of this kind are for temporary files"
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

// ManifestName is the file that says what a run read and wrote.
const ManifestName = "manifest.json"

// schema names the version of the manifest's JSON.
const schema = "surveykit/1"

// Manifest is the content of manifest.json. Deliver fills in Schema and Files.
type Manifest struct {
	Schema  string   `json:"schema"`
	Version string   `json:"version"`
	Command []string `json:"command"`
	// Synthetic marks simulated data.
	Synthetic bool `json:"synthetic"`
	// Start and End are the times of the run.
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	// Study is the study file, nil where the run had none; Inputs are the data files.
	Study  *survey.Source  `json:"study"`
	Inputs []survey.Source `json:"inputs"`
	// Asked are the questions that a source of the data answered, where the rows stayed
	// there.
	Asked []grouped.Asked `json:"asked,omitempty"`
	// Files are all files of the run but the manifest itself, by path.
	Files []File `json:"files"`
}

// Deliver moves the staged files into place, one atomic rename each, the
// manifest last. It then removes the files of an earlier run that this one no
// longer makes: only those that the earlier manifest lists and that nobody has
// changed since. Where a place is taken by a directory, nothing is delivered.
// The Folder cannot be used afterwards.
func (f *Folder) Deliver(m Manifest) error {
	earlier := f.earlierFiles()
	m.Schema, m.Files = schema, []File{}
	for _, name := range f.names() {
		m.Files = append(m.Files, f.files[fold(name)])
	}
	m.Start, m.End = m.Start.UTC(), m.End.UTC()
	if err := f.write(ManifestName, m.write); err != nil {
		return err
	}
	names := append(f.names(), ManifestName)
	if err := f.clearWay(names); err != nil {
		return err
	}
	for _, name := range names {
		if err := f.root.Rename(path.Join(f.stage, name), name); err != nil {
			return fmt.Errorf("cannot deliver %s into the folder %s: %w; is it open in another program?", name, f.dir, cause(err))
		}
	}
	stale := f.removeStale(earlier)
	return errors.Join(stale, f.Discard())
}

func (m Manifest) write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(m)
}

// names lists the staged files by path, without the manifest.
func (f *Folder) names() []string {
	var names []string
	for _, file := range f.files {
		if file.Path != ManifestName {
			names = append(names, file.Path)
		}
	}
	slices.Sort(names)
	return names
}

// clearWay makes the directories of all names and refuses the places that
// cannot be replaced, all of them at once.
func (f *Folder) clearWay(names []string) error {
	var errs []error
	for _, name := range names {
		err := f.root.MkdirAll(path.Dir(name), 0o777)
		if info, statErr := f.root.Lstat(name); err == nil && statErr == nil && info.IsDir() {
			err = errors.New("a directory has that name")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("cannot deliver %s into the folder %s: %w; move it away or choose another folder", name, f.dir, cause(err)))
		}
	}
	return errors.Join(errs...)
}

// earlierFiles are the files of the manifest in place; none where there is no
// manifest or it is not one of a run.
func (f *Folder) earlierFiles() []File {
	b, err := f.root.ReadFile(ManifestName)
	if err != nil {
		return nil
	}
	var m Manifest
	if json.Unmarshal(b, &m) != nil {
		return nil
	}
	return m.Files
}

func (f *Folder) removeStale(earlier []File) error {
	var errs []error
	for _, old := range earlier {
		if _, made := f.files[fold(old.Path)]; made {
			continue
		}
		if file, err := f.root.Open(old.Path); err != nil || sumOf(file) != old.SHA256 {
			continue
		}
		if err := f.root.Remove(old.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("cannot remove %s of an earlier run from %s: %w", old.Path, f.dir, cause(err)))
		}
		for d := path.Dir(old.Path); d != "."; d = path.Dir(d) {
			_ = f.root.Remove(d) // only where it is empty
		}
	}
	return errors.Join(errs...)
}

// Add writes further files into the folder of a delivered run and lists them in its
// manifest: each appears whole, the manifest last.
func Add(dir string, files map[string]func(io.Writer) error) error {
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	for name, write := range files {
		if err := checkName(name); err != nil {
			return err
		}
		sum, count := sha256.New(), counter(0)
		err := Place(filepath.Join(dir, filepath.FromSlash(name)), func(w io.Writer) error { return write(io.MultiWriter(w, sum, &count)) })
		if err != nil {
			return err
		}
		m.Files = slices.DeleteFunc(m.Files, func(f File) bool { return fold(f.Path) == fold(name) })
		m.Files = append(m.Files, File{Path: name, SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: int64(count)})
	}
	slices.SortFunc(m.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return Place(filepath.Join(dir, ManifestName), m.write)
}

// Unchanged reports whether the inputs of a run are still the files that it
// read; from is the folder that the manifest's paths start from. Where one has
// changed in the meantime, the run may have read only half of it.
func Unchanged(dir, from string) error {
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, in := range m.Inputs {
		if in.SHA256 == "" { // a database
			continue
		}
		path := filepath.FromSlash(in.Path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(from, path)
		}
		if file, err := os.Open(path); err != nil || sumOf(file) != in.SHA256 {
			errs = append(errs, fmt.Errorf("%s changed while the study ran, and the run may have read only half of it; run it again once the file is complete", in.Path))
		}
	}
	return errors.Join(errs...)
}

func readManifest(dir string) (m Manifest, err error) {
	text, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s: %w", filepath.Join(dir, ManifestName), err)
	}
	return m, nil
}

// sumOf is the SHA-256 of a file, which it closes; "" where it cannot be read.
func sumOf(file *os.File) string {
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
