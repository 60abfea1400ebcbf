package dta

import (
	"bytes"
	"errors"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"surveykit/survey"
)

// refused checks that err is a problem with file, place and remedy that has the words.
func refused(t *testing.T, what string, err error, words ...string) {
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

// changed is a made file with the first old replaced.
func changed(release int, old, new string) *maker {
	m := makeFile(release, little)
	b := bytes.Replace(m.Bytes(), []byte(old), []byte(new), 1)
	return &maker{Buffer: *bytes.NewBuffer(b), order: little, release: release}
}

func TestRefused(t *testing.T) {
	only := func(s string) *maker { return &maker{Buffer: *bytes.NewBufferString(s)} }
	header := func(release int, variables, rows uint64) *maker {
		m := &maker{order: little, release: release}
		m.header(variables, rows, "")
		m.text("", 4096)
		return m
	}
	for _, c := range []struct {
		what  string
		m     *maker
		words string
	}{
		{"empty", only(""), "inside the header"},
		{"another format", only("PAR1" + strings.Repeat("x", 300)), "no Stata file"},
		{"too old", only("\x66\x02\x01\x00"), "begins with 102"},
		{"too new", changed(118, "<release>118", "<release>120"), "begins with 120"},
		{"byte order", only("\x72\x03\x01\x00"), "byte order"},
		{"named byte order", changed(118, "LSF", "PDP"), "PDP"},
		{"no variables", header(118, 0, 0), "no variables"},
		{"many variables", header(119, math.MaxUint32, 1), "promises 4294967295 variables"},
		{"many rows", header(118, 1, math.MaxUint64), "promises 18446744073709551615 rows"},
		{"rows that are not there", changed(118, "<N>\x02", "<N>\x50"), "promises 80 rows of 32 bytes"},
		{"storage type", changed(118, "\xfa\xff", "\x00\x00"), "storage type 0"},
		{"old storage type", changed(110, "bilfd", "biIfd"), "storage type 73"},
		{"wrong tag", changed(117, "</varnames>", "</Varnames>"), "should be </varnames>"},
		{"long text", changed(118, "GSO\x07", "GSO\x08"), "row 1 of story refers"},
		{"label behind the end", changed(115, "\x0f\x00\x00\x00\x03", "\x0f\x00\x00\x00\x10"), "labels of the set yesno"},
		{"length of labels", changed(115, "\x03\x00\x00\x00\x0f", "\xff\xff\xff\x7f\x0f"), "inside the value labels"},
	} {
		_, err := c.m.read()
		refused(t, c.what, err, c.words, "made.dta")
	}
}

// A file that lost its tail is never read as a shorter table. One without tags
// may end right behind its rows, for labels are optional.
func TestEveryTruncationIsRefused(t *testing.T) {
	for _, release := range releases {
		m := makeFile(release, big)
		labels := &maker{order: big, release: release}
		labels.labels()
		end := bytes.Index(m.Bytes(), labels.Bytes())
		for n := range end + labels.Len() {
			_, err := Read(bytes.NewReader(m.Bytes()[:n]), int64(n), "cut.dta")
			if n != end || m.tagged() {
				refused(t, "cut", err)
			}
		}
	}
}

// fewBytes is what reading a file of a few kilobytes may allocate.
const fewBytes = 4 << 20

// Headers that promise much cost nothing, and labels that all end at the same
// place are not copied again and again.
func TestMemoryIsBounded(t *testing.T) {
	promise := &maker{order: little, release: 118}
	promise.header(65535, 1<<40, "")
	promise.text("", 4096)
	overlap := changed(115, "\x03\x00\x00\x00\x0f", "\x00\x10\x00\x00\x0f")
	at := bytes.Index(overlap.Bytes(), []byte("\x00\x10\x00\x00\x0f"))
	overlap.Truncate(at)
	const n, length = 4096, 64 << 10
	overlap.uints(4, n, length)
	for i := range uint64(n) {
		overlap.uints(4, i)
	}
	overlap.text("", 4*n)
	overlap.WriteString(strings.Repeat("x", length))
	for what, m := range map[string]*maker{"promise": promise, "overlap": overlap} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := m.read()
		runtime.ReadMemStats(&after)
		refused(t, what, err)
		if used := after.TotalAlloc - before.TotalAlloc; used > fewBytes {
			t.Errorf("%s: %d bytes were allocated", what, used)
		}
	}
}

// A device that fails is not a damaged file.
func TestReadErrorIsPassedOn(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := Read(failing{broken}, 1000, "x.dta")
	var found survey.Problems
	if !errors.Is(err, broken) || errors.As(err, &found) || !strings.Contains(err.Error(), "x.dta") {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt(p []byte, _ int64) (int, error) { return iotest.ErrReader(f.err).Read(p) }

// One wrong byte anywhere in a file does no harm.
func TestEveryByteChanged(t *testing.T) {
	for _, release := range []int{105, 113, 117, 119} {
		m := makeFile(release, little)
		for at := range m.Len() {
			for _, b := range []byte{0, 0x80, 0xff} {
				wrong := bytes.Clone(m.Bytes())
				wrong[at] = b
				soundOrRefused(t, wrong)
			}
		}
	}
}

// Any bytes give a sound table or problems, never a panic.
func FuzzRead(f *testing.F) {
	for _, release := range releases {
		f.Add(makeFile(release, little).Bytes())
	}
	f.Add(makeFile(114, big).Bytes())
	f.Add(makeFile(118, big).Bytes())
	f.Fuzz(func(t *testing.T, file []byte) { soundOrRefused(t, file) })
}

// soundOrRefused reads a file that may be damaged.
func soundOrRefused(t *testing.T, file []byte) {
	t.Helper()
	table, err := Read(bytes.NewReader(file), int64(len(file)), "fuzz.dta")
	if err != nil {
		refused(t, "fuzz", err)
		return
	}
	names := map[string]bool{}
	for _, v := range table.Variables {
		if v.Len() != table.Rows || names[v.Name] || v.IsText() != (v.Texts != nil) || v.IsText() == (v.Numbers != nil) {
			t.Fatalf("variable %q is unsound in a table of %d rows", v.Name, table.Rows)
		}
		names[v.Name] = true
		for i := range table.Rows {
			v.At(i)
		}
	}
}

// sharedFile reads a file of the data sets beside the checkout.
func sharedFile(t testing.TB, name string) []byte {
	t.Helper()
	const root = "../../../../shared/data/"
	if _, err := os.Stat(root); err != nil {
		t.Skip("needs the data sets in shared/data beside the checkout")
	}
	file, err := os.ReadFile(root + name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
