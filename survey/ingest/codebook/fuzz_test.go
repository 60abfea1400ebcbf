package codebook

import (
	"errors"
	"strings"
	"testing"

	"surveykit/survey"
	"surveykit/survey/ingest/delimited"
)

// Any bytes give a codebook or problems, and any codebook a sound dictionary or
// problems, each with its row.
func FuzzRead(f *testing.F) {
	f.Add("name,label,kind,measure,code,code_label,missing,format\ntrust,Q,number,ordinal,1,Yes,,F1\ntrust,,,,90..+Inf,,refused,\n")
	f.Add("Variable;Value;Value Label\ntown;x;X\ntown;;blank\nblank;NaN;no\n")
	f.Add("name,code,missing\ntrust,9..1,yes\ntrust,-Inf..0,don't know\nnobody,1,yes\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := delimited.ReadAs(strings.NewReader(text), int64(len(text)), "book.csv", nil, func(string) bool { return true }, nil)
		if err != nil {
			return
		}
		b, err := Read(rows, "book.csv")
		var merged *survey.Table
		if err == nil {
			merged, err = b.Merge(data())
		}
		var found survey.Problems
		if err != nil && (!errors.As(err, &found) || len(found) == 0 || found[0].File != "book.csv") {
			t.Fatalf("no problems: %v", err)
		}
		if err != nil {
			return
		}
		for _, v := range merged.Variables {
			for _, m := range v.Missing {
				if m.IsText != v.IsText() || !(m.IsText || m.Low <= m.High) {
					t.Fatalf("%s: missing %+v", v.Name, m)
				}
			}
			for _, c := range v.Codes {
				if c.Value.IsText != v.IsText() {
					t.Fatalf("%s: code %+v", v.Name, c)
				}
			}
		}
	})
}
