package xls

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

func read(file []byte) (*survey.Table, error) {
	b, err := Open(bytes.NewReader(file), int64(len(file)), "made.xls")
	if err != nil {
		return nil, err
	}
	return b.Read("", nil)
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// LibreOffice wrote these workbooks: texts that cells share, numbers of all records, dates
// by their formats, errors of formulas, a cover.
func TestRead(t *testing.T) {
	for name, want := range map[string]string{
		"calc.xls":  "id|pct|d|dtxt|err|money\n1|0.1|19723|19754|1|1234.5\n2|0.2|19724|19756||20\n3|0.35|19725|19766||3\n4|0.4|19726|19767|4|4\n5|1|19727|19768|5|5\n",
		"lines.xls": "id|q|d\n1|two\nlines|19782\n2|x|19783\n3||\n",
	} {
		table, err := read(sample(t, name))
		if err != nil || damagetest.Shown(table) != want {
			t.Errorf("%s: %v, %q", name, err, damagetest.Shown(table))
		}
	}
}

// records makes records of kinds and contents.
func records(all ...any) (out []byte) {
	for i := 0; i < len(all); i += 2 {
		kind, data := all[i].(int), all[i+1].(string)
		out = append(append(out, byte(kind), byte(kind>>8), byte(len(data)), byte(len(data)>>8)), data...)
	}
	return out
}

// rowsOf are the rows of a sheet of records.
func rowsOf(w *workbook, all ...any) (out [][]string, err error) {
	w.stream = records(append([]any{recordBOF, "\x00\x06\x10\x00"}, all...)...)
	err = w.rows(0, func(row int, cells []string) error {
		for len(out) < row {
			out = append(out, nil)
		}
		out = append(out, append([]string(nil), cells...))
		return nil
	})
	return out, err
}

// Every record of cells is read; formulas have their results.
func TestRecords(t *testing.T) {
	rows, err := rowsOf(&workbook{texts: []string{"shared"}},
		recordText, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		recordLabel, "\x00\x00\x01\x00\x00\x00\x02\x00\x00ab",
		recordNumber, "\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf8\x3f",
		recordMulRK, "\x02\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x07\x00\x00\x00\x01\x00", // 1 and 0.01 in halves of a record
		recordBool, "\x02\x00\x02\x00\x00\x00\x01\x00",
		recordBool, "\x02\x00\x03\x00\x00\x00\x2a\x01",
		recordFormula, "\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff",
		recordString, "\x01\x00\x01\x11\x04", recordEOF, "")
	want := "shared|ab||1.5;;1|0.01|1|#N/A|Б"
	var shown []string
	for _, cells := range rows {
		shown = append(shown, strings.Join(cells, "|"))
	}
	if got := strings.Join(shown, ";"); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// A text may go on in another record, in wider characters.
func TestContinuedTexts(t *testing.T) {
	w := &workbook{}
	w.stream = records(recordTexts, "\x02\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00ab", recordContinue, "\x01\x11\x04\x01\x00\x08\x01\x00c\x00\x00\x00\x00")
	r, next, err := w.next(0)
	if err == nil {
		err = w.readTexts(r)
	}
	if err != nil || next != len(w.stream) || strings.Join(w.texts, "|") != "abБ|c" {
		t.Errorf("got %q, %v", w.texts, err)
	}
}

// A sheet that is damaged is refused with its row, never read in part.
func TestDamagedSheets(t *testing.T) {
	first := []any{recordNumber, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf8\x3f"}
	for words, all := range map[string][]any{
		"row 1: a cell has a text that the workbook does not have": {recordText, "\x01\x00\x00\x00\x00\x00\x07\x00\x00\x00", recordEOF, ""},
		"is there twice":           {recordNumber, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf8\x3f", recordEOF, ""},
		"a record of cells is cut": {recordNumber, "\x01\x00\x00\x00\x00\x00", recordEOF, ""},
		"without their end":        {},
	} {
		if _, err := rowsOf(&workbook{}, append(first[:2:2], all...)...); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, want %q", err, words)
		}
	}
	whole := sample(t, "calc.xls")
	for n := 0; n < len(whole); n += 97 {
		table, err := read(whole[:n])
		damagetest.SoundOrProblems(t, table, err)
	}
}

// Any bytes give a table or problems, never a panic or an endless loop.
func FuzzRead(f *testing.F) {
	f.Add(sample(f, "calc.xls"))
	f.Add(sample(f, "lines.xls"))
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := read(file)
		damagetest.SoundOrProblems(t, table, err)
	})
}

// Any records give rows or an error.
func FuzzRecords(f *testing.F) {
	f.Add(records(recordBOF, "\x00\x06\x10\x00", recordNumber, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf8\x3f", recordEOF, ""))
	f.Fuzz(func(t *testing.T, stream []byte) {
		w := &workbook{stream: stream}
		w.readGlobals()
		w.rows(0, func(int, []string) error { return nil })
	})
}
