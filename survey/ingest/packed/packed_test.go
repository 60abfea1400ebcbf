package packed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"surveykit/survey"
)

func gzipped(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(content)
	w.Close()
	return b.Bytes()
}

func zstandard(content []byte) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll(content, nil)
}

func unpack(file []byte) ([]byte, error) {
	return Unpack(bytes.NewReader(file), int64(len(file)), "s.csv.gz")
}

// What was packed comes out, also from several members in one file.
func TestUnpack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.Byte(), 1, 3000).Draw(t, "a")
		b := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "b")
		for _, pack := range []func([]byte) []byte{gzipped, zstandard} {
			file := append(pack(a), pack(b)...)
			got, err := unpack(file)
			if err != nil || !bytes.Equal(got, append(bytes.Clone(a), b...)) || !Is(file) {
				t.Fatalf("got %d bytes of %d, %v", len(got), len(a)+len(b), err)
			}
		}
	})
}

func TestRefused(t *testing.T) {
	text := []byte(strings.Repeat("a,b\n1,2\n", 1000))
	bomb := make([]byte, alwaysAllowed+1)
	for what, c := range map[string]struct {
		file  []byte
		words string
	}{
		"gzip bomb": {gzipped(bomb), "unpacks to more than 67108864 bytes"},
		"zstd bomb": {zstandard(bomb), "unpacks to more than 67108864 bytes"},
		"cut gzip":  {gzipped(text)[:40], "damaged"},
		"cut zstd":  {zstandard(text)[:20], "damaged"},
		"no header": {[]byte("\x1f\x8brest"), "damaged"},
		"not":       {text, "not packed"},
		"empty":     {gzipped(nil), "is empty"},
	} {
		got, err := unpack(c.file)
		var found survey.Problems
		if !errors.As(err, &found) || got != nil || !strings.Contains(err.Error(), c.words) || found[0].Remedy == "" {
			t.Errorf("%s: got %v, want %q", what, err, c.words)
		}
	}
}

func TestName(t *testing.T) {
	for path, want := range map[string]string{"a/s.csv.gz": "a/s.csv", "s.TSV.ZST": "s.TSV", "s.csv": "s.csv", "s.zstd": "s"} {
		if got := Name(path); got != want {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

// Any bytes give content or problems, never a panic.
func FuzzUnpack(f *testing.F) {
	f.Add(gzipped([]byte("a,b\n1,2\n")))
	f.Add(zstandard([]byte("a,b\n1,2\n")))
	f.Fuzz(func(t *testing.T, file []byte) {
		var found survey.Problems
		if content, err := unpack(file); err != nil && !errors.As(err, &found) || err == nil && len(content) == 0 {
			t.Fatalf("%d bytes, %v", len(content), err)
		}
	})
}
