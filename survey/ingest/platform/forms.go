package platform

import (
	"slices"
	"strings"
)

// formsAdds are the columns that Microsoft Forms adds, in languages; the first three begin
// every file.
var formsAdds = [][]string{
	{"ID", "Start time", "Completion time", "Email", "Name", "Last modified time", "Language", "Total points", "Quiz feedback", "Grade posted time"},
	{"ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "Uhrzeit der letzten Änderung", "Sprache"},
	{"ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", "Heure de la dernière modification", "Langue"},
	{"ID", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre", "Hora de la última modificación", "Idioma"},
	{"ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam", "Tijd van laatste wijziging", "Taal"},
	{"ID", "Ora di inizio", "Ora di completamento", "Posta elettronica", "Nome", "Ora ultima modifica", "Lingua"},
	{"ID", "Hora de início", "Hora de conclusão", "Email", "Nome", "Hora da última modificação", "Idioma"},
}

// microsoftForms recognises exports by their first three columns. Headings are wordings;
// the rows of a grid have a column each, the answers of a cell end in semicolons.
func microsoftForms(rows [][]string) *Export {
	heads := rows[0]
	at := slices.IndexFunc(formsAdds, func(adds []string) bool {
		return len(heads) > 3 && strings.EqualFold(plain(heads[0]), "ID") && plain(heads[1]) == adds[1] && plain(heads[2]) == adds[2]
	})
	if at < 0 {
		return nil
	}
	e := &Export{Platform: "Microsoft Forms", Header: 1, MonthFirst: true, separators: []string{";"}}
	var n numbering
	for j, head := range heads {
		switch head = plain(head); {
		case head == "":
			e.Columns = append(e.Columns, Column{})
		case j == 0 || slices.Contains(formsAdds[at], head):
			e.Columns = append(e.Columns, Column{Name: n.added(head), Label: head})
		default:
			e.Columns = append(e.Columns, n.single(head))
		}
	}
	return e
}

// typeformAdds are the columns that are not questions.
var typeformAdds = []string{"#", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"}

// typeform recognises exports by the columns after the questions. Headings are wordings
// with marks of Markdown; a question with several answers has no heading, but a column of
// its own for each option, where nothing but the option is, and one for other answers.
func typeform(rows [][]string) *Export {
	heads := rows[0]
	if !contains(heads, "Submit Date (UTC)", "Network ID") && !contains(heads, "#", "Submit Date (UTC)") && !contains(heads, "#", "Network ID") {
		return nil
	}
	e := &Export{Platform: "Typeform", Header: 1, marks: optionOrOne}
	var n numbering
	for begin := 0; begin < len(heads); begin++ {
		head := unmarked(heads[begin])
		end := begin
		for end < len(heads) && !contains(typeformAdds, heads[end]) && isOption(rows, end, end == begin) {
			end++
		}
		if end > begin && end < len(heads) && unmarked(heads[end]) == "Other" {
			end++
		}
		switch {
		case head == "#":
			e.Columns = append(e.Columns, Column{Name: n.added("response_id"), Label: head})
		case contains(typeformAdds, heads[begin]):
			e.Columns = append(e.Columns, Column{Name: n.added(strings.TrimSuffix(head, " (UTC)")), Label: head})
		case head == "":
			e.Columns = append(e.Columns, Column{})
		case end > begin+1:
			var options []string
			for _, o := range heads[begin:end] {
				options = append(options, unmarked(o))
			}
			e.Columns = append(e.Columns, n.spreadOut("", options)...)
			begin = end - 1
		default:
			e.Columns = append(e.Columns, n.single(head))
		}
	}
	return e
}

// isOption reports whether a column has nothing but its heading; the first one of a
// question has that.
func isOption(rows [][]string, j int, first bool) bool {
	cells := below(rows[1:], j)
	return (len(cells) > 0 || !first) && only(cells, plain(rows[0][j]))
}

// unmarked is a wording without the marks of Markdown around it.
func unmarked(heading string) string { return strings.Trim(plain(heading), "*_ ") }
