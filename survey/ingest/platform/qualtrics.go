package platform

import (
	"strings"

	"surveykit/survey/pattern"
)

// qualtrics recognises exports with a third row of import ids, as since 2017, and
// older ones, which name the columns V1, V2 … and label the first one
// ResponseID. The second row has the wordings.
func qualtrics(rows [][]string) *Export {
	header := 2
	if len(rows) > 2 && strings.HasPrefix(rows[2][0], `{"ImportId":`) {
		header = 3
	} else if rows[0][0] != "V1" || rows[1][0] != "ResponseID" {
		return nil
	}
	e := &Export{Platform: "Qualtrics", Header: header, separators: []string{","}, marks: optionOrOne}
	for j, name := range rows[0] {
		c := Column{Name: name, asked: !addedName().MatchString(name)}
		if j < len(rows[1]) {
			c.Label = rows[1][j]
		}
		if header == 3 {
			c.asked = j < len(rows[2]) && strings.HasPrefix(rows[2][j], `{"ImportId":"QID`)
		}
		e.Columns = append(e.Columns, c)
	}
	selectAll(e.Columns)
	return e
}

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
