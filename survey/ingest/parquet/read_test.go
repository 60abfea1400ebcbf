package parquet

import (
	"bytes"
	"errors"
	"math"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"surveykit/survey"
)

func written[T any](t testing.TB, rows ...T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := parquet.Write(&b, rows, parquet.MaxRowsPerRowGroup(2)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(file []byte) (*survey.Table, error) {
	return Read(bytes.NewReader(file), int64(len(file)), "made.parquet", nil)
}

type answers struct {
	ID    int64     `parquet:"id"`
	Long  int64     `parquet:"long"`
	Huge  uint64    `parquet:"huge"`
	Small uint32    `parquet:"small"`
	Share *float64  `parquet:"share,optional"`
	Short float32   `parquet:"short"`
	Yes   bool      `parquet:"yes"`
	Says  *string   `parquet:"says,optional,dict"`
	Day   int32     `parquet:"day,date"`
	At    time.Time `parquet:"at,timestamp(microsecond)"`
	Price int64     `parquet:"price,decimal(2:18)"`
	Many  []string  `parquet:"many,list"`
	Group struct {
		Inner *int32 `parquet:"inner,optional"`
	} `parquet:"group,optional"`
}

func TestRead(t *testing.T) {
	says, half, seven := "ü", 0.5, int32(7)
	first := answers{ID: 1, Long: 1<<53 + 1, Huge: math.MaxUint64, Small: math.MaxUint32, Share: &half, Short: 0.1, Yes: true, Says: &says,
		Day: 18050, At: time.UnixMicro(1559556611500000), Price: -12345, Many: []string{"a"}}
	first.Group.Inner = &seven
	table, err := read(written(t, first, answers{}, answers{ID: 3, Says: &says}))
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for name, want := range map[string][]float64{
		"id": {1, 0, 3}, "small": {math.MaxUint32, 0, 0}, "share": {0.5, nan, nan}, "short": {0.1, 0, 0}, "yes": {1, 0, 0},
		"day": {18050, 0, 0}, "price": {-123.45, 0, 0}, "group.inner": {7, nan, nan},
	} {
		if v := table.Lookup(name); v == nil || !cmp.Equal(want, v.Numbers.Slice(), cmpopts.EquateNaNs()) {
			t.Errorf("%s: got %+v", name, v)
		}
	}
	for name, want := range map[string]*survey.TextColumn{
		"long": {Index: survey.NewPlaces([]int32{0, 1, 1}), Values: []string{"9007199254740993", "0"}},
		"huge": {Index: survey.NewPlaces([]int32{0, 1, 1}), Values: []string{"18446744073709551615", "0"}},
		"says": {Index: survey.NewPlaces([]int32{0, -1, 0}), Values: []string{"ü"}},
	} {
		if diff := cmp.Diff(want, table.Lookup(name).Texts); diff != "" {
			t.Error(name, diff)
		}
	}
	at := table.Lookup("at")
	if at.Kind != survey.DateTime || at.Numbers.At(0) != 1559556611.5 || table.Lookup("day").Kind != survey.Date {
		t.Errorf("at %+v", at)
	}
	if len(table.Notices) != 1 || table.Notices[0].Text != "left out, because they have several values a row: many" || table.Lookup("many") != nil {
		t.Errorf("notices %q", table.Notices)
	}
}

// Doubles and texts come back as they went in.
func TestRoundTrip(t *testing.T) {
	type row struct {
		X float64 `parquet:"x"`
		S string  `parquet:"s"`
	}
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) row {
			return row{rapid.Float64().Draw(rt, "x"), rapid.String().Draw(rt, "s")}
		}), 1, 50).Draw(rt, "rows")
		table, err := read(written(t, rows...))
		if err != nil {
			rt.Fatal(err)
		}
		for i, r := range rows {
			s, _ := table.Lookup("s").At(i)
			if x := table.Lookup("x").Numbers.At(i); math.Float64bits(x) != math.Float64bits(r.X) || s.Text != r.S {
				rt.Fatalf("row %d: %v %q, want %v", i+1, x, s.Text, r)
			}
		}
	})
}

func TestRefused(t *testing.T) {
	good := written(t, answers{ID: 1}, answers{ID: 2}, answers{ID: 3})
	files := map[string][]byte{"empty": nil, "not": []byte("PAR1 and no more PAR1"), "cut": good[:len(good)/2]}
	for what, file := range files {
		table, err := read(file)
		var found survey.Problems
		if !errors.As(err, &found) || table != nil || found[0].Remedy == "" || found[0].File != "made.parquet" {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// One wrong byte anywhere gives a table or problems, never a panic.
func TestEveryByteChanged(t *testing.T) {
	good := written(t, answers{ID: 1}, answers{ID: 2}, answers{ID: 3})
	for at := range good {
		wrong := bytes.Clone(good)
		wrong[at] ^= 0x55
		soundOrRefused(t, wrong)
	}
}

// Samples of household surveys by the World Bank and of the Survey Data
// Recycling project; Polars wrote the first two.
func TestSharedFiles(t *testing.T) {
	const dir = "../../../../shared/data/formats/parquet/"
	for name, want := range map[string][2]int{"hld_sample_wb_2023.parquet": {825, 16}, "ind_sample_wb_2023.parquet": {3246, 15}, "sdr_test_data.parquet": {5000, 87}} {
		content, err := os.ReadFile(dir + name)
		if err != nil {
			t.Skipf("shared survey data not there: %v", err)
		}
		table, err := read(content)
		if err != nil || table.Rows != want[0] || len(table.Variables) != want[1] {
			t.Errorf("%s: %v", name, err)
		}
	}
}
