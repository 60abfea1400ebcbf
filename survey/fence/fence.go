// Package fence holds the files that a study names to the folders that it may
// read: a study from somebody else opens nothing that its reader did not mean
// to show it.
package fence

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"surveykit/survey"
)

// Fence is around what a file that names others may read. The zero value lets
// nothing be read.
type Fence struct{ folders []string }

// Around is the fence of a file: around the folder that it lies in with all
// below it, and whatever is allowed besides, folders or single files.
func Around(file string, allowed []string) Fence {
	return Fence{folders: append([]string{filepath.Dir(file)}, allowed...)}
}

// Folders are the file's own folder and what is allowed besides: a study that
// another one names may read all that the other may.
func (f Fence) Folders() []string { return slices.Clone(f.folders) }

// Check finds a path that leads out of the fence, by its name or by a symbolic
// link on its way. The file need not exist. The error is a survey.Problem.
func (f Fence) Check(path string) error {
	at, err := resolve(path)
	if err == nil {
		for _, folder := range f.folders {
			if within(folder, at) {
				return nil
			}
		}
	}
	if err != nil {
		return survey.Problem{Value: path, Message: "a symbolic link in the path leads nowhere", Remedy: "replace the link with the file"}
	}
	p := survey.Problem{Value: path, Message: "it is outside the folder of the file that names it"}
	if full, err := filepath.Abs(path); err == nil && full != at && f.Check(filepath.Dir(full)) == nil {
		p.Message, path = "a symbolic link leads outside the folder of the file that names it", at
	}
	p.Remedy = "copy it into that folder, or allow its folder with --allow-outside " + quoted(filepath.Dir(path)) + " (allow_outside: in a jobs file)"
	return p
}

// within reports whether a resolved path is a folder, or lies below it.
func within(folder, path string) bool {
	folder, err := resolve(folder)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// resolve follows all links on the way to a path, the last part of which may
// be missing; a link that leads nowhere is an error.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if _, found := os.Lstat(path); found == nil || !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path {
		return "", err
	}
	parent, err := resolve(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// quoted is a path as a shell takes it.
func quoted(path string) string {
	for _, r := range path {
		if r <= ' ' || r == '\'' || r == '"' || r == '$' || r == '\\' || r == '*' {
			return "'" + path + "'"
		}
	}
	return path
}
