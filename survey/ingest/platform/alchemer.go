package platform

import "strings"

// alchemerAdds are the columns that are not questions; all files have the first four.
var alchemerAdds = []string{"Response ID", "Time Started", "Date Submitted", "Status", "Contact ID", "Legacy Comments", "Comments",
	"Language", "Referer", "Extended Referer", "SessionID", "User Agent", "Extended User Agent", "Tags", "IP Address",
	"Longitude", "Latitude", "Country", "City", "State/Region", "Postal", "Link Name", "Test Data"}

// alchemer recognises exports by their first columns, or by a question whose columns have
// nothing but the options that their headings begin with. The columns of a question
// with several are headed Option:Question. Wordings keep their merge codes, such as
// [question("value"), id="2"], in place of which respondents saw an earlier answer.
func alchemer(rows [][]string) *Export {
	heads := rows[0]
	if !contains(heads, alchemerAdds[:4]...) && !spreadsOptions(rows) {
		return nil
	}
	e := &Export{Platform: "Alchemer", Header: 1, marks: optionOrOne}
	var n numbering
	for begin := 0; begin < len(heads); {
		wording, options := alchemerRun(heads[begin:])
		switch {
		case contains(alchemerAdds, strings.TrimSpace(heads[begin])):
			e.Columns, options = append(e.Columns, Column{Name: n.added(heads[begin]), Label: heads[begin]}), nil
		case len(options) > 1:
			e.Columns = append(e.Columns, n.spreadOut(wording, options)...)
		case heads[begin] == "":
			e.Columns = append(e.Columns, Column{})
		default:
			e.Columns = append(e.Columns, n.single(plain(heads[begin])))
		}
		begin += max(len(options), 1)
	}
	return e
}

// spreadsOptions reports whether two columns of one question have only their options.
func spreadsOptions(rows [][]string) bool {
	for begin := 0; begin < len(rows[0]); {
		_, options := alchemerRun(rows[0][begin:])
		chosen := 0
		for k, option := range options {
			cells := below(rows[1:], begin+k)
			if !only(cells, option) {
				chosen = 0
				break
			}
			chosen += min(len(cells), 1)
		}
		if chosen > 1 {
			return true
		}
		begin += max(len(options), 1)
	}
	return false
}

// alchemerRun finds the question that most of the first headings end in, after a
// colon, and the options before it; either may contain colons.
func alchemerRun(heads []string) (wording string, options []string) {
	for at, r := range heads[0] {
		if r != ':' {
			continue
		}
		ending := heads[0][at:]
		k := 0
		for k < len(heads) && strings.HasSuffix(heads[k], ending) && len(ending) > 1 {
			k++
		}
		if k <= max(len(options), 1) {
			continue
		}
		wording, options = plain(ending[1:]), nil
		for _, head := range heads[:k] {
			options = append(options, plain(strings.TrimSuffix(head, ending)))
		}
	}
	return wording, options
}
