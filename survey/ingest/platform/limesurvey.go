package platform

import (
	"strings"

	"surveykit/survey/pattern"
)

// The columns that LimeSurvey adds, as codes and as words; those that it always
// has come first.
var limeAdds = []struct{ code, words string }{
	{"id", "Response ID"}, {"submitdate", "Date submitted"}, {"lastpage", "Last page"}, {"startlanguage", "Start language"},
	{"seed", "Seed"}, {"token", "Access code"}, {"startdate", "Date started"}, {"datestamp", "Date last action"},
	{"ipaddr", "IP address"}, {"refurl", "Referrer URL"}, {"interviewtime", "Total time"},
}

// limeWordsOf are the labels of LimeSurvey's own codes.
var limeWordsOf = map[string]string{"-oth-": "Other"}

// limeSurvey recognises exports by their first columns. Headings are codes
// (Q1[SQ001]), codes and wordings (Q1[SQ001]. Which? [Radio]) or wordings.
func limeSurvey(rows [][]string) *Export {
	heads := rows[0]
	switch {
	case contains(heads, "id", "submitdate", "startlanguage"), contains(heads, "id. Response ID", "submitdate. Date submitted"):
		return &Export{Platform: "LimeSurvey", Header: 1, Columns: limeCodes(heads), marks: yesOrNo, words: limeWordsOf}
	case contains(heads, "Response ID", "Date submitted", "Last page", "Start language"):
		return &Export{Platform: "LimeSurvey", Header: 1, Columns: limeWords(heads), marks: yesOrNo, words: limeWordsOf}
	}
	return nil
}

// limeCode is a heading that begins with a code: the question, then its row or
// option; a wording may follow.
var limeCode = pattern.Lazy(`^([A-Za-z][A-Za-z0-9]*)((?:\[[^\]]*\])*|_[A-Za-z0-9_]+)(?:\. (?s:(.*)))?$`)

func limeCodes(heads []string) []Column {
	columns := make([]Column, len(heads))
	for j, head := range heads {
		m := limeCode().FindStringSubmatch(head)
		if m == nil {
			columns[j] = Column{Name: head}
			continue
		}
		parts := strings.FieldsFunc(m[2], func(r rune) bool { return strings.ContainsRune("[]_ ", r) })
		c := Column{Name: strings.Join(append([]string{m[1]}, parts...), "_"), Label: plain(m[3]), asked: true}
		for _, added := range limeAdds {
			c.asked = c.asked && added.code != m[1]
		}
		if c.asked && len(parts) == 1 && !strings.HasSuffix(parts[0], "comment") {
			c.question, c.option = m[1], parts[0]
			c.wording = c.Label
			if wording, option, ok := bracketed(c.Label); ok {
				c.wording, c.option = wording, option
			}
		}
		columns[j] = c
	}
	return columns
}

// limeWords reads headings of wordings only; the columns of a question are
// next to each other.
func limeWords(heads []string) []Column {
	var n numbering
	var columns []Column
next:
	for begin := 0; begin < len(heads); {
		for _, added := range limeAdds {
			if added.words == heads[begin] {
				columns = append(columns, Column{Name: added.code, Label: added.words})
				begin++
				continue next
			}
		}
		wording, options := bracketedRun(heads[begin:])
		if len(options) < 2 {
			columns = append(columns, n.single(plain(heads[begin])))
			begin++
			continue
		}
		columns = append(columns, n.spreadOut(wording, options)...)
		begin += len(options)
	}
	return columns
}

// bracketed splits "Which do you use? [Radio]" into wording and option.
func bracketed(head string) (wording, option string, ok bool) {
	head = plain(head)
	open := strings.LastIndex(head, "[")
	if open <= 0 || !strings.HasSuffix(head, "]") {
		return "", "", false
	}
	return strings.TrimSpace(head[:open]), head[open+1 : len(head)-1], true
}

// bracketedRun is the wording of the first heading and the options of all headings
// from the first on that have this wording.
func bracketedRun(heads []string) (wording string, options []string) {
	for _, head := range heads {
		w, option, ok := bracketed(head)
		if !ok || len(options) > 0 && w != wording {
			break
		}
		wording, options = w, append(options, option)
	}
	return wording, options
}
