package xlsx

import (
	"archive/zip"
	"bytes"
	"testing"

	"surveykit/survey/ingest/damagetest"
)

// Any bytes give a table or problems, never a panic.
func FuzzRead(f *testing.F) {
	f.Add(bare(f, someRows, someTexts, someStyles))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) { soundOrRefused(t, file) })
}

// Any sheet, texts and styles in a workbook that is sound otherwise. The checksums
// of a ZIP file keep FuzzRead from most of them.
func FuzzParts(f *testing.F) {
	f.Add(someRows, someTexts, someStyles)
	f.Add(`<row r="2"><c t="inlineStr"><is><t>a</t></is></c></row><row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`, "", "")
	f.Add(`<row r="1"><c r="A1" t="str"><f>B1</f><v>a</v></c></row><row r="3"><c r="A3"><v>1e9</v></c></row>`, `<si><r><t>x</t></r></si>`, `<xf numFmtId="22"/>`)
	f.Fuzz(func(t *testing.T, rows, texts, styles string) { soundOrRefused(t, bare(t, rows, texts, styles)) })
}

// A text, a number and a day below their names.
const (
	someRows   = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>45000</v></c></row>`
	someTexts  = `<si><t>a</t></si><si><t>b</t></si><si><t xml:space="preserve"> x</t></si>`
	someStyles = `<xf numFmtId="0"/><xf numFmtId="14"/>`
)

// bare is the smallest workbook, not packed, of a sheet's rows, the texts that
// they share and the styles of cells.
func bare(t testing.TB, rows, texts, styles string) []byte {
	t.Helper()
	const main, office, types = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`,
		"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "application/vnd.openxmlformats-officedocument.spreadsheetml."
	return packed(t, [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/></Types>`},
		{"_rels/.rels", links(office, "officeDocument", "xl/workbook.xml")},
		{"xl/_rels/workbook.xml.rels", links(office, "worksheet", "worksheets/sheet1.xml", "styles", "styles.xml", "sharedStrings", "sharedStrings.xml")},
		{"xl/workbook.xml", `<workbook` + main + ` xmlns:r="` + office + `"><sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>`},
		{"xl/worksheets/sheet1.xml", `<worksheet` + main + `><sheetData>` + rows + `</sheetData></worksheet>`},
		{"xl/styles.xml", `<styleSheet` + main + `><cellXfs>` + styles + `</cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst` + main + `>` + texts + `</sst>`},
	})
}

// packed is a ZIP file of parts, not compressed.
func packed(t testing.TB, parts [][2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range parts {
		w, err := out.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(part[1]))
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// links are relations r0, r2 … of kinds to parts.
func links(office string, kindsAndParts ...string) string {
	text := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	for i := 0; i < len(kindsAndParts); i += 2 {
		text += `<Relationship Id="r` + string(rune('0'+i)) + `" Type="` + office + `/` + kindsAndParts[i] + `" Target="` + kindsAndParts[i+1] + `"/>`
	}
	return text + `</Relationships>`
}

func soundOrRefused(t *testing.T, file []byte) {
	t.Helper()
	table, err := read(file, "")
	damagetest.SoundOrProblems(t, table, err)
}

// The workbook that the targets start from is read.
func TestBareWorkbook(t *testing.T) {
	if got, want := damagetest.Shown(mustRead(t, bare(t, someRows, someTexts, someStyles), "")), "a|b\n x|19431\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
