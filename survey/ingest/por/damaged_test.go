package por

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"surveykit/survey/ingest/damagetest"
)

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		what  string
		m     *maker
		words string
	}{
		{"empty", &maker{}, "ends too early"},
		{"another format", new(maker).raw("PAR1" + strings.Repeat("x", 600)), "not an SPSS portable file"},
		{"unknown record", newMaker().tag('X'), "no record 'X'"},
		{"no variables", newMaker().tag('F'), "no variables"},
		{"label of nothing", newMaker().tag('C').texts("x"), "before the first variable"},
		{"width", newMaker().chars("S", 256), "width 256"},
		{"negative length", newMaker().tag('1').raw("-1/"), "-1 characters"},
		{"fraction", newMaker().tag('4').raw("1.F/"), "1.5, not a whole number"},
		{"missing count", newMaker().tag('4').raw("*."), "NaN, not a whole number"},
		{"labels of nobody", newMaker().number("A", 5).tag('D').ints(0, 1, 1).texts("x"), "belong to no variable"},
		{"labels of a stranger", newMaker().number("A", 5).tag('D').ints(1).texts("B"), `"B"`},
		{"labels of a mixture", newMaker().number("A", 5).chars("S", 3).tag('D').ints(2).texts("A", "S"), "labels belong to A and S"},
		{"weight", newMaker().tag('6').texts("S").chars("S", 3).tag('F'), `weight is "S"`},
		{"number", newMaker().number("A", 5).tag('F').raw("1U/"), "continues with 'U'"},
		{"digits", newMaker().number("A", 5).tag('F').raw(strings.Repeat("1", maxDigits+1) + "/"), "more than 400 digits"},
		{"exponent", newMaker().number("A", 5).tag('F').raw("1+DB/"), "exponent over 400"},
		{"too large", newMaker().number("A", 5).tag('F').raw("1+9T/"), "too large"},
	} {
		_, err := read(c.m.file("\n"))
		damagetest.Refused(t, c.what, err, c.words, "made.por")
	}
}

// A file that lost its tail, and with it the Z behind the last case, is never
// read as a shorter table.
func TestEveryTruncationIsRefused(t *testing.T) {
	file := small().String()
	for n := range strings.Index(file, "ZZZ") {
		_, err := read([]byte(file[:n]))
		damagetest.Refused(t, "cut", err)
	}
}

// fewBytes is what reading a file of a few kilobytes may allocate.
const fewBytes = 1 << 20

// Counts that promise billions cost nothing.
func TestMemoryIsBounded(t *testing.T) {
	for what, m := range map[string]*maker{
		"variables": newMaker().tag('4').raw("10000000/").tag('X'),
		"labels":    newMaker().number("A", 5).tag('D').raw("1/1/A10000000/"),
		"documents": newMaker().tag('E').raw("10000000/"),
	} {
		used := damagetest.Allocated(func() {
			_, err := read([]byte(m.String()))
			damagetest.Refused(t, what, err)
		})
		if used > fewBytes {
			t.Errorf("%s: %d bytes were allocated", what, used)
		}
	}
}

// A device that fails is not a damaged file.
func TestReadErrorIsPassedOn(t *testing.T) {
	damagetest.PassedOn(t, func(r io.ReaderAt, size int64, path string) error { _, err := Read(r, size, path); return err })
}

// One wrong byte anywhere in a file does no harm.
func TestEveryByteChanged(t *testing.T) {
	file := small().file("\n")
	for at := range file {
		for _, b := range []byte("0/9Z*\n\x80") {
			wrong := bytes.Clone(file)
			wrong[at] = b
			soundOrRefused(t, wrong)
		}
	}
}

// Any bytes give a sound table or problems, never a panic.
func FuzzRead(f *testing.F) {
	f.Add(small().file("\r\n"))
	f.Add([]byte(small().String()))
	if file, err := os.ReadFile("testdata/pspp.por"); err == nil {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) { soundOrRefused(t, file) })
}

// soundOrRefused reads a file that may be damaged.
func soundOrRefused(t *testing.T, file []byte) {
	t.Helper()
	table, err := read(file)
	damagetest.SoundOrRefused(t, table, err)
}
