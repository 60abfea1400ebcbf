package platform

import (
	"slices"
	"strings"
)

// surveyMonkeyAdds are the columns that are not questions.
var surveyMonkeyAdds = []string{"Respondent ID", "Collector ID", "Start Date", "End Date", "Date Created", "Date Modified",
	"IP Address", "Email Address", "First Name", "Last Name", "Custom Data", "Custom Data 1"}

// monkeyResponses are what the second row has under the heading of a question with one
// column, in languages.
var monkeyResponses = []string{"Response", "Open-Ended Response", "Antwort", "Beantwortung", "Offene Beantwortung", "Réponse", "Réponse ouverte",
	"Respuesta", "Respuesta abierta", "Antwoord", "Open antwoord", "Risposta", "Risposta aperta", "Resposta", "Resposta aberta"}

// surveyMonkey recognises exports of two rows of names by their shape: a question is over
// the first of its columns, its options and rows are in the second row, over all of them.
// Their publishers often leave out the columns that are not questions.
func surveyMonkey(rows [][]string) *Export {
	width := max(len(rows[0]), len(rows[1]))
	heading, option := cellOf(rows[0]), cellOf(rows[1])
	if !isMonkeyHead(rows, width) {
		return nil
	}
	e := &Export{Platform: "SurveyMonkey", Header: 2, MonthFirst: true, marks: optionOrOne}
	var n numbering
	for begin := 0; begin < width; {
		end := begin + 1
		for heading(begin) != "" && end < width && heading(end) == "" && option(end) != "" {
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

// isMonkeyHead reports whether the first two rows are SurveyMonkey's: the second has words
// for an answer that no respondent has, or options under blank headings that are what
// respondents have below, or is blank under the number of the respondent.
func isMonkeyHead(rows [][]string, width int) bool {
	heading, option := cellOf(rows[0]), cellOf(rows[1])
	responses, marked, under := false, 0, 0
	for j := range width {
		if heading(j) == "" && option(j) == "" || option(j) == "" {
			continue
		}
		below := below(rows[2:], j)
		switch {
		case heading(j) != "" && slices.Contains(monkeyResponses, option(j)):
			if slices.Contains(below, option(j)) {
				return false
			}
			responses = true
		case heading(j) == "":
			under++
			if len(below) > 0 && only(below, option(j)) {
				marked++
			}
		}
	}
	for j := range width { // a heading without an option is only of what the platform adds
		if heading(j) == "" && option(j) == "" && len(below(rows[2:], j)) > 0 {
			return false
		}
	}
	number := slug(heading(0)) == "respondent_id" || slug(heading(0)) == "respondentid"
	return responses || marked > 1 || number && option(0) == "" && (under > 0 || contains(rows[0], "Collector ID"))
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

// below are the cells of a column that are not blank.
func below(rows [][]string, j int) (cells []string) {
	for _, row := range rows {
		if j < len(row) && strings.TrimSpace(row[j]) != "" {
			cells = append(cells, plain(row[j]))
		}
	}
	return cells
}

// only reports whether all cells are a word.
func only(cells []string, word string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != word })
}

func (n *numbering) monkeyColumns(heading string, options []string) []Column {
	switch {
	case heading == "" && options[0] == "":
		return []Column{{}}
	case len(options) > 1:
		columns := n.spreadOut(heading, options)
		if slices.Contains(monkeyResponses, options[0]) {
			columns[0].Label = heading
		}
		return columns
	case contains(surveyMonkeyAdds, heading) || slug(heading) == "respondentid":
		return []Column{{Name: n.added(heading), Label: heading}}
	case options[0] == "" || slices.Contains(monkeyResponses, options[0]):
		return []Column{n.single(heading)}
	}
	return []Column{n.single(joined(heading, options[0]))}
}
