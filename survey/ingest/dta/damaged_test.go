package dta

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"surveykit/survey/ingest/damagetest"
)

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
		{"another format", only("PAR1" + strings.Repeat("x", 300)), "not a Stata file"},
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
		{"wrong tag", changed(117, "</varnames>", "</Varnames>"), "</varnames> is missing"},
		{"long text", changed(118, "GSO\x07", "GSO\x08"), "row 1 of story refers"},
		{"label behind the end", changed(115, "\x0f\x00\x00\x00\x03", "\x0f\x00\x00\x00\x10"), "labels of the set yesno"},
		{"length of labels", changed(115, "\x03\x00\x00\x00\x0f", "\xff\xff\xff\x7f\x0f"), "inside the value labels"},
	} {
		_, err := c.m.read()
		damagetest.Refused(t, c.what, err, c.words, "made.dta")
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
			_, err := Read(bytes.NewReader(m.Bytes()[:n]), int64(n), "cut.dta", nil)
			if n != end || m.tagged() {
				damagetest.Refused(t, "cut", err)
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
		used := damagetest.Allocated(func() {
			_, err := m.read()
			damagetest.Refused(t, what, err)
		})
		if used > fewBytes {
			t.Errorf("%s: %d bytes were allocated", what, used)
		}
	}
}

// A device that fails is not a damaged file.
func TestReadErrorIsPassedOn(t *testing.T) {
	damagetest.PassedOn(t, func(r io.ReaderAt, size int64, path string) error { _, err := Read(r, size, path, nil); return err })
}

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
	table, err := Read(bytes.NewReader(file), int64(len(file)), "fuzz.dta", nil)
	damagetest.SoundOrRefused(t, table, err)
}
