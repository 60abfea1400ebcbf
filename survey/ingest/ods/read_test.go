package ods

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest/damagetest"
)

func read(file []byte) (*survey.Table, error) {
	b, err := Open(bytes.NewReader(file), int64(len(file)), "made.ods")
	if err != nil {
		return nil, err
	}
	return b.Read("", nil)
}

// bare is the smallest spreadsheet of a sheet's rows.
func bare(t testing.TB, rows string, parts ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range append(parts, [2]string{content, `<office:document-content><style:style style:name="h"><style:table-properties table:display="false"/></style:style><office:body><office:spreadsheet>` +
		`<table:table table:name="Hidden" table:style-name="h"><table:table-row><table:table-cell office:value-type="string"><text:p>no</text:p></table:table-cell></table:table-row></table:table>` +
		`<table:table table:name="S">` + rows + `</table:table></office:spreadsheet></office:body></office:document-content>`}) {
		w, err := out.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(part[1]))
	}
	out.Close()
	return b.Bytes()
}

// LibreOffice wrote this spreadsheet.
func TestRead(t *testing.T) {
	file, err := os.ReadFile("testdata/calc.ods")
	if err != nil {
		t.Fatal(err)
	}
	table, err := read(file)
	want := "id|pct|d|dtxt|err|money\n1|0.1|19723|19754|1|1234.5\n2|0.2|19724|19756||20\n3|0.35|19725|19766||3\n4|0.4|19726|19767|4|4\n5|1|19727|19768|5|5\n"
	if err != nil || damagetest.Shown(table) != want {
		t.Errorf("%v, %q", err, damagetest.Shown(table))
	}
}

const names = `<table:table-header-rows><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table-header-rows>`

// Cells and rows that are repeated, covered or commented are read as the sheet shows them.
func TestCells(t *testing.T) {
	rows := names +
		`<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="0.30000000000000004"><text:p>0.3</text:p></table:table-cell></table:table-row>` +
		`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>` +
		`<table:table-row><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:covered-table-cell office:value-type="string"><office:annotation><text:p>aside</text:p></office:annotation><text:p>two<text:s text:c="2"/></text:p><text:p>lines<text:line-break/>x</text:p></table:covered-table-cell></table:table-row>` +
		`<table:table-row><table:table-cell office:value-type="time" office:time-value="PT10H11M12S"/><table:table-cell office:value-type="date" office:date-value="2024-02-29"/></table:table-row>` +
		`<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>`
	table, err := read(bare(t, rows))
	if err != nil || damagetest.Shown(table) != "a|b\n0.30000000000000004|0.30000000000000004\n0.30000000000000004|0.30000000000000004\n1|two  \nlines\nx\n10:11:12|2024-02-29\n" {
		t.Errorf("%v, %q", err, damagetest.Shown(table))
	}
}

func TestRefused(t *testing.T) {
	cell := func(attributes string) []byte {
		return bare(t, names+`<table:table-row><table:table-cell `+attributes+`/></table:table-row>`)
	}
	for words, file := range map[string][]byte{
		"row 2: the cell in column 1: it is to be a number": cell(`office:value-type="float" office:value="x"`),
		`row 2: it is repeated "0" times`:                   cell(`table:number-columns-repeated="0"`),
		`row 2: it is repeated "99999999" times`:            cell(`table:number-columns-repeated="99999999"`),
		"protected by a password":                           bare(t, names, [2]string{"META-INF/manifest.xml", "<manifest><encryption-data/></manifest>"}),
		"unpacks to more than":                              bare(t, names+`<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string"><text:p>`+strings.Repeat("x", 4000)+`</text:p></table:table-cell></table:table-row>`),
		"has more than 1048576 rows":                        bare(t, names+`<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>`),
		"cannot be opened":                                  bytes.Replace(cell(""), []byte("</table:table>"), []byte("</table_table>"), 1),
	} {
		table, err := read(file)
		if err == nil || table != nil || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, want %q", err, words)
		}
	}
}

// Any rows give a table or problems, never a panic.
func FuzzRows(f *testing.F) {
	f.Add(names + `<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		table, err := read(bare(t, rows))
		damagetest.SoundOrProblems(t, table, err)
	})
}
