package platform

import (
	"slices"
	"strings"

	"surveykit/survey/pattern"
)

// timestamps are the headings of the first column of an export.
var timestamps = []string{"Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora", "Informazioni cronologiche",
	"Tijdstempel", "Tidsstämpel", "Tidsstempel", "Sygnatura czasowa", "Časová značka", "Zaman damgası", "Отметка времени",
	"タイムスタンプ", "타임스탬프", "时间戳记", "時間戳記"}

// moment is a date followed by the time of day, in any order and language.
var moment = pattern.Lazy(`^\d{1,4}[-/.] ?\d{1,2}[-/.] ?\d{1,4}\.?,?[ T]\D{0,6}\d{1,2}[:.]\d{2}`)

// googleAdds are the other columns that are not questions.
var googleAdds = []string{"Email Address", "Email address", "Username", "Score"}

// googleForms recognises exports by their first column, the time of
// the answers: both its heading and its first cell must show that. Headings are the
// wordings; those of a grid are followed by the row in brackets.
func googleForms(rows [][]string) *Export {
	heads := rows[0]
	if !slices.Contains(timestamps, strings.TrimSpace(heads[0])) || !moment().MatchString(rows[1][0]) {
		return nil
	}
	e := &Export{Platform: "Google Forms", Header: 1, separators: []string{";", ", "}}
	var n numbering
	e.Columns = []Column{{Name: n.added("Timestamp"), Label: heads[0]}}
	for begin := 1; begin < len(heads); {
		wording, options := bracketedRun(heads[begin:])
		switch {
		case len(options) > 1:
			e.Columns = append(e.Columns, n.spreadOut(wording, options)...)
			begin += len(options)
			continue
		case heads[begin] == "":
			e.Columns = append(e.Columns, Column{})
		case contains(googleAdds, heads[begin]):
			e.Columns = append(e.Columns, Column{Name: n.added(heads[begin]), Label: heads[begin]})
		default:
			e.Columns = append(e.Columns, n.single(plain(heads[begin])))
		}
		begin++
	}
	return e
}
