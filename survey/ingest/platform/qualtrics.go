package platform

import (
	"slices"
	"strings"

	"surveykit/survey/pattern"
)

// qualtricsAdds are the columns that Qualtrics adds, by name and label, without blanks and
// capitals.
var qualtricsAdds = []string{"startdate", "enddate", "status", "responsetype", "ipaddress", "progress", "durationinseconds", "finished", "recordeddate",
	"responseid", "responseset", "name", "emailaddress", "recipientlastname", "recipientfirstname", "recipientemail", "externalreference",
	"externaldatareference", "locationlatitude", "locationlongitude", "locationaccuracy", "distributionchannel", "userlanguage"}

// importID is a cell of the row of import ids, in the quotes of any program that wrote it;
// the id of a question begins with QID.
var importID = pattern.Lazy(`^\{?['"\s\\]*ImportId['"\s\\]*:['"\s\\]*`)

// qualtrics recognises exports by their row of import ids, as since 2017, or by the labels
// of what Qualtrics adds in the second row: older exports name these columns V1, V2 …, and
// people delete the third row.
func qualtrics(rows [][]string) *Export {
	header := 2
	switch {
	case len(rows) > 2 && isImport(rows[2]):
		header = 3
	case isImport(rows[1]):
	case !labelsAdded(rows[0], rows[1]):
		return nil
	}
	ids := rows[header-1]
	e := &Export{Platform: "Qualtrics", Header: header, separators: []string{","}, marks: optionOrOne}
	id, label := cellOf(ids), cellOf(rows[1])
	for j, name := range rows[0] {
		c := Column{Name: name, asked: !isAdded(name)}
		if !isImport(rows[1]) && j < len(rows[1]) {
			c.Label = rows[1][j]
		}
		if isImport(ids) {
			c.asked = strings.HasPrefix(importID().ReplaceAllString(id(j), ""), "QID")
		} else if isAdded(label(j)) {
			c.asked = false
		}
		e.Columns = append(e.Columns, c)
	}
	selectAll(e.Columns)
	return e
}

// isImport reports whether the cells of a row that are not blank are import ids.
func isImport(row []string) bool {
	ids := 0
	for _, cell := range row {
		switch {
		case importID().MatchString(cell):
			ids++
		case strings.TrimSpace(cell) != "":
			return false
		}
	}
	return ids > 0
}

// labelsAdded reports whether the second row labels what Qualtrics adds: the response's id,
// or two other columns.
func labelsAdded(names, labels []string) bool {
	found := 0
	for j := range min(len(names), len(labels)) {
		name, label := bare(names[j]), bare(labels[j])
		numbered := addedName().MatchString(names[j])
		switch {
		case label == "responseid" && (name == label || numbered):
			return true
		case isAdded(names[j]) && slices.Contains(qualtricsAdds, label) && (name == label || numbered || name == "status" || name == "externalreference"):
			found++
		}
	}
	return found > 1
}

// isAdded reports whether Qualtrics adds a column of this name.
func isAdded(name string) bool {
	return addedName().MatchString(name) || slices.Contains(qualtricsAdds, bare(name))
}

// bare is a heading in small letters, without blanks and signs.
func bare(heading string) string { return strings.ReplaceAll(slug(heading), "_", "") }

// addedName is the name of a column that older exports add.
var addedName = pattern.Lazy(`^(V\d+|Location.*)$`)

// optionName is the name of a column of a question with several: Q3_1.
var optionName = pattern.Lazy(`^(.+)_(\d+)$`)

// selectAll finds the columns that belong to one question by their names and by
// what their labels have in common: "Which do you use? - Selected Choice - Radio".
func selectAll(columns []Column) {
	for begin := 0; begin < len(columns); {
		end := begin + 1
		stem := stemOf(columns[begin])
		for stem != "" && end < len(columns) && stemOf(columns[end]) == stem {
			end++
		}
		if run := columns[begin:end]; len(run) > 1 {
			cut := commonHead(run)
			for k := range run {
				run[k].question, run[k].option = stem, run[k].Label[cut:]
				run[k].wording = strings.TrimSuffix(strings.TrimRight(run[k].Label[:cut], " -"), " - Selected Choice")
			}
		}
		begin = end
	}
}

func stemOf(c Column) string {
	if m := optionName().FindStringSubmatch(c.Name); m != nil && c.asked {
		return m[1]
	}
	return ""
}

// commonHead is where the options begin in the labels: after the last dash of their
// common beginning.
func commonHead(run []Column) int {
	head := run[0].Label
	for _, c := range run[1:] {
		for !strings.HasPrefix(c.Label, head) {
			head = head[:len(head)-1]
		}
	}
	if dash := strings.LastIndex(head, " - "); dash >= 0 {
		return dash + len(" - ")
	}
	return strings.LastIndex(head, "-") + 1
}
