// Package damagetest has the checks that the tests of all readers make of damaged
// files: a sound table, or problems that say file, place and remedy, never a panic,
// and no more memory than the file justifies; and the way they show a table.
package damagetest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"surveykit/survey"
)

// Refused checks that err is a problem with file, place and remedy that has the
// words; what names the case.
func Refused(t testing.TB, what string, err error, words ...string) {
	t.Helper()
	var found survey.Problems
	if !errors.As(err, &found) {
		t.Errorf("%s: want survey.Problems, got %v", what, err)
		return
	}
	for _, p := range found {
		if p.File == "" || p.Remedy == "" || !strings.Contains(p.Message, "at byte ") {
			t.Errorf("%s: the problem lacks file, place or remedy: %+v", what, p)
		}
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %q is not in: %v", what, word, err)
		}
	}
}

// SoundOrRefused checks the result of reading a file that may be damaged. It returns
// the table, nil where the file was refused.
func SoundOrRefused(t testing.TB, table *survey.Table, err error) *survey.Table {
	t.Helper()
	if err != nil {
		Refused(t, "damaged", err)
		return nil
	}
	sound(t, table)
	return table
}

// SoundOrProblems is SoundOrRefused for formats in which a fault has no byte: the problems say file and remedy.
func SoundOrProblems(t testing.TB, table *survey.Table, err error) *survey.Table {
	t.Helper()
	if err == nil {
		sound(t, table)
		return table
	}
	var found survey.Problems
	if !errors.As(err, &found) || table != nil {
		t.Fatalf("want survey.Problems and no table, got %v", err)
	}
	for _, p := range found {
		if p.File == "" || p.Remedy == "" {
			t.Fatalf("the problem lacks file or remedy: %+v", p)
		}
	}
	return nil
}

// sound checks that a table is whole.
func sound(t testing.TB, table *survey.Table) {
	t.Helper()
	names := map[string]bool{}
	for _, v := range table.Variables {
		if v.Name == "" || names[v.Name] {
			t.Fatalf("the name %q is empty or not unique", v.Name)
		}
		names[v.Name] = true
		soundColumn(t, v, table.Rows)
	}
	if table.Weight != "" && !names[table.Weight] {
		t.Fatalf("the weight %q is not a variable", table.Weight)
	}
	for _, set := range table.Sets {
		for _, name := range set.Variables {
			if !names[name] {
				t.Fatalf("set %s has %q, which is not a variable", set.Name, name)
			}
		}
	}
}

// soundColumn checks a column's length, kind and places in its texts, which differ.
func soundColumn(t testing.TB, v *survey.Variable, rows int) {
	t.Helper()
	if v.Len() != rows || v.IsText() != (v.Texts != nil) || v.IsText() == (v.Numbers != nil) {
		t.Fatalf("%s has %d values in %d rows, or not of its kind", v.Name, v.Len(), rows)
	}
	if v.IsText() {
		seen := map[string]bool{}
		for _, s := range v.Texts.Values {
			if seen[s] {
				t.Fatalf("%s has the value %q twice", v.Name, s)
			}
			seen[s] = true
		}
	}
	for i := range rows {
		v.At(i)
	}
}

// PassedOn checks that the error of a device that fails is passed on with the
// file's name, and is not taken for a damaged file.
func PassedOn(t testing.TB, read func(r io.ReaderAt, size int64, path string) error) {
	t.Helper()
	broken := errors.New("the disk is gone")
	err := read(failing{broken}, 1000, "x.file")
	var found survey.Problems
	if !errors.Is(err, broken) || errors.As(err, &found) || !strings.Contains(err.Error(), "x.file") {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt(p []byte, _ int64) (int, error) { return iotest.ErrReader(f.err).Read(p) }

// Allocated is how many bytes f allocates.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// SharedFile reads a file of the data sets next to the checkout, and skips the
// test where they are absent. It is for packages three folders deep.
func SharedFile(t testing.TB, name string) []byte {
	t.Helper()
	const root = "../../../../shared/data/"
	if _, err := os.Stat(root); err != nil {
		t.Skip("needs the data sets in shared/data next to the checkout")
	}
	file, err := os.ReadFile(root + name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Shown is a table as text: the names, and then a line for each row.
func Shown(t *survey.Table) string {
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(t.Names(), "|"))
	for i := range t.Rows {
		for j, v := range t.Variables {
			if j > 0 {
				b.WriteByte('|')
			}
			if x, ok := v.At(i); ok {
				b.WriteString(x.String())
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
