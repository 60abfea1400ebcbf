package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Add writes further files into a folder that a run was delivered into, and
// enters them in its manifest: each appears whole, the manifest last.
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
// changed in the meantime, the run may have read half of it.
func Unchanged(dir, from string) error {
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, in := range m.Inputs {
		path := filepath.FromSlash(in.Path)
		if !filepath.IsAbs(path) {
			path = filepath.Join(from, path)
		}
		if sum, err := sumOf(path); err != nil || sum != in.SHA256 {
			errs = append(errs, fmt.Errorf("%s changed while the study ran, so that the run may have read half of it; run it again once the file is complete", in.Path))
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

// sumOf is the SHA-256 of a file.
func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
