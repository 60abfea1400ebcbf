package platform

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/survey/pattern"
)

// Names of columns of options: race___1 in REDCap, q2r1 in Decipher, q2_1 in Confirmit; and
// Race (choice=White) where REDCap writes labels.
var (
	redcapBox      = pattern.Lazy(`^([a-z][a-z0-9_]*?)___(.+)$`)
	redcapChoice   = pattern.Lazy(`^(.+) \(choice=(.*)\)$`)
	decipherRow    = pattern.Lazy(`^([A-Za-z][A-Za-z0-9_]*?)r(\d+)$`)
	decipherText   = pattern.Lazy(`^[A-Za-z][A-Za-z0-9_]*r\d+oe$`)
	confirmitRow   = pattern.Lazy(`^([A-Za-z][A-Za-z0-9_]*?)_(\d+)$`)
	redcapEnding   = pattern.Lazy(`_(complete|timestamp)$`)
	redcapIdentity = pattern.Lazy(`^(record_id|redcap_[a-z_]+)$`)
)

// redcap recognises exports by what the program adds, or by the columns of checkboxes. Those
// of codes have the names of its data dictionary, those of labels the wordings.
func redcap(rows [][]string) *Export {
	heads := rows[0]
	boxes, choices, added, complete := 0, 0, false, false
	for _, head := range heads {
		if redcapBox().MatchString(head) {
			boxes++
		}
		if redcapChoice().MatchString(head) {
			choices++
		}
		added = added || strings.HasPrefix(head, "redcap_")
		complete = complete || strings.HasSuffix(head, "_complete")
	}
	switch {
	case boxes > 1 || added || heads[0] == "record_id" && complete:
		return &Export{Platform: "REDCap", Header: 1, Columns: coded(heads, redcapBox(), func(name string) bool {
			return !redcapIdentity().MatchString(name) && !redcapEnding().MatchString(name)
		}), marks: zeroOrOne}
	case choices > 1, contains(heads, "Record ID", "Complete?"):
		return &Export{Platform: "REDCap", Header: 1, Columns: redcapLabels(heads), marks: checkedOrNot}
	}
	return nil
}

// submatcher is a pattern of names with the question and the option.
type submatcher interface {
	FindStringSubmatch(s string) []string
}

// coded are columns with names that keep, those of options among them.
func coded(heads []string, option submatcher, asked func(name string) bool) []Column {
	columns := make([]Column, len(heads))
	for j, head := range heads {
		c := Column{Name: strings.TrimSpace(head)}
		c.asked = asked(c.Name)
		if m := option.FindStringSubmatch(c.Name); m != nil && c.asked {
			c.question, c.option = m[1], m[2]
		}
		columns[j] = c
	}
	return columns
}

// redcapAdds are the headings of what REDCap adds where it writes labels.
var redcapAdds = []string{"Record ID", "Survey Identifier", "Survey Timestamp", "Event Name", "Repeat Instrument", "Repeat Instance", "Data Access Group", "Complete?"}

func redcapLabels(heads []string) []Column {
	var n numbering
	var columns []Column
	for begin := 0; begin < len(heads); {
		wording, options := "", []string(nil)
		for _, head := range heads[begin:] {
			m := redcapChoice().FindStringSubmatch(plain(head))
			if m == nil || options != nil && m[1] != wording {
				break
			}
			wording, options = m[1], append(options, m[2])
		}
		head := plain(heads[begin])
		switch {
		case len(options) > 0:
			columns = append(columns, n.spreadOut(wording, options)...)
		case head == "":
			columns = append(columns, Column{})
		case slices.Contains(redcapAdds, head):
			columns = append(columns, Column{Name: n.added(head), Label: head})
		default:
			columns = append(columns, n.single(head))
		}
		begin += max(len(options), 1)
	}
	return columns
}

// odkAdds are the last parts of the names of what KoboToolbox and ODK add.
var odkAdds = []string{"start", "end", "today", "deviceid", "username", "phonenumber", "audit", "KEY", "SubmissionDate", "instanceID", "instanceName",
	"SubmitterID", "SubmitterName", "DeviceID", "FormVersion", "Status", "AttachmentsPresent", "AttachmentsExpected", "ReviewState", "Edits", "formhub/uuid", "__version__"}

// odk recognises exports of KoboToolbox and ODK by what they add. Names are of groups,
// separated by / (or - in ODK), the question and where it is a select of several the
// option, with 1 or 0; before these, a column has all chosen options, separated by blanks.
// The last part is the name where no other column has it.
func odk(rows [][]string) *Export {
	heads := rows[0]
	kobo := contains(heads, "_uuid", "_index") || contains(heads, "_id", "_submission_time") || contains(heads, "_uuid", "_submission_time")
	if !kobo && !contains(heads, "SubmissionDate", "KEY") {
		return nil
	}
	e := &Export{Platform: "KoboToolbox or ODK", Header: 1, separators: []string{" "}, marks: zeroOrOne, unordered: true}
	separator := "/"
	if !kobo && !slices.ContainsFunc(heads, func(h string) bool { return strings.Contains(h, "/") }) {
		separator = "-"
	}
	taken := map[string]bool{}
	names := map[string]string{} // of each heading
	unique := func(name, whole string) string {
		if name == "" || taken[name] {
			name = strings.ReplaceAll(whole, separator, "_")
		}
		for k, base := 2, name; taken[name]; k++ {
			name = fmt.Sprintf("%s_%d", base, k)
		}
		taken[name] = true
		return name
	}
	for _, head := range heads {
		at := strings.LastIndex(head, separator) // separators have one byte
		last := head[at+1:]
		c := Column{asked: !slices.Contains(odkAdds, last) && !strings.HasPrefix(head, "_")}
		if at > 0 && names[head[:at]] != "" {
			c.question, c.option = names[head[:at]], last
			c.Name, c.Label = unique(c.question+"_"+last, head), last
		} else {
			c.Name = unique(last, head)
		}
		if c.Label == "" && c.Name != head {
			c.Label = head
		}
		names[head] = c.Name
		e.Columns = append(e.Columns, c)
	}
	for j, c := range e.Columns {
		if c.question == "" && slices.ContainsFunc(e.Columns, func(o Column) bool { return o.question == c.Name }) {
			e.Columns[j].question, e.Columns[j].joined = c.Name, true
		}
	}
	return e
}

// decipherAdds are the columns that Decipher (Forsta Surveys) adds.
var decipherAdds = []string{"record", "uuid", "date", "markers", "status", "qtime", "start_date", "source", "list", "decLang", "url", "session", "ipAddress", "userAgent", "dcua", "vbrowser", "vos", "vmobiledevice", "vmobileos"}

// decipher recognises exports by their first columns. The rows of a question are q2r1, q2r2
// …, with 1 or 0 where it has several answers, own words q2r98oe.
func decipher(rows [][]string) *Export {
	if !contains(rows[0], "record", "uuid", "status") {
		return nil
	}
	return &Export{Platform: "Decipher", Header: 1, MonthFirst: true, marks: zeroOrOne, Columns: coded(rows[0], decipherRow(), func(name string) bool {
		return !slices.Contains(decipherAdds, name) && !decipherText().MatchString(name)
	})}
}

// confirmitAdds are the columns that Confirmit (Forsta Plus) adds.
var confirmitAdds = []string{"responseid", "respid", "status", "interview_start", "interview_end", "last_touched", "lastcomplete", "l", "language", "channel", "surveychannel", "devicetype"}

// confirmit recognises exports by their first columns. The options of a question are q2_1,
// q2_2 …, with 1 or 0, own words q2_98_other.
func confirmit(rows [][]string) *Export {
	if !contains(rows[0], "responseid", "respid") {
		return nil
	}
	return &Export{Platform: "Confirmit", Header: 1, marks: zeroOrOne, Columns: coded(rows[0], confirmitRow(), func(name string) bool {
		return !slices.Contains(confirmitAdds, strings.ToLower(name)) && !strings.HasSuffix(name, "_other")
	})}
}
