package portrait

import (
	"fmt"
	"slices"
	"strings"

	"surveykit/reports/figure"
	"surveykit/reports/wording"
	"surveykit/survey"
)

// words are the portrait's sentences: what tells the segment, and how certain
// membership is.
func (s subject) words() []string {
	var out []string
	if more := s.named(func(difference float64) bool { return difference > 0 }); more != "" {
		out = append(out, "They stand out by more of: "+more+".")
	}
	if less := s.named(func(difference float64) bool { return difference < 0 }); less != "" {
		out = append(out, "They stand out by less of: "+less+".")
	}
	if len(out) == 0 {
		out = append(out, fmt.Sprintf("Nothing that was asked here tells them from everybody else at the %s level.", figure.Percent(threshold, 0)))
	}
	if certainty := s.certainty(); certainty != "" {
		out = append(out, certainty)
	}
	return out
}

// headline is the strongest answer in words.
func (s subject) headline() string {
	test := s.telling[slices.IndexFunc(s.telling, func(c survey.Comparison) bool { return c.Row == s.shown()[0] })]
	word := "fewer"
	if test.Difference > 0 {
		word = "more"
	}
	return fmt.Sprintf("%s: %s of them than of others say %s", s.Columns[s.column].Label, word, s.answer(test.Row))
}

// named are the strongest answers of a direction, one a question, with their
// figures.
func (s subject) named(wanted func(difference float64) bool) string {
	var parts []string
	seen := map[string]bool{}
	for _, test := range s.telling {
		question := s.Cells[test.Row][0].Variable
		if !wanted(float64(test.Difference)) || len(parts) == mostNamed || seen[question] {
			continue
		}
		own, all := wording.Of(s.Tabulation, test.Row, s.column), wording.Of(s.Tabulation, test.Row, 0)
		_, ownless := wording.InPlace(s.Cells[test.Row][s.column])
		_, allless := wording.InPlace(s.Cells[test.Row][0])
		if ownless || allless {
			continue
		}
		seen[question] = true
		parts = append(parts, fmt.Sprintf("%s (%s, everybody %s)", s.answer(test.Row), own.Figure, all.Figure))
	}
	return strings.Join(parts, "; ")
}

// certainty says how sure membership is, "" where nothing is known of it.
func (s subject) certainty() string {
	if s.certain < 0 {
		return ""
	}
	e := s.Cells[s.certain][s.column]
	if !e.Value.Exists() || wording.Has(e, survey.FlagSuppressed) {
		return ""
	}
	p := float64(e.Value)
	return fmt.Sprintf("Who belongs is an estimate: on average its people belong to it with a probability of %s, %s.", figure.Percent(p, 0), trust(p))
}

// The mean probabilities from which a segment's figures may be read as those of
// a group with clear borders, and as those of one with blurred ones.
const (
	clear   = 0.9
	blurred = 0.7
)

func trust(p float64) string {
	switch {
	case p >= clear:
		return "so its borders are clear"
	case p >= blurred:
		return "so its borders are somewhat blurred"
	}
	return "so its borders are blurred: read it as a tendency, not as a group"
}
