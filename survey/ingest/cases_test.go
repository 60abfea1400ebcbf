package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surveykit/survey/ingest/damagetest"
)

// casesFolder has small files on which readers were wrong, each with what is right.
const casesFolder = "../../../shared/cases/files"

// Files of other programs are read as their makers meant them, or refused with the place.
func TestCases(t *testing.T) {
	if _, err := os.Stat(casesFolder); err != nil {
		t.Skip("needs the files in shared/cases beside the checkout")
	}
	for name, begins := range map[string]string{
		"xlsx_no_styles.xlsx":    "id|gender\n1|m\n2|f\n3|f\n",
		"xlsx_ns_prefix.xlsx":    "id|gender\n1|m\n2|f\n3|f\n",
		"cover_sheet.xlsx":       "id|pct|d|dtxt|err|money\n",
		"mixed_enc.csv":          "id|q\n1|café\n2|caf\ufffd\n3|z\n",
		"enc_gbk_says_utf8.sav":  "GENDER|CITY\n1|城市\n2|城市\n",
		"enc_utf8_says_1252.sav": "GENDER|CITY\n1|Städte\n",
		"dup_names.csv":          "id|Other|Q2|Other_4\n1|a|1|b\n2||2|c\n",
	} {
		table, err := Open(filepath.Join(casesFolder, name), Options{})
		if err != nil || !strings.HasPrefix(damagetest.Shown(table), begins) {
			t.Errorf("%s: %v, %v", name, table, err)
		}
	}
	for name, words := range map[string]string{
		"ctrl_inline.xlsx": `the sheet "s" cannot be read: row 41: `,
		"badxml.xlsx":      `the sheet "s" cannot be read: row 52: `,
		"cutxml.xlsx":      `the sheet "s" cannot be read: row 52: `,
	} {
		if _, err := Open(filepath.Join(casesFolder, name), Options{}); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
