package platform

import "strings"

// isSurveyMonkey reports whether a row has the first columns of every export.
func isSurveyMonkey(row []string) bool {
	return len(row) > 0 && strings.TrimSpace(row[0]) == "Respondent ID" && contains(row, "Collector ID")
}

// surveyMonkeyAdds are the columns that are not questions.
var surveyMonkeyAdds = []string{"Respondent ID", "Collector ID", "Start Date", "End Date", "Date Created", "Date Modified",
	"IP Address", "Email Address", "First Name", "Last Name", "Custom Data", "Custom Data 1"}

// surveyMonkey recognises exports of two rows of names: a question is over
// the first of its columns, its options and rows are over all of them.
func surveyMonkey(rows [][]string) *Export {
	if !isSurveyMonkey(rows[0]) || strings.TrimSpace(rows[1][0]) != "" {
		return nil
	}
	e := &Export{Platform: "SurveyMonkey", Header: 2, marks: optionOrOne}
	var n numbering
	heading, option := cellOf(rows[0]), cellOf(rows[1])
	for begin := 0; begin < len(rows[0]); {
		end := begin + 1
		for heading(begin) != "" && end < len(rows[0]) && heading(end) == "" && option(end) != "" {
			end++
		}
		options := []string{}
		for j := begin; j < end; j++ {
			options = append(options, option(j))
		}
		e.Columns = append(e.Columns, n.monkeyColumns(heading(begin), options)...)
		begin = end
	}
	return e
}

// cellOf returns the cells of a row by position, "" after its end.
func cellOf(row []string) func(j int) string {
	return func(j int) string {
		if j < len(row) {
			return plain(row[j])
		}
		return ""
	}
}

func (n *numbering) monkeyColumns(heading string, options []string) []Column {
	switch {
	case heading == "" && options[0] == "":
		return []Column{{}}
	case len(options) > 1:
		columns := n.spreadOut(heading, options)
		if options[0] == "Response" {
			columns[0].Label = heading
		}
		return columns
	case contains(surveyMonkeyAdds, heading):
		return []Column{{Name: n.added(heading), Label: heading}}
	case options[0] == "Response" || options[0] == "Open-Ended Response":
		return []Column{n.single(heading)}
	}
	return []Column{n.single(joined(heading, options[0]))}
}
