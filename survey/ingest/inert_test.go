package ingest

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"surveykit/survey"
)

// formulas are texts that a spreadsheet would run, some that only look so, and
// numbers.
var formulas = []string{"=1+1", "+x", "-1+1", "@SUM(1)", "'=1+1", "''=1", "'", "it's", "-7", "- a list", "＝1"}

// What goes into CSV runs nowhere, and comes back to the letter, names and
// labels as well.
func TestFormulasInCSV(t *testing.T) {
	words := &survey.Variable{Name: "@words", Kind: survey.Text, Texts: &survey.TextColumn{Values: formulas}}
	for i := range formulas {
		words.Texts.Index.Append(int32(i))
	}
	q := &survey.Variable{Name: "q", Label: "=2+2", Kind: survey.Number, Numbers: survey.NewNumbers(make([]float64, len(formulas))), Codes: []survey.Code{{Label: "+3+3"}}}
	for i := range q.Numbers.Len() {
		q.Numbers.Set(i, float64(-i))
	}
	dir := t.TempDir()
	files, err := Files(filepath.Join(dir, "data.csv"), WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var notices survey.Notices
	for _, f := range files {
		var b bytes.Buffer
		said, err := f.Write(&b, &survey.Table{Rows: len(formulas), Variables: []*survey.Variable{words, q}})
		if err != nil {
			t.Fatal(err)
		}
		notices = append(notices, said...)
		rows, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range slices.Concat(rows...) {
			if regexp.MustCompile(`^[=@＝]|^[+-].*[^0-9.]`).MatchString(text) {
				t.Errorf("%s holds %q", filepath.Base(f.Path), text)
			}
		}
		if err := os.WriteFile(f.Path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(strings.Join(notices.Texts(), "\n"), "have an apostrophe before them, which surveykit removes when it reads them: @words") {
		t.Errorf("notices: %v", notices)
	}
	back, err := Open(files[0].Path, Options{Codebook: files[1].Path})
	if err != nil {
		t.Fatal(err)
	}
	if got := back.Lookup("@words"); got == nil || !slices.Equal(got.Texts.Values, formulas) {
		t.Errorf("read back: %v %+v", back.Names(), got)
	}
	if got := back.Lookup("q"); got == nil || got.Label != "=2+2" || len(got.Codes) != 1 || got.Codes[0].Label != "+3+3" {
		t.Errorf("read back: %+v", got)
	}
}

// A file of others in which a text could run keeps all of its apostrophes.
func TestApostrophesOfOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "theirs.csv")
	if err := os.WriteFile(path, []byte("words\n'=1+1\n=1+1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Lookup("words").Texts.Values; !slices.Equal(got, []string{"'=1+1", "=1+1"}) {
		t.Errorf("read: %q", got)
	}
}
