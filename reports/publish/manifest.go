package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"surveykit/survey"
)

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
	if err := f.stageManifest(m); err != nil {
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

func (f *Folder) stageManifest(m Manifest) error {
	m.Schema, m.Files = schema, []File{}
	for _, name := range f.names() {
		m.Files = append(m.Files, f.files[fold(name)])
	}
	m.Start, m.End = m.Start.UTC(), m.End.UTC()
	return f.write(ManifestName, m.write)
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

// earlierFiles reads what the manifest in place lists; none where there is no
// manifest or where it is not one of ours.
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
		if _, made := f.files[fold(old.Path)]; made || f.sum(old.Path) != old.SHA256 {
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

// sum is the SHA-256 of a file in place, "" where it cannot be read.
func (f *Folder) sum(name string) string {
	file, err := f.root.Open(name)
	if err != nil {
		return ""
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
