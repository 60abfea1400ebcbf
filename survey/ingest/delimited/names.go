package delimited

import (
	"fmt"
	"slices"

	"surveykit/survey"
	"surveykit/survey/ingest/platform"
)

// readNames reads the first row. One that holds numbers only is data: to take
// it for names would lose a respondent.
func (rd *reader) readNames(s *scanner) {
	rd.head = s.pos
	var scratch []byte
	numbers := 0
	for last := false; !last; {
		var c cell
		c, last = s.next()
		name := trim(s.content(c, &scratch))
		if _, v := parseNumber(name, '.'); v != notNumber {
			numbers++
		}
		rd.names = append(rd.names, string(name))
		rd.checkCell(c, 0, len(rd.names)-1)
	}
	rd.checkNames()
	if numbers == len(rd.names) {
		rd.fault(rd.head, survey.Problem{
			Message: "the first line holds numbers, not the names of the columns",
			Remedy:  "put a line with a name for each column first"})
	}
}

// readExport reads the first rows of a survey platform's export, which say more
// than names; false where the file is none.
func (rd *reader) readExport(s *scanner) bool {
	ahead := *s
	var head [][]string
	for len(head) < platform.Head && ahead.pos < len(rd.text) {
		head = append(head, ahead.record())
	}
	rd.export = platform.Recognise(head)
	if rd.export == nil {
		return false
	}
	rd.head, rd.names, rd.labels = s.pos, rd.export.Names(), rd.export.Labels()
	for range rd.export.Header {
		column := 0
		for last := false; !last; column++ {
			var c cell
			c, last = s.next()
			rd.checkCell(c, 0, column)
		}
	}
	rd.checkNames()
	rd.Note(survey.NoticeDialect, nil, "%s", rd.export.Notice())
	return true
}

// record reads the cells of a whole record.
func (s *scanner) record() []string {
	var scratch []byte
	var cells []string
	for {
		c, last := s.next()
		cells = append(cells, string(trim(s.content(c, &scratch))))
		if last {
			return cells
		}
	}
}

// named settles the columns without a name: one without values goes (it comes
// of delimiters at the lines' ends), one with values is called by its place
// (the row numbers that R and pandas write); more of them are a fault, since
// the first line is then hardly the names.
func (rd *reader) named(all []*survey.Variable) []*survey.Variable {
	var kept []*survey.Variable
	var nameless []string
	for j, v := range all {
		if v.Name == "" {
			if !hasValues(v) {
				continue
			}
			v.Name = fmt.Sprintf("column_%d", j+1)
			nameless = append(nameless, v.Name)
		}
		kept = append(kept, v)
	}
	if dropped := len(all) - len(kept); dropped > 0 {
		rd.Note(survey.NoticeUnread, nil, "left out %s without a name or a value", count(dropped, "column", "columns"))
	}
	if len(nameless) > 1 || len(kept) == 0 || len(nameless) == 1 && slices.Contains(rd.names, nameless[0]) {
		rd.fault(rd.head, survey.Problem{Variable: listed(nameless),
			Message: "the first line lacks names of columns", Remedy: "put a line with a name for each column first"})
	} else if len(nameless) == 1 {
		rd.Note(survey.NoticeRenamed, nameless, "a column without a name is called %s", nameless[0])
	}
	return kept
}

func hasValues(v *survey.Variable) bool {
	for i := range v.Len() {
		if _, ok := v.At(i); ok {
			return true
		}
	}
	return false
}

// checkNames reports the names that stand for several columns.
func (rd *reader) checkNames() {
	places := map[string][]string{}
	for j, name := range rd.names {
		places[name] = append(places[name], fmt.Sprint(j+1))
	}
	delete(places, "")
	for _, name := range rd.names {
		if at := places[name]; len(at) > 1 {
			rd.fault(rd.head, survey.Problem{Variable: name,
				Message: "the columns " + listed(at) + " have the same name", Remedy: "give each column a name of its own"})
		}
		delete(places, name)
	}
}

// nameAt is the name of a column for problems, shortened where it is no name any
// more, its number where it has none.
func (rd *reader) nameAt(column int) string {
	if column < len(rd.names) && rd.names[column] != "" {
		return shorten([]byte(rd.names[column]))
	}
	return fmt.Sprint(column + 1)
}
