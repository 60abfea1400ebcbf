package delimited

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"surveykit/survey"
)

func read(t *testing.T, text string, o *survey.DelimitedOptions) *survey.Table {
	t.Helper()
	table, err := Read(strings.NewReader(text), int64(len(text)), "t.csv", o)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return table
}

// cells lays a table out as strings, "" for missing, with kinds before the values.
func cells(t *survey.Table) map[string][]string {
	out := map[string][]string{}
	for _, v := range t.Variables {
		column := []string{string(v.Kind)}
		for i := range t.Rows {
			value, ok := v.At(i)
			if !ok {
				column = append(column, "")
				continue
			}
			column = append(column, value.String())
		}
		out[v.Name] = column
	}
	return out
}

func TestTyping(t *testing.T) {
	for _, test := range []struct {
		name, column string
		want         []string
	}{
		{"numbers with padding", "x\n 1 \n\t-2.50\n.5\n1e3\n+7\n", []string{"number", "1", "-2.5", "0.5", "1000", "7"}},
		{"quoted numbers", "x\n\"1\"\n\" 2 \"\n", []string{"number", "1", "2"}},
		{"empty, blank and quoted empty cells", "x,y\n1,\n ,\n\"\",\n\"  \",\n2,\n", []string{"number", "1", "", "", "2"}},
		{"a blank line is a row of the only column", "x\n1\n\n3\n\n\n", []string{"number", "1", "", "3"}},
		{"leading zeros", "x\n007\n12\n", []string{"text", "007", "12"}},
		{"zero itself", "x\n0\n0.5\n-0\n", []string{"number", "0", "0.5", "-0"}},
		{"thousands", "x\n\"1,234\"\n5\n", []string{"number", "1234", "5"}},
		{"dollars", "x\n$5\n5\n", []string{"text", "$5", "5"}},
		{"ids beyond 2^53", "x\n9007199254740993\n1\n", []string{"text", "9007199254740993", "1"}},
		{"2^53 itself", "x\n9007199254740992\n", []string{"number", "9.007199254740992e+15"}},
		{"beyond float64", "x\n1e999\n1\n", []string{"text", "1e999", "1"}},
		{"no hexadecimals, infinities, underscores", "x\n0x10\nInf\n1_000\n", []string{"text", "0x10", "Inf", "1_000"}},
		{"booleans", "x\nTRUE\nFALSE\n", []string{"text", "TRUE", "FALSE"}},
		{"missing tokens among numbers", "x\n1\nNA\n.\nNaN\nNULL\n#NULL!\n", []string{"number", "1", "", "", "", "", ""}},
		{"missing tokens among texts", "x,y\nNA,-\nno,yes\nNo,n/a\n", []string{"text", "", "no", "No"}},
		{"quoted tokens where only texts are in quotes", "x,y\n\"NA\",1\nNA,2\n\"no\",NA\n", []string{"text", "NA", "", "no"}},
		{"quoted tokens where all is in quotes", "\"x\",\"y\"\n\"NA\",\"1\"\n\"no\",\"2\"\n", []string{"text", "", "no"}},
		{"nothing but missing", "x\nNA\n\"\"\n", []string{"number", "", ""}},
		{"dates", "x\n1970-01-02\n\"\"\n1969-12-31\nNA\n", []string{"date", "1", "", "-1", ""}},
		{"no date of the calendar", "x\n2021-02-29\n2021-01-01\n", []string{"text", "2021-02-29", "2021-01-01"}},
		{"moments", "x\n1970-01-01T00:01\n1970-01-01 00:00:01.5\n1970-01-02T00:00:00Z\n", []string{"datetime", "60", "1.5", "86400"}},
		{"moments with an offset", "x\n1970-01-01T00:01+02:00\n", []string{"datetime", "60"}},
		{"dates among moments", "x\n1970-01-01\n1970-01-01T00:00\n", []string{"text", "1970-01-01", "1970-01-01T00:00"}},
		{"times", "x\n0:00:01\n26:00:00.25\n-00:01:00\n", []string{"time", "1", "93600.25", "-60"}},
		{"quoted blanks stay, others go", "x\n\" a \"\n b \n", []string{"text", " a ", "b"}},
		{"blanks before a quote", "x,y\n \"a,b\" ,1\n", []string{"text", "a,b"}},
		{"a quote within a cell", "x\n5\" pipe\n", []string{"text", "5\" pipe"}},
		{"doubled quotes", "x\n\"\"\"a\"\" b\"\n\"\"\"\"\n", []string{"text", "\"a\" b", "\""}},
		{"line ends in quotes", "x\r\n\"a\r\nb\"\r\n\"c\nd\"\r\n", []string{"text", "a\r\nb", "c\nd"}},
		{"carriage returns", "x,y\r1,2\r3,4\r", []string{"number", "1", "3"}},
		{"a carriage return between lines", "x\n1\r2\n3\n", []string{"number", "1", "2", "3"}},
		{"a blank last line without its end", "x\n1\n ", []string{"number", "1", ""}},
		{"mixed line ends", "x,y\r\n1,2\n3,4\r5,6", []string{"number", "1", "3", "5"}},
		{"blank lines", "\n\nx,y\n1,2\n\n  \n3,4\n\n", []string{"number", "1", "3"}},
		{"names only", "x,y\n", []string{"number"}},
	} {
		got := cells(read(t, test.column, nil))["x"]
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// A column may turn out to be text long after its first rows.
func TestLateText(t *testing.T) {
	text := "x,y\n" + strings.Repeat("1,2\n", 3*headRows) + "z,3\n"
	table := read(t, text, nil)
	x, y := table.Lookup("x"), table.Lookup("y")
	if x.Kind != survey.Text || x.Texts.Index.Len() != 3*headRows+1 || y.Kind != survey.Number || y.Numbers.At(3*headRows) != 3 {
		t.Fatalf("got %s and %s", x.Kind, y.Kind)
	}
	if first, _ := x.At(0); first.Text != "1" {
		t.Errorf("the first rows must be read again as text, got %q", first.Text)
	}
	if !strings.Contains(strings.Join(table.Notices.Texts(), "\n"), `x is text: 1 of its 601 values are not plain numbers, first in row 601`) {
		t.Errorf("notices: %q", table.Notices)
	}
}

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

func TestDialects(t *testing.T) {
	type options = survey.DelimitedOptions
	for _, test := range []struct {
		name, text string
		options    *options
		want       map[string][]string
		notice     string
	}{
		{"comma", "a,b\n1,x;y\n", nil, map[string][]string{"a": {"number", "1"}, "b": {"text", "x;y"}}, ""},
		{"semicolon with decimal comma", "a;b\n1,5;x\n2;y\n", nil,
			map[string][]string{"a": {"number", "1.5", "2"}, "b": {"text", "x", "y"}}, `delimiter ";", decimal comma`},
		{"semicolon with decimal point", "a;b\n1.5;1,5\n", nil,
			map[string][]string{"a": {"number", "1.5"}, "b": {"text", "1,5"}}, `delimiter ";"`},
		{"tab with thousands", "a\tb\n1,234\t2\n", nil,
			map[string][]string{"a": {"text", "1,234"}, "b": {"number", "2"}}, "delimiter tab"},
		{"tab with decimal comma", "a\tb\n1,25\t0,125\n", nil,
			map[string][]string{"a": {"number", "1.25"}, "b": {"number", "0.125"}}, "delimiter tab, decimal comma"},
		{"pipe", "a|b\n1|2,3,4\n", nil, map[string][]string{"a": {"number", "1"}, "b": {"text", "2,3,4"}}, `delimiter "|"`},
		{"one column", "a\nx, y; z\n", &options{Delimiter: "tab"}, map[string][]string{"a": {"text", "x, y; z"}}, "delimiter tab"},
		{"multi-response codes", "a,b\n1;2;3;,4\n2;,5\n", nil, map[string][]string{"a": {"text", "1;2;3;", "2;"}, "b": {"number", "4", "5"}}, ""},
		{"single quotes", "'a','b'\n'x,y',1\n", nil, map[string][]string{"a": {"text", "x,y"}, "b": {"number", "1"}}, `quote "'"`},
		{"no quotes", "a,b\n\"x,1\n", &options{Quote: "none"}, map[string][]string{"a": {"text", "\"x"}, "b": {"number", "1"}}, "quote none"},
		{"delimiters in names", "how; often; then,b\n1,2\n3,4\n", nil, map[string][]string{"how; often; then": {"number", "1", "3"}, "b": {"number", "2", "4"}}, ""},
		{"semicolon with commas before three digits", "a;b\n1,234;x\n", nil,
			map[string][]string{"a": {"text", "1,234"}, "b": {"text", "x"}}, "cells such as 1,234 stay text"},
		{"tab with a comma after zero", "a\tb\n0,125\t2\n", nil,
			map[string][]string{"a": {"number", "0.125"}, "b": {"number", "2"}}, "decimal comma"},
		{"blanks delimit", "a b c\n1  \"2\"\n", &options{Delimiter: " "},
			map[string][]string{"a": {"number", "1"}, "b": {"number", ""}, "c": {"number", "2"}}, `delimiter " "`},
		{"asked delimiter", "a:b\n1:2\n", &options{Delimiter: ":"}, map[string][]string{"a": {"number", "1"}, "b": {"number", "2"}}, `delimiter ":"`},
		{"asked decimal comma", "a,b\n\"1,5\",2\n", &options{DecimalComma: yes()}, map[string][]string{"a": {"number", "1.5"}, "b": {"number", "2"}}, "decimal comma"},
		{"decimal comma refused", "a;b\n1,5;2\n", &options{DecimalComma: no()}, map[string][]string{"a": {"text", "1,5"}, "b": {"number", "2"}}, `delimiter ";"`},
		{"asked missing in every column", "a,b\n1,-\n99,x\n99.0,NA\n", &options{Missing: []string{"99", "-"}},
			map[string][]string{"a": {"number", "1", "", "99"}, "b": {"text", "", "x", "NA"}}, ""},
		{"no missing tokens", "a\n1\nNA\n", &options{Missing: []string{}}, map[string][]string{"a": {"text", "1", "NA"}}, ""},
		{"UTF-8 mark", "\xef\xbb\xbfa\nü\n", nil, map[string][]string{"a": {"text", "ü"}}, ""},
		{"windows-1252", "a\n\xfc \x80\n", nil, map[string][]string{"a": {"text", "ü €"}}, "read as windows-1252, a guess"},
		{"windows-1251", "\xef\xee\xeb,q\n\xec\xf3\xe6,1\n\xe6\xe5\xed,2\n", nil, map[string][]string{"пол": {"text", "муж", "жен"}, "q": {"number", "1", "2"}}, "read as windows-1251, a guess"},
		{"as much UTF-8 as other bytes", "a\ncafé\ncaf\xe9\n", nil, map[string][]string{"a": {"text", "café", "caf\ufffd"}}, "not valid UTF-8 in 1 place, first in line 3"},
		{"asked code page", "a\n\x81\n", &options{Encoding: "cp850"}, map[string][]string{"a": {"text", "ü"}}, "encoding cp850"},
		{"repeated names", "a,b,a,b,a_3\n1,2,3,4,5\n", nil, map[string][]string{"a": {"number", "1"}, "b": {"number", "2"}, "a_3_": {"number", "3"}, "b_4": {"number", "4"}, "a_3": {"number", "5"}},
			`columns with the name of another one are read under another: a_3_, b_4`},
		{"broken UTF-8", "a\nüöä\n\xfc!\n", nil, map[string][]string{"a": {"text", "üöä", "\ufffd!"}}, "not valid UTF-8 in 1 place, first in line 3"},
		{"UTF-16 with mark", "\xff\xfea\x00\n\x00\xfc\x00", nil, map[string][]string{"a": {"text", "ü"}}, "encoding utf-16"},
		{"UTF-16, big end first", "\xfe\xff\x00a\x00\n\x00\xfc", nil, map[string][]string{"a": {"text", "ü"}}, "encoding utf-16"},
		{"UTF-16 without mark", "a\x00b\x00\n\x00x\x00", nil, map[string][]string{"ab": {"text", "x"}}, "encoding utf-16"},
		{"asked encoding", "a\n\xe4\n", &options{Encoding: "KOI8-R"}, map[string][]string{"a": {"text", "Д"}}, "encoding koi8-r"},
		{"wrongly asked encoding", "a\n\xfc!\n", &options{Encoding: "utf-8"}, map[string][]string{"a": {"text", "\ufffd!"}}, "not valid utf-8 in 1 place"},
	} {
		table := read(t, test.text, test.options)
		if diff := cmp.Diff(test.want, cells(table)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		notices := strings.Join(table.Notices.Texts(), "\n")
		if !strings.Contains(notices, test.notice) || test.notice == "" && notices != "" {
			t.Errorf("%s: notices %q, want %q", test.name, notices, test.notice)
		}
	}
}

// Once a comma is surely a decimal one, no cell is in doubt.
func TestNoDoubt(t *testing.T) {
	table := read(t, "a;b\n1,234;1,5\n", nil)
	if want := []string{`the text was read with delimiter ";", decimal comma`}; !cmp.Equal(want, table.Notices.Texts()) {
		t.Errorf("notices %q", table.Notices)
	}
}

func TestProblems(t *testing.T) {
	type options = survey.DelimitedOptions
	for _, test := range []struct {
		name, text string
		options    *options
		want       []string
	}{
		{"empty", "", nil, []string{"t.csv: the file is empty"}},
		{"blank", " \n\r\n", nil, []string{"t.csv: the file is empty"}},
		{"ragged rows", "a,b,c\n1,2\n1,2,3\n\n1,2,3,4\n", nil, []string{
			"t.csv:2: row 1, column c: the row has 2 cells, the first line names 3 columns; add empty cells",
			"t.csv:5: row 3: the row has 4 cells, the first line names 3 columns; put"}},
		{"unclosed quote", "a,b\n1,2\n3,\"x\ny\n", nil, []string{`t.csv:3: row 2, column b, value "x\ny": the quote that opens`}},
		{"text after a quote", "a,b\n\"x\"y,2\n\"p\\\"q\",3\n", nil, []string{
			`t.csv:2: row 1, column a, value "x": text follows`, `t.csv:3: row 2, column a, value "p\\": text follows`}},
		{"NUL", "a,b\n1,x\x00y\n", nil, []string{`t.csv:2: row 1, column b, value "x\x00y": the cell has a NUL byte`}},
		{"long name", strings.Repeat("n", 9999) + ",b\n1\x00,2\n", nil, []string{"t.csv:2: row 1, column " + strings.Repeat("n", 40) + "…, value"}},
		{"NULs that look like UTF-16", "a,b\n\x00,\x00\n\x00,\x00\n", nil, []string{
			"t.csv:2: row 1, column a", "t.csv:2: row 1, column b", "t.csv:3: row 2, column a", "t.csv:3: row 2, column b"}},
		{"NULs that look like the other UTF-16", "abc\n1\x001\x001\x001\x00", nil, []string{"t.csv:2: row 1, column abc"}},
		{"a faulty row is not ragged too", "a,b\r\n1,2\r\n\"x\"y\r\n", nil, []string{"t.csv:3: row 2, column a, value \"x\": text follows"}},
		{"repeated names", "yes,yes,no,yes,yes\n1,2,3,4,5\n", nil, []string{"t.csv:1: column yes: 3 of 5 columns have the name of another column"}},
		{"nameless columns", "a,,\n1,2,3\n", nil, []string{"t.csv:1: column column_2, column_3: the first line does not name every column"}},
		{"a name that its place would double", ",column_1\n1,2\n", nil, []string{"t.csv:1: column column_1: the first line does not name every column"}},
		{"no names at all", ",\n,\n", nil, []string{"t.csv:1: the first line does not name every column"}},
		{"numbers for names", "\n1,2.5,003\n4,5,6\n", nil, []string{"t.csv:2: the first line holds numbers"}},
		{"options", "a\n1\n", &options{Delimiter: ";;", Quote: "ab", Encoding: "utf-9"}, []string{
			`value ";;": the option delimiter`, `value "ab": the option quote`, `value "utf-9": the option encoding`}},
		{"no decoder", "a\n1\n", &options{Encoding: "iso-2022-kr"}, []string{"the option encoding"}},
		{"one character for both", "a\n1\n", &options{Delimiter: ";", Quote: ";"}, []string{"the option quote"}},
	} {
		table, err := Read(strings.NewReader(test.text), int64(len(test.text)), "t.csv", test.options)
		problems, ok := err.(survey.Problems)
		if !ok || table != nil || len(problems) != len(test.want) {
			t.Errorf("%s: got %v", test.name, err)
			continue
		}
		for i, p := range problems {
			if !strings.Contains(p.Error(), test.want[i]) || p.Remedy == "" {
				t.Errorf("%s: got %q, want %q", test.name, p.Error(), test.want[i])
			}
		}
	}
}

func TestProblemsAreCounted(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1\n", 100)
	_, err := Read(strings.NewReader(text), int64(len(text)), "t.csv", nil)
	problems, _ := err.(survey.Problems)
	if len(problems) != mostFaults+1 || !strings.Contains(problems[mostFaults].Error(), "80 more problems") {
		t.Errorf("got %v", err)
	}
}

func TestColumnsWithoutNames(t *testing.T) {
	table := read(t, ",a,\n1,2,\n4,5,\n", nil)
	if diff := cmp.Diff([]string{"column_1", "a"}, table.Names()); diff != "" {
		t.Error(diff)
	}
	want := []string{"left out 1 column without a name or a value", "a column without a name is called column_1"}
	if diff := cmp.Diff(want, table.Notices.Texts()); diff != "" {
		t.Error(diff)
	}
}

func TestMissingIsTold(t *testing.T) {
	table := read(t, "a,b,c\n1,NA,NA\n.,2,x\nNA,3,y\n", nil)
	want := []string{`read as missing: "." in a (1 cell); "NA" in a (1 cell), b (1 cell), c (1 cell)`}
	if diff := cmp.Diff(want, table.Notices.Texts()); diff != "" {
		t.Error(diff)
	}
}

func TestQualtrics(t *testing.T) {
	const ids = `"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"`
	table := read(t, "Q1,Q2\n\"How, then?\",Weight\n"+ids+"\nwell,1\nbadly,2\n", nil)
	if diff := cmp.Diff(map[string][]string{"Q1": {"text", "well", "badly"}, "Q2": {"number", "1", "2"}}, cells(table)); diff != "" {
		t.Error(diff)
	}
	if got := table.Lookup("Q1").Label; got != "How, then?" || table.Rows != 2 {
		t.Errorf("label %q, %d rows", got, table.Rows)
	}
	legacy := read(t, "V1,Q1,\nResponseID,How?,\nR_1,3,\n", nil)
	if got := legacy.Lookup("Q1"); got.Label != "How?" || got.Kind != survey.Number || legacy.Rows != 1 {
		t.Errorf("label %q, %s, %d rows", got.Label, got.Kind, legacy.Rows)
	}
}

// shared finds the shared survey data beside the checkout.
func shared(t *testing.T, path string) string {
	t.Helper()
	full := filepath.Join("../../../../shared/data", path)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("shared survey data not there: %v", err)
	}
	return full
}

// The corpus is max-mapper/csv-spectrum: awkward texts with their cells as JSON.
func TestSpectrum(t *testing.T) {
	folder := shared(t, "formats/csv_spectrum")
	files, _ := filepath.Glob(filepath.Join(folder, "csvs", "*.csv"))
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_crlf") && !bytes.Contains(raw, []byte("\r")) {
			// Some copies of the corpus lost these texts' line ends.
			raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
		}
		answer, err := os.ReadFile(filepath.Join(folder, "json", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if answer[0] == '{' {
			answer = []byte("[" + string(answer) + "]")
		}
		var want []map[string]string
		if err := json.Unmarshal(answer, &want); err != nil {
			t.Fatal(err)
		}
		if name == "location_coordinates" {
			// The corpus gives another phone number in its answer than in its text.
			want[0]["Contact Phone Number"] = "2095257564"
		}
		if diff := cmp.Diff(want, records(read(t, string(raw), nil))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func records(t *survey.Table) []map[string]string {
	out := make([]map[string]string, t.Rows)
	for i := range out {
		out[i] = map[string]string{}
		for _, v := range t.Variables {
			value, ok := v.At(i)
			if out[i][v.Name] = ""; ok {
				out[i][v.Name] = value.String()
			}
		}
	}
	return out
}

// Sums and counts were computed with Python 3.11's csv and math modules.
func TestRealSurveys(t *testing.T) {
	const sumTolerance = 1e-9 // relative: sums of doubles in another order
	for _, test := range []struct {
		file, column string
		rows, texts  int
		sum          float64
	}{
		{"core_trends_2018/core_trends_jan2018.csv", "weight", 2002, 2, 2002.000851},
		{"amazon_privacy/survey.csv", "Duration (in seconds)", 6325, 32, 3458684.0},
		{"rsurvey/apistrat.csv", "pw", 200, 11, 6193.999958038335},
		{"namcs_2019/namcs2019sv.csv", "PATWT", 8250, 28, 1036484356.49694},
		{"acs_2011/acs_m.csv", "pwgtp80", 21331, 3, 2097528.0},
		{"latent_class/election.csv", "AGE", 1785, 12, 83692.0},
		{"formats/spss/spss_export/sleep.csv", "hourneed", 271, 0, 2062.5},
	} {
		raw, err := os.ReadFile(shared(t, test.file))
		if err != nil {
			t.Fatal(err)
		}
		table, err := Read(bytes.NewReader(raw), int64(len(raw)), test.file, nil)
		if err != nil {
			t.Fatal(err)
		}
		texts, sum := 0, 0.0
		for _, v := range table.Variables {
			if v.IsText() {
				texts++
			}
		}
		for _, x := range table.Lookup(test.column).Numbers.All() {
			if !math.IsNaN(x) {
				sum += x
			}
		}
		if table.Rows != test.rows || texts != test.texts || math.Abs(sum-test.sum) > sumTolerance*math.Abs(test.sum) {
			t.Errorf("%s: %d rows, %d texts, sum of %s %v", test.file, table.Rows, texts, test.column, sum)
		}
	}
}
