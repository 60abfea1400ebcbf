// Package packed unpacks files that were compressed by gzip or Zstandard.
package packed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"surveykit/survey"
)

// A file may unpack to two hundred times its size, far more than any survey, or to
// alwaysAllowed bytes, and never to more than mostEver, the usual size of memory.
const (
	mostExpansion = 200
	alwaysAllowed = 64 << 20
	mostEver      = 8 << 30
)

// signatures are what the files begin with.
var signatures = map[string]func(io.Reader) (io.ReadCloser, error){
	"\x1f\x8b": func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
	"\x28\xb5\x2f\xfd": func(r io.Reader) (io.ReadCloser, error) {
		// One goroutine: the result does not depend on the machine.
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostEver))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	},
}

// Is reports whether a file that begins with start is packed.
func Is(start []byte) bool { return opener(start) != nil }

func opener(start []byte) func(io.Reader) (io.ReadCloser, error) {
	for signature, open := range signatures {
		if bytes.HasPrefix(start, []byte(signature)) {
			return open
		}
	}
	return nil
}

// Name is the name of the file that is packed under path: without .gz, .zst or
// .zstd.
func Name(path string) string {
	switch ending := filepath.Ext(path); strings.ToLower(ending) {
	case ".gz", ".zst", ".zstd":
		return strings.TrimSuffix(path, ending)
	}
	return path
}

// Limit is the most bytes that a packed file of size bytes may unpack to.
func Limit(size int64) int64 { return min(max(mostExpansion*size, alwaysAllowed), mostEver) }

// Unpack returns the content of the packed file of size bytes in r; path appears in
// problems only. A file that is damaged, or that unpacks to more than the larger of
// 200 times its size and 64 MiB, or to more than 8 GiB, gives survey.Problems; no
// more than the limit is ever unpacked.
func Unpack(r io.ReaderAt, size int64, path string) ([]byte, error) {
	limit := Limit(size)
	start := make([]byte, min(size, 4))
	if _, err := r.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	open := opener(start)
	if open == nil {
		return nil, problem(path, "the file is not packed by gzip or Zstandard", "give the file under its own name, without .gz or .zst")
	}
	in, err := open(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, damaged(path, err)
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, damaged(path, err)
	case int64(len(content)) > limit:
		return nil, problem(path, fmt.Sprintf("the file unpacks to more than %d bytes, %d times its size", limit, limit/size),
			"unpack it yourself if you trust it")
	case len(content) == 0:
		return nil, problem(path, "the packed file is empty", "export it again")
	}
	return content, nil
}

func damaged(path string, err error) error {
	return problem(path, "the packed file is damaged: "+err.Error(), "copy it again")
}

func problem(path, message, remedy string) error {
	return survey.Problems{{File: path, Message: message, Remedy: remedy}}
}
