package privacy

import (
	"slices"
	"strconv"
	"strings"

	"surveykit/survey"
)

// Discreet is the table with "…" in place of the values that its notices quote
// from columns that look like direct identifiers.
func Discreet(t *survey.Table) *survey.Table {
	out := *t
	out.Notices = slices.Clone(t.Notices)
	for i, notice := range out.Notices {
		if !strings.Contains(notice, `"`) {
			continue
		}
		for _, v := range t.Variables {
			if v.IsText() && strings.Contains(notice, v.Name) && len(scan(v)) > 0 {
				out.Notices[i] = withoutQuotes(notice)
			}
		}
	}
	return &out
}

// withoutQuotes puts "…" in the place of each quoted text.
func withoutQuotes(notice string) string {
	var b strings.Builder
	for rest := notice; ; {
		at := strings.IndexByte(rest, '"')
		if at < 0 {
			b.WriteString(rest)
			return b.String()
		}
		quoted, err := strconv.QuotedPrefix(rest[at:])
		if err != nil {
			b.WriteString(rest[:at] + "…")
			return b.String()
		}
		b.WriteString(rest[:at] + `"…"`)
		rest = rest[at+len(quoted):]
	}
}
