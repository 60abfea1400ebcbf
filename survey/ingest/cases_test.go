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

		"blank_delim_rows_end.csv":            "id|gender|q1\n1|m|2\n2|f|3\n3|m|1\n",
		"blank_delim_rows_top.csv":            "id|gender|q1\n1|m|2\n2|f|3\n",
		"csv_title_line_semicolon.csv":        "id|gender|age\n1|m|34\n2|f|51\n3|f|28\n",
		"excel_sep_line.csv":                  "id|a|b\n1|2|3\n2|3|4\n",
		"footer_line.csv":                     "id|gender|age\n1|m|34\n2|f|51\n",
		"title_lines.csv":                     "id|gender|age\n1|m|34\n2|f|51\n3|f|28\n",
		"trailing_delimiter_rows_only.csv":    "id|a|b\n1|1|2\n2|2|3\n3|1|1\n",
		"na_text.csv":                         "g|y|w\nyes|1|1\nno||1\n|3|1\n",
		"r_na_text.csv":                       "id|gender|q1\n1|Male|1\n2||2\n3|Female|\n4|Male|1\n",
		"de_money_text.csv":                   "id|alter|einkommen|anteil|plz\n1|34|1234.5|12.5|01067\n2|51|12000|7|80331\n3|28|950|100|04109\n",
		"de_thousands_silent.csv":             "id|umsatz\n1|1234\n2|2500\n3|950\n4|12000\n",
		"dates_text.csv":                      "id|us|eu|short|ampm|isoz|off|us2\n1|1461355070|18739|1524369660|1619102276|1619060645|1619060645|18739\n",
		"qualtrics_single_quotes.csv":         "StartDate|Q1|Q2\n1478080800|1|34\n",
		"qualtrics_third_row_deleted.csv":     "StartDate|ResponseId|Q1|Q2\n1730541600|R_a|1|34\n",
		"qualtrics_modern_nps_omitted.csv":    "StartDate|EndDate|Status|Progress|Duration (in seconds)|Finished|RecordedDate|ResponseId|LocationLatitude|Q1|",
		"surveymonkey_no_collector.csv":       "respondent_id|q1_1|q1_2|q1_3|q1_3_text|q2|q3\n101|1|0|0||Satisfied|Female\n",
		"surveymonkey_phantom_respondent.csv": "respondentid|q1|q2\n101|Satisfied|Female\n",
		"redcap_raw.csv":                      "record_id|redcap_survey_identifier|demographics_timestamp|sex|race___1|",
		"redcap_label.csv":                    "record_id|survey_identifier|survey_timestamp|q1|q2_1|q2_2|q2_3|q3|q4|q5|complete\n",
		"kobo.csv":                            "start|end|today|deviceid|gender|age|water_sources_well|water_sources_tap|water_sources_river|rating|",
		"typeform.csv":                        "response_id|q1|q2_1|q2_2|q2_3|q2_4|q2_4_text|q3|",
		"msforms.xlsx":                        "id|start_time|completion_time|",
		"decipher.csv":                        "record|uuid|date|status|qS1|q2r1|q2r2|q2r3|q2r98|q2r98oe|",
	} {
		table, err := Open(filepath.Join(casesFolder, name), Options{})
		if err != nil || !strings.HasPrefix(damagetest.Shown(table), begins) {
			t.Errorf("%s: %v, %v", name, damagetest.Shown(table), err)
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
