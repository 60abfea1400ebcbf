package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

func read(text string) (*survey.Table, error) {
	return Read(strings.NewReader(text), int64(len(text)), "made.jsonl")
}

func mustRead(t *testing.T, text string) *survey.Table {
	t.Helper()
	table, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRead(t *testing.T) {
	const lines = `{"id": 1, "q": {"why": "so, \"so\"\nand so", "scale": 2.5}, "many": [1, 2]}

{"id": 2, "many": [], "late": true, "q": {"why": null}}
{"id": 3, "when": "2024-02-29", "code": "007"}
`
	want := "id|q.why|q.scale|many|late|when|code\n" +
		"1|so, \"so\"\nand so|2.5|1;2|||\n" + "2||||true||\n" + "3|||||19782|007\n"
	list := "[" + strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(lines, "\n\n", "\n")), "}\n{", "},\n{") + "]"
	for _, text := range []string{lines, "\uFEFF" + lines, list} {
		table, err := read(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, damagetest.Shown(table)); diff != "" {
			t.Error(diff)
		}
		if table.Lookup("when").Kind != survey.Date || table.Lookup("code").Kind != survey.Text || table.Lookup("id").Kind != survey.Number {
			t.Error("kinds")
		}
	}
}

// Numbers come back exactly, whatever encoding/json writes.
// Each object is a row, also one without values, or with words where the others have numbers.
func TestObjectsAreRows(t *testing.T) {
	table, err := read(`{"a": "Age", "b": "Size"}
{"a": 1, "b": 2}
{}
{"a": 3, "b": 4}
`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("a|b\nAge|Size\n1|2\n|\n3|4\n", damagetest.Shown(table)); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Float64Range(-1e15, 1e15), 1, 20).Draw(t, "numbers")
		var b bytes.Buffer
		for _, x := range want {
			json.NewEncoder(&b).Encode(map[string]float64{"x": x})
		}
		table, err := read(b.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, table.Lookup("x").Numbers.Slice(), cmpopts.EquateNaNs()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRefused(t *testing.T) {
	for text, words := range map[string]string{
		"":                            "has no records",
		"[]":                          "has no records",
		"{\"a\":1}\n{\"a\":":          "made.jsonl:2: row 2: the file ends within a record",
		"{\"a\":1}\n{a:1}":            "made.jsonl:2: row 2: this is not JSON",
		"[{\"a\":1},":                 "ends within",
		"[{\"a\":1}] 3":               "more text follows",
		"{\"a\":1}\n7\n{\"a\":1}\n[]": "row 4: the record is not an object",
		`{"a":1,"a":2}`:               "column a: the record has this key twice",
		`{"a":[[1]]}`:                 "column a: a list contains a list",
		`{"a":["x;y"]}`:               "semicolon",
		`{"a":"x\u0000"}`:             "NUL byte",
		"{\"a\":\"\xff\"}":            "not UTF-8",
		strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40): "nested more than 32 deep",
	} {
		table, err := read(text)
		var found survey.Problems
		if !errors.As(err, &found) || table != nil || !strings.Contains(err.Error(), words) || found[0].Remedy == "" {
			t.Errorf("%.60s: got %v, want %q", text, err, words)
		}
	}
}

// Objects that share no key would make a table of the square of their number.
func TestSparseIsRefused(t *testing.T) {
	var b strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&b, "{\"k%d\":1}\n", i)
	}
	if _, err := read(b.String()); err == nil || !strings.Contains(err.Error(), "10000 records have 10000 different keys") {
		t.Errorf("got %v", err)
	}
}

// Any bytes give a sound table or problems, never a panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"responses":[{"values":{"a":1},"labels":{"a":"x"},"displayedFields":[]},{"b":[{}]}]}`))
	f.Add([]byte(`{"a":1,"b":{"c":["x",null]}}` + "\n" + `{"a":true}`))
	f.Add([]byte(`[{"a":1}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := read(string(text))
		damagetest.SoundOrProblems(t, table, err)
	})
}

// The records of a platform are a list within an object: of Qualtrics with the labels of
// answers, of KoboToolbox with groups, repeats and attachments.
func TestEnvelopes(t *testing.T) {
	qualtrics := `{"responses":[
{"responseId":"R_1","values":{"startDate":"2024-02-29","QID1":2,"QID2":["1","3"]},"labels":{"QID1":"No","QID2":["A","C"]},"displayedFields":["QID1"],"displayedValues":{"QID1":[1,2]}},
{"responseId":"R_2","values":{"startDate":"2024-03-01","QID1":1},"labels":{"QID1":"Yes"},"displayedFields":[],"displayedValues":{}}]}`
	table := mustRead(t, qualtrics)
	v := table.Lookup("QID1")
	if strings.Join(table.Names(), " ") != "responseId startDate QID1 QID2 labels.QID2" || table.Rows != 2 {
		t.Errorf("%d rows of %v", table.Rows, table.Names())
	}
	if want := []survey.Code{{Value: survey.NumberValue(1), Label: "Yes"}, {Value: survey.NumberValue(2), Label: "No"}}; v == nil || !slices.Equal(v.Codes, want) {
		t.Errorf("got %+v", v)
	}
	kobo := `{"count":2,"next":null,"previous":null,"results":[{"_id":1,"group/q1":"yes","_attachments":[{"id":1}],"_geolocation":[null,null],"kids":[{"age":1},{"age":2}]},{"_id":2,"group/q1":"no","_attachments":[]}]}`
	table = mustRead(t, kobo)
	if table.Rows != 2 || table.Lookup("group/q1") == nil || table.Lookup("kids") != nil {
		t.Errorf("%d rows of %v", table.Rows, table.Names())
	}
	if told := strings.Join(table.Notices.Texts(), "\n"); !strings.Contains(told, "left out: _attachments, kids") {
		t.Errorf("got %q", told)
	}
	// One record with a list of its own, and lines of records, are no envelopes.
	for text, want := range map[string]int{`{"a":1,"data":[1,2]}`: 1, "{\"data\":1}\n{\"data\":2}": 2} {
		if table := mustRead(t, text); table.Rows != want {
			t.Errorf("%s: %d rows", text, table.Rows)
		}
	}
}
