package quality

import (
	"fmt"
	"strings"

	"surveykit/survey"
)

// flagged are the flags that a reader must know of, with what they mean.
var flagged = []struct{ flag, meaning string }{
	{survey.FlagSuppressed, "not shown"},
	{survey.FlagUnreliable, "of these as too uncertain under the presentation standard"},
	{survey.FlagConfidential, "of these for confidentiality"},
	{survey.FlagLowBase, "on a low base"},
	{survey.FlagReview, "for review (few degrees of freedom, or 0% or 100%)"},
	{survey.FlagComplement, "whose complement is too uncertain to be shown"},
}

// Summary says in a sentence how many figures of the tables the quality rules
// have flagged, or that none was.
func Summary(tables []*survey.Tabulation) string {
	figures, counts := 0, map[string]int{}
	for _, t := range tables {
		for _, row := range t.Cells {
			for _, c := range row {
				figures++
				for _, f := range c.Flags {
					counts[f]++
				}
			}
		}
	}
	var parts []string
	for _, f := range flagged {
		if n := counts[f.flag]; n > 0 {
			parts = append(parts, survey.FormatCount(n)+" "+f.meaning)
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("The quality rules flagged none of the %s figures.", survey.FormatCount(figures))
	}
	return fmt.Sprintf("Of %s figures the quality rules flagged: %s.", survey.FormatCount(figures), strings.Join(parts, ", "))
}
