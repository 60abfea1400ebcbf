package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"surveykit/survey"
)

// smallBlocks has files read a few rows at a time until a test ends.
func smallBlocks(t *testing.T, rows int) {
	before := blockRows
	blockRows = rows
	t.Cleanup(func() { blockRows = before })
}

// together has the rows of all blocks of a stream.
func together(t *testing.T, s *Stream) *survey.Table {
	t.Helper()
	out := *s.Dictionary()
	out.Rows, out.Variables = s.Rows(), nil
	for _, v := range s.Dictionary().Variables {
		all := *v
		if v.IsText() {
			all.Texts = &survey.TextColumn{}
		} else {
			all.Numbers = &survey.NumberColumn{}
		}
		out.Variables = append(out.Variables, &all)
	}
	places := map[[2]string]int32{}
	for k := range s.Len() {
		block, err := s.Block(k, out.Names())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range block.Variables {
			to := out.Lookup(v.Name)
			for i := range v.Len() {
				x, ok := v.At(i)
				switch {
				case !to.IsText():
					to.Numbers.Append(v.Numbers.At(i))
				case !ok:
					to.Texts.Index.Append(-1)
				default:
					at, known := places[[2]string{v.Name, x.Text}]
					if !known {
						at = int32(len(to.Texts.Values))
						places[[2]string{v.Name, x.Text}] = at
						to.Texts.Values = append(to.Texts.Values, x.Text)
					}
					to.Texts.Index.Append(at)
				}
			}
		}
	}
	return &out
}

// blockFiles are files of every format that is read in blocks.
func blockFiles(t *testing.T) []string {
	files := everyFormat(t)
	for _, pattern := range []string{"arrow/testdata/*.*", "dta/testdata/*.dta", "sas/testdata/*.sas7bdat", "sas/testdata/*.xpt"} {
		more, err := filepath.Glob(pattern)
		if err != nil || len(more) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, more...)
	}
	var many strings.Builder // with more numbers than are kept as texts, and a text among them
	many.WriteString("id,late,\"\",when,several,note,amount\n")
	for i := range 40_000 {
		late, amount, note := fmt.Sprint(i), fmt.Sprint(float64(i)/4), "ok"
		switch {
		case i == 39_990:
			late = "none"
		case i%7 == 3:
			amount, note = "NA", fmt.Sprint(i%90)
		}
		fmt.Fprintf(&many, "%d,%s,%d,2020-01-%02d,%d;%d,%s,%s\n", i, late, i, 1+i%28, 1+i%3, 1+i%5, note, amount)
	}
	texts := map[string]string{
		"guarded.csv": "a,b\n'=1+1,5\nx,6\n", "loose.csv": "a,b\n'=1+1,=2\nx,6\n", "name.csv": "'=a,b\n1;2,5\n3,6\n",
		"several.csv": "q,q_1,w\n1;2,7,1\n,8,2\n3,9,1\n", "mixed.csv": "a,b\n1,NA\n2,.\nx,3\n4,\n5,2\n6,1\n",
		"r.csv": "\"\",a,\n1,5,\n2,6,\n", "none.csv": "a,b\n", "time.csv": "a,b\n10:11:12,NA\nNA,2020-01-01 10:00\n", "dates.csv": "a,b\n2020-01-01,5\n6,2020-01-01\n",
		"empty.csv": "a,b,c\n1,,x\n\n2,,\n", "blank.csv": "a;b\n1,5; 5\n2;6\n", "many.csv": many.String(),
		"old.csv": "a,b\n\xe9,1\n", "one.csv": "a\n1\n",
	}
	dir := folder(t, texts)
	for name := range texts {
		files = append(files, filepath.Join(dir, name))
	}
	return files
}

// A file that is read in blocks is the table that it is as a whole: rows, dictionary,
// notices, whatever the size of a block.
func TestStreamedIsTheTable(t *testing.T) {
	formats := map[string]bool{}
	files := blockFiles(t)
	for _, rows := range []int{1, 2, 1000} {
		smallBlocks(t, rows)
		for _, path := range files {
			if rows < 1000 && filepath.Base(path) == "many.csv" {
				continue
			}
			want, wrong := Open(path, Options{})
			s, err := Streamed(context.Background(), path, Options{}, 0)
			if wrong != nil || err != nil {
				if wrong == nil || err == nil || wrong.Error() != err.Error() {
					t.Errorf("%s: %v, not %v", path, err, wrong)
				}
				continue
			}
			if s == nil {
				continue
			}
			formats[want.Sources[0].Format] = true
			equate := cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateNaNs(), cmp.Comparer(func(a, b *survey.NumberColumn) bool { return a.Equal(b) })}
			if diff := cmp.Diff(want, together(t, s), equate); diff != "" {
				t.Errorf("%s, %d rows at a time: %s", path, rows, diff)
			}
			if want.Rows >= 2*rows && s.Len() < 2 && want.Sources[0].Format != "delimited" {
				t.Errorf("%s: %d blocks of %d rows", path, s.Len(), want.Rows)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	for _, f := range []string{"delimited", "sav", "dta", "sas", "parquet", "arrow"} {
		if !formats[f] {
			t.Errorf("no file of the format %s was read in blocks", f)
		}
	}
}

// Some columns of a file that is read in blocks are what they are as a whole, with its
// notices where these are asked for.
func TestStreamedColumns(t *testing.T) {
	for _, path := range blockFiles(t) {
		for _, notices := range []bool{false, true} {
			read := 0
			o := Options{Notices: notices, Progress: func(rows int) { read = rows }, Columns: func(t *survey.Table) []string { return t.Names()[:(1+len(t.Variables))/2] }}
			want, wrong := Open(path, o)
			s, err := Streamed(t.Context(), path, o, 0)
			if wrong != nil || err != nil || s == nil {
				if (wrong == nil) != (err == nil) {
					t.Errorf("%s: %v, not %v", path, err, wrong)
				}
				continue
			}
			got := together(t, s)
			if read != got.Rows {
				t.Errorf("%s: %d of %d rows were told", path, read, got.Rows)
			}
			if diff := cmp.Diff([]any{want.Names(), want.Known(), want.Sets, want.Notices, want.Rows}, []any{got.Names(), got.Known(), got.Sets, got.Notices, got.Rows}, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: %s", path, diff)
			}
			s.Close()
		}
	}
}

// A file that fits into the memory that it may take is read as a whole.
func TestStreamedOnlyWhereNeeded(t *testing.T) {
	path := saved(t, "s.sav", whole())
	if s, err := Streamed(t.Context(), path, Options{}, 1<<20); s != nil || err != nil {
		t.Error(s, err)
	}
}

// A reader that is stopped leaves nothing.
func TestStreamedStops(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"s.sav", "s.parquet"} {
		if _, err := Streamed(ctx, saved(t, name, whole()), Options{}, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}
