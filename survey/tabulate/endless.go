package tabulate

import (
	"fmt"

	"surveykit/survey"
)

// longestCategory is the longest text in bytes that is a category: a longer one
// is an essay, and every cell of its row would carry it.
const longestCategory = 10_000

// endless finds categories that are too long to stand in a table.
func endless(name string, c survey.Classes) survey.Problems {
	longest := 0
	for _, x := range c.Values {
		longest = max(longest, len(x.Text))
	}
	if longest <= longestCategory {
		return nil
	}
	return survey.Problems{{
		Variable: name, Message: fmt.Sprintf("an answer has %d bytes, and a category may have at most %d", longest, longestCategory),
		Remedy: "recode the answers, or print them with verbatim",
	}}
}
