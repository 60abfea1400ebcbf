package ingest

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
)

// everyFormat is a file of each format that is read, with many columns where
// surveykit can write it.
func everyFormat(t *testing.T) []string {
	t.Helper()
	files := []string{"arrow/testdata/plain.arrow", "arrow/testdata/js.arrows", "arrow/testdata/zstd.arrow", "dta/testdata/haven-14.dta", "dta/testdata/haven-8.dta",
		"sas/testdata/haven.sas7bdat", "sas/testdata/haven5.xpt", "por/testdata/pspp.por"}
	for _, name := range []string{"s.sav", "s.zsav", "s.parquet", "s.csv", "s.xlsx", "s.sss"} {
		files = append(files, saved(t, name, whole()))
	}
	for name, content := range map[string]string{"a.csv": "a,b,c,d\n1,x,NA,2020-01-02\n2,y,3,2020-01-03\n", "a.jsonl": "{\"a\":1,\"b\":\"x\",\"c\":2}\n{\"a\":2,\"c\":3}\n"} {
		files = append(files, filepath.Join(folder(t, map[string]string{name: content}), name))
	}
	return files
}

// saved is the path of a table that was written.
func saved(t *testing.T, name string, table *survey.Table) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	files, err := Files(path, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		out, err := os.Create(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(out, table); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// Some columns of a file are what they are among all of them, and so are the notices,
// except of delimited text where those of other columns are not asked for.
func TestColumnsAreAPartOfTheFile(t *testing.T) {
	for _, path := range everyFormat(t) {
		all, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			picked := rapid.SliceOfDistinct(rapid.SampledFrom(all.Names()), rapid.ID[string]).Draw(t, "columns")
			var offered []string
			o := Options{Notices: rapid.Bool().Draw(t, "notices")}
			o.Columns = func(dictionary *survey.Table) []string {
				offered = dictionary.Names()
				return picked
			}
			got, err := Open(path, o)
			if err != nil {
				t.Fatal(err)
			}
			want := all.Only(picked)
			if ending(path) == ".csv" && !o.Notices {
				for _, n := range got.Notices {
					if len(n.Variables) > 0 && !slices.ContainsFunc(n.Variables, func(name string) bool { return slices.Contains(picked, name) }) {
						t.Fatalf("%s, columns %q: a notice is of others: %v", path, picked, n)
					}
				}
				want.Notices = got.Notices
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s, columns %q: %s", path, picked, diff)
			}
			if diff := cmp.Diff(all.Names(), offered); diff != "" {
				t.Fatalf("%s offers other columns: %s", path, diff)
			}
		})
	}
}

// Reading a few columns takes memory for these.
func TestMemoryIsForTheColumnsRead(t *testing.T) {
	const rows, columns = 20000, 60
	wide := &survey.Table{Rows: rows}
	for j := range columns {
		v := &survey.Variable{Name: fmt.Sprintf("q%d", j), Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, rows))}
		for i := range v.Numbers.Len() {
			v.Numbers.Set(i, float64((i*j+i/7)%11))
		}
		wide.Variables = append(wide.Variables, v)
	}
	for _, name := range []string{"s.parquet", "s.sav", "s.zsav"} {
		path := saved(t, name, wide)
		took := func(columns ...string) float64 {
			o := Options{}
			if columns != nil {
				o.Columns = func(*survey.Table) []string { return columns }
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if _, err := Open(path, o); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc - before.TotalAlloc)
		}
		took("q1") // what is made once
		if two, all := took("q1", "q59"), took(); two > all/4 {
			t.Errorf("%s: two columns take %.0f kB, all %d take %.0f kB", name, two/1000, columns, all/1000)
		}
	}
}

func TestMentioned(t *testing.T) {
	chosen := survey.NumberValue(1)
	dictionary := &survey.Table{Weight: "w", Sets: []survey.MultipleResponse{{Name: "$tv", Variables: []string{"tv a", "tv b"}, Counted: &chosen}}}
	for _, name := range []string{"q1", "q10", "q1_2", "tv a", "tv b", "w", "rep1", "rep2", "odd`name", "größe", "größen"} {
		dictionary.Variables = append(dictionary.Variables, &survey.Variable{Name: name, Numbers: survey.NewNumbers([]float64{math.NaN()})})
	}
	for text, want := range map[string][]string{
		"":                          {"w"},
		"q1":                        {"q1", "w"},
		"q1_2":                      {"q1", "q1_2", "w"},
		"mean(q10) / 2":             {"q10", "w"},
		"tv":                        {"tv a", "tv b", "w"},
		"$tv":                       {"tv a", "tv b", "w"},
		"`tv a` == 1":               {"tv a", "tv b", "w"}, // the set, too
		"rep*":                      {"w", "rep1", "rep2"},
		"`odd``name` == 1 or größe": {"w", "odd`name", "größe"},
		"[":                         {"w"},
	} {
		if diff := cmp.Diff(want, Mentioned(dictionary, []string{"unrelated", text})); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// A name that the data do not have is answered with the names of all columns, and one
// that was not read is refused.
func TestNamesOfColumnsThatWereNotRead(t *testing.T) {
	table, err := Open(saved(t, "s.parquet", whole()), Options{Columns: func(*survey.Table) []string { return []string{"agree"} }})
	if err != nil {
		t.Fatal(err)
	}
	if p := table.Unknown("tv1"); p.Remedy != "did you mean tv_1?" {
		t.Errorf("remedy %q", p.Remedy)
	}
	if p := table.Unknown("day"); p.Message != `the column "day" was not read` {
		t.Errorf("message %q", p.Message)
	}
	if table.Weight != "" || table.Sets != nil || len(table.Variables) != 1 {
		t.Errorf("weight %q, sets %v, columns %v", table.Weight, table.Sets, table.Names())
	}
}

// A column of delimited text that becomes a set is picked by its own name, and an
// apostrophe before a formula counts as it does when all columns are read.
func TestColumnsOfText(t *testing.T) {
	dir := folder(t, map[string]string{"sets.csv": "q,q_2,r\n1;2,7,a\n2,8,b\n", "inert.csv": "a,b\n'=x,1\n'y,2\n", "not.csv": "a,b\n'=x,=1+1\n'y,2\n", "nameless.csv": ",a\n1,2\n2,3\n"})
	for _, c := range []struct{ file, picked, want string }{
		{"sets.csv", "q", "q_1 q_2_2"},
		{"sets.csv", "r", "r"},
		{"inert.csv", "a", "a"},
		{"not.csv", "a", "a"},
		{"nameless.csv", "column_1", "column_1"},
	} {
		path := filepath.Join(dir, c.file)
		all, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Open(path, Options{Columns: func(*survey.Table) []string { return []string{c.picked} }})
		if err != nil {
			t.Fatal(err)
		}
		if names := strings.Join(got.Names(), " "); names != c.want {
			t.Errorf("%s: read %s, want %s", c.file, names, c.want)
		}
		if diff := cmp.Diff(all.Only(got.Names()).Variables, got.Variables, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: %s", c.file, diff)
		}
	}
}
