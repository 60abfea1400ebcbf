package publish

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes one file for --output: under a temporary name next to its
// place, then renamed, so that readers see the old file or the new one, never
// half of one. A file that was there keeps its permissions; a symbolic link is
// followed; a device or a pipe, such as /dev/stdout, is written to directly.
func WriteFile(name string, write func(io.Writer) error) error {
	target, mode, err := resolve(name)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if !mode.IsRegular() {
		file, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(file), file.Close())
	}
	return swap(name, target, mode, write)
}

// Place writes one file as WriteFile does, but replaces a symbolic link of the name.
// The folder must exist.
func Place(name string, write func(io.Writer) error) error {
	return swap(name, name, newFile, write)
}

// swap writes a file next to target and moves it there; name is its name in
// messages.
func swap(name, target string, mode fs.FileMode, write func(io.Writer) error) error {
	stage, err := newStage(filepath.Dir(target))
	if err != nil {
		return fmt.Errorf("cannot write %s: %w; make the folder writable or choose another one", name, cause(err))
	}
	defer os.RemoveAll(stage)
	temp := filepath.Join(stage, "new")
	file, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if _, err := fill(file, write); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	if err := os.Rename(temp, target); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	_ = syncFolder(filepath.Dir(target)) // not every system can
	return nil
}

// newFile are the permissions, before the umask, of a file that was not there.
const newFile fs.FileMode = 0o666

// resolve finds the file that name means, and its mode.
func resolve(name string) (target string, mode fs.FileMode, err error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		dir := filepath.Dir(name)
		if _, err := os.Stat(dir); err != nil {
			return "", 0, fmt.Errorf("there is no folder %s; create it first", dir)
		}
		return name, newFile, nil
	case err != nil:
		return "", 0, cause(err)
	case info.IsDir():
		return "", 0, errors.New("it is a folder; name a file in it")
	case !info.Mode().IsRegular():
		return name, info.Mode(), nil
	}
	target, err = filepath.EvalSymlinks(name)
	return target, info.Mode(), err
}
