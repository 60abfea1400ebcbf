package arrow

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

// The files of testdata: arrow-go 18.8.0 wrote three rows of every type, of
// which the second is missing, in two batches, as a plain file, packed by LZ4 and
// by Zstandard, and as a stream whose dictionary grows; Polars 0.19 (Node.js) and
// apache-arrow 21 (JavaScript) wrote the others.
func content(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(file []byte) (*survey.Table, error) {
	return Read(bytes.NewReader(file), int64(len(file)), "made.arrow", nil)
}

func texts(index []int32, values ...string) *survey.TextColumn {
	return &survey.TextColumn{Index: survey.NewPlaces(index), Values: values}
}

var nan = math.NaN()

func TestRead(t *testing.T) {
	const at = 1559558211.5 // 2019-06-03 10:36:51.5
	for _, name := range []string{"plain.arrow", "lz4.feather", "zstd.arrow", "stream.arrows"} {
		table, err := read(content(t, name))
		if err != nil {
			t.Fatal(name, err)
		}
		for column, want := range map[string][]float64{
			"small": {-1, nan, -3}, "share": {0.5, nan, 1.5}, "short": {0.1, nan, 0.1}, "half": {-1.5, nan, -1.5}, "yes": {1, nan, 1},
			"day": {18050, nan, 18050}, "day64": {18050, nan, 18050}, "clock": {3600.5, nan, 3600.5}, "at": {at, nan, at}, "took": {1.5, nan, 1.5},
			"price": {-123.45, nan, -123.45}, "nothing": {nan, nan, nan}, "group.inner": {7, nan, 7}, "last": {1, nan, 3},
		} {
			if v := table.Lookup(column); v == nil || !cmp.Equal(want, v.Numbers.Slice(), cmpopts.EquateNaNs()) {
				t.Errorf("%s, %s: got %+v", name, column, v)
			}
		}
		for column, want := range map[string]*survey.TextColumn{
			"long": texts([]int32{0, -1, 1}, "9007199254740991", "9007199254740993"),
			"huge": texts([]int32{0, -1, 1}, "18446744073709551615", "18446744073709551613"),
			"says": texts([]int32{0, -1, 1}, "ü", ""), "view": texts([]int32{0, -1, 1}, "short", "longer than twelve bytes"),
			"large": texts([]int32{0, -1, 0}, "same"), "answer": texts([]int32{0, -1, 1}, "Always", "Never"),
		} {
			if diff := cmp.Diff(want, table.Lookup(column).Texts); diff != "" {
				t.Error(name, column, diff)
			}
		}
		if diff := cmp.Diff([]string{"left out, because they have several values a row or no simple ones: many"}, table.Notices.Texts()); diff != "" || table.Lookup("many") != nil {
			t.Error(name, diff)
		}
	}
}

// A dictionary is the categories of a question, in its order.
func TestDictionariesAreCodes(t *testing.T) {
	for name, want := range map[string][]string{"plain.arrow": {"Never", "Always", "Sometimes"}, "stream.arrows": {"Always", "Never"}} {
		table, err := read(content(t, name))
		if err != nil {
			t.Fatal(err)
		}
		v := table.Lookup("answer")
		got := make([]string, len(v.Codes))
		for i, c := range v.Codes {
			if got[i] = c.Label; c.Value != survey.TextValue(c.Label) {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || v.Measure != survey.Ordinal {
			t.Errorf("%s: %q %s", name, v.Measure, diff)
		}
	}
}

// Kinds come from the types; labels from what surveykit wrote into the metadata.
func TestKindsAndLabels(t *testing.T) {
	table, err := read(content(t, "plain.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]survey.Kind{"day": survey.Date, "day64": survey.Date, "clock": survey.TimeOfDay, "at": survey.DateTime, "took": survey.Number} {
		if got := table.Lookup(name).Kind; got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	small := table.Lookup("small")
	if small.Label != "Small?" || len(small.Codes) != 1 || !small.IsMissing(survey.NumberValue(9)) || table.Weight != "share" || small.Measure != survey.Nominal {
		t.Errorf("weight %q, %+v", table.Weight, small)
	}
	if codes := table.Lookup("yes").Codes; len(codes) != 2 || codes[1].Label != "true" {
		t.Errorf("yes has %+v", codes)
	}
}

func TestOtherWriters(t *testing.T) {
	for _, name := range []string{"polars-zstd.arrow", "polars-lz4.arrow"} {
		table, err := read(content(t, name))
		if err != nil {
			t.Fatal(name, err)
		}
		if strings.Join(table.Names(), " ") != "id x s d b c" || !cmp.Equal([]float64{0.5, nan, 1.5}, table.Lookup("x").Numbers.Slice(), cmpopts.EquateNaNs()) ||
			table.Lookup("d").Numbers.At(0) != 1559558211.5 || table.Lookup("s").Texts.Values[1] != "longer than twelve bytes" || len(table.Lookup("c").Codes) != 2 {
			t.Errorf("%s: %+v", name, table)
		}
	}
	table, err := read(content(t, "js.arrows"))
	if err != nil || !cmp.Equal([]float64{1, 2, 3}, table.Lookup("id").Numbers.Slice()) || !cmp.Equal(texts([]int32{0, 1, 0}, "a", "b"), table.Lookup("s").Texts) {
		t.Errorf("%+v %v", table, err)
	}
}

// Every half-precision number is what its bits say.
func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float64{0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: math.Ldexp(1, -24), 0x0400: math.Ldexp(1, -14), 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0x3555: 0.333251953125} {
		if got := float([]byte{byte(bits), byte(bits >> 8)}); got != want {
			t.Errorf("%04x: %v, want %v", bits, got, want)
		}
	}
	if !math.IsNaN(float([]byte{1, 0x7c})) {
		t.Error("a NaN is a number")
	}
}

// Integers of any width come back from their bytes.
func TestInteger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{1, 2, 4, 8}).Draw(t, "width")
		n := rapid.Int64().Draw(t, "n")
		b := make([]byte, width)
		for k := range b {
			b[k] = byte(uint64(n) >> (8 * k))
		}
		signed := n << (64 - 8*width) >> (64 - 8*width)
		if got := integer(b, false); got != signed {
			t.Fatalf("%d bytes of %d: %d", width, n, got)
		}
		if got := uint64(integer(b, true)); got != uint64(n)<<(64-8*width)>>(64-8*width) {
			t.Fatalf("%d bytes of %d: %d", width, n, got)
		}
	})
}

func TestRefused(t *testing.T) {
	good := content(t, "plain.arrow")
	stream := content(t, "stream.arrows")
	for what, c := range map[string]struct {
		file  []byte
		words string
	}{
		"empty":      {nil, "byte 0"},
		"cut":        {good[:len(good)/2], "its end is missing"},
		"magic":      {[]byte("ARROW1\x00\x00"), "cannot be read"},
		"cut stream": {stream[:len(stream)/2], "bytes"},
		"no schema":  {[]byte("\xff\xff\xff\xff\x08\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00"), "not a message of Arrow"},
		"long head":  {[]byte("\xff\xff\xff\xff\xff\xff\xff\x7f\x04\x00\x00\x00\x00\x00\x00\x00"), "2147483647 bytes are needed"},
	} {
		table, err := read(c.file)
		var found survey.Problems
		if !errors.As(err, &found) || table != nil || found[0].Remedy == "" || found[0].File != "made.arrow" || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// soundOrRefused is what any bytes must give.
func soundOrRefused(t *testing.T, file []byte) {
	t.Helper()
	table, err := read(file)
	damagetest.SoundOrProblems(t, table, err)
}

// One wrong byte anywhere gives a table or problems, never a panic.
func TestEveryByteChanged(t *testing.T) {
	for _, name := range []string{"lz4.feather", "stream.arrows", "polars-zstd.arrow"} {
		good := content(t, name)
		for at := range good {
			wrong := bytes.Clone(good)
			wrong[at] ^= 0x55
			soundOrRefused(t, wrong)
		}
	}
}

func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.*")
	for _, name := range names {
		f.Add(content(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, file []byte) { soundOrRefused(t, file) })
}

// A value is there where its own bit and those of all groups around it are set.
func TestBits(t *testing.T) {
	for _, c := range []struct{ a, b, want bits }{{nil, nil, nil}, {bits{5}, nil, bits{5}}, {nil, bits{6}, bits{6}}, {bits{5}, bits{6}, bits{4}}} {
		if got := c.a.and(c.b); !bytes.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
	if all := bits(nil); !all.at(7) || bits(nil).and(bits{2}).at(0) || !(bits{2}).at(1) {
		t.Error("a bit is not what it is")
	}
}

// What is left out has as many buffers as Arrow's layouts say, or what follows
// would be read from the wrong ones. Unions had validity bits before Arrow 1.0.
func TestBuffersOfWhatIsLeftOut(t *testing.T) {
	for _, c := range []struct {
		field field
		old   bool
		want  int
	}{
		{field{kind: nullType}, false, 0}, {field{kind: runEndType}, false, 0}, {field{kind: structType}, false, 1}, {field{kind: fixedListType}, false, 1},
		{field{kind: unionType}, false, 1}, {field{kind: unionType, dense: true}, false, 2}, {field{kind: unionType}, true, 2}, {field{kind: unionType, dense: true}, true, 3},
		{field{kind: listType}, false, 2}, {field{kind: mapType}, false, 2}, {field{kind: largeListType}, false, 2}, {field{kind: listViewType}, false, 3},
		{field{kind: textType}, false, 3}, {field{kind: intervalType}, false, 2}, {field{kind: textType, encoding: &encoding{}}, false, 2},
	} {
		b := &body{m: message{old: c.old}}
		if got, err := b.buffers(&c.field); err != nil || got != c.want {
			t.Errorf("type %d, dense %v, old %v: %d buffers, want %d; %v", c.field.kind, c.field.dense, c.old, got, c.want, err)
		}
	}
}
