package ingest

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"surveykit/survey"
)

// keeping are the parts of a survey that a format keeps or loses.
var keeping = []struct {
	what  string
	found func(*survey.Table) bool
}{
	// A code alone is no text.
	{"question text", anyOf(func(v *survey.Variable) bool { return strings.Trim(v.Label, "0123456789") != "" })},
	{"labels of values", anyOf(func(v *survey.Variable) bool {
		return slices.ContainsFunc(v.Codes, func(c survey.Code) bool {
			return c.Label != c.Value.String() && c.Label != "true" && c.Label != "false"
		})
	})},
	{"missing codes", anyOf(func(v *survey.Variable) bool { return len(v.Missing) > 0 })},
	{"their reasons", anyOf(func(v *survey.Variable) bool {
		return slices.ContainsFunc(v.Missing, func(m survey.Missing) bool { return m.Reason != survey.ReasonUnknown })
	})},
	{"ordinal or not", anyOf(func(v *survey.Variable) bool { return v.Measure == survey.Ordinal })},
	{"multiple response", func(t *survey.Table) bool { return len(t.Sets) > 0 }},
	{"dates", kindIs(survey.Date)},
	{"moments", kindIs(survey.DateTime)},
	{"times of day", kindIs(survey.TimeOfDay)},
	{"weight", func(t *survey.Table) bool { return t.Weight != "" }},
}

func anyOf(found func(*survey.Variable) bool) func(*survey.Table) bool {
	return func(t *survey.Table) bool { return slices.ContainsFunc(t.Variables, found) }
}

func kindIs(kind survey.Kind) func(*survey.Table) bool {
	return anyOf(func(v *survey.Variable) bool { return v.Kind == kind })
}

// whole is a survey with everything that a format may keep.
func whole() *survey.Table {
	chosen := survey.NumberValue(1)
	number := func(name string, x ...float64) *survey.Variable {
		return &survey.Variable{Name: name, Kind: survey.Number, Numbers: survey.NewNumbers(x)}
	}
	agree := number("agree", 1, 99, math.NaN())
	agree.Label, agree.Measure = "Do you agree?", survey.Ordinal
	agree.Codes = []survey.Code{{Value: chosen, Label: "Yes"}, {Value: survey.NumberValue(99), Label: "Refused"}}
	agree.Missing = []survey.Missing{survey.MissingNumber(99, survey.Refused)}
	day, at, clock := number("day", 0, 18000, math.NaN()), number("at", 0, 1.5e9, math.NaN()), number("clock", 0, 3600, math.NaN())
	day.Kind, at.Kind, clock.Kind = survey.Date, survey.DateTime, survey.TimeOfDay
	return &survey.Table{Rows: 3, Weight: "w", Variables: []*survey.Variable{agree, number("tv_1", 1, 0, math.NaN()), number("tv_2", 1, 1, math.NaN()), day, at, clock, number("w", 0.5, 1, 1.5)},
		Sets: []survey.MultipleResponse{{Name: "$tv", Label: "Which?", Variables: []string{"tv_1", "tv_2"}, Counted: &chosen}}}
}

// written is the whole survey in the format of that ending, read back.
func written(t *testing.T, name string) *survey.Table {
	t.Helper()
	path, o := saved(t, name, whole()), Options{}
	switch ending(path) {
	case ".csv":
		o.Codebook = strings.TrimSuffix(path, ".csv") + "_codebook.csv"
	case ".xlsx":
		o.Codebook = path
	}
	table, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// sample is what the files hold together.
func sample(t *testing.T, paths ...string) *survey.Table {
	t.Helper()
	all := &survey.Table{}
	for _, path := range paths {
		table, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		all.Variables, all.Sets, all.Weight = append(all.Variables, table.Variables...), append(all.Sets, table.Sets...), all.Weight+table.Weight
	}
	return all
}

// row is a line of a table: what was found.
func row(format string, t *survey.Table) string {
	cells := []string{format}
	for _, k := range keeping {
		cells = append(cells, map[bool]string{true: "yes", false: "–"}[k.found(t)])
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// The tables of README.md say what was found in files: what each format that is
// written keeps of a survey that has everything, and what the others' samples hold.
func TestReadmeSaysWhatFormatsKeep(t *testing.T) {
	heads := []string{"format"}
	for _, k := range keeping {
		heads = append(heads, k.what)
	}
	head := "| " + strings.Join(heads, " | ") + " |\n|" + strings.Repeat(" --- |", len(heads)) + "\n"
	var b strings.Builder
	b.WriteString(head)
	for _, f := range []struct{ format, name string }{{"SPSS `.sav`, `.zsav`", "s.sav"}, {"Parquet `.parquet`", "s.parquet"}, {"Triple-S `.sss` with `.csv` or `.asc`", "s.sss"},
		{"CSV `.csv` with its codebook", "s.csv"}, {"Excel `.xlsx` with its codebook", "s.xlsx"}} {
		b.WriteString(row(f.format, written(t, f.name)))
	}
	b.WriteString(row("a table of a database with its codebook", throughDatabase(t, whole())))
	b.WriteString("\n" + head)
	dir := folder(t, map[string]string{"s.jsonl": `{"q":[1,3],"day":"2024-02-29","at":"2024-02-29T10:11:12","clock":"10:11:12"}`})
	for _, f := range []struct {
		format string
		paths  []string
	}{
		{"SPSS `.por`", []string{"por/testdata/pspp.por"}},
		{"Stata `.dta`", []string{"dta/testdata/haven-15.dta"}},
		{"SAS `.sas7bdat`, `.xpt`", []string{"sas/testdata/haven.sas7bdat", "sas/testdata/haven8.xpt"}},
		{"Excel 97 to 2003 `.xls`, OpenDocument `.ods`", []string{"xls/testdata/calc.xls", "ods/testdata/calc.ods"}},
		{"Arrow, Feather `.arrow`, `.feather`", []string{"arrow/testdata/plain.arrow"}},
		{"JSON lines `.jsonl`", []string{filepath.Join(dir, "s.jsonl")}},
	} {
		b.WriteString(row(f.format, sample(t, f.paths...)))
	}
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- begin: what formats keep -->\n", "<!-- end -->\n"
	before, rest, _ := strings.Cut(string(content), begin)
	told, after, ok := strings.Cut(rest, end)
	if *update && ok {
		if err := os.WriteFile("README.md", []byte(before+begin+b.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(told, b.String()); diff != "" || !ok {
		t.Errorf("README.md does not say what formats keep; go test -update writes it: %s", diff)
	}
}

// What the notices of each writer name is what its format loses.
func TestNoticesNameWhatIsLost(t *testing.T) {
	for name, want := range map[string][]string{"s.sav": nil, "s.parquet": nil, "s.csv": nil, "s.xlsx": nil,
		"s.sss": {"which values are missing", "the order of the answers is not kept", "dates with times are written as texts"}} {
		files, err := Files(name, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, f := range files {
			lost, err := f.Write(io.Discard, whole())
			if err != nil {
				t.Fatal(err)
			}
			told = append(told, lost.Texts()...)
		}
		if len(told) != len(want) {
			t.Errorf("%s: %q", name, told)
		}
		for _, words := range want {
			if !strings.Contains(fmt.Sprint(told), words) {
				t.Errorf("%s: %q is not told: %q", name, words, told)
			}
		}
	}
}
